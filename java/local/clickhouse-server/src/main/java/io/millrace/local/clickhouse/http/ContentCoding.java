package io.millrace.local.clickhouse.http;

import io.millrace.local.clickhouse.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;

/** Codings of HTTP bodies ({@code Content-Encoding}) that the server can read and write. */
enum ContentCoding {
  IDENTITY,
  GZIP,
  DEFLATE,
  LZ4;

  private static final int BUFFER_BYTES = 64 * 1024;

  /**
   * Returns the coding that a request names.
   *
   * @param header value of {@code Content-Encoding}, or null
   */
  static ContentCoding ofRequest(String header) throws EngineException {
    if (header == null) {
      return IDENTITY;
    }
    ContentCoding coding = named(header.strip());
    if (coding == null) {
      throw EngineException.of(
          EngineException.NOT_IMPLEMENTED,
          "NOT_IMPLEMENTED",
          "Unknown compression method " + header + ": use gzip, deflate or lz4");
    }
    return coding;
  }

  /**
   * Returns the first coding that a client accepts and the server can write.
   *
   * @param header value of {@code Accept-Encoding}, or null
   */
  static ContentCoding ofReply(String header) {
    if (header != null) {
      for (String element : header.split(",")) {
        int weight = element.indexOf(';');
        ContentCoding coding = named((weight < 0 ? element : element.substring(0, weight)).strip());
        if (coding != null) {
          return coding;
        }
      }
    }
    return IDENTITY;
  }

  private static ContentCoding named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "", "identity" -> IDENTITY;
      case "gzip", "x-gzip" -> GZIP;
      case "deflate" -> DEFLATE;
      case "lz4" -> LZ4;
      default -> null;
    };
  }

  /** Returns the coding's name in {@code Content-Encoding}. */
  String headerValue() {
    return name().toLowerCase(Locale.ROOT);
  }

  InputStream decode(InputStream in) throws IOException {
    return switch (this) {
      case IDENTITY -> in;
      case GZIP -> new GZIPInputStream(in, BUFFER_BYTES);
      case DEFLATE -> new InflaterInputStream(in);
      case LZ4 -> new FramedLZ4CompressorInputStream(in);
    };
  }

  OutputStream encode(OutputStream out) throws IOException {
    return switch (this) {
      case IDENTITY -> out;
      case GZIP -> new GZIPOutputStream(out, BUFFER_BYTES);
      case DEFLATE -> new DeflaterOutputStream(out);
      case LZ4 -> new LZ4FrameOutputStream(out, LZ4FrameOutputStream.BLOCKSIZE.SIZE_64KB);
    };
  }
}
