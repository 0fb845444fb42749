package io.millrace.platform.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.tree.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the stores need so as not to lose data: the Altinity operator deletes volumes unless told to
 * retain them and gives a user without a password its default one; bookies must outnumber the write
 * quorum; ZooKeeper and Keeper must be odd, and a ZooKeeper ready only with a quorum.
 */
final class StoreRules implements Check {
  @Override
  public List<String> faults(Tree tree) {
    List<String> faults = new ArrayList<>();
    for (Manifest manifest : tree.ofKind("ClickHouseInstallation")) {
      retained(manifest, faults);
      unknownObjects(manifest, faults);
      users(manifest, faults);
      template(manifest, faults);
    }
    for (Manifest manifest : tree.ofKind("ClickHouseKeeperInstallation")) {
      retained(manifest, faults);
      for (JsonNode cluster : manifest.at("/spec/configuration/clusters")) {
        int replicas = cluster.at("/layout/replicasCount").asInt(1);
        odd(manifest.id(), replicas, faults);
        turns(manifest, replicas, faults);
      }
    }
    tree.find("StatefulSet", "pulsar", "zookeeper")
        .ifPresent(set -> odd(set.id(), set.at("/spec/replicas").asInt(1), faults));
    tree.find("StatefulSet", "pulsar", "zookeeper").ifPresent(set -> readiness(set, faults));
    quorums(tree, faults);
    return faults;
  }

  private static void retained(Manifest manifest, List<String> faults) {
    String common = manifest.at("/spec/defaults/storageManagement/reclaimPolicy").asText();
    for (JsonNode claim : manifest.at("/spec/templates/volumeClaimTemplates")) {
      if (!claim.path("reclaimPolicy").asText(common).equals("Retain")) {
        faults.add(
            "%s: the volumes of template '%s' are deleted with their pods: set reclaimPolicy: Retain."
                .formatted(manifest.id(), claim.path("name").asText()));
      }
    }
  }

  /** Its operator changes all Keepers at once and waits for none. */
  private static void turns(Manifest keeper, int replicas, List<String> faults) {
    for (JsonNode template : keeper.at("/spec/templates/podTemplates")) {
      for (JsonNode container : template.at("/spec/containers")) {
        if (replicas > 1 && container.at("/lifecycle/preStop/exec/command").isEmpty()) {
          faults.add(
              "%s: all %s Keepers end at once when their image changes: let each wait for its turn in lifecycle.preStop."
                  .formatted(keeper.id(), replicas));
        }
      }
    }
  }

  private static void unknownObjects(Manifest manifest, List<String> faults) {
    if (!manifest.at("/spec/reconcile/cleanup/unknownObjects/pvc").asText().equals("Retain")) {
      faults.add(
          "%s: set spec.reconcile.cleanup.unknownObjects.pvc: Retain, or the operator deletes volumes it no longer knows."
              .formatted(manifest.id()));
    }
  }

  private static void users(Manifest manifest, List<String> faults) {
    Map<String, List<String>> settings = new TreeMap<>();
    manifest
        .at("/spec/configuration/users")
        .properties()
        .forEach(
            entry -> {
              String[] path = entry.getKey().split("/", 2);
              settings.computeIfAbsent(path[0], user -> new ArrayList<>()).add(path[1]);
              if (path[1].startsWith("password") && !entry.getValue().has("valueFrom")) {
                faults.add(
                    "%s: the password of user '%s' is in Git: take it from a Secret with valueFrom."
                        .formatted(manifest.id(), path[0]));
              }
              if (entry.getValue().toString().contains("::/0")
                  || entry.getValue().toString().contains("0.0.0.0/0")) {
                faults.add(
                    "%s: user '%s' may come from anywhere: restrict networks/ip."
                        .formatted(manifest.id(), path[0]));
              }
            });
    settings.forEach(
        (user, keys) -> {
          if (keys.stream().noneMatch(key -> key.startsWith("password"))) {
            faults.add(
                "%s: user '%s' has no password, so the operator gives it its public default: add one."
                    .formatted(manifest.id(), user));
          }
          if (keys.stream().noneMatch(key -> key.startsWith("networks/"))) {
            faults.add(
                "%s: user '%s' has no networks, so only the cluster's own pods reach it: add networks/ip."
                    .formatted(manifest.id(), user));
          }
        });
  }

  private static void template(Manifest manifest, List<String> faults) {
    for (JsonNode template : manifest.at("/spec/templates/podTemplates")) {
      boolean named = false;
      for (JsonNode container : template.at("/spec/containers")) {
        named |= container.path("name").asText().equals("clickhouse");
      }
      if (!named) {
        faults.add(
            "%s: the pod template '%s' has no container named 'clickhouse', so the operator takes the first one."
                .formatted(manifest.id(), template.path("name").asText()));
      }
    }
  }

  private static void odd(String id, int members, List<String> faults) {
    if (members % 2 == 0) {
      faults.add(
          String.format(
              Locale.ROOT,
              "%s has %d members: an even number tolerates no more losses than one fewer.",
              id,
              members));
    }
  }

  private static Manifest brokerSettings(Tree tree) {
    return tree.ofKind("ConfigMap").stream()
        .filter(map -> map.at("/data").has("managedLedgerDefaultEnsembleSize"))
        .findFirst()
        .orElse(null);
  }

  /** A ZooKeeper without a quorum answers ruok, and its admin server says 200 to everything. */
  private static void readiness(Manifest zookeeper, List<String> faults) {
    JsonNode probe = zookeeper.at("/spec/template/spec/containers/0/readinessProbe");
    if (!probe.at("/exec/command").toString().contains("Mode:")) {
      faults.add(
          "%s is ready without a quorum, so its nodes restart too early: let the readiness probe look for the Mode that srvr says."
              .formatted(zookeeper.id()));
    }
  }

  private static void quorums(Tree tree, List<String> faults) {
    Manifest broker = brokerSettings(tree);
    Manifest bookies = tree.find("StatefulSet", "pulsar", "bookie").orElse(null);
    if (broker == null || bookies == null) {
      return;
    }
    int ensemble = broker.at("/data/managedLedgerDefaultEnsembleSize").asInt();
    int write = broker.at("/data/managedLedgerDefaultWriteQuorum").asInt();
    int ack = broker.at("/data/managedLedgerDefaultAckQuorum").asInt();
    int replicas = bookies.at("/spec/replicas").asInt();
    if (ensemble < write || write < ack || ack < 1) {
      faults.add(
          String.format(
              Locale.ROOT,
              "%s: ensemble %d, write quorum %d and ack quorum %d must not ascend.",
              broker.id(),
              ensemble,
              write,
              ack));
    }
    int needed = write > 1 ? ensemble + 1 : ensemble;
    if (replicas < needed) {
      faults.add(
          String.format(
              Locale.ROOT,
              "%s has %d bookies: an ensemble of %d needs %d, so that one can be away.",
              bookies.id(),
              replicas,
              ensemble,
              needed));
    }
  }
}
