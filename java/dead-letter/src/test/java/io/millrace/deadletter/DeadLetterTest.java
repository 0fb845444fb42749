package io.millrace.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.deadletter.command.DeadLetterCommand;
import io.millrace.events.SourcePartition;
import io.millrace.events.codec.EventEncoder;
import io.millrace.events.codec.EventLayout;
import io.millrace.events.domain.Domain;
import io.millrace.events.generate.EventGenerator;
import io.millrace.local.broker.BrokerProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.common.schema.SchemaInfo;
import org.apache.pulsar.common.schema.SchemaType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands against a real broker, with letters as the job writes them. */
class DeadLetterTest {

  private static final Domain IOT = Domain.load("iot");
  private static final int PARTITIONS = 3;
  private static final long EVENT_TIME = 1_700_000_000_000L;
  private static final int SOURCE = 41;
  private static final String FUTURE = "event time too far in the future";
  private static final String TRUNCATED = "truncated payload";

  @TempDir private static Path brokerFolder;
  private static BrokerProcess broker;
  private static PulsarClient client;

  @TempDir private Path folder;
  private String topic;
  private String out;
  private String err;

  @BeforeAll
  static void start() throws Exception {
    broker = new BrokerProcess(brokerFolder);
    broker.start();
    client = PulsarClient.builder().serviceUrl(broker.serviceUrl()).build();
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    broker.close();
  }

  private int run(final String... arguments) {
    final StringWriter outText = new StringWriter();
    final StringWriter errText = new StringWriter();
    final List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--service-url", broker.serviceUrl(), "--topic", topic));
    final int exitCode =
        new CommandLine(new DeadLetterCommand())
            .setOut(new PrintWriter(outText))
            .setErr(new PrintWriter(errText))
            .execute(all.toArray(String[]::new));
    out = outText.toString();
    err = errText.toString();
    return exitCode;
  }

  /** An event of {@link #SOURCE}. */
  private static byte[] event(final long index) {
    final long[] words = new long[EventLayout.of(IOT).stride()];
    new EventGenerator(IOT, 1).generate(SOURCE, index, EVENT_TIME, words, 0);
    final EventEncoder encoder = new EventEncoder(IOT);
    final byte[] bytes = new byte[encoder.maxEncodedSize()];
    return Arrays.copyOf(bytes, encoder.encode(words, 0, bytes, 0));
  }

  private byte[] registerSchema() throws Exception {
    client.newProducer(Schema.NATIVE_AVRO(IOT.schema())).topic(topic).create().close();
    // versions are numbered from 0, in eight bytes
    return new byte[Long.BYTES];
  }

  /** Writes letters as the job does, in one batch; returns their ids. */
  private List<String> letters(final String reason, final byte[]... payloads) throws Exception {
    return letters(registerSchema(), reason, payloads);
  }

  private List<String> letters(
      final byte[] schemaVersion, final String reason, final byte[]... payloads) throws Exception {
    final String version = HexFormat.of().formatHex(schemaVersion);
    final List<CompletableFuture<MessageId>> sent = new ArrayList<>();
    try (Producer<byte[]> producer = client.newProducer().topic(topic + "-dead-letter").create()) {
      for (byte[] payload : payloads) {
        sent.add(
            producer
                .newMessage()
                .property("millrace.origin.partition", "2")
                .property("millrace.origin.message-id", "7:8:9")
                .property("millrace.origin.schema-version", version)
                .property("millrace.reason", reason)
                .value(payload)
                .sendAsync());
      }
      producer.flush();
    }
    return sent.stream().map(id -> LetterId.of(id.join()).toString()).toList();
  }

