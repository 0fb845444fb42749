package io.millrace.platform.fit;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import java.util.List;
import java.util.Map;

/** Kubernetes' label selectors, for pods and for nodes. */
final class LabelMatch {
  private LabelMatch() {}

  /** An absent selector matches nothing, an empty one everything. */
  static boolean matches(LabelSelector selector, Map<String, String> labels) {
    if (selector == null) {
      return false;
    }
    if (selector.getMatchLabels() != null
        && !labels.entrySet().containsAll(selector.getMatchLabels().entrySet())) {
      return false;
    }
    for (LabelSelectorRequirement requirement : selector.getMatchExpressions()) {
      if (!holds(
          requirement.getOperator(), labels.get(requirement.getKey()), requirement.getValues())) {
        return false;
      }
    }
    return true;
  }

  /** All expressions of the term hold. A term without expressions matches no node. */
  static boolean matches(NodeSelectorTerm term, Map<String, String> labels) {
    if (term.getMatchExpressions().isEmpty()) {
      return false;
    }
    for (NodeSelectorRequirement requirement : term.getMatchExpressions()) {
      if (!holds(
          requirement.getOperator(), labels.get(requirement.getKey()), requirement.getValues())) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(String operator, String value, List<String> values) {
    return switch (operator) {
      case "In" -> value != null && values.contains(value);
      case "NotIn" -> value == null || !values.contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt" -> value != null && Long.parseLong(value) > Long.parseLong(values.get(0));
      case "Lt" -> value != null && Long.parseLong(value) < Long.parseLong(values.get(0));
      default -> false;
    };
  }
}
