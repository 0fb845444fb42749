package io.millrace.platform.plan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.platform.PlatformException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes a plan as JSON, for other tools. */
public final class PlanReport {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private PlanReport() {}

  static ObjectNode json(List<TierPlan> plans, List<Change> changes) {
    ObjectNode report = MAPPER.createObjectNode();
    ObjectNode tiers = report.putObject("tiers");
    for (TierPlan plan : plans) {
      ObjectNode tier = tiers.putObject(plan.tier().name());
      tier.put("rate", plan.tier().number("rate"));
      tier.put("fits", plan.placement().fits());
      ArrayNode unschedulable = tier.putArray("unschedulable");
      plan.placement().unschedulable().forEach(unschedulable::add);
      tier.put("capacity_ok", plan.capacity().ok());
      tier.put("headroom", hundredths(plan.capacity().headroom()));
      tier.put("pods", plan.pods().size());
      tier.put("cpu", hundredths(plan.cpu()));
      tier.put("memory_gib", hundredths(plan.memoryGib()));
      ObjectNode nodes = tier.putObject("nodes");
      plan.placement().nodes().forEach(nodes::put);
      tier.put("monthly_usd", hundredths(plan.cost().total()));
    }
    ArrayNode list = report.putArray("changes");
    for (Change change : changes) {
      list.addObject()
          .put("object", change.object())
          .put("field", change.field())
          .put("from", change.from())
          .put("to", change.to());
    }
    return report;
  }

  /** Writes the report. */
  public static void write(Path file, List<TierPlan> plans, List<Change> changes) {
    try {
      Files.writeString(file, MAPPER.writeValueAsString(json(plans, changes)) + "\n");
    } catch (IOException e) {
      throw new PlatformException("The report %s cannot be written: %s.".formatted(file, e), e);
    }
  }

  private static double hundredths(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
