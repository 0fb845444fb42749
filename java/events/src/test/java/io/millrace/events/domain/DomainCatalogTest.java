package io.millrace.events.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The domains are found wherever the jar is that holds them. */
class DomainCatalogTest {

  private static final List<String> ENTRIES =
      List.of(entry(DomainCatalog.class), entry(InvalidDomainException.class), "domains/iot.avsc");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"plain", "my checkout (1)", "100%", "a%20b", "#1", "[x]", "a!b", "für"})
  void namesAreListedFromAJarInAFolderNamed(final String name) throws Exception {
    final Path jar = Files.createDirectory(folder.resolve(name)).resolve("events.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      entries.putNextEntry(new JarEntry("domains/"));
      for (final String entry : ENTRIES) {
        entries.putNextEntry(new JarEntry(entry));
        entries.write(content(entry));
      }
    }

    assertThat(namesIn(new URL[] {jar.toUri().toURL()})).isEqualTo(List.of("iot"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "my checkout (1)", "a%20b", "#1", "a!b"})
  void namesAreListedFromAFolderOfClassesNamed(final String name) throws Exception {
    final Path classes = Files.createDirectory(folder.resolve(name));
    for (final String entry : ENTRIES) {
      Files.createDirectories(classes.resolve(entry).getParent());
      Files.write(classes.resolve(entry), content(entry));
    }

    assertThat(namesIn(new URL[] {classes.toUri().toURL()})).isEqualTo(List.of("iot"));
  }

  /** Asks the class of that place, not the one that this test was compiled with. */
  private static Object namesIn(final URL[] classPath) throws Exception {
    try (URLClassLoader loader =
        new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
      return loader.loadClass(DomainCatalog.class.getName()).getMethod("names").invoke(null);
    }
  }

  private static String entry(final Class<?> type) {
    return type.getName().replace('.', '/') + ".class";
  }

  private static byte[] content(final String entry) throws IOException {
    return DomainCatalog.class.getClassLoader().getResourceAsStream(entry).readAllBytes();
  }
}
