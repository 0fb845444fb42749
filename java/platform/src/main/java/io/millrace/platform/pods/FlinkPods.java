package io.millrace.platform.pods;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.millrace.platform.PlatformException;
import io.millrace.platform.tree.Manifest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pods that the Flink operator makes of a FlinkDeployment in native mode: {@code
 * jobManager.replicas} JobManagers, and parallelism over slots TaskManagers (or {@code
 * taskManager.replicas}, which wins). Each gets its role's pod template over the common one, and
 * the role's CPU and process memory on the main container.
 */
final class FlinkPods {
  private static final String MAIN = "flink-main-container";
  private static final Pattern MEMORY = Pattern.compile("([0-9.]+)\\s*([a-z]*)");

  private FlinkPods() {}

  static List<PlannedPod> of(Manifest manifest) {
    JsonNode spec = manifest.at("/spec");
    List<PlannedPod> pods = new ArrayList<>();
    if (spec.at("/job/state").asText("running").equals("suspended")) {
      return pods;
    }
    int jobManagers = spec.at("/jobManager/replicas").asInt(1);
    for (int i = 0; i < jobManagers; i++) {
      pods.add(pod(manifest, "jobManager", "jobmanager", manifest.name() + "-" + i));
    }
    int taskManagers = taskManagers(manifest);
    for (int i = 1; i <= taskManagers; i++) {
      String name = manifest.name() + "-taskmanager-1-" + i;
      pods.add(pod(manifest, "taskManager", "taskmanager", name));
    }
    return pods;
  }

  /**
   * The number of TaskManagers.
   *
   * @throws PlatformException when neither they nor the parallelism are given
   */
  static int taskManagers(Manifest manifest) {
    JsonNode replicas = manifest.at("/spec/taskManager/replicas");
    if (replicas.isInt()) {
      return replicas.asInt();
    }
    int parallelism = manifest.at("/spec/job/parallelism").asInt(0);
    if (parallelism < 1) {
      throw new PlatformException(
          manifest.id() + " has no spec.job.parallelism: set it to 1 or more.");
    }
    int slots = slots(manifest);
    return (parallelism + slots - 1) / slots;
  }

  private static int slots(Manifest manifest) {
    JsonNode configuration = manifest.at("/spec/flinkConfiguration");
    JsonNode flat = configuration.path("taskmanager.numberOfTaskSlots");
    JsonNode slots =
        flat.isMissingNode() ? configuration.at("/taskmanager/numberOfTaskSlots") : flat;
    return Math.max(1, slots.asInt(1));
  }

  private static PlannedPod pod(Manifest manifest, String role, String component, String name) {
    JsonNode roleSpec = manifest.at("/spec/" + role);
    JsonNode template = merge(manifest.at("/spec/podTemplate"), roleSpec.path("podTemplate"));
    if (!template.path("spec").isObject()) {
      ObjectNode empty = JsonNodeFactory.instance.objectNode();
      empty.putObject("spec").putArray("containers");
      template = empty;
    }
    PodTemplateSpec typed = PodTemplates.read(manifest.id(), template);
    addResources(manifest, role, roleSpec.path("resource"), typed);
    ObjectMeta metadata = typed.getMetadata() == null ? new ObjectMeta() : typed.getMetadata();
    Map<String, String> labels = new HashMap<>();
    if (metadata.getLabels() != null) {
      labels.putAll(metadata.getLabels());
    }
    labels.put("app", manifest.name());
    labels.put("component", component);
    labels.put("type", "flink-native-kubernetes");
    metadata.setLabels(labels);
    return PlannedPod.of(
        manifest.id() + " " + role,
        manifest.namespace(),
        name,
        metadata,
        typed.getSpec(),
        List.of(),
        false);
  }

  private static void addResources(
      Manifest manifest, String role, JsonNode resource, PodTemplateSpec template) {
    BigDecimal cpu = resource.path("cpu").isNumber() ? resource.get("cpu").decimalValue() : null;
    if (cpu == null || !resource.path("memory").isTextual()) {
      throw new PlatformException(
          "%s: spec.%s.resource needs cpu (a number) and memory (such as '4g')."
              .formatted(manifest.id(), role));
    }
    long memoryMib = memoryMib(manifest, role, resource.get("memory").asText());
    ResourceRequirements requirements =
        new ResourceRequirementsBuilder()
            .addToRequests("cpu", new Quantity(cpu.toPlainString()))
            .addToRequests("memory", new Quantity(memoryMib + "Mi"))
            .build();
    if (resource.path("ephemeralStorage").isTextual()) {
      requirements
          .getRequests()
          .put(
              "ephemeral-storage",
              new Quantity(
                  memoryMib(manifest, role, resource.get("ephemeralStorage").asText()) + "Mi"));
    }
    List<Container> containers = new ArrayList<>(template.getSpec().getContainers());
    Container main =
        containers.stream()
            .filter(container -> MAIN.equals(container.getName()))
            .findFirst()
            .orElseGet(
                () -> {
                  Container added = new Container();
                  added.setName(MAIN);
                  containers.add(added);
                  return added;
                });
    main.setResources(requirements);
    template.getSpec().setContainers(containers);
  }

  /** Flink's memory sizes: {@code 2048m}, {@code 2g}, {@code 2Gi}; binary units. */
  private static long memoryMib(Manifest manifest, String role, String text) {
    Matcher matcher = MEMORY.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (matcher.matches()) {
      BigDecimal amount = new BigDecimal(matcher.group(1));
      long kib =
          switch (matcher.group(2)) {
            case "k", "kb", "ki", "kibibytes" -> 1;
            case "m", "mb", "mi", "mebibytes" -> 1 << 10;
            case "g", "gb", "gi", "gibibytes" -> 1 << 20;
            case "t", "tb", "ti", "tebibytes" -> 1 << 30;
            default -> 0;
          };
      if (kib > 0) {
        return (amount.multiply(BigDecimal.valueOf(kib)).longValue() + 1023) / 1024;
      }
    }
    throw new PlatformException(
        "%s: the memory '%s' of spec.%s is not a size such as '4g' or '2048m'."
            .formatted(manifest.id(), text, role));
  }

  /**
   * Merges as the operator does with arrays by name: objects deeply, named entries with each other.
   */
  private static JsonNode merge(JsonNode base, JsonNode over) {
    if (over.isMissingNode()) {
      return base;
    }
    if (base.isObject() && over.isObject()) {
      ObjectNode merged = base.deepCopy();
      over.properties()
          .forEach(
              entry ->
                  merged.set(entry.getKey(), merge(base.path(entry.getKey()), entry.getValue())));
      return merged;
    }
    if (base.isArray() && over.isArray() && over.path(0).has("name")) {
      ArrayNode merged = JsonNodeFactory.instance.arrayNode();
      for (JsonNode item : base) {
        merged.add(merge(item, named(over, item.path("name").asText())));
      }
      for (JsonNode item : over) {
        if (named(base, item.path("name").asText()).isMissingNode()) {
          merged.add(item);
        }
      }
      return merged;
    }
    return over;
  }

  private static JsonNode named(JsonNode array, String name) {
    for (JsonNode item : array) {
      if (item.path("name").asText().equals(name)) {
        return item;
      }
    }
    return MissingNode.getInstance();
  }
}
