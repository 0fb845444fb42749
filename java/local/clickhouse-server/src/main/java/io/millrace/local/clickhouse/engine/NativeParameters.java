package io.millrace.local.clickhouse.engine;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Query parameters ({@code {name:Type}}) as the parallel arrays that the C interface takes. Values
 * are in TSV escaping, as they are in ClickHouse's HTTP interface. Must stay reachable during the
 * call.
 */
final class NativeParameters {

  private final List<Memory> strings = new ArrayList<>();
  final Memory names;
  final Memory nameLengths;
  final Memory values;
  final Memory valueLengths;
  final long count;

  NativeParameters(Map<String, String> parameters) {
    count = parameters.size();
    names = array();
    nameLengths = array();
    values = array();
    valueLengths = array();
    long offset = 0;
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      put(parameter.getKey(), names, nameLengths, offset);
      put(parameter.getValue(), values, valueLengths, offset);
      offset += Native.POINTER_SIZE;
    }
  }

  private Memory array() {
    return count == 0 ? null : new Memory(count * Native.POINTER_SIZE);
  }

  private void put(String text, Memory pointers, Memory lengths, long offset) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Memory string = new Memory(bytes.length + 1L);
    string.write(0, bytes, 0, bytes.length);
    string.setByte(bytes.length, (byte) 0);
    strings.add(string);
    pointers.setPointer(offset, string);
    lengths.setLong(offset, bytes.length);
  }
}
