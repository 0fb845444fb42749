package io.millrace.platform.plan;

import io.millrace.platform.Repository;
import io.millrace.platform.capacity.CapacityResult;
import io.millrace.platform.cluster.ClusterFile;
import io.millrace.platform.nodes.NodeGroup;
import io.millrace.platform.nodes.NodeGroups;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Prints plans on one screen of 100 columns. */
public final class PlanScreen {
  private final List<NodeGroup> groups;
  private final String cluster;

  private PlanScreen(List<NodeGroup> groups, String cluster) {
    this.groups = List.copyOf(groups);
    this.cluster = cluster;
  }

  /** A screen for the node groups and the cluster of a checkout. */
  public static PlanScreen of(Repository repository) {
    return new PlanScreen(
        NodeGroups.read(repository.nodeGroups()),
        ClusterFile.read(repository.clusterFile()).value("cluster_name"));
  }

  /** The tiers side by side. */
  public String overview(List<TierPlan> plans) {
    return table(plans).text() + verdict(plans);
  }

  /** What going from one tier to another changes. */
  public String promotion(TierPlan from, TierPlan to, List<Change> changes) {
    StringBuilder text = new StringBuilder();
    text.append(table(List.of(from, to)).text());
    text.append("\nWhat changes\n").append(changes(changes));
    List<String> notes = Notes.of(from, to, groups, cluster);
    if (!notes.isEmpty()) {
      text.append("\nMind\n");
      notes.forEach(note -> text.append("- ").append(note).append('\n'));
    }
    return text.append('\n').append(verdict(List.of(to))).toString();
  }

  private Columns table(List<TierPlan> plans) {
    Columns table = new Columns();
    row(table, "tier", plans, plan -> plan.tier().name());
    number(table, "rate, msg/s", plans, plan -> plan.tier().number("rate"), "%,.0f");
    number(table, "partitions", plans, plan -> plan.tier().number("partitions"), "%,.0f");
    number(table, "topic keeps, days", plans, plan -> plan.keptSeconds() / 86400, "%.1f");
    row(table, "headroom", plans, PlanScreen::headroom);
    number(table, "pods", plans, plan -> plan.pods().size(), "%,.0f");
    number(table, "CPU requested, cores", plans, TierPlan::cpu, "%,.1f");
    number(table, "memory requested, GiB", plans, TierPlan::memoryGib, "%,.0f");
    number(table, "nodes", plans, TierPlan::nodes, "%,.0f");
    for (NodeGroup group : groups) {
      number(
          table,
          String.format(
              Locale.ROOT,
              "  %s (%s, %d–%d)",
              group.name(),
              group.instanceType(),
              group.min(),
              group.max()),
          plans,
          plan -> plan.placement().nodes().get(group.name()),
          "%,.0f");
    }
    number(table, "USD a month", plans, plan -> plan.cost().total(), "%,.0f");
    return table;
  }

  private static String headroom(TierPlan plan) {
    CapacityResult.Part part = plan.capacity().bottleneck();
    return String.format(Locale.ROOT, "×%.1f %s", part.headroom(), part.name());
  }

  private static void row(
      Columns table, String name, List<TierPlan> plans, Function<TierPlan, String> cell) {
    List<String> cells = new ArrayList<>();
    cells.add(name);
    plans.forEach(plan -> cells.add(cell.apply(plan)));
    table.row(cells);
  }

  /** A row of numbers; of two plans, with the difference. */
  private static void number(
      Columns table,
      String name,
      List<TierPlan> plans,
      ToDoubleFunction<TierPlan> value,
      String format) {
    List<String> cells = new ArrayList<>();
    cells.add(name);
    plans.forEach(plan -> cells.add(String.format(Locale.ROOT, format, value.applyAsDouble(plan))));
    if (plans.size() == 2) {
      double difference = value.applyAsDouble(plans.get(1)) - value.applyAsDouble(plans.get(0));
      String signed = String.format(Locale.ROOT, format.replace("%", "%+"), difference);
      cells.add(difference == 0 ? "" : signed);
    }
    table.row(cells);
  }

  private static String changes(List<Change> changes) {
    if (changes.isEmpty()) {
      return "  nothing\n";
    }
    Map<String, List<Change>> byObject =
        changes.stream()
            .collect(
                Collectors.groupingBy(Change::object, LinkedHashMap::new, Collectors.toList()));
    StringBuilder text = new StringBuilder();
    byObject.forEach(
        (object, list) -> {
          Set<String> fields = new LinkedHashSet<>();
          list.forEach(change -> fields.add(field(change)));
          text.append("  ").append(object).append(": ").append(String.join(", ", fields));
          String effect = effect(object, list);
          text.append(effect.isEmpty() ? "" : " (" + effect + ")").append('\n');
        });
    return text.toString();
  }

  private static String field(Change change) {
    if (change.field().isEmpty()) {
      return change.to() == null ? "removed" : "added";
    }
    String from = change.from() == null ? "none" : change.from();
    String to = change.to() == null ? "none" : change.to();
    if (from.contains("\n") || to.contains("\n")) {
      return change.label() + " " + lines(from, to);
    }
    return change.label() + " " + from + " → " + to;
  }

  /** The lines of two texts that differ. */
  private static String lines(String from, String to) {
    List<String> before = from.lines().toList();
    List<String> after = to.lines().toList();
    List<String> differing = new ArrayList<>();
    for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
      if (!before.get(i).equals(after.get(i))) {
        differing.add(before.get(i).strip() + " → " + after.get(i).strip());
      }
    }
    return String.join(", ", differing);
  }

  private static String effect(String object, List<Change> changes) {
    boolean template = changes.stream().anyMatch(change -> change.field().contains("emplate"));
    return switch (object.substring(0, object.indexOf(' '))) {
      case "StatefulSet", "Deployment", "ClickHouseInstallation", "ClickHouseKeeperInstallation" ->
          template ? "pods restart one by one" : "";
      case "FlinkDeployment" -> "savepoint, redeploy, restore";
      default -> "";
    };
  }

  private static String verdict(List<TierPlan> plans) {
    Map<String, List<String>> tiersByFault = new LinkedHashMap<>();
    for (TierPlan plan : plans) {
      for (String fault : plan.faults()) {
        tiersByFault.computeIfAbsent(fault, key -> new ArrayList<>()).add(plan.tier().name());
      }
    }
    StringBuilder text = new StringBuilder();
    tiersByFault.forEach(
        (fault, tiers) ->
            text.append(String.join(", ", tiers)).append(": ").append(fault).append('\n'));
    if (text.isEmpty()) {
      String names =
          plans.stream().map(plan -> plan.tier().name()).collect(Collectors.joining(", "));
      return String.format(
          Locale.ROOT,
          "Every pod of %s has a node, and the measured capacity carries the rate at least %.1f"
              + " times.%n",
          names,
          plans.get(0).capacity().required());
    }
    return text.toString();
  }
}
