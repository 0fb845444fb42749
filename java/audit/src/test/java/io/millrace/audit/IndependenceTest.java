package io.millrace.audit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** A judge that shared code with the judged would share its mistakes. */
@AnalyzeClasses(
    packages = "io.millrace.audit",
    importOptions = ImportOption.DoNotIncludeTests.class)
class IndependenceTest {

  @ArchTest
  static final ArchRule usesNoOtherCodeOfMillraceThanHowFlagsAreWritten =
      noClasses()
          .should()
          .dependOnClassesThat(
              DescribedPredicate.describe(
                  "belong to another part of Millrace",
                  (JavaClass c) ->
                      c.getPackageName().startsWith("io.millrace")
                          && !c.getPackageName().startsWith("io.millrace.audit")
                          && !c.getPackageName().equals("io.millrace.options")));
}
