package io.millrace.cli;

import io.millrace.platform.Tool;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace doctor}. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Says what this machine has and lacks for each task, and how to get it.",
    footer = {"", "Examples:", "  millrace doctor", "  millrace doctor local render"},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every task asked for can be done here",
      "1:something is lacking",
      "2:bad usage"
    })
final class DoctorCommand implements Callable<Integer> {

  /** What a machine may be used for. */
  enum Task {
    local("run the whole pipeline: ./millrace local", javac(), MAVEN, NODE, NPM),
    tests(
        "build and test: .ci/lint, .ci/scripts and mvn -f java verify",
        javac(),
        MAVEN,
        NODE,
        NPM,
        GIT,
        JQ,
        SHELLCHECK,
        KUBECTL,
        TERRAFORM,
        PROMTOOL,
        CHROMIUM),
    panels(
        "ask every panel of the dashboards: ./millrace panels",
        javac(),
        MAVEN,
        NODE,
        NPM,
        PROMETHEUS),
    images("build the images: mvn -f java -Pimages package", javac(), MAVEN, GIT),
    containers(
        "prove the images: .ci/images, .ci/containers (as root or with sudo)",
        javac(),
        MAVEN,
        GIT,
        NODE,
        NPM,
        KUBECTL,
        JQ,
        debian("podman", "podman", "4", "--version"),
        debian("runc", "runc", "0", "--version"),
        debian("debootstrap", "debootstrap", "0", "--version"),
        debian("skopeo", "skopeo", "0", "--version"),
        debian("docker-registry", "docker-registry", "0", "--version"),
        debian("ip", "iproute2", "0", "-V")),
    render("render and plan: ./millrace plan", javac(), MAVEN, KUBECTL),
    terraform(
        "build the cluster: terraform apply, ./millrace bootstrap",
        javac(),
        MAVEN,
        TERRAFORM,
        AWS,
        KUBECTL);

    private final String purpose;
    private final List<Prerequisite> prerequisites;

    Task(final String purpose, final Prerequisite... prerequisites) {
      this.purpose = purpose;
      this.prerequisites = List.of(prerequisites);
    }
  }

  private static final Prerequisite MAVEN =
      debian("mvn", "maven", "3.8.6", "--batch-mode", "--version");
  private static final Prerequisite NODE = debian("node", "nodejs", "18", "--version");
  private static final Prerequisite NPM = debian("npm", "npm", "0", "--version");
  private static final Prerequisite GIT = debian("git", "git", "0", "--version");
  private static final Prerequisite JQ = debian("jq", "jq", "0", "--version");
  private static final Prerequisite SHELLCHECK =
      debian("shellcheck", "shellcheck", "0", "--version");
  private static final Prerequisite PROMTOOL =
      debian("promtool", "prometheus", "2.42", "--version");
  private static final Prerequisite PROMETHEUS =
      debian("prometheus", "prometheus", "2.42", "--version");
  private static final Prerequisite CHROMIUM = debian("chromium", "chromium", "110", "--version");
  private static final Prerequisite KUBECTL =
      new Prerequisite(Tool.kubectl(), List.of("version", "--client"), "1.29");
  private static final Prerequisite TERRAFORM =
      new Prerequisite(Tool.terraform(), List.of("version"), "1.11");
  private static final Prerequisite AWS = new Prerequisite(Tool.aws(), List.of("--version"), "2");

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "TASK", description = "${COMPLETION-CANDIDATES} (default: all of them).")
  private List<Task> tasks = List.copyOf(EnumSet.allOf(Task.class));

  @Override
  public Integer call() {
    final PrintWriter out = spec.commandLine().getOut();
    out.println(machine());
    Surroundings.ofThisMachine().lines().forEach(out::println);
    final Map<Prerequisite, Prerequisite.Finding> found = new LinkedHashMap<>();
    boolean ready = true;
    for (final Task task : tasks) {
      final List<Prerequisite.Finding> findings =
          task.prerequisites.stream()
              .map(need -> found.computeIfAbsent(need, Prerequisite::find))
              .toList();
      final boolean met = findings.stream().allMatch(Prerequisite.Finding::met);
      ready &= met;
      out.printf("%n%-10s %s%n", task, task.purpose);
      findings.forEach(f -> out.printf("  %-5s %s%n", f.met() ? "has" : "LACKS", f.text()));
    }
    out.flush();
    return ready ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private static String machine() {
    final String memory =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? (system.getTotalMemorySize() >> 30) + " GiB of memory"
            : "memory unknown";
    return String.format(
        Locale.ROOT,
        "%s %s, %d cores, %s, %d GiB free here",
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        memory,
        Path.of("").toAbsolutePath().toFile().getUsableSpace() >> 30);
  }

  /** The compiler that the launcher takes. */
  private static Prerequisite javac() {
    final String home = System.getenv("JAVA_HOME");
    final String program = home == null ? "javac" : Path.of(home, "bin", "javac").toString();
    return debian(program, "openjdk-17-jdk-headless", "17", "-version");
  }

  private static Prerequisite debian(
      final String program,
      final String debianPackage,
      final String minimum,
      final String... versionArguments) {
    return new Prerequisite(
        new Tool(
            program,
            "install it, version %s or newer (Debian: apt-get install %s)"
                .formatted(minimum, debianPackage)
                .replace(", version 0 or newer", ""),
            Duration.ofSeconds(30)),
        List.of(versionArguments),
        minimum);
  }
}
