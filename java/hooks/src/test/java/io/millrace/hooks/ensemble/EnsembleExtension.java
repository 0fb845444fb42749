package io.millrace.hooks.ensemble;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives every test the same ensemble; the last test class ends it. */
public final class EnsembleExtension implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(EnsembleExtension.class);

  /** Closed by JUnit at the end of the run. */
  private record Shared(Ensemble ensemble) implements AutoCloseable {
    @Override
    public void close() {
      ensemble.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Ensemble.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Shared.class, key -> start(), Shared.class)
        .ensemble();
  }

  private static Shared start() {
    try {
      Path parent = Files.createDirectories(Path.of("target", "ensemble").toAbsolutePath());
      return new Shared(Ensemble.start(Files.createTempDirectory(parent, "run-")));
    } catch (Exception e) {
      throw new IllegalStateException("the ensemble did not start", e);
    }
  }
}
