package dev.tarn.bench;

import com.sun.net.httpserver.HttpServer;
import dev.tarn.app.At;
import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.TableListing;
import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic landed in a table, beside a consumer that only reads it. */
final class KafkaBenchmark implements Benchmark {
    private static final int MESSAGES = 1_000_000;
    private static final int PARTITIONS = 3;
    private static final int REPETITIONS = 3;
    private static final List<String> CITIES = List.of("oslo", "paris", "rome", "tokyo");
    private static final String SCHEMA =
            """
            {"type":"record","name":"Event","fields":[
             {"name":"id","type":"long"},{"name":"user_id","type":"long"},
             {"name":"ts","type":{"type":"long","logicalType":"timestamp-millis"}},
             {"name":"event","type":"string"},{"name":"city","type":"string"},
             {"name":"amount","type":"double"},{"name":"qty","type":"int"},
             {"name":"ok","type":"boolean"},{"name":"note","type":"string"}]}
            """;

    /** How messages are written. */
    enum Form {
        JSON,
        AVRO
    }

    private final Form form;

    KafkaBenchmark(Form form) {
        this.form = form;
    }

    @Override
    public String name() {
        return form == Form.JSON ? "kafka-json" : "kafka-avro";
    }

    @Override
    public String title() {
        return "a topic of %s landed in a table ÷ a consumer that only reads it"
                .formatted(form == Form.JSON ? "JSON" : "Avro");
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        int messages = (int) Math.round(setup.scale().orElse(1) * MESSAGES);
        HttpServer registry = registry();
        try (Broker broker = Broker.start(setup.fresh("broker"))) {
            setup.say("writing %,d messages".formatted(messages));
            long bytes = produce(broker, messages);
            List<Timing> ours = new ArrayList<>();
            List<Timing> bare = new ArrayList<>();
            land(setup.fresh("warm-up"), broker, registry, messages);
            consume(broker, messages);
            for (int i = 0; i < setup.repetitions().orElse(REPETITIONS); i++) {
                setup.say("reading and landing, %d".formatted(i + 1));
                bare.add(Timing.of(() -> consume(broker, messages)));
                Path project = setup.fresh("project-" + i);
                ours.add(Timing.of(() -> land(project, broker, registry, messages)));
            }
            Timing landed = Timing.median(ours);
            Timing read = Timing.median(bare);
            return new Outcome(
                    "%,d messages of %d bytes; µs of processors a message: %.2f landed, %.2f read"
                            .formatted(
                                    messages,
                                    bytes / messages,
                                    landed.cpu() * 1e6 / messages,
                                    read.cpu() * 1e6 / messages),
                    List.of(
                            new Outcome.Line("topic to table", landed),
                            new Outcome.Line("bare consumer", read)),
                    "landing ÷ reading",
                    landed.wall() / read.wall(),
                    landed.cpu() / read.cpu(),
                    Optional.empty());
        } finally {
            registry.stop(0);
        }
    }

    private long produce(Broker broker, int messages) throws Exception {
        Map<String, Object> settings =
                Map.of(
                        "bootstrap.servers", broker.bootstrap(),
                        "linger.ms", 20,
                        "batch.size", 131_072);
        try (Admin admin = Admin.create(settings)) {
            admin.createTopics(List.of(new NewTopic("events", PARTITIONS, (short) 1))).all().get();
        }
        long bytes = 0;
        Schema schema = new Schema.Parser().parse(SCHEMA);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < messages; i++) {
                byte[] value = form == Form.JSON ? json(i) : avro(schema, i);
                bytes += value.length;
                byte[] key = ("k" + i % 1000).getBytes(StandardCharsets.UTF_8);
                Future<?> unused =
                        producer.send(new ProducerRecord<>("events", i % PARTITIONS, key, value));
            }
        }
        return bytes;
    }

    private static String event(int i) {
        return i % 7 == 0 ? "buy" : "click";
    }

    private static byte[] json(int i) {
        return "{\"id\":%d,\"user_id\":%d,\"ts\":\"%s\",\"event\":\"%s\",\"city\":\"%s\",\"amount\":%s,\"qty\":%d,\"ok\":%b,\"note\":\"note %d\"}"
                .formatted(
                        i,
                        i % 9973,
                        Instant.ofEpochMilli(1_760_000_000_000L + i),
                        event(i),
                        CITIES.get(i % CITIES.size()),
                        i % 1000 / 10.0,
                        i % 9,
                        i % 2 == 0,
                        i % 5000)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] avro(Schema schema, int i) throws IOException {
        GenericRecord record = new GenericData.Record(schema);
        record.put("id", (long) i);
        record.put("user_id", (long) i % 9973);
        record.put("ts", 1_760_000_000_000L + i);
        record.put("event", event(i));
        record.put("city", CITIES.get(i % CITIES.size()));
        record.put("amount", i % 1000 / 10.0);
        record.put("qty", i % 9);
        record.put("ok", i % 2 == 0);
        record.put("note", "note " + i % 5000);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 0, 0, 0, 1});
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
        return out.toByteArray();
    }

    private static void consume(Broker broker, int messages) {
        Map<String, Object> settings =
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrap(),
                        "max.poll.records",
                        5000,
                        "isolation.level",
                        "read_committed",
                        "max.partition.fetch.bytes",
                        4 << 20);
        List<TopicPartition> partitions =
                IntStream.range(0, PARTITIONS)
                        .mapToObj(p -> new TopicPartition("events", p))
                        .toList();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            for (int read = 0; read < messages; ) {
                read += consumer.poll(Duration.ofSeconds(1)).count();
            }
        }
    }

    private void land(Path project, Broker broker, HttpServer registry, int messages)
            throws IOException {
        Files.writeString(project.resolve("dbt_project.yml"), "name: events\nversion: \"1.0\"\n");
        Files.writeString(
                Files.createDirectories(project.resolve("models")).resolve("sources.yml"),
                """
                version: 2
                sources:
                  - name: events
                    schema: bronze
                    tables:
                      - name: events
                        ingest:
                          connector: kafka
                          bootstrap_servers: %s
                          topic: events
                          value_format: %s
                          schema_registry: http://127.0.0.1:%d
                """
                        .formatted(
                                broker.bootstrap(),
                                form == Form.JSON ? "json" : "avro",
                                registry.getAddress().getPort()));
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            RunReport report =
                    tarn.ingest(
                            new BuildRequest(
                                    "bench",
                                    EnumSet.of(NodeKind.SOURCE),
                                    List.of(),
                                    List.of(),
                                    RefName.MAIN,
                                    false,
                                    false,
                                    Optional.empty()),
                            false,
                            RunListener.SILENT,
                            new Cancellation());
            long rows = tarn.tables(At.MAIN).stream().mapToLong(TableListing::rows).sum();
            if (!report.problems().isEmpty() || rows != messages) {
                throw new IllegalStateException(
                        "%,d rows of %,d messages: %s"
                                .formatted(rows, messages, report.problems()));
            }
        }
    }

    /** Answers every question with the one schema. */
    private static HttpServer registry() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String quoted = SCHEMA.replace("\"", "\\\"").replace("\n", "");
        byte[] answer = ("{\"schema\":\"" + quoted + "\"}").getBytes(StandardCharsets.UTF_8);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
        return server;
    }
}
