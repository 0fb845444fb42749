package io.millrace.bench.usual;

import io.millrace.events.domain.Domain;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.flink.api.common.serialization.AbstractDeserializationSchema;

/** Reads Avro into a generic record, reused from message to message, and that into an object. */
class SensorReadingSchema extends AbstractDeserializationSchema<SensorReading> {

  private static final long serialVersionUID = 1L;

  private static final String[] TYPES = {
    "", "temperature", "humidity", "pressure", "air_quality", "noise", "light", "motion", "multi"
  };
  private static final String[] STATES = {
    "unknown", "online", "degraded", "maintenance", "offline"
  };

  private transient GenericDatumReader<GenericRecord> reader;
  private transient GenericRecord record;
  private transient BinaryDecoder decoder;

  SensorReadingSchema() {
    super(SensorReading.class);
  }

  @Override
  public void open(final InitializationContext context) {
    final Schema schema = Domain.load("iot").schema();
    reader = new GenericDatumReader<>(schema);
  }

  @Override
  public SensorReading deserialize(final byte[] message) throws IOException {
    decoder = DecoderFactory.get().binaryDecoder(message, decoder);
    record = reader.read(record, decoder);
    final SensorReading reading = new SensorReading();
    reading.deviceId = "sensor_" + record.get("sensorId");
    reading.deviceType = TYPES[(int) record.get("sensorType")];
    reading.customerId = "customer_" + record.get("customerId");
    reading.siteId = "site_" + record.get("siteId");
    reading.latitude = (double) record.get("latitude");
    reading.longitude = (double) record.get("longitude");
    reading.altitude = (double) record.get("altitude");
    reading.time = (long) record.get("time");
    reading.temperature = (double) record.get("temperature");
    reading.humidity = (double) record.get("humidity");
    reading.pressure = (double) record.get("pressure");
    reading.co2Level = (double) record.get("co2Level");
    reading.noiseLevel = (double) record.get("noiseLevel");
    reading.lightLevel = (double) record.get("lightLevel");
    reading.motionDetected = (boolean) record.get("motionDetected");
    reading.batteryLevel = (double) record.get("batteryLevel");
    reading.signalStrength = (double) record.get("signalStrength");
    reading.memoryUsage = (double) record.get("memoryUsage");
    reading.cpuUsage = (double) record.get("cpuUsage");
    reading.status = STATES[(int) record.get("status")];
    reading.errorCount = (int) record.get("errorCount");
    reading.packetsSent = (int) record.get("packetsSent");
    reading.packetsReceived = (int) record.get("packetsReceived");
    reading.bytesSent = (long) record.get("bytesSent");
    reading.bytesReceived = (long) record.get("bytesReceived");
    return reading;
  }
}
