package io.millrace.platform.check;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The checks of one rendered tree.
 *
 * @param checks in the order in which their faults are reported
 * @param skipped one sentence for each check that cannot run here
 */
public record Checks(List<Check> checks, List<String> skipped) {

  public Checks {
    checks = List.copyOf(checks);
    skipped = List.copyOf(skipped);
  }

  /**
   * All checks.
   *
   * @param crds the folder of the CRDs; when it does not exist, their check is skipped
   */
  public static Checks all(Path crds) {
    Declared declared = Declared.load();
    List<Check> checks =
        new ArrayList<>(
            List.of(
                new ApiTypes(),
                new ArgoRules(),
                new Boundaries(),
                new Endpoints(declared),
                new FlinkRules(),
                new Images(),
                new JvmMemory(),
                new Quotas(),
                new References(declared),
                new SecurityPolicy(declared),
                new StoreRules(),
                new Waves()));
    List<String> skipped = new ArrayList<>();
    if (Files.isDirectory(crds)) {
      checks.add(new CrdSchemas(crds, declared));
    } else {
      skipped.add(
          "Custom resources are not compared with their CRDs: there is no folder %s (set -Dmillrace.crds=DIR)."
              .formatted(crds));
    }
    return new Checks(checks, skipped);
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