  /** What has come back into the topic. */
  private List<Message<byte[]>> stored() throws Exception {
    final List<Message<byte[]>> messages = new ArrayList<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      try (Reader<byte[]> reader =
          client
              .newReader()
              .topic(topic + "-partition-" + partition)
              .startMessageId(MessageId.earliest)
              .create()) {
        while (reader.hasMessageAvailable()) {
          messages.add(reader.readNext());
        }
      }
    }
    return messages;
  }

  @Test
  void aTopicWithoutDeadLettersIsNoError() throws Exception {
    topic = broker.createTopic("none", PARTITIONS);
    assertThat(run("list")).isZero();
    assertThat(err.strip()).isEqualTo("There are no dead letters of " + topic + ".");
    assertThat(out).isEmpty();
    assertThat(run("replay", "--all")).isZero();
    assertThat(err.strip()).isEqualTo("There are no dead letters of " + topic + ".");
  }

  @Test
  void listShowsFiltersLimitsAndSaves() throws Exception {
    topic = broker.createTopic("list", PARTITIONS);
    final byte[] broken = Arrays.copyOf(event(0), 30);
    final List<String> truncated = letters(TRUNCATED, broken, new byte[4_000_000]);
    final List<String> future = letters(FUTURE, event(1));

    assertThat(run("list")).isZero();
    assertThat(out.lines()).hasSize(4);
    assertThat(out)
        .contains(truncated.get(0), truncated.get(1), future.get(0), "7:8:9", "4000000", TRUNCATED)
        .contains(HexFormat.of().formatHex(broken, 0, 16) + "…");
    assertThat(err).contains("3 dead letters", "2 × " + TRUNCATED, "1 × " + FUTURE);

    assertThat(run("list", "--reason", "FUTURE", "--json")).isZero();
    final JsonNode json = new ObjectMapper().readTree(out);
    assertThat(json.get("id").asText()).isEqualTo(future.get(0));
    assertThat(json.get("reason").asText()).isEqualTo(FUTURE);
    assertThat(json.get("partition").asInt()).isEqualTo(2);
    assertThat(json.get("schema_version").asText()).isEqualTo("0000000000000000");
    assertThat(json.get("bytes").asInt()).isEqualTo(event(1).length);
    assertThat(json.get("replayed").asBoolean()).isFalse();

    final Path saved = folder.resolve("saved");
    assertThat(run("list", "--limit", "1", "--save", saved.toString())).isZero();
    assertThat(out.lines()).hasSize(2);
    assertThat(err).contains("3 dead letters, 1 shown", "1 saved");
    assertThat(Files.readAllBytes(saved.resolve(truncated.get(0) + ".bin"))).isEqualTo(broken);
    assertThat(run("list", "--limit", "0")).isEqualTo(2);
  }

  @Test
  void replayPutsEachLetterBackOnceIntoThePartitionOfItsSource() throws Exception {
    topic = broker.createTopic("replay", PARTITIONS);
    letters(FUTURE, event(0), event(1));
    letters(TRUNCATED, new byte[] {1});

    assertThat(run("replay", "--reason", "future", "--dry-run")).isZero();
    assertThat(out).contains("2 letters would be put back into " + topic);
    assertThat(stored()).isEmpty();

    assertThat(run("replay", "--reason", "future")).isZero();
    assertThat(out).contains("2 letters put back into " + topic);
    final List<Message<byte[]>> stored = stored();
    assertThat(stored).extracting(Message::getData).containsExactly(event(0), event(1));
    assertThat(stored.get(0).getSchemaVersion()).isEqualTo(registerSchema());
    assertThat(stored.get(0).getEventTime()).isEqualTo(EVENT_TIME);
    assertThat(stored.get(0).getTopicName())
        .endsWith("-partition-" + SourcePartition.of(SOURCE, PARTITIONS));

    assertThat(run("replay", "--all")).isZero();
    assertThat(out)
        .contains("0 letters put back", "2 were put back before")
        .contains("1 left alone, still no events: truncated payload");
    assertThat(stored()).hasSize(2);

    assertThat(run("list")).isZero();
    assertThat(err).as("receipts are no letters").contains("3 dead letters");
    assertThat(out.lines().filter(line -> line.endsWith("(put back)"))).hasSize(2);
  }

  /** Newer versions of Avro refuse the name; the broker's took it. */
  @Test
  void aLetterGoesBackUnderTheSchemaOfAnotherTeam() throws Exception {
    topic = broker.createTopic("foreign", PARTITIONS);
    registerSchema();
    client.newProducer(new NestedClassSchema()).topic(topic).create().close();
    final byte[] version = {0, 0, 0, 0, 0, 0, 0, 1};
    letters(version, FUTURE, event(0));
    letters(new byte[] {1, 2, 3}, FUTURE, event(1));
    letters(new byte[] {0, 0, 0, 0, 0, 0, 0, 99}, FUTURE, event(2));

    assertThat(run("replay", "--all")).isZero();
    assertThat(out)
        .contains("1 letters put back into " + topic)
        .contains("1 left alone, still no events: schema version of 3 bytes instead of 8")
        .contains("1 left alone, still no events: schema version unknown to the broker");
    assertThat(stored()).extracting(Message::getData).containsExactly(event(0));
    assertThat(stored().get(0).getSchemaVersion()).isEqualTo(version);
  }

  @Test
  void whatSomebodyElsePutBackSinceTheLettersWereReadIsLeftAlone() throws Exception {
    topic = broker.createTopic("again", PARTITIONS);
    letters(FUTURE, event(0), event(1));
    final DeadLetterTopic seen = DeadLetterTopic.open(client, topic).orElseThrow();
    final DeadLetterTopic seenToo = DeadLetterTopic.open(client, topic).orElseThrow();
    final Selection all = new Selection("", Set.of());
    assertThat(new Replay(client, seen, topic, IOT).originals(all, false).replayed()).isEqualTo(2);
    letters(FUTURE, event(2));
    final Replay.Outcome second = new Replay(client, seenToo, topic, IOT).originals(all, false);
    assertThat(stored()).hasSize(3);
    assertThat(second.replayed()).isEqualTo(1);
    assertThat(second.before()).isEqualTo(2);
  }

  /** The run is cut off at any moment; more letters come, and the next run asks for others. */
  @Test
  void aReplayCutOffAndRepeatedPutsEachLetterBackOnce() throws Exception {
    topic = broker.createTopic("cut", PARTITIONS);
    broker.createTopic("cut-dead-letter", PARTITIONS);
    final int count = 6_000;
    letters(
        FUTURE, IntStream.range(0, count).mapToObj(DeadLetterTest::event).toArray(byte[][]::new));
    final Random random = new Random(7);
    int more = 0;
    try (Reader<byte[]> watch =
        client
            .newReader()
            .topic(topic + "-partition-" + SourcePartition.of(SOURCE, PARTITIONS))
            .startMessageId(MessageId.earliest)
            .create()) {
      for (; more < 5; more++) {
        cutOff(watch, random.nextInt(40));
        letters(FUTURE, event(count + more));
      }
    }
    assertThat(run("replay", "--reason", "nothing has this reason")).isZero();
    assertThat(run("replay", "--all")).isZero();
    final Map<ByteBuffer, Integer> copies = new HashMap<>();
    stored().forEach(message -> copies.merge(ByteBuffer.wrap(message.getData()), 1, Integer::sum));
    assertThat(count + more - copies.size()).as("letters lost").isZero();
    assertThat(copies.values().stream().filter(n -> n > 1)).as("letters twice").isEmpty();
  }

  /** A run that ends some time after it has stored something. */
  private void cutOff(final Reader<byte[]> watch, final int millis) throws Exception {
    final PulsarClient cut = PulsarClient.builder().serviceUrl(broker.serviceUrl()).build();
    final Thread run =
        new Thread(
            () -> {
              try {
                new Replay(cut, DeadLetterTopic.open(cut, topic).orElseThrow(), topic, IOT)
                    .originals(new Selection("", Set.of()), false);
              } catch (DeadLetterException e) {
                // the end of this run
              }
            });
    run.start();
    watch.readNext(10, TimeUnit.SECONDS);
    run.join(1 + millis);
    cut.shutdown();
    run.interrupt();
    run.join(10_000);
    while (watch.hasMessageAvailable()) {
      watch.readNext();
    }
  }

  /** Dropped as repetitions by the broker, letters would be noted as put back and be nowhere. */
  @Test
  void lettersBehindTheFirstOnesThatWereStoredFollow() throws Exception {
    topic = broker.createTopic("begun", PARTITIONS);
    letters(
        FUTURE, IntStream.range(0, 1_500).mapToObj(DeadLetterTest::event).toArray(byte[][]::new));
    begin(10, System.currentTimeMillis());
    assertThat(run("replay", "--all")).isZero();
    assertThat(out).contains("1,500 letters put back");
    assertThat(distinct(stored())).hasSize(1_500);
    assertThat(stored()).hasSize(1_500);
  }

  @Test
  void whatTheBrokerHasForgottenOfAGroupIsFoundInTheTopic() throws Exception {
    broker.createNamespaceWithoutDeduplication("public/forgetful");
    topic = broker.createTopic("public/forgetful", "old", PARTITIONS);
    letters(FUTURE, IntStream.range(0, 50).mapToObj(DeadLetterTest::event).toArray(byte[][]::new));
    final long then = System.currentTimeMillis() - ReplayLane.TRUSTED.toMillis() - 1;
    final List<ReplayPlan.Entry> entries = begin(10, then);
    final DeadLetterTopic letters = DeadLetterTopic.open(client, topic).orElseThrow();
    assertThat(letters.unfinished()).hasSize(1);
    new Replay(client, letters, topic, IOT)
        .finish(new ReplayPlan(letters.unfinished().get(0).token(), then, entries));
    assertThat(distinct(stored())).hasSize(50);
    assertThat(stored()).hasSize(50);
  }

  private static Set<ByteBuffer> distinct(final List<Message<byte[]>> messages) {
    return messages.stream()
        .map(message -> ByteBuffer.wrap(message.getData()))
        .collect(Collectors.toSet());
  }

  /** Notes a group of all letters, and stores the first ones of it as a run that dies then does. */
  private List<ReplayPlan.Entry> begin(final int stored, final long time) throws Exception {
    final DeadLetterTopic letters = DeadLetterTopic.open(client, topic).orElseThrow();
    final List<byte[]> payloads = new ArrayList<>();
    final List<ReplayPlan.Entry> entries = new ArrayList<>();
    final int partition = SourcePartition.of(SOURCE, PARTITIONS);
    letters.forEach(
        letter -> {
          entries.add(new ReplayPlan.Entry(letter.id(), partition, 0, Optional.empty()));
          payloads.add(letter.payload());
        });
    final ReplayPlan plan = letters.announce("t" + time, entries);
    final ReplayLane lane =
        ReplayLane.open(
            client,
            topic + "-partition-" + partition,
            IOT.schema(),
            "millrace-replay-" + plan.token() + "-0",
            time);
    for (int i = 0; i < stored; i++) {
      lane.send(i, payloads.get(i), 0).join();
    }
    lane.close();
    return entries;
  }

  @Test
  void repairedBytesGoBackAndBrokenOnesDoNot() throws Exception {
    topic = broker.createTopic("repaired", PARTITIONS);
    final List<String> ids =
        letters(TRUNCATED, Arrays.copyOf(event(0), 9), Arrays.copyOf(event(1), 9));
    final Path repaired = folder.resolve("repaired");
    assertThat(run("list", "--save", repaired.toString())).isZero();
    Files.write(repaired.resolve(ids.get(0) + ".bin"), event(0));

    assertThat(run("replay", "--from", repaired.toString())).isEqualTo(1);
    assertThat(err.strip())
        .isEqualTo("The repaired bytes of " + ids.get(1) + " are no event: truncated payload.");
    assertThat(stored()).isEmpty();

    Files.write(repaired.resolve(ids.get(1) + ".bin"), event(1));
    assertThat(run("replay", "--from", repaired.toString())).isZero();
    assertThat(out).contains("2 letters put back");
    assertThat(run("replay", "--from", repaired.toString())).isZero();
    assertThat(out).contains("0 letters put back", "2 were put back before");
    assertThat(stored()).extracting(Message::getData).containsExactly(event(0), event(1));

    Files.write(repaired.resolve("1-2-3.bin"), event(1));
    assertThat(run("replay", "--from", repaired.toString())).isEqualTo(1);
    assertThat(err.strip()).isEqualTo(topic + "-dead-letter has no letter 1-2-3.");
    Files.write(repaired.resolve("notes.txt"), new byte[0]);
    assertThat(run("replay", "--from", repaired.toString())).isEqualTo(1);
    assertThat(err).contains("notes.txt is not named like 12-34-5.bin");
  }

  @Test
  void onePersonAtATimePutsLettersBack() throws Exception {
    topic = broker.createTopic("locked", PARTITIONS);
    letters(FUTURE, event(0));
    final DeadLetterTopic letters = DeadLetterTopic.open(client, topic).orElseThrow();
    try (DeadLetterTopic.Lock lock = letters.lock()) {
      assertThat(lock).isNotNull();
      assertThat(run("replay", "--all")).isEqualTo(1);
      assertThat(err).contains("are being put back by somebody else");
    }
    assertThat(stored()).isEmpty();
  }

  @Test
  void usageIsCheckedBeforeAnythingIsSent() throws IOException {
    topic = "persistent://public/default/any";
    assertThat(run("replay")).isEqualTo(2);
    assertThat(run("replay", "--all", "--reason", "x")).isEqualTo(2);
    assertThat(run("replay", "--id", "twelve")).isEqualTo(2);
    topic = "any";
    assertThat(run("list")).isEqualTo(2);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void aTopicThatIsMissingIsNamed() throws Exception {
    topic = broker.createTopic("orphans", PARTITIONS);
    letters(FUTURE, event(0));
    final Optional<DeadLetterTopic> letters = DeadLetterTopic.open(client, topic);
    assertThatThrownBy(
            () ->
                new Replay(
                    client, letters.orElseThrow(), "persistent://public/default/nowhere", IOT))
        .isInstanceOf(DeadLetterException.class)
        .hasMessage("Topic persistent://public/default/nowhere does not exist.");
  }

  /** The domain's schema in the namespace of a nested Java class. */
  private static final class NestedClassSchema implements Schema<byte[]> {

    @Override
    public byte[] encode(final byte[] message) {
      return message;
    }

    @Override
    public SchemaInfo getSchemaInfo() {
      return SchemaInfo.builder()
          .name("nested")
          .type(SchemaType.AVRO)
          .schema(
              IOT.schema()
                  .toString()
                  .replace("\"namespace\":\"", "\"namespace\":\"com.acme.Outer$")
                  .getBytes(StandardCharsets.UTF_8))
          .properties(Map.of())
          .build();
    }

    @Override
    public Schema<byte[]> clone() {
      return this;
    }
  }
}
