package io.millrace.platform.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A copy of the Terraform folder, initialised with the provider of a local mirror where there is
 * one: what a test changes and builds here, the checkout never sees.
 *
 * @param root the copy
 */
record Workspace(Path root) {
  private static final int TIMEOUT_MINUTES = 10;
  private static final String PROVIDER = "registry.terraform.io/hashicorp/aws";

  /** What a person's own use of the folder leaves in it. */
  private static final Pattern OWN_FILE =
      Pattern.compile("\\.terraform.*|backend\\.tf|.*\\.tfvars|.*\\.tfstate.*");

  /** How a command ended, with what it printed on both streams. */
  record Result(int exitCode, String output) {}

  /**
   * Copies the checkout's Terraform folder into {@code folder} and initialises the part that the
   * test works in. Skips the test, saying why, on a machine without Terraform or its AWS provider.
   *
   * @param part folder inside the Terraform folder, {@code ""} for itself
   */
  static Workspace initialised(Path folder, String part) {
    if (!onPath("terraform")) {
      skip("terraform is not on the PATH (https://developer.hashicorp.com/terraform/install)");
    }
    Path source = checkout().resolve("terraform");
    copy(source, folder, path -> !OWN_FILE.matcher(source.relativize(path).toString()).matches());
    Workspace workspace = new Workspace(folder.resolve(part));
    List<String> init = new ArrayList<>(List.of("init", "-backend=false", "-input=false"));
    Optional<Path> mirror = mirror();
    mirror.ifPresent(path -> init.add("-plugin-dir=" + path));
    Result result = workspace.run(init.toArray(String[]::new));
    if (mirror.isEmpty() && result.exitCode() != 0) {
      skip(
          "the provider hashicorp/aws is in no local mirror (TF_PLUGIN_DIR names one) and cannot be"
              + " downloaded:\n"
              + result.output());
    }
    assertThat(result.exitCode()).as(result.output()).isZero();
    return workspace;
  }

  /** The checkout: the nearest folder above the working directory that describes node groups. */
  static Path checkout() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("terraform/node-groups.yaml"))) {
        return folder;
      }
    }
    throw new IllegalStateException("no terraform/node-groups.yaml above the working directory");
  }

  /** A copy in its initialised state. */
  Workspace copyTo(Path folder) {
    copy(root, folder, path -> true);
    return new Workspace(folder);
  }

  /** Replaces the one occurrence of a text. */
  void replace(String file, String text, String replacement) {
    Path path = root.resolve(file);
    try {
      String content = Files.readString(path);
      assertThat(content.split(Pattern.quote(text), -1))
          .as("%s has to contain '%s' once", file, text)
          .hasSize(2);
      Files.writeString(path, content.replace(text, replacement));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(String file, String content) {
    try {
      Files.writeString(root.resolve(file), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs {@code terraform} here, without any AWS account of the caller's. */
  Result run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("terraform"));
    command.addAll(List.of(arguments));
    try {
      Path output = Files.createTempFile(root, "terraform-", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(root.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().keySet().removeIf(Workspace::isPersonal);
      builder
          .environment()
          .putAll(
              Map.of(
                  "AWS_EC2_METADATA_DISABLED", "true",
                  "CHECKPOINT_DISABLE", "1",
                  "TF_CLI_ARGS", "-no-color",
                  "TF_IN_AUTOMATION", "1"));
      Process process = builder.start();
      try {
        boolean ended = process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES);
        assertThat(ended).as("%s ends in %d minutes", command, TIMEOUT_MINUTES).isTrue();
        return new Result(process.exitValue(), Files.readString(output));
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + command, e);
    }
  }

  /** Runs {@code terraform} and requires that it succeeds; returns what it printed. */
  String succeed(String... arguments) {
    Result result = run(arguments);
    assertThat(result.exitCode()).as("terraform %s:\n%s", arguments[0], result.output()).isZero();
    return result.output();
  }

  /** Plans the whole stack with the real provider; only password generation is answered, here. */
  Plan plan(String accountId) {
    try (PasswordStub stub = PasswordStub.start()) {
      Result planned = plan(accountId, stub);
      assertThat(planned.exitCode()).as(planned.output()).isZero();
      String json = succeed("show", "-json", "offline.plan");
      String document = json.lines().filter(line -> line.startsWith("{")).findFirst().orElseThrow();
      return new Plan(
          new ObjectMapper().readTree(document), document, stub.calls(), stub.passwords());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Plans what must be refused; returns what Terraform printed. */
  String refusedPlan() {
    try (PasswordStub stub = PasswordStub.start()) {
      Result planned = plan("123456789012", stub);
      assertThat(planned.exitCode()).as("a refused plan, not\n%s", planned.output()).isNotZero();
      return planned.output();
    }
  }

  private Result plan(String accountId, PasswordStub stub) {
    String offline =
        """
          access_key                  = "none"
          secret_key                  = "none"
          allowed_account_ids         = null
          skip_credentials_validation = true
          skip_metadata_api_check     = true
          skip_requesting_account_id  = true
        """;
    write(
        "offline_override.tf",
        """
        provider "aws" {
        %s}

        provider "aws" {
          alias = "secrets"
        %s
          endpoints {
            secretsmanager = "%s"
          }
        }
        """
            .formatted(offline, offline, stub.url()));
    return run(
        "plan",
        "-input=false",
        "-out=offline.plan",
        "-var=account_id=" + accountId,
        "-var=admin_role_arns=[\"arn:aws:iam::" + accountId + ":role/admin\"]",
        "-var=api_allowed_cidrs=[\"203.0.113.0/24\"]");
  }

  static boolean onPath(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  static void skip(String reason) {
    System.out.println("SKIPPED: " + reason);
    Assumptions.abort(reason);
  }

  private static boolean isPersonal(String variable) {
    return variable.startsWith("AWS_") && !variable.equals("AWS_CA_BUNDLE")
        || variable.startsWith("TF_");
  }

  private static Optional<Path> mirror() {
    List<Path> candidates = new ArrayList<>();
    Optional.ofNullable(System.getenv("TF_PLUGIN_DIR")).map(Path::of).ifPresent(candidates::add);
    candidates.add(Path.of(System.getProperty("user.home"), ".terraform.d/plugins"));
    candidates.add(Path.of("/usr/local/share/terraform/plugins"));
    candidates.add(Path.of("/usr/share/terraform/plugins"));
    try (Stream<Path> optional = Files.list(Path.of("/opt"))) {
      optional.sorted().forEach(candidates::add);
    } catch (IOException e) {
      System.out.println("No mirror is looked for in /opt: " + e);
    }
    return candidates.stream()
        .filter(candidate -> Files.isDirectory(candidate.resolve(PROVIDER)))
        .findFirst();
  }

  private static void copy(Path from, Path to, Predicate<Path> wanted) {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.filter(wanted).toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectories(target);
        } else {
          Files.copy(
              path,
              target,
              StandardCopyOption.REPLACE_EXISTING,
              LinkOption.NOFOLLOW_LINKS,
              StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
