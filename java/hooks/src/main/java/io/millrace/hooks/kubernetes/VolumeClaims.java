package io.millrace.hooks.kubernetes;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.millrace.hooks.HookException;
import io.millrace.hooks.bookie.Bookie;
import io.millrace.hooks.bookie.BookieClaims;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the guard's notes as annotations of PersistentVolumeClaims. Claims that a StatefulSet makes
 * are in no Git tree, so nothing else rewrites them. Thread-safe.
 */
public final class VolumeClaims implements BookieClaims {
  /** {@code draining} or {@code drained}. */
  static final String STATE = "guard.millrace.io/state";

  /** The removed cookie, in Base64. */
  static final String COOKIE = "guard.millrace.io/cookie";

  private static final String DRAINING = "draining";
  private static final String DRAINED = "drained";

  private final KubernetesClient client;
  private final String namespace;

  public VolumeClaims(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /**
   * Returns the ordinals of the set whose claims carry a note, ascending; their pods may be gone.
   *
   * @throws HookException when the API does not answer
   */
  public List<Integer> notedOrdinals(BookieSet set) throws HookException {
    TreeSet<Integer> ordinals = new TreeSet<>();
    for (PersistentVolumeClaim claim :
        call("list", () -> client.persistentVolumeClaims().inNamespace(namespace).list())
            .getItems()) {
      ObjectMeta meta = claim.getMetadata();
      if (annotations(meta).containsKey(STATE)) {
        for (String template : set.claimTemplates()) {
          String prefix = template + "-" + set.name().name() + "-";
          if (meta.getName().startsWith(prefix)
              && meta.getName().substring(prefix.length()).matches("\\d{1,5}")) {
            ordinals.add(Integer.valueOf(meta.getName().substring(prefix.length())));
          }
        }
      }
    }
    return List.copyOf(ordinals);
  }

  @Override
  public void requireClaims(Bookie bookie) throws HookException {
    if (bookie.claims().isEmpty()) {
      throw new HookException(
          bookie
              + " has no persistent volume claims, so the guard cannot remember its drain: give the"
              + " bookies volumeClaimTemplates, or keep it");
    }
    for (String name : bookie.claims()) {
      if (get(name).isEmpty()) {
        throw new HookException(
            "volume claim " + namespace + "/" + name + " of " + bookie + " does not exist");
      }
    }
  }

  @Override
  public Optional<Note> read(Bookie bookie) throws HookException {
    List<Map<String, String>> noted = new ArrayList<>();
    for (String name : bookie.claims()) {
      Optional<PersistentVolumeClaim> claim = get(name);
      if (claim.isPresent() && annotations(claim.get().getMetadata()).containsKey(STATE)) {
        noted.add(annotations(claim.get().getMetadata()));
      }
    }
    if (noted.isEmpty()) {
      return Optional.empty();
    }
    Optional<byte[]> cookie =
        noted.stream()
            .map(annotations -> annotations.get(COOKIE))
            .filter(Objects::nonNull)
            .findFirst()
            .map(Base64.getDecoder()::decode);
    return Optional.of(new Note(cookie, noted.size() == bookie.claims().size()));
  }

  @Override
  public void noteDraining(Bookie bookie) throws HookException {
    for (String name : bookie.claims()) {
      edit(
          name,
          annotations -> {
            annotations.putIfAbsent(STATE, DRAINING);
          });
    }
  }

  @Override
  public void noteDrained(Bookie bookie, byte[] cookie) throws HookException {
    String text = Base64.getEncoder().encodeToString(cookie);
    for (String name : bookie.claims()) {
      edit(
          name,
          annotations -> {
            annotations.put(STATE, DRAINED);
            annotations.put(COOKIE, text);
          });
    }
  }

  @Override
  public void clear(Bookie bookie) throws HookException {
    for (String name : bookie.claims()) {
      if (get(name).isPresent()) {
        edit(
            name,
            annotations -> {
              annotations.remove(STATE);
              annotations.remove(COOKIE);
            });
      }
    }
  }

  @Override
  public void delete(Bookie bookie, Duration limit) throws HookException {
    for (String name : bookie.claims()) {
      call("delete " + name, () -> claim(name).delete());
    }
    for (String name : bookie.claims()) {
      try {
        call(
            "watch " + name,
            () ->
                claim(name)
                    .waitUntilCondition(Objects::isNull, limit.toMillis(), TimeUnit.MILLISECONDS));
      } catch (KubernetesClientTimeoutException e) {
        throw new HookException(
            "volume claim "
                + namespace
                + "/"
                + name
                + " is still there "
                + limit.toSeconds()
                + " s after its deletion: see which pod uses it",
            e);
      }
    }
  }

  private interface Edit {
    void apply(Map<String, String> annotations);
  }

  private void edit(String name, Edit change) throws HookException {
    call(
        "annotate " + name,
        () ->
            claim(name)
                .edit(
                    claim -> {
                      Map<String, String> annotations =
                          new HashMap<>(annotations(claim.getMetadata()));
                      change.apply(annotations);
                      return new PersistentVolumeClaimBuilder(claim)
                          .editMetadata()
                          .withAnnotations(annotations)
                          .endMetadata()
                          .build();
                    }));
  }

  private Optional<PersistentVolumeClaim> get(String name) throws HookException {
    return Optional.ofNullable(call("read " + name, () -> claim(name).get()));
  }

  private Resource<PersistentVolumeClaim> claim(String name) {
    return client.persistentVolumeClaims().inNamespace(namespace).withName(name);
  }

  private static Map<String, String> annotations(ObjectMeta meta) {
    return meta.getAnnotations() == null ? Map.of() : meta.getAnnotations();
  }

  private interface Call<T> {
    T run();
  }

  private <T> T call(String what, Call<T> call) throws HookException {
    try {
      return call.run();
    } catch (KubernetesClientTimeoutException e) {
      throw e;
    } catch (KubernetesClientException e) {
      throw new HookException(
          "cannot " + what + " among the volume claims of " + namespace + ": " + e.getMessage(), e);
    }
  }
}
