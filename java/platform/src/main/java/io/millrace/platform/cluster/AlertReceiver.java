package io.millrace.platform.cluster;

import io.millrace.platform.tree.Manifest;
import java.util.List;
import java.util.Optional;

/** Whether the cluster's alerts are sent anywhere: the chart's own configuration drops them all. */
public final class AlertReceiver {
  private static final String APPLICATION = "kube-prometheus-stack";
  private static final String RECEIVER =
      "/spec/source/helm/valuesObject/alertmanager/config/route/receiver";

  private AlertReceiver() {}

  /**
   * One sentence when there is no receiver.
   *
   * @param apps the rendering of the cluster's Applications
   */
  public static Optional<String> missing(List<Manifest> apps) {
    boolean set =
        apps.stream()
            .filter(app -> app.kind().equals("Application") && app.name().equals(APPLICATION))
            .map(app -> app.at(RECEIVER).asText("null"))
            .anyMatch(receiver -> !receiver.equals("null"));
    return set
        ? Optional.empty()
        : Optional.of(
            "Alerts are sent to no receiver: docs/runbook.md, \"Send alerts to people\", says how"
                + " to name one.");
  }
}
