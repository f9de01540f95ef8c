package dev.tarn.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A topic of events of nine fields, and a project whose one source lands it. The n-th message has
 * the id n.
 */
final class Events {
    static final String TOPIC = "events";
    static final int PARTITIONS = 3;

    /** What a table of the messages is asked, before its name; see {@link #sums}. */
    static final String SUMS =
            "select count(*), count(distinct id), sum(id), min(id), sum(qty), count(*) filter (where ok), round(sum(amount), 1), count(distinct note) from ";

    /** The table that the project fills. */
    static final String TABLE = "bronze.events";

    private static final List<String> CITIES = List.of("oslo", "paris", "rome", "tokyo");
    private static final int KEYS = 1000;
    private static final int NOTES = 5000;
    private static final Schema SCHEMA =
            new Schema.Parser()
                    .parse(
                            """
                            {"type":"record","name":"Event","fields":[
                             {"name":"id","type":"long"},{"name":"user_id","type":"long"},
                             {"name":"ts","type":{"type":"long","logicalType":"timestamp-millis"}},
                             {"name":"event","type":"string"},{"name":"city","type":"string"},
                             {"name":"amount","type":"double"},{"name":"qty","type":"int"},
                             {"name":"ok","type":"boolean"},{"name":"note","type":"string"}]}
                            """);

    private Events() {}

    /** How messages are written. */
    enum Form {
        JSON,
        AVRO;

        String settingName() {
            return this == JSON ? "json" : "avro";
        }

        byte[] message(int number) throws IOException {
            return this == JSON ? json(number) : avro(number);
        }
    }

    static void createTopic(Broker broker) throws Exception {
        try (Admin admin = Admin.create(producing(broker))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
        }
    }

    static KafkaProducer<byte[], byte[]> producer(Broker broker) {
        return new KafkaProducer<>(
                producing(broker), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static Map<String, Object> producing(Broker broker) {
        return Map.of(
                "bootstrap.servers", broker.bootstrap(), "linger.ms", 20, "batch.size", 131_072);
    }

    /** Sends messages; returns how many bytes their values have. */
    static long send(KafkaProducer<byte[], byte[]> producer, Form form, int from, int to)
            throws IOException {
        long bytes = 0;
        for (int i = from; i < to; i++) {
            byte[] value = form.message(i);
            bytes += value.length;
            byte[] key = ("k" + i % KEYS).getBytes(StandardCharsets.UTF_8);
            Future<?> unused =
                    producer.send(new ProducerRecord<>(TOPIC, i % PARTITIONS, key, value));
        }
        return bytes;
    }

    /** Makes the topic with so many messages; returns how many bytes their values have. */
    static long produce(Broker broker, Form form, int messages) throws Exception {
        createTopic(broker);
        try (KafkaProducer<byte[], byte[]> producer = producer(broker)) {
            return send(producer, form, 0, messages);
        }
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
                        i % NOTES)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] avro(int i) throws IOException {
        GenericRecord record = new GenericData.Record(SCHEMA);
        record.put("id", (long) i);
        record.put("user_id", (long) i % 9973);
        record.put("ts", 1_760_000_000_000L + i);
        record.put("event", event(i));
        record.put("city", CITIES.get(i % CITIES.size()));
        record.put("amount", i % 1000 / 10.0);
        record.put("qty", i % 9);
        record.put("ok", i % 2 == 0);
        record.put("note", "note " + i % NOTES);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 0, 0, 0, 1});
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(SCHEMA).write(record, encoder);
        return out.toByteArray();
    }

    /**
     * Writes a project with the source {@code events.events}.
     *
     * @param registry where schemas are; none is asked for JSON
     */
    static void writeProject(Path folder, Broker broker, Form form, HttpServer registry)
            throws IOException {
        Files.writeString(folder.resolve("dbt_project.yml"), "name: events\nversion: \"1.0\"\n");
        Files.writeString(
                Files.createDirectories(folder.resolve("models")).resolve("sources.yml"),
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
                          topic: %s
                          value_format: %s
                          schema_registry: http://127.0.0.1:%d
                """
                        .formatted(
                                broker.bootstrap(),
                                TOPIC,
                                form.settingName(),
                                registry.getAddress().getPort()));
    }

    /** What {@link #SUMS} gives when the first messages are there, once each. */
    static List<String> sums(long messages) {
        long qty = 0;
        long tenths = 0;
        for (long i = 0; i < messages; i++) {
            qty += i % 9;
            tenths += i % 1000;
        }
        return List.of(
                Long.toString(messages),
                Long.toString(messages),
                Long.toString(messages * (messages - 1) / 2),
                "0",
                Long.toString(qty),
                Long.toString((messages + 1) / 2),
                Double.toString(tenths / 10.0),
                Long.toString(Math.min(messages, NOTES)));
    }

    /** A registry that answers every question with the one schema. */
    static HttpServer registry() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String quoted = SCHEMA.toString().replace("\"", "\\\"");
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
