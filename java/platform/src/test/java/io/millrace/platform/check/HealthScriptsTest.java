package io.millrace.platform.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.RealTree;
import io.millrace.platform.tree.Yaml;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.jse.JsePlatform;

/**
 * Argo CD's health scripts, in a Lua interpreter, on objects in every state their operators report.
 */
class HealthScriptsTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "not seen yet             | {spec: {source: {path: a}}} | Progressing",
        "compared with another path | {spec: {source: {path: b}}, status: {sync: {status: Synced,"
            + " comparedTo: {source: {path: a}}}, health: {status: Healthy}, operationState:"
            + " {phase: Succeeded}}} | Progressing",
        "compared with another revision | {spec: {source: {path: a, targetRevision: v2}}, status:"
            + " {sync: {status: Synced, comparedTo: {source: {path: a, targetRevision: v1}}},"
            + " health: {status: Healthy}}} | Progressing",
        "syncing                  | {spec: {source: {path: a}}, status: {sync: {status: OutOfSync,"
            + " comparedTo: {source: {path: a}}}, health: {status: Healthy}, operationState:"
            + " {phase: Running}}} | Progressing",
        "failed                   | {spec: {source: {path: a}}, status: {sync: {status: OutOfSync,"
            + " comparedTo: {source: {path: a}}}, health: {status: Healthy}, operationState:"
            + " {phase: Failed, message: no}}} | Degraded",
        "failed with an error     | {spec: {source: {path: a}}, status: {sync: {status: OutOfSync,"
            + " comparedTo: {source: {path: a}}}, health: {status: Healthy}, operationState:"
            + " {phase: Error}}} | Degraded",
        "waiting to sync          | {spec: {source: {path: a}}, status: {sync: {status: OutOfSync,"
            + " comparedTo: {source: {path: a}}}, health: {status: Healthy}}} | Progressing",
        "synced and healthy       | {spec: {source: {path: a}}, status: {sync: {status: Synced,"
            + " comparedTo: {source: {path: a}}}, health: {status: Healthy}, operationState:"
            + " {phase: Succeeded}}} | Healthy",
        "synced and degraded      | {spec: {source: {path: a}}, status: {sync: {status: Synced,"
            + " comparedTo: {source: {path: a}}}, health: {status: Degraded}, operationState:"
            + " {phase: Succeeded}}} | Degraded",
        "synced and progressing   | {spec: {source: {path: a}}, status: {sync: {status: Synced,"
            + " comparedTo: {source: {path: a}}}, health: {status: Progressing}, operationState:"
            + " {phase: Succeeded}}} | Progressing"
      })
  void application(String state, String object, String expected) throws IOException {
    assertHealth("application.lua", object, expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "not seen yet             | {metadata: {generation: 1}, spec: {job: {state: running}}} |"
            + " Progressing",
        "deploying                | {metadata: {generation: 1}, spec: {job: {state: running}},"
            + " status: {lifecycleState: DEPLOYED, observedGeneration: 1, jobStatus: {state:"
            + " RECONCILING}}} | Progressing",
        "upgrading                | {metadata: {generation: 2}, spec: {job: {state: running}},"
            + " status: {lifecycleState: UPGRADING, observedGeneration: 2, jobStatus: {state:"
            + " FINISHED}}} | Progressing",
        "an old verdict           | {metadata: {generation: 2}, spec: {job: {state: running}},"
            + " status: {lifecycleState: STABLE, observedGeneration: 1, jobStatus: {state:"
            + " RUNNING}}} | Progressing",
        "refused by the validator | {metadata: {generation: 2}, spec: {job: {state: running}},"
            + " status: {lifecycleState: STABLE, observedGeneration: 1, jobStatus: {state:"
            + " RUNNING}, error:"
            + " '{\"type\":\"org.apache.flink.kubernetes.operator.exception.ValidationException\",\"message\":\"no\"}'}}"
            + " | Degraded",
        "refused when new         | {metadata: {generation: 1}, spec: {job: {state: running}},"
            + " status: {lifecycleState: CREATED, error:"
            + " '{\"type\":\"org.apache.flink.kubernetes.operator.exception.ValidationException\",\"message\":\"no\"}'}}"
            + " | Degraded",
        "an old error             | {metadata: {generation: 2}, spec: {job: {state: running}},"
            + " status: {lifecycleState: STABLE, observedGeneration: 1, jobStatus: {state:"
            + " RUNNING}, error: boom}} | Progressing",
        "running                  | {metadata: {generation: 2}, spec: {job: {state: running}},"
            + " status: {lifecycleState: STABLE, observedGeneration: 2, jobStatus: {state:"
            + " RUNNING}}} | Healthy",
        "restarting after it ran  | {metadata: {generation: 2}, spec: {job: {state: running}},"
            + " status: {lifecycleState: STABLE, observedGeneration: 2, jobStatus: {state:"
            + " RESTARTING}}} | Degraded",
        "failing after it ran     | {metadata: {generation: 2}, spec: {job: {state: running}},"
            + " status: {lifecycleState: STABLE, observedGeneration: 2, jobStatus: {state:"
            + " FAILING}}} | Degraded",
        "failed                   | {metadata: {generation: 2}, spec: {job: {state: running}},"
            + " status: {lifecycleState: FAILED, observedGeneration: 2, error: boom}} | Degraded",
        "rolled back              | {metadata: {generation: 2}, spec: {job: {state: running}},"
            + " status: {lifecycleState: ROLLED_BACK, observedGeneration: 2}} | Degraded",
        "rolling back             | {metadata: {generation: 2}, spec: {job: {state: running}},"
            + " status: {lifecycleState: ROLLING_BACK, observedGeneration: 2}} | Progressing",
        "suspended as asked       | {metadata: {generation: 2}, spec: {job: {state: suspended}},"
            + " status: {lifecycleState: SUSPENDED, observedGeneration: 2}} | Healthy",
        "created suspended        | {metadata: {generation: 1}, spec: {job: {state: suspended}},"
            + " status: {lifecycleState: CREATED}} | Healthy",
        "suspended against the will | {metadata: {generation: 2}, spec: {job: {state: running}},"
            + " status: {lifecycleState: SUSPENDED, observedGeneration: 2}} | Progressing",
        "being deleted            | {metadata: {generation: 2}, spec: {job: {state: running}},"
            + " status: {lifecycleState: DELETING, observedGeneration: 2}} | Progressing"
      })
  void flinkDeployment(String state, String object, String expected) throws IOException {
    assertHealth("flink-deployment.lua", object, expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "not seen yet             | {spec: {taskID: '1'}} | Progressing",
        "without a task           | {spec: {}, status: {status: Completed}} | Healthy",
        "aborted                  | {spec: {taskID: '1'}, status: {status: Aborted, taskID: '1',"
            + " error: no}} | Degraded",
        "terminating              | {spec: {taskID: '1'}, status: {status: Terminating, taskID:"
            + " '1'}} | Progressing"
      })
  void clickHouse(String state, String object, String expected) throws IOException {
    assertHealth("clickhouse.lua", object, expected);
  }

  /** The files say which version wrote them. */
  @ParameterizedTest
  @CsvSource({
    "ClickHouseInstallation, clickhouse-first-in-progress, Progressing",
    "ClickHouseInstallation, clickhouse-completed, Healthy",
    "ClickHouseInstallation, clickhouse-raised, Progressing",
    "ClickHouseInstallation, clickhouse-raised-in-progress, Progressing",
    "ClickHouseInstallation, clickhouse-raised-completed, Healthy",
    "ClickHouseKeeperInstallation, keeper-new, Progressing",
    "ClickHouseKeeperInstallation, keeper-first-in-progress, Progressing",
    "ClickHouseKeeperInstallation, keeper-completed, Healthy",
    "ClickHouseKeeperInstallation, keeper-raised, Progressing",
    "ClickHouseKeeperInstallation, keeper-raised-in-progress, Progressing",
    "ClickHouseKeeperInstallation, keeper-raised-completed, Healthy",
    "ClickHouseKeeperInstallation, keeper-aborted, Degraded",
    "ClickHouseKeeperInstallation, keeper-without-task, Healthy",
    "CronJob, cron-job-failed, Healthy",
    "CronJob, cron-job-running, Healthy"
  })
  void asWritten(String kind, String status, String expected) throws IOException {
    try (InputStream file = getClass().getResourceAsStream("status/" + status + ".yaml")) {
      assertHealth(script(kind), new String(file.readAllBytes(), StandardCharsets.UTF_8), expected);
    }
  }

  @Test
  void theOperatorsOfTheSamplesAreTheOnesThatRun() throws IOException {
    Path operator = RealTree.repository().root().resolve("apps/clickhouse-operator.yaml");
    String version = Yaml.documents(operator).get(0).at("/spec/source/targetRevision").asText();
    try (InputStream file = getClass().getResourceAsStream("status/keeper-completed.yaml")) {
      assertThat(new String(file.readAllBytes(), StandardCharsets.UTF_8))
          .contains("chop-version: " + version);
    }
  }

  /** The script that Argo CD is told to run for a kind. */
  private static String script(String kind) throws IOException {
    String settings =
        Files.readString(RealTree.repository().argocd().resolve("settings/kustomization.yaml"));
    Matcher line =
        Pattern.compile("resource\\.customizations\\.health\\.\\S*_" + kind + "=health/(\\S+)")
            .matcher(settings);
    assertThat(line.find()).as("a health script of " + kind).isTrue();
    return line.group(1);
  }

  private static void assertHealth(String script, String object, String expected)
      throws IOException {
    Path file = RealTree.repository().argocd().resolve("settings/health").resolve(script);
    Globals lua = JsePlatform.standardGlobals();
    JsonNode json = Yaml.documents(object, "sample").get(0);
    LuaTable sample = (LuaTable) lua(json);
    if (sample.get("metadata").isnil()) {
      sample.set("metadata", new LuaTable());
    }
    lua.set("obj", sample);
    LuaValue health = lua.load(Files.readString(file), script).call();
    assertThat(health.get("status").tojstring()).isEqualTo(expected);
    assertThat(health.get("message").isstring()).as("a message").isTrue();
  }

  private static LuaValue lua(JsonNode node) {
    if (node.isObject()) {
      LuaTable table = new LuaTable();
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        table.set(entry.getKey(), lua(entry.getValue()));
      }
      return table;
    }
    return node.isInt() ? LuaValue.valueOf(node.asInt()) : LuaValue.valueOf(node.asText());
  }
}
