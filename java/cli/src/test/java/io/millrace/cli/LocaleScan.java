package io.millrace.cli;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Finds calls by their names, without knowing types. */
final class LocaleScan extends TreeScanner<Void, CompilationUnitTree> {

  private static final Set<String> CASES = Set.of("toLowerCase", "toUpperCase");
  private static final Set<String> FORMATTERS =
      Set.of("Formatter", "Scanner", "DecimalFormat", "SimpleDateFormat", "MessageFormat");
  private static final Pattern CONVERSION = Pattern.compile("%[^a-zA-Z%]*([a-zA-Z%])");

  private final Trees trees;
  private final List<String> findings = new ArrayList<>();

  /** The calls of these sources that ask the user's locale, one line each. */
  static List<String> findings(final List<Path> sources) throws IOException {
    final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      final JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, List.of(), null, files.getJavaFileObjectsFromPaths(sources));
      final LocaleScan scan = new LocaleScan(Trees.instance(task));
      for (final CompilationUnitTree unit : task.parse()) {
        scan.scan(unit, unit);
      }
      return scan.findings;
    }
  }

  private LocaleScan(final Trees trees) {
    this.trees = trees;
  }

  @Override
  public Void visitMethodInvocation(
      final MethodInvocationTree call, final CompilationUnitTree unit) {
    if (call.getMethodSelect() instanceof MemberSelectTree method
        && asksTheUsersLocale(
            simpleName(method.getExpression()),
            method.getIdentifier().toString(),
            method.getExpression(),
            call.getArguments())) {
      report(call, unit);
    }
    return super.visitMethodInvocation(call, unit);
  }

  private static boolean asksTheUsersLocale(
      final String of,
      final String method,
      final ExpressionTree receiver,
      final List<? extends ExpressionTree> arguments) {
    return switch (method) {
      case "toLowerCase", "toUpperCase" -> arguments.isEmpty();
      case "formatted" -> writesNumbers(receiver);
      case "printf" -> !namesLocale(arguments.get(0)) && writesNumbers(arguments.get(0));
      case "format" ->
          of.equals("MessageFormat")
              || of.equals("String")
                  && !namesLocale(arguments.get(0))
                  && writesNumbers(arguments.get(0));
      case "ofPattern" -> arguments.size() == 1;
      case "getDefault" -> of.equals("Locale");
      case "getInstance", "getNumberInstance", "getIntegerInstance", "getPercentInstance" ->
          of.equals("NumberFormat");
      default -> false;
    };
  }

  @Override
  public Void visitMemberReference(
      final MemberReferenceTree reference, final CompilationUnitTree unit) {
    if (CASES.contains(reference.getName().toString())
        && simpleName(reference.getQualifierExpression()).equals("String")) {
      report(reference, unit);
    }
    return super.visitMemberReference(reference, unit);
  }

  @Override
  public Void visitNewClass(final NewClassTree creation, final CompilationUnitTree unit) {
    if (FORMATTERS.contains(simpleName(creation.getIdentifier()))) {
      report(creation, unit);
    }
    return super.visitNewClass(creation, unit);
  }

  private static String simpleName(final Tree expression) {
    return expression.toString().replaceFirst(".*\\.", "");
  }

  private static boolean namesLocale(final ExpressionTree argument) {
    return argument.toString().matches("(java\\.util\\.)?Locale\\.[A-Z]+");
  }

  /** Whether a format has more than texts, or cannot be seen here. */
  private static boolean writesNumbers(final ExpressionTree format) {
    return constant(format)
        .map(
            text ->
                CONVERSION
                    .matcher(text)
                    .results()
                    .anyMatch(conversion -> !"snbc%".contains(conversion.group(1))))
        .orElse(true);
  }

  private static Optional<String> constant(final ExpressionTree expression) {
    if (expression instanceof ParenthesizedTree parenthesized) {
      return constant(parenthesized.getExpression());
    }
    if (expression instanceof BinaryTree sum && sum.getKind() == Tree.Kind.PLUS) {
      return constant(sum.getLeftOperand())
          .flatMap(left -> constant(sum.getRightOperand()).map(left::concat));
    }
    return expression instanceof LiteralTree literal
        ? Optional.of(String.valueOf(literal.getValue()))
        : Optional.empty();
  }

  private void report(final Tree call, final CompilationUnitTree unit) {
    final LineMap lines = unit.getLineMap();
    final long start = trees.getSourcePositions().getStartPosition(unit, call);
    findings.add(
        Path.of(unit.getSourceFile().toUri()).getFileName()
            + ":"
            + lines.getLineNumber(start)
            + ": name Locale.ROOT: "
            + call.toString().replaceAll("\\s+", " "));
  }
}
