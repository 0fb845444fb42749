package io.millrace.events.domain;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The domain files on the class path, in the folder {@code domains/}. */
public final class DomainCatalog {

  private static final String FOLDER = "domains";
  private static final String SUFFIX = ".avsc";

  private DomainCatalog() {}

  static Domain load(final String name) {
    if (!name.matches("[a-z][a-z0-9_-]*")) {
      throw new InvalidDomainException(unknown(name));
    }
    final String resource = FOLDER + "/" + name + SUFFIX;
    try (InputStream in = DomainCatalog.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new InvalidDomainException(unknown(name));
      }
      return DomainParser.parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new InvalidDomainException("Domain file " + resource + " cannot be read: " + e, e);
    }
  }

  private static String unknown(final String name) {
    return "Unknown domain '" + name + "'; known domains: " + String.join(", ", names());
  }

  /** The names of all domains, sorted. */
  public static List<String> names() {
    final TreeSet<String> names = new TreeSet<>();
    try {
      for (URL folder :
          Collections.list(DomainCatalog.class.getClassLoader().getResources(FOLDER))) {
        collect(folder, names);
      }
    } catch (IOException | URISyntaxException e) {
      throw new InvalidDomainException("The folder of domain files cannot be listed: " + e, e);
    }
    return List.copyOf(names);
  }

  private static void collect(final URL folder, final TreeSet<String> names)
      throws IOException, URISyntaxException {
    if (folder.openConnection() instanceof JarURLConnection inJar) {
      try (FileSystem files = FileSystems.newFileSystem(Path.of(inJar.getJarFileURL().toURI()))) {
        collect(files.getPath(FOLDER), names);
      }
    } else {
      collect(Path.of(folder.toURI()), names);
    }
  }

  private static void collect(final Path folder, final TreeSet<String> names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(SUFFIX))
          .forEach(file -> names.add(file.substring(0, file.length() - SUFFIX.length())));
    }
  }
}
