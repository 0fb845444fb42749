package io.millrace.platform.plan;

import io.millrace.platform.PlatformException;
import io.millrace.platform.capacity.CapacityTable;
import io.millrace.platform.cost.MonthlyCost;
import io.millrace.platform.cost.Prices;
import io.millrace.platform.nodes.InstanceTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Writes the tiers' bills and capacity as Markdown: the text of {@code docs/cost.md}. */
public final class CostDocument {
  private CostDocument() {}

  /** The document. */
  public static String text(List<TierPlan> plans) {
    InstanceTypes types = InstanceTypes.load();
    Prices prices = Prices.load();
    StringBuilder text = new StringBuilder();
    text.append("# What a tier costs and carries\n\n");
    text.append("Written by `./millrace plan --cost-document docs/cost.md`; a test compares it.\n");
    text.append(
        String.format(
            Locale.ROOT,
            "USD a month, on demand, before taxes, %.0f hours.\n\n",
            prices.hoursPerMonth()));
    header(text, plans);
    List<MonthlyCost.Line> first = plans.get(0).cost().lines();
    for (int i = 0; i < first.size(); i++) {
      text.append("| ").append(first.get(i).item());
      for (TierPlan plan : plans) {
        MonthlyCost.Line line = plan.cost().lines().get(i);
        text.append(String.format(Locale.ROOT, " | %,.0f (%s)", line.usd(), line.detail()));
      }
      text.append(" |\n");
    }
    text.append("| **Sum**");
    for (TierPlan plan : plans) {
      text.append(String.format(Locale.ROOT, " | **%,.0f**", plan.cost().total()));
    }
    text.append(" |\n| per million events");
    for (TierPlan plan : plans) {
      double millions = plan.tier().number("rate") * 3600.0 * prices.hoursPerMonth() / 1e6;
      text.append(String.format(Locale.ROOT, " | %.4f", plan.cost().total() / millions));
    }
    text.append(" |\n\n");
    text.append("EC2 prices: ").append(types.priceSource()).append(", ").append(types.priceDate());
    text.append(". Others: ").append(prices.source()).append(", ").append(prices.date());
    text.append(".\nNode groups do not go below their minimum in `terraform/node-groups.yaml`");
    text.append(", so a small tier pays for it; spot prices are not counted.\n");
    capacity(text, plans);
    return text.toString();
  }

  /**
   * What each part could carry, as a multiple of what the tier asks, and where the figure is from.
   */
  private static void capacity(StringBuilder text, List<TierPlan> plans) {
    CapacityTable table = CapacityTable.load();
    text.append("\n## Capacity\n\n");
    text.append(
        String.format(
            Locale.ROOT,
            "Cores that a part's pods request × measured events per core, as a multiple of what the"
                + " tier asks; `plan` fails below %.1f (disks: below 1).\n\n",
            table.requiredHeadroom()));
    header(text, plans);
    for (int i = 0; i < plans.get(0).capacity().parts().size(); i++) {
      text.append("| ").append(plans.get(0).capacity().parts().get(i).name());
      for (TierPlan plan : plans) {
        double headroom = plan.capacity().parts().get(i).headroom();
        text.append(String.format(Locale.ROOT, " | ×%.1f", headroom));
      }
      text.append(" |\n");
    }
    text.append("\n| part | per core and second | measured | again with |\n|---|---:|---|---|\n");
    table
        .components()
        .forEach(
            part ->
                figure(
                    text, part.name(), part.perCore(), "events", part.measured(), part.command()));
    CapacityTable.Rows rows = table.rows();
    figure(text, "clickhouse", rows.perCore(), "rows", rows.measured(), rows.command());
  }

  private static void figure(
      StringBuilder text,
      String name,
      double perCore,
      String unit,
      String measured,
      String command) {
    text.append(
        String.format(
            Locale.ROOT,
            "| %s | %,.0f %s | %s | `%s` |\n",
            name,
            perCore,
            unit,
            measured,
            command));
  }

  /** Writes the document. */
  public static void write(Path file, List<TierPlan> plans) {
    try {
      Files.writeString(file, text(plans));
    } catch (IOException e) {
      throw new PlatformException("%s cannot be written: %s.".formatted(file, e), e);
    }
  }

  private static void header(StringBuilder text, List<TierPlan> plans) {
    text.append("| ");
    plans.forEach(plan -> text.append(" | ").append(plan.tier().name()));
    text.append(" |\n|---");
    plans.forEach(plan -> text.append("|---:"));
    text.append("|\n");
  }
}
