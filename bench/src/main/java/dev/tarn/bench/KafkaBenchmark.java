package dev.tarn.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A topic landed in a table, beside a consumer that only reads it. */
final class KafkaBenchmark implements Benchmark {
    private static final int MESSAGES = 1_000_000;
    private static final int REPETITIONS = 3;

    /**
     * The compilers of the virtual machine work until then: what follows a topic for hours pays for
     * them once.
     */
    private static final int WARM_UPS = 6;

    private final Events.Form form;

    KafkaBenchmark(Events.Form form) {
        this.form = form;
    }

    @Override
    public String name() {
        return form == Events.Form.JSON ? "kafka-json" : "kafka-avro";
    }

    @Override
    public String title() {
        return "a topic of %s landed in a table ÷ a consumer that only reads it"
                .formatted(form == Events.Form.JSON ? "JSON" : "Avro");
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        int messages = (int) Math.round(setup.scale().orElse(1) * MESSAGES);
        HttpServer registry = Events.registry();
        try (Broker broker = Broker.start(setup.fresh("broker"))) {
            setup.say("writing %,d messages".formatted(messages));
            long bytes = Events.produce(broker, form, messages);
            List<Timing> ours = new ArrayList<>();
            List<Timing> bare = new ArrayList<>();
            List<Timing> polled = new ArrayList<>();
            for (int i = 0; i < WARM_UPS; i++) {
                Path cold = setup.fresh("warm-up");
                Timing read = Timing.of(() -> consume(broker, messages, new ArrayList<>()));
                Timing landed = Timing.of(() -> land(cold, broker, registry, messages));
                setup.say("warming up: read %s, landed %s".formatted(read, landed));
            }
            Path project = setup.work();
            for (int i = 0; i < setup.repetitions().orElse(REPETITIONS); i++) {
                setup.say("reading and landing, %d".formatted(i + 1));
                bare.add(Timing.of(() -> consume(broker, messages, polled)));
                Path next = setup.fresh("project-" + i);
                ours.add(Timing.of(() -> land(next, broker, registry, messages)));
                setup.say("read %s, landed %s".formatted(bare.getLast(), ours.getLast()));
                project = next;
            }
            check(project, messages);
            return outcome(
                    Timing.median(ours),
                    Timing.median(bare),
                    Timing.median(polled),
                    messages,
                    bytes / messages,
                    Ingest.bytes(project) / messages);
        } finally {
            registry.stop(0);
        }
    }

    private static Outcome outcome(
            Timing landed,
            Timing read,
            Timing polled,
            int messages,
            long messageBytes,
            long rowBytes) {
        return new Outcome(
                "%,d messages of %d bytes, %d bytes a row of the table; µs of processors a message: %.2f landed, %.2f read; all is read after %.2f s, before the consumer is closed"
                        .formatted(
                                messages,
                                messageBytes,
                                rowBytes,
                                landed.cpu() * 1e6 / messages,
                                read.cpu() * 1e6 / messages,
                                polled.wall()),
                List.of(
                        new Outcome.Line("topic to table", landed),
                        new Outcome.Line("bare consumer", read)),
                "landing ÷ reading",
                landed.wall() / read.wall(),
                landed.cpu() / read.cpu(),
                Optional.of(2.0));
    }

    private void land(Path project, Broker broker, HttpServer registry, int messages)
            throws IOException {
        Events.writeProject(project, broker, form, registry);
        Ingest.land(project, messages);
    }

    /** Each message is there once, with its values. */
    static void check(Path project, long messages) {
        List<String> there = Ingest.row(project, Events.SUMS + Events.TABLE);
        List<String> wanted = Events.sums(messages);
        if (!there.equals(wanted)) {
            throw new IllegalStateException("%s landed, not %s".formatted(there, wanted));
        }
    }

    /**
     * Reads all messages. Closing a consumer waits for an answer that the broker keeps for up to
     * half a second, as nothing more comes.
     *
     * @param polled is told how long reading took without that
     */
    private static void consume(Broker broker, int messages, List<Timing> polled) throws Exception {
        // As Tarn's own.
        Map<String, Object> settings =
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrap(),
                        "max.poll.records",
                        5000,
                        "isolation.level",
                        "read_committed",
                        "max.partition.fetch.bytes",
                        4 << 20,
                        "receive.buffer.bytes",
                        -1,
                        "metric.reporters",
                        "",
                        "enable.metrics.push",
                        false);
        List<TopicPartition> partitions =
                IntStream.range(0, Events.PARTITIONS)
                        .mapToObj(p -> new TopicPartition(Events.TOPIC, p))
                        .toList();
        List<KafkaConsumer<byte[], byte[]>> opened = new ArrayList<>();
        try {
            polled.add(
                    Timing.of(() -> {
                        KafkaConsumer<byte[], byte[]> consumer =
                                new KafkaConsumer<>(
                                        settings,
                                        new ByteArrayDeserializer(),
                                        new ByteArrayDeserializer());
                        opened.add(consumer);
                        consumer.assign(partitions);
                        consumer.seekToBeginning(partitions);
                        for (int read = 0; read < messages; ) {
                            read += consumer.poll(Duration.ofSeconds(1)).count();
                        }
                    }));
        } finally {
            opened.forEach(KafkaConsumer::close);
        }
    }
}
