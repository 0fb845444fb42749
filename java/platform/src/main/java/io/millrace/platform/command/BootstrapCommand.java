package io.millrace.platform.command;

import io.millrace.platform.Repository;
import io.millrace.platform.Tool;
import io.millrace.platform.cluster.Bootstrap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace bootstrap}: the last thing that is applied by hand. */
@Command(
    name = "bootstrap",
    mixinStandardHelpOptions = true,
    description =
        "Installs a pinned Argo CD and the root Application into the cluster that Terraform made;"
            + " from then on Git runs it. May be run again. Needs kubectl, the AWS CLI and the"
            + " network.",
    footer = {
      "",
      "Example:",
      "  millrace cluster-config && git commit -am 'Our account' && git push",
      "  millrace bootstrap"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:Argo CD runs", "1:a step failed; run it again", "2:bad usage"})
public final class BootstrapCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    return Failure.guard(
        spec,
        () -> {
          new Bootstrap(
                  Repository.locate(), Tool.kubectl(), Tool.aws(), spec.commandLine().getOut())
              .run();
          return Failure.SUCCESS;
        });
  }
}
