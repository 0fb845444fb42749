package io.millrace.platform.check;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The checks of one rendered tree.
 *
 * @param checks in the order in which their faults are reported
 */
public record Checks(List<Check> checks) {

  public Checks {
    checks = List.copyOf(checks);
  }

  /**
   * All checks.
   *
   * @param schemas the folder of the CRDs
   */
  public static Checks all(Path schemas) {
    Declared declared = Declared.load();
    return new Checks(
        List.of(
            new ApiTypes(),
            new ArgoRules(),
            new Boundaries(),
            new CrdSchemas(schemas),
            new Endpoints(declared),
            new FlinkRules(),
            new Images(),
            new JvmMemory(),
            new Quotas(),
            new References(declared),
            new SecurityPolicy(declared),
            new StoreRules(),
            new Waves()));
  }

  /** Every fault of a tree, each once. */
  public List<String> faults(Tree tree) {
    Set<String> faults = new LinkedHashSet<>();
    for (Check check : checks) {
      faults.addAll(check.faults(tree));
    }
    return List.copyOf(faults);
  }
}
