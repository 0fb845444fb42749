package io.millrace.bench.usual;

/** One row: a sensor in a window; a Flink POJO. */
public class SensorStatistics {

  public String deviceId;
  public long windowStart;
  public long recordCount;
  public long alertCount;
  public long lastTime = Long.MIN_VALUE;
  public String deviceType = "";
  public String customerId = "";
  public String siteId = "";
  public double latitude;
  public double longitude;
  public double altitude;
  public boolean motionDetected;
  public String status = "";
  public Statistic temperature = new Statistic();
  public Statistic humidity = new Statistic();
  public Statistic pressure = new Statistic();
  public Statistic co2Level = new Statistic();
  public Statistic noiseLevel = new Statistic();
  public Statistic lightLevel = new Statistic();
  public Statistic batteryLevel = new Statistic();
  public Statistic signalStrength = new Statistic();
  public Statistic memoryUsage = new Statistic();
  public Statistic cpuUsage = new Statistic();
  public long errorCount;
  public long packetsSent;
  public long packetsReceived;
  public long bytesSent;
  public long bytesReceived;
}
