package io.millrace.bench.usual;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.apache.flink.connector.jdbc.JdbcStatementBuilder;

/** Binds a row to the insert. */
class RowStatement implements JdbcStatementBuilder<SensorStatistics> {

  private static final long serialVersionUID = 1L;

  private static final String COLUMNS =
      "device_id, time, device_type, customer_id, site_id, latitude, longitude, altitude,"
          + " motion_detected, status,"
          + " temperature, temperature_min, temperature_max,"
          + " humidity, humidity_min, humidity_max,"
          + " pressure, pressure_min, pressure_max,"
          + " co2_level, co2_level_min, co2_level_max,"
          + " noise_level, noise_level_min, noise_level_max,"
          + " light_level, light_level_min, light_level_max,"
          + " battery_level, battery_level_min, battery_level_max,"
          + " signal_strength, signal_strength_min, signal_strength_max,"
          + " memory_usage, memory_usage_min, memory_usage_max,"
          + " cpu_usage, cpu_usage_min, cpu_usage_max,"
          + " error_count, packets_sent, packets_received, bytes_sent, bytes_received,"
          + " record_count, alert_count";

  static final String SQL =
      "INSERT INTO benchmark.sensors_local ("
          + COLUMNS
          + ") VALUES ("
          + COLUMNS.replaceAll("[a-z0-9_]+", "?")
          + ")";

  @Override
  public void accept(final PreparedStatement insert, final SensorStatistics s) throws SQLException {
    int i = 0;
    insert.setString(++i, s.deviceId);
    insert.setObject(
        ++i, LocalDateTime.ofInstant(Instant.ofEpochMilli(s.windowStart), ZoneOffset.UTC));
    insert.setString(++i, s.deviceType);
    insert.setString(++i, s.customerId);
    insert.setString(++i, s.siteId);
    insert.setDouble(++i, s.latitude);
    insert.setDouble(++i, s.longitude);
    insert.setDouble(++i, s.altitude);
    insert.setBoolean(++i, s.motionDetected);
    insert.setString(++i, s.status);
    for (final Statistic measure :
        new Statistic[] {
          s.temperature,
          s.humidity,
          s.pressure,
          s.co2Level,
          s.noiseLevel,
          s.lightLevel,
          s.batteryLevel,
          s.signalStrength,
          s.memoryUsage,
          s.cpuUsage
        }) {
      insert.setDouble(++i, measure.sum / s.recordCount);
      insert.setDouble(++i, measure.min);
      insert.setDouble(++i, measure.max);
    }
    insert.setLong(++i, s.errorCount);
    insert.setLong(++i, s.packetsSent);
    insert.setLong(++i, s.packetsReceived);
    insert.setLong(++i, s.bytesSent);
    insert.setLong(++i, s.bytesReceived);
    insert.setLong(++i, s.recordCount);
    insert.setLong(++i, s.alertCount);
  }
}
