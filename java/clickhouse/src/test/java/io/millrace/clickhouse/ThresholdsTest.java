package io.millrace.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.events.domain.Alert;
import io.millrace.events.domain.Domain;
import io.millrace.events.domain.DomainParser;
import io.millrace.events.domain.Field;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every number that a double can be is a threshold: the tables settle, and the server judges. */
class ThresholdsTest {

  private static final long SEED = 20260711;
  private static final int RANDOM_THRESHOLDS = 80;

  private static final List<String> THRESHOLDS =
      List.of(
          "0",
          "-0.0",
          "-5",
          "35",
          "10.5",
          "0.1",
          "1e-7",
          "-1e-7",
          "123456789.123",
          "1e15",
          "1e16",
          "1e20",
          "-1e20",
          "9007199254740993",
          "9223372036854775807",
          "18446744073709551615",
          "18446744073709551616",
          "-18446744073709551617",
          "1e22",
          "1e23",
          "1e308",
          "1.7976931348623157e308",
          "2.2250738585072014e-308",
          "2.225073858507201e-308",
          "4.9E-324",
          "-4.9E-324");

  @RegisterExtension static final EngineProcess ENGINE = new EngineProcess();

  @Test
  void everyThresholdIsSettledByOneApplyAndJudgedToTheLastBit() throws SQLException {
    final List<String> numbers = new ArrayList<>(THRESHOLDS);
    final SplittableRandom random = new SplittableRandom(SEED);
    while (numbers.size() < THRESHOLDS.size() + RANDOM_THRESHOLDS) {
      final double any = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(any)) {
        numbers.add(Double.toString(any));
      }
    }
    final Domain domain = domain(numbers);
    final AggregateTable table = AggregateTable.of(domain);
    try (Connection connection = ENGINE.connect()) {
      final SchemaMigration migration = new SchemaMigration(connection, new Layout.Single());
      migration.apply(migration.plan(table));

      assertThat(migration.plan(table)).isEqualTo(new SchemaPlan(List.of(), List.of()));

      final List<Field> measures = domain.measures();
      try (PreparedStatement insert = connection.prepareStatement(table.insertSql("rows"))) {
        for (int raised = -1; raised < measures.size(); raised++) {
          insert.setString(1, "k");
          insert.setLong(2, raised + 1);
          int parameter = 3;
          for (int i = 0; i < measures.size(); i++) {
            final double extreme = extreme(measures.get(i).alert().orElseThrow(), i == raised);
            for (int column = 0; column < 3; column++) {
              insert.setDouble(parameter++, extreme);
            }
          }
          insert.setLong(parameter++, 1);
          insert.setLong(parameter, raised < 0 ? 0 : 1);
          insert.addBatch();
        }
        insert.executeBatch();
      }
      try (Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  "SELECT toUnixTimestamp(time), has_alert FROM t.thresholds ORDER BY time")) {
        for (int raised = -1; raised < measures.size(); raised++) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getLong(1)).isEqualTo(raised + 1);
          assertThat(rows.getBoolean(2))
              .as(raised < 0 ? "every threshold itself" : "just beyond " + numbers.get(raised))
              .isEqualTo(raised >= 0);
        }
      }
    }
  }

  /** The threshold itself, or its neighbour on the side that raises the alert. */
  private static double extreme(final Alert alert, final boolean raised) {
    if (!raised) {
      return alert.threshold();
    }
    return alert.direction() == Alert.Direction.ABOVE
        ? Math.nextUp(alert.threshold())
        : Math.nextDown(alert.threshold());
  }

  private static Domain domain(final List<String> thresholds) {
    final StringBuilder json =
        new StringBuilder(
            "{'type':'record','name':'R','table':'t.thresholds','topic':'persistent://a/b/c',"
                + "'fields':[{'name':'k','type':'int','role':'key','format':'k_%d'},"
                + "{'name':'time','type':{'type':'long','logicalType':'timestamp-millis'},"
                + "'role':'time'}");
    for (int i = 0; i < thresholds.size(); i++) {
      final boolean above = Double.parseDouble(thresholds.get(i)) < Double.MAX_VALUE && i % 2 == 0;
      json.append(
          ",{'name':'m%d','type':'double','role':'measure','alert':{'%s':%s},'generate':{'mean':1,'spread':1,'drift':1,'noise':1,'step':1,'from':0,'to':9}}"
              .formatted(i, above ? "above" : "below", thresholds.get(i)));
    }
    return DomainParser.parse("thresholds", json.append("]}").toString().replace('\'', '"'));
  }
}
