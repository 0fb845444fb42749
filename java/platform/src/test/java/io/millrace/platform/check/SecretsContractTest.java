package io.millrace.platform.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.RealTree;
import io.millrace.platform.Repository;
import io.millrace.platform.tree.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every password that the tree asks Secrets Manager for is one that Terraform generates. */
class SecretsContractTest {
  private static final Pattern PASSWORDS =
      Pattern.compile("(?m)^ +([a-z]+) += \\[((?:\"[a-z-]+\"(?:, )?)+)]");

  @Test
  void everyPasswordThatIsAskedForIsGenerated() throws IOException {
    Repository repository = RealTree.repository();
    List<String> generated = generated(repository);
    List<String> asked = new ArrayList<>();
    for (Manifest secret : RealTree.cluster(repository).ofKind("ExternalSecret")) {
      for (JsonNode item : secret.at("/spec/data")) {
        asked.add(
            item.at("/remoteRef/key").asText() + "#" + item.at("/remoteRef/property").asText());
      }
    }
    assertThat(asked).isNotEmpty().isSubsetOf(generated);
    assertThat(asked).as("a password that nobody uses").containsAll(generated);
  }

  /** {@code <secret>#<property>} of Terraform's variable {@code passwords}. */
  private static List<String> generated(Repository repository) throws IOException {
    String variables = Files.readString(repository.root().resolve("terraform/variables.tf"));
    String passwords = variables.substring(variables.indexOf("variable \"passwords\""));
    Matcher matcher = PASSWORDS.matcher(passwords.substring(0, passwords.indexOf("\n}")));
    List<String> generated = new ArrayList<>();
    while (matcher.find()) {
      for (String property : matcher.group(2).replace("\"", "").split(", ")) {
        generated.add("millrace/bench-low-infra/" + matcher.group(1) + "#" + property);
      }
    }
    assertThat(generated).contains("millrace/bench-low-infra/clickhouse#flink");
    return generated;
  }
}
