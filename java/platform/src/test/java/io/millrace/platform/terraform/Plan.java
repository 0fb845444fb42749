package io.millrace.platform.terraform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A plan of the whole stack, as {@code terraform show -json} prints it.
 *
 * @param json the document
 * @param text the same, unparsed
 * @param awsCalls API actions that planning called
 * @param passwords passwords that planning was given
 */
record Plan(JsonNode json, String text, List<String> awsCalls, List<String> passwords) {

  /** The planned values of every resource of a type, by address. */
  Map<String, JsonNode> resources(String type) {
    Map<String, JsonNode> found = new TreeMap<>();
    for (JsonNode resource : resources()) {
      if (resource.path("type").asText().equals(type)) {
        found.put(resource.path("address").asText(), resource.path("values"));
      }
    }
    return found;
  }

  /** The planned values of the one resource with the address. */
  JsonNode resource(String address) {
    for (JsonNode resource : resources()) {
      if (resource.path("address").asText().equals(address)) {
        return resource.path("values");
      }
    }
    throw new AssertionError("the plan has no " + address);
  }

  /** All planned resources of all modules. */
  List<JsonNode> resources() {
    List<JsonNode> found = new ArrayList<>();
    collect(json.path("planned_values").path("root_module"), found);
    return found;
  }

  /** An output's value. */
  JsonNode output(String name) {
    return json.path("planned_values").path("outputs").path(name).path("value");
  }

  /** The arguments that a module's resource sets in the configuration. */
  Set<String> arguments(String module, String address) {
    for (JsonNode resource :
        json.at("/configuration/root_module/module_calls/" + module + "/module/resources")) {
      if (resource.path("address").asText().equals(address)) {
        Set<String> names = new TreeSet<>();
        resource.path("expressions").fieldNames().forEachRemaining(names::add);
        return names;
      }
    }
    throw new AssertionError("the module " + module + " has no " + address);
  }

  /** The S3 resources that Flink's policy allows. */
  Set<String> flinkResources() {
    Set<String> found = new TreeSet<>();
    String policy =
        resource("module.access.aws_iam_role_policy.service_account[\"flink\"]")
            .path("policy")
            .asText();
    for (JsonNode statement : parse(policy).path("Statement")) {
      found.add(statement.path("Resource").asText());
    }
    return found;
  }

  /** Address ranges that anything in the plan lets in. */
  Set<String> rangesLetIn() {
    Set<String> found = new TreeSet<>();
    for (JsonNode resource : resources()) {
      JsonNode values = resource.path("values");
      for (JsonNode rule : values.path("ingress")) {
        addAll(rule.path("cidr_blocks"), found);
        addAll(rule.path("ipv6_cidr_blocks"), found);
      }
      if (resource.path("type").asText().contains("ingress")
          || values.path("type").asText().equals("ingress")) {
        addAll(values.path("cidr_blocks"), found);
        addAll(values.path("ipv6_cidr_blocks"), found);
        add(values.path("cidr_ipv4"), found);
        add(values.path("cidr_ipv6"), found);
      }
      for (JsonNode vpc : values.path("vpc_config")) {
        addAll(vpc.path("public_access_cidrs"), found);
      }
    }
    return found;
  }

  static JsonNode parse(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void collect(JsonNode module, List<JsonNode> found) {
    module.path("resources").forEach(found::add);
    module.path("child_modules").forEach(child -> collect(child, found));
  }

  private static void addAll(JsonNode values, Set<String> found) {
    values.forEach(value -> add(value, found));
  }

  private static void add(JsonNode value, Set<String> found) {
    if (value.isTextual()) {
      found.add(value.asText());
    }
  }
}
