package dev.tarn.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A topic of JSON landed in an Iceberg table by Tarn and by Spark's Structured Streaming, each on
 * one core and each into a table of its own. Spark is told what the columns are; Tarn finds out.
 */
final class KafkaSparkBenchmark implements Benchmark {
    private static final int MESSAGES = 1_000_000;
    private static final int REPETITIONS = 3;
    private static final String FIELDS =
            "id bigint, user_id bigint, ts timestamp, event string, city string, amount double, qty bigint, ok boolean, note string";

    @Override
    public String name() {
        return "kafkaspark";
    }

    @Override
    public String title() {
        return "a topic of JSON landed in a table by Spark on one core ÷ by Tarn on one";
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        var unused = SparkPeer.sourceTree(setup);
        int messages = (int) Math.round(setup.scale().orElse(1) * MESSAGES);
        int repetitions = setup.repetitions().orElse(REPETITIONS);
        List<Timing> mine = new ArrayList<>();
        List<Timing> theirs = new ArrayList<>();
        HttpServer registry = Events.registry();
        try (Broker broker = Broker.start(setup.fresh("broker"));
                SparkPeer spark = SparkPeer.start(setup)) {
            setup.say("writing %,d messages".formatted(messages));
            long bytes = Events.produce(broker, Events.Form.JSON, messages);
            setup.say("landing once with each, which is not measured");
            land(project(setup, "warm-up", broker, registry), messages);
            land(spark, setup, "warm_up", broker, messages);
            for (int i = 0; i < repetitions; i++) {
                Path project = project(setup, "project-" + i, broker, registry);
                mine.add(Timing.of(() -> Ingest.land(project, messages)));
                theirs.add(land(spark, setup, "events_" + i, broker, messages));
                setup.say("Tarn %s, Spark %s".formatted(mine.getLast(), theirs.getLast()));
                KafkaBenchmark.check(project, messages);
            }
            return outcome(
                    Timing.median(mine),
                    Timing.median(theirs),
                    messages,
                    bytes / messages,
                    repetitions);
        } finally {
            registry.stop(0);
        }
    }

    private static Path project(Setup setup, String name, Broker broker, HttpServer registry)
            throws IOException {
        Path project = setup.fresh(name);
        Events.writeProject(project, broker, Events.Form.JSON, registry);
        Files.writeString(project.resolve("tarn.yml"), "engine:\n  threads: 1\n");
        return project;
    }

    private static void land(Path project, int messages) throws IOException {
        Ingest.land(project, messages);
        KafkaBenchmark.check(project, messages);
    }

    private static Timing land(
            SparkPeer spark, Setup setup, String name, Broker broker, int messages)
            throws IOException {
        String table = "ice.bronze." + name;
        spark.sql(
                """
                create table %s (_topic string, _partition int, _offset bigint,
                _timestamp timestamp, _key string, %s, _ingested_at timestamp) using iceberg
                tblproperties ('format-version'='3', 'write.parquet.compression-codec'='zstd')\
                """
                        .formatted(table, FIELDS));
        Timing timing =
                spark.land(
                        broker.bootstrap(),
                        Events.TOPIC,
                        FIELDS,
                        table,
                        setup.work().resolve("spark").resolve("checkpoint-" + name));
        String there = spark.sql(Events.SUMS + table).getFirst();
        String wanted = String.join("|", Events.sums(messages));
        if (!there.equals(wanted)) {
            throw new IllegalStateException("Spark landed %s, not %s".formatted(there, wanted));
        }
        return timing;
    }

    private static Outcome outcome(
            Timing here, Timing there, int messages, long messageBytes, int repetitions) {
        return new Outcome(
                "%,d messages of %d bytes; µs of processors a message: %.2f by Tarn, %.2f by Spark; median of %d"
                        .formatted(
                                messages,
                                messageBytes,
                                here.cpu() * 1e6 / messages,
                                there.cpu() * 1e6 / messages,
                                repetitions),
                List.of(
                        new Outcome.Line("Tarn, one thread", here),
                        new Outcome.Line("Spark 4.1, local[1]", there)),
                "Spark ÷ Tarn",
                there.wall() / here.wall(),
                there.cpu() / here.cpu(),
                Optional.empty());
    }
}
