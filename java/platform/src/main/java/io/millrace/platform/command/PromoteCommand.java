package io.millrace.platform.command;

import io.millrace.platform.Repository;
import io.millrace.platform.plan.PlanScreen;
import io.millrace.platform.plan.Planner;
import io.millrace.platform.plan.TierPlan;
import io.millrace.platform.plan.TreeDiff;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace promote}: edits the cluster's one line, if the plan of it holds. */
@Command(
    name = "promote",
    mixinStandardHelpOptions = true,
    description =
        "Names another tier in clusters/bench-low-infra/kustomization.yaml, gives it the images"
            + " that the cluster runs, and shows what it changes. Edits nothing when something of"
            + " it does not fit. Commit it, and open a pull request.",
    footer = {"", "Example:", "  millrace promote 250k"},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:the tier is named", "1:nothing is edited", "2:bad usage"})
public final class PromoteCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "TIER", description = "A folder of overlays/.")
  private String tier;

  @Override
  public Integer call() throws Exception {
    return Failure.guard(spec, this::promote);
  }

  private int promote() {
    PrintWriter out = spec.commandLine().getOut();
    Repository repository = Repository.locate();
    String current = repository.clusterTier();
    if (repository.requireTier(tier).equals(current)) {
      out.println("The cluster's tier is " + tier + " already.");
      return Failure.SUCCESS;
    }
    String images = repository.images(tier);
    boolean done = false;
    repository.setImages(tier, repository.images(current));
    repository.setClusterTier(tier);
    try {
      done = plan(repository, current);
    } finally {
      if (!done) {
        repository.setImages(tier, images);
        repository.setClusterTier(current);
      }
    }
    if (!done) {
      out.println("Nothing is edited.");
      return Failure.FAILED;
    }
    out.printf(
        "%s now names %s. Next: git commit -am 'Promote to %s'%n",
        repository.display(repository.clusterKustomization()), tier, tier);
    return Failure.SUCCESS;
  }

  /** Shows what the tier changes, and says whether all of it fits. */
  private boolean plan(Repository repository, String current) {
    Planner planner = new Planner(repository);
    TierPlan from = planner.plan(current);
    TierPlan to = planner.plan(tier).after(from);
    spec.commandLine()
        .getOut()
        .print(
            PlanScreen.of(repository)
                .promotion(from, to, TreeDiff.between(from.manifests(), to.manifests())));
    return to.faults().isEmpty();
  }
}
