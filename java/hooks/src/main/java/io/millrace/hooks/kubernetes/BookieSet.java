package io.millrace.hooks.kubernetes;

import io.millrace.hooks.bookie.Bookie;
import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.bookkeeper.net.BookieId;

/**
 * The bookies' StatefulSet, as far as the guard needs it.
 *
 * @param name namespace and name
 * @param replicas pods it was last told to have
 * @param service the governing service, which gives pods their names
 * @param claimTemplates names of its volumeClaimTemplates, which give claims their names
 * @param idTemplate bookie id with the placeholders {@code {pod} {ordinal} {service} {namespace}}
 * @param httpTemplate HTTP endpoint with the same placeholders
 */
public record BookieSet(
    ObjectName name,
    int replicas,
    String service,
    List<String> claimTemplates,
    String idTemplate,
    String httpTemplate) {
  public BookieSet {
    claimTemplates = List.copyOf(claimTemplates);
  }

  /** Returns the bookie of an ordinal, whether its pod exists or not. */
  public Bookie bookie(int ordinal) {
    String pod = name.name() + "-" + ordinal;
    return new Bookie(
        ordinal,
        pod,
        BookieId.parse(fill(idTemplate, pod, ordinal)),
        URI.create(fill(httpTemplate, pod, ordinal)),
        claimTemplates.stream().map(template -> template + "-" + pod).toList());
  }

  /** Returns the bookies of the ordinals {@code from} to {@code to - 1}. */
  public List<Bookie> bookies(int from, int to) {
    return IntStream.range(from, to).mapToObj(this::bookie).toList();
  }

  private String fill(String template, String pod, int ordinal) {
    return template
        .replace("{pod}", pod)
        .replace("{ordinal}", Integer.toString(ordinal))
        .replace("{service}", service)
        .replace("{namespace}", name.namespace());
  }
}
