package io.millrace.bench.usual;

/** One event with the texts that the table holds; a Flink POJO. */
public class SensorReading {

  public String deviceId;
  public String deviceType;
  public String customerId;
  public String siteId;
  public double latitude;
  public double longitude;
  public double altitude;
  public long time;
  public double temperature;
  public double humidity;
  public double pressure;
  public double co2Level;
  public double noiseLevel;
  public double lightLevel;
  public boolean motionDetected;
  public double batteryLevel;
  public double signalStrength;
  public double memoryUsage;
  public double cpuUsage;
  public String status;
  public int errorCount;
  public int packetsSent;
  public int packetsReceived;
  public long bytesSent;
  public long bytesReceived;
}
