package io.millrace.platform.pods;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.PodAffinityTermBuilder;
import io.fabric8.kubernetes.api.model.PodAntiAffinity;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.millrace.platform.PlatformException;
import io.millrace.platform.tree.Manifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * The pods that the Altinity operator makes of a ClickHouseInstallation or a
 * ClickHouseKeeperInstallation: one for each replica of each shard, from the pod template that the
 * cluster or the defaults name, with the operator's labels and the anti-affinity that {@code
 * podDistribution} asks for (Altinity operator 0.25, docs/custom_resource_explained.md).
 */
final class ClickHousePods {
  private final StorageClasses classes;

  ClickHousePods(StorageClasses classes) {
    this.classes = classes;
  }

  List<PlannedPod> of(Manifest manifest) {
    boolean keeper = manifest.kind().equals("ClickHouseKeeperInstallation");
    List<PlannedPod> pods = new ArrayList<>();
    String stop = manifest.at("/spec/stop").asText("");
    if (List.of("yes", "true", "1", "on").contains(stop.toLowerCase(Locale.ROOT))) {
      return pods;
    }
    for (JsonNode cluster : manifest.at("/spec/configuration/clusters")) {
      String clusterName = cluster.path("name").asText();
      int shards = cluster.at("/layout/shardsCount").asInt(1);
      int replicas = cluster.at("/layout/replicasCount").asInt(1);
      for (int shard = 0; shard < shards; shard++) {
        for (int replica = 0; replica < replicas; replica++) {
          pods.add(pod(manifest, cluster, clusterName, shard, replica, keeper));
        }
      }
    }
    return pods;
  }

  private PlannedPod pod(
      Manifest manifest,
      JsonNode cluster,
      String clusterName,
      int shard,
      int replica,
      boolean keeper) {
    JsonNode template =
        template(manifest, "podTemplates", templateName(manifest, cluster, "podTemplate"));
    PodTemplateSpec typed = PodTemplates.read(manifest.id(), template);
    ObjectMeta metadata = typed.getMetadata() == null ? new ObjectMeta() : typed.getMetadata();
    Map<String, String> labels = new HashMap<>();
    if (metadata.getLabels() != null) {
      labels.putAll(metadata.getLabels());
    }
    Map<String, String> own = new LinkedHashMap<>();
    String prefix = keeper ? "clickhouse-keeper.altinity.com/" : "clickhouse.altinity.com/";
    own.put(prefix + "app", "chop");
    own.put(prefix + "namespace", manifest.namespace());
    own.put(prefix + (keeper ? "chk" : "chi"), manifest.name());
    own.put(prefix + "cluster", clusterName);
    own.put(prefix + "shard", String.valueOf(shard));
    own.put(prefix + "replica", String.valueOf(replica));
    labels.putAll(own);
    metadata.setLabels(labels);
    distribute(manifest, template.path("podDistribution"), prefix, own, typed);
    String name =
        (keeper ? "chk-" : "chi-")
            + String.join(
                "-",
                manifest.name(),
                clusterName,
                String.valueOf(shard),
                String.valueOf(replica),
                "0");
    return PlannedPod.of(
        manifest.id(),
        manifest.namespace(),
        name,
        metadata,
        typed.getSpec(),
        claims(manifest, cluster, typed),
        false);
  }

  private static String templateName(Manifest manifest, JsonNode cluster, String key) {
    JsonNode own = cluster.at("/templates/" + key);
    return own.isTextual()
        ? own.asText()
        : manifest.at("/spec/defaults/templates/" + key).asText("");
  }

  private static JsonNode template(Manifest manifest, String list, String name) {
    JsonNode templates = manifest.at("/spec/templates/" + list);
    for (JsonNode template : templates) {
      if (template.path("name").asText().equals(name)) {
        return template;
      }
    }
    throw new PlatformException(
        "%s uses '%s', which spec.templates.%s does not define."
            .formatted(manifest.id(), name, list));
  }

  private List<Claim> claims(Manifest manifest, JsonNode cluster, PodTemplateSpec template) {
    TreeSet<String> names = new TreeSet<>();
    for (String key : List.of("dataVolumeClaimTemplate", "logVolumeClaimTemplate")) {
      String name = templateName(manifest, cluster, key);
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    TreeSet<String> defined = new TreeSet<>();
    for (JsonNode claim : manifest.at("/spec/templates/volumeClaimTemplates")) {
      defined.add(claim.path("name").asText());
    }
    for (Container container : template.getSpec().getContainers()) {
      for (VolumeMount mount : container.getVolumeMounts()) {
        if (defined.contains(mount.getName())) {
          names.add(mount.getName());
        }
      }
    }
    List<Claim> claims = new ArrayList<>();
    for (String name : names) {
      claims.add(
          classes.claim(name, template(manifest, "volumeClaimTemplates", name).path("spec")));
    }
    return claims;
  }

  private static void distribute(
      Manifest manifest,
      JsonNode distributions,
      String prefix,
      Map<String, String> own,
      PodTemplateSpec template) {
    for (JsonNode distribution : distributions) {
      String type = distribution.path("type").asText();
      Map<String, String> apart = new LinkedHashMap<>();
      apart.put(prefix + "app", own.get(prefix + "app"));
      switch (type) {
        case "ClickHouseAntiAffinity" -> {
          // every pod of the operator, apart from every other
        }
        case "ShardAntiAffinity" -> {
          apart.put(prefix + "namespace", own.get(prefix + "namespace"));
          String installation = own.containsKey(prefix + "chk") ? "chk" : "chi";
          apart.put(prefix + installation, own.get(prefix + installation));
          apart.put(prefix + "cluster", own.get(prefix + "cluster"));
          apart.put(prefix + "shard", own.get(prefix + "shard"));
        }
        case "ReplicaAntiAffinity" -> {
          apart.put(prefix + "namespace", own.get(prefix + "namespace"));
          apart.put(prefix + "cluster", own.get(prefix + "cluster"));
          apart.put(prefix + "replica", own.get(prefix + "replica"));
        }
        default ->
            throw new PlatformException(
                "%s: podDistribution '%s' is not one the plan can place: use ClickHouseAntiAffinity, ShardAntiAffinity or ReplicaAntiAffinity."
                    .formatted(manifest.id(), type));
      }
      PodAffinityTerm term =
          new PodAffinityTermBuilder()
              .withTopologyKey(distribution.path("topologyKey").asText("kubernetes.io/hostname"))
              .withLabelSelector(new LabelSelectorBuilder().withMatchLabels(apart).build())
              .build();
      Affinity affinity = template.getSpec().getAffinity();
      if (affinity == null) {
        affinity = new Affinity();
        template.getSpec().setAffinity(affinity);
      }
      if (affinity.getPodAntiAffinity() == null) {
        affinity.setPodAntiAffinity(new PodAntiAffinity());
      }
      List<PodAffinityTerm> terms =
          new ArrayList<>(
              affinity.getPodAntiAffinity().getRequiredDuringSchedulingIgnoredDuringExecution());
      terms.add(term);
      affinity.getPodAntiAffinity().setRequiredDuringSchedulingIgnoredDuringExecution(terms);
    }
  }
}
