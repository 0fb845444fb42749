package io.millrace.bench.usual;

import org.apache.flink.api.common.functions.AggregateFunction;

/** Averages (as sums), minima, maxima, sums and last values of a sensor's readings. */
class SensorAggregate
    implements AggregateFunction<SensorReading, SensorStatistics, SensorStatistics> {

  private static final long serialVersionUID = 1L;

  private static final double HOT = 35;
  private static final double HUMID = 80;
  private static final double LOW_BATTERY = 20;

  @Override
  public SensorStatistics createAccumulator() {
    return new SensorStatistics();
  }

  @Override
  public SensorStatistics add(final SensorReading r, final SensorStatistics s) {
    s.recordCount++;
    if (r.temperature > HOT || r.humidity > HUMID || r.batteryLevel < LOW_BATTERY) {
      s.alertCount++;
    }
    if (r.time >= s.lastTime) {
      s.lastTime = r.time;
      s.deviceType = r.deviceType;
      s.customerId = r.customerId;
      s.siteId = r.siteId;
      s.latitude = r.latitude;
      s.longitude = r.longitude;
      s.altitude = r.altitude;
      s.motionDetected = r.motionDetected;
      s.status = r.status;
    }
    s.temperature.add(r.temperature);
    s.humidity.add(r.humidity);
    s.pressure.add(r.pressure);
    s.co2Level.add(r.co2Level);
    s.noiseLevel.add(r.noiseLevel);
    s.lightLevel.add(r.lightLevel);
    s.batteryLevel.add(r.batteryLevel);
    s.signalStrength.add(r.signalStrength);
    s.memoryUsage.add(r.memoryUsage);
    s.cpuUsage.add(r.cpuUsage);
    s.errorCount += r.errorCount;
    s.packetsSent += r.packetsSent;
    s.packetsReceived += r.packetsReceived;
    s.bytesSent += r.bytesSent;
    s.bytesReceived += r.bytesReceived;
    return s;
  }

  @Override
  public SensorStatistics getResult(final SensorStatistics statistics) {
    return statistics;
  }

  /** Only session windows merge. */
  @Override
  public SensorStatistics merge(final SensorStatistics a, final SensorStatistics b) {
    throw new UnsupportedOperationException("tumbling windows do not merge");
  }
}
