package io.millrace.platform.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Formatting, validation and the tests written in Terraform's own language. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TerraformTestSuiteTest {
  private static final Pattern SUMMARY = Pattern.compile("Success! (\\d+) passed, 0 failed\\.");

  private Workspace workspace;

  @BeforeAll
  void initialise(@TempDir Path folder) {
    workspace = Workspace.initialised(folder, "");
  }

  @Test
  void everyFileIsFormatted() {
    assertThat(workspace.succeed("fmt", "-check", "-recursive", "-diff")).isEmpty();
  }

  @Test
  void theConfigurationIsValid() {
    assertThat(workspace.succeed("validate")).contains("The configuration is valid");
  }

  @Test
  void everyModuleAndTheRootPassTheirTests() {
    String output = workspace.succeed("test");
    Matcher summary = SUMMARY.matcher(output);
    assertThat(summary.find()).as(output).isTrue();
    System.out.println("terraform test: " + summary.group());
    assertThat(Integer.parseInt(summary.group(1))).isGreaterThan(50);
  }
}
