import java.io.File;
import java.net.URI;
import org.apache.flink.client.deployment.application.ApplicationClusterEntryPoint;
import org.apache.flink.client.deployment.application.ApplicationConfiguration;
import org.apache.flink.client.program.DefaultPackagedProgramRetriever;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.runtime.entrypoint.ClusterEntrypoint;
import org.apache.flink.runtime.entrypoint.ClusterEntrypointUtils;
import org.apache.flink.runtime.entrypoint.EntrypointClusterConfiguration;
import org.apache.flink.runtime.entrypoint.EntrypointClusterConfigurationParserFactory;
import org.apache.flink.runtime.resourcemanager.StandaloneResourceManagerFactory;

/**
 * A JobManager that runs the one job of its image, found as Flink's entry point for Kubernetes finds
 * it, but that waits for TaskManagers instead of asking Kubernetes for them.
 */
public final class ApplicationEntrypoint extends ApplicationClusterEntryPoint {

  private ApplicationEntrypoint(final Configuration configuration, final PackagedProgram program) {
    super(configuration, program, StandaloneResourceManagerFactory.getInstance());
  }

  public static void main(final String[] args) throws Exception {
    final EntrypointClusterConfiguration commandLine =
        ClusterEntrypointUtils.parseParametersOrExit(
            args, new EntrypointClusterConfigurationParserFactory(), ApplicationEntrypoint.class);
    final Configuration configuration = loadConfiguration(commandLine);
    final ApplicationConfiguration application =
        ApplicationConfiguration.fromConfiguration(configuration);
    final String jar = new URI(configuration.get(PipelineOptions.JARS).get(0)).getPath();
    final PackagedProgram program =
        DefaultPackagedProgramRetriever.create(
                ClusterEntrypointUtils.tryFindUserLibDirectory().orElse(null),
                new File(jar),
                application.getApplicationClassName(),
                application.getProgramArguments(),
                configuration)
            .getPackagedProgram();
    configureExecution(configuration, program);
    ClusterEntrypoint.runClusterEntrypoint(new ApplicationEntrypoint(configuration, program));
  }
}
