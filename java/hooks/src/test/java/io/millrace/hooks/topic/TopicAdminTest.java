package io.millrace.hooks.topic;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicAdminTest {

  @Test
  void theTokenMayBeInAFolderOfAnyName(@TempDir final Path folder) throws Exception {
    final Path token = folder.resolve("my token (1) ü%20#1");
    Files.writeString(token, "secret");

    assertThatCode(
            () -> TopicAdmin.connect(URI.create("http://127.0.0.1:1"), Optional.of(token)).close())
        .doesNotThrowAnyException();
  }
}
