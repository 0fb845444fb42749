package io.millrace.platform.command;

import io.millrace.platform.PlatformException;
import io.millrace.platform.Repository;
import io.millrace.platform.Tool;
import io.millrace.platform.cluster.ClusterFile;
import io.millrace.platform.cluster.TerraformOutputs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace cluster-config}: from Terraform's outputs to the committed cluster file. */
@Command(
    name = "cluster-config",
    mixinStandardHelpOptions = true,
    description =
        "Writes what Terraform made, and where this repository is, to"
            + " clusters/bench-low-infra/account/cluster.yaml. No value is secret; commit the"
            + " file.",
    footer = {
      "",
      "Example:",
      "  millrace cluster-config --repo-url https://github.com/acme/millrace.git"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:the file is up to date", "1:nothing is written", "2:bad usage"})
public final class ClusterConfigCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--outputs",
      paramLabel = "FILE",
      description = "What `terraform output -json` printed (default: run it in terraform/).")
  private Path outputs;

  @Option(
      names = "--repo-url",
      paramLabel = "URL",
      description =
          "Where Argo CD reads this repository (default: the URL of git's remote origin).")
  private String repoUrl;

  @Option(
      names = "--repo-revision",
      paramLabel = "BRANCH",
      description = "The branch that it follows (default: as in the file).")
  private String repoRevision;

  @Override
  public Integer call() throws Exception {
    return Failure.guard(spec, this::write);
  }

  private int write() {
    PrintWriter out = spec.commandLine().getOut();
    Repository repository = Repository.locate();
    Map<String, String> values = new LinkedHashMap<>(TerraformOutputs.parse(outputs(repository)));
    values.put(
        "repo_url",
        repoUrl != null
            ? repoUrl
            : Tool.git().run(repository.root(), "remote", "get-url", "origin").strip());
    if (repoRevision != null) {
      values.put("repo_revision", repoRevision);
    }
    ClusterFile file = ClusterFile.read(repository.clusterFile());
    List<String> differences = file.write(values);
    differences.forEach(out::println);
    String name = repository.display(repository.clusterFile());
    out.println(
        differences.isEmpty()
            ? name + " is up to date."
            : "Wrote " + name + ": commit and push it.");
    List<String> unset = ClusterFile.read(repository.clusterFile()).unset();
    if (!unset.isEmpty()) {
      throw new PlatformException(
          "%s still has the example's %s, which Terraform's output 'gitops' does not have."
              .formatted(name, String.join(", ", unset)));
    }
    return Failure.SUCCESS;
  }

  private String outputs(Repository repository) {
    if (outputs == null) {
      return Tool.terraform().run(repository.root().resolve("terraform"), "output", "-json");
    }
    try {
      return Files.readString(outputs);
    } catch (IOException e) {
      throw new PlatformException("%s cannot be read: %s.".formatted(outputs, e), e);
    }
  }
}
