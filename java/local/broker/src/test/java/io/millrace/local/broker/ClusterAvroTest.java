package io.millrace.local.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/**
 * Which schemas a broker takes is decided by the Avro inside it. The cluster's is an image's, whose
 * release may be newer than the broker's jars.
 */
class ClusterAvroTest {

  private static final Path KUSTOMIZATION = Path.of("../../../base/pulsar/kustomization.yaml");
  private static final Pattern IMAGE =
      Pattern.compile("name: apachepulsar/pulsar\\s+newTag: \"?([0-9.]+)");

  @Test
  void theParentNamesTheImageThatTheClusterRuns() throws Exception {
    final Matcher image = IMAGE.matcher(Files.readString(KUSTOMIZATION));
    assertThat(image.find()).as("base/pulsar names Pulsar's image").isTrue();
    assertThat(System.getProperty("millrace.pulsar-image.version"))
        .as("pulsar-image.version in java/pom.xml; look up avro.version of that release as well")
        .isEqualTo(image.group(1));
  }

  @Test
  void theLocalBrokerHasTheAvroOfTheImage() {
    final URI jar =
        URI.create(Schema.class.getProtectionDomain().getCodeSource().getLocation() + "");
    assertThat(Path.of(jar).getFileName())
        .hasToString("avro-" + System.getProperty("millrace.pulsar-image.avro.version") + ".jar");
  }
}
