package io.millrace.platform.command;

import io.millrace.platform.Repository;
import io.millrace.platform.plan.Change;
import io.millrace.platform.plan.CostDocument;
import io.millrace.platform.plan.PlanReport;
import io.millrace.platform.plan.PlanScreen;
import io.millrace.platform.plan.Planner;
import io.millrace.platform.plan.TierPlan;
import io.millrace.platform.plan.TreeDiff;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace plan}. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description =
        "Shows what the tiers run on, carry and cost, or what going from one to another changes."
            + " Fails when a living cluster cannot go there, when a pod has no node, the measured"
            + " capacity does not carry a tier's rate, or a rendering has another number than its"
            + " tier.yaml.",
    footer = {
      "",
      "Examples:",
      "  millrace plan",
      "  millrace plan --from 30k --to 1m",
      "  millrace plan --report plan.json"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything fits",
      "1:something does not fit, or the tree does not render",
      "2:bad usage"
    })
public final class PlanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--from",
      paramLabel = "TIER",
      description = "The tier to go from (default: the one that the cluster names).")
  private String from;

  @Option(
      names = "--to",
      paramLabel = "TIER",
      description = "The tier to go to (default: the one that the cluster names).")
  private String to;

  @Option(
      names = "--base",
      paramLabel = "DIR",
      description =
          "Another checkout, such as the main branch's, to compare with: its cluster's tier is what"
              + " --from means then.")
  private Path base;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Also write the plan of every tier, and the changes, as JSON.")
  private Path report;

  @Option(
      names = "--cost-document",
      paramLabel = "FILE",
      description = "Also write every tier's bill and capacity as Markdown (docs/cost.md).")
  private Path costDocument;

  @Override
  public Integer call() throws Exception {
    return Failure.guard(spec, this::plan);
  }

  private int plan() {
    PrintWriter out = spec.commandLine().getOut();
    Repository repository = Repository.locate();
    Planner planner = new Planner(repository);
    List<TierPlan> plans = new ArrayList<>();
    List<Change> changes = List.of();
    PlanScreen screen = PlanScreen.of(repository);
    boolean promotion = from != null || to != null || base != null;
    List<TierPlan> judged = plans;
    if (!promotion || report != null || costDocument != null) {
      for (String tier : repository.tiers()) {
        plans.add(planner.plan(tier));
      }
      plans.sort(Comparator.comparingLong(plan -> plan.tier().number("rate")));
    }
    if (promotion) {
      Repository before = base == null ? repository : new Repository(base);
      TierPlan start = new Planner(before).plan(from == null ? before.clusterTier() : from);
      TierPlan end = planner.plan(to == null ? repository.clusterTier() : to).after(start);
      changes = TreeDiff.between(start.manifests(), end.manifests());
      judged = new ArrayList<>(plans);
      judged.add(end);
      out.print(screen.promotion(start, end, changes));
    } else {
      out.print(screen.overview(plans));
    }
    planner.reminders().forEach(out::println);
    if (report != null) {
      PlanReport.write(report, plans, changes);
    }
    if (costDocument != null) {
      CostDocument.write(costDocument, plans);
    }
    return judged.stream().allMatch(plan -> plan.faults().isEmpty())
        ? Failure.SUCCESS
        : Failure.FAILED;
  }
}
