package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.kafka.KafkaBroker;
import dev.tarn.kafka.RegistryServer;
import dev.tarn.model.RefName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills processes that tell a topic what changes in a table, and the broker as well: who reads what
 * is committed sees each change once.
 *
 * <p>{@code -Dtarn.crash.kills=100} for a long run; {@code -Dtarn.crash.seed=N} repeats one.
 */
final class FeedCrashTest {
    private static final int PARTITIONS = 3;
    private static final int ROWS = 4000;

    private final int kills = Integer.getInteger("tarn.crash.kills", 3);
    private final long seed = Long.getLong("tarn.crash.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private int changed;

    @TempDir Path folder;

    /** Rows come, and of those that are there some change and some go. */
    private void change(Path project) {
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            int from = changed * ROWS;
            for (String sql :
                    List.of(
                            "insert into s.t select range, %d from range(%d, %d)"
                                    .formatted(changed, from, from + ROWS),
                            "update s.t set round = %d where id %% 10 = 3 and id < %d"
                                    .formatted(changed, from),
                            "delete from s.t where id %% 10 = 7 and id < %d".formatted(from))) {
                var unused = tarn.execute(SqlText.of(sql), RefName.MAIN, new Cancellation());
            }
        }
        changed++;
    }

    @Test
    void eachChangeIsToldOnceThoughProcessesAndBrokerAreKilled() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"))) {
            Path project = killed(broker, "");
            assertEachOnce(project, Topic.read(broker, "changes", PARTITIONS));
        }
    }

    /** The number of a schema is asked for anew by each process, and stays what it was. */
    @Test
    void eachChangeIsToldOnceInAvroToo() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"));
                RegistryServer registry = RegistryServer.start()) {
            Path project =
                    killed(
                            broker,
                            "    value_format: avro\n    key_format: text\n    schema_registry: "
                                    + registry.url());
            List<Topic.Message> messages = Topic.read(broker, "changes", PARTITIONS);
            assertRowsComeAndGoOnce(project, messages);
            assertThat(registry.versions("changes-value")).isEqualTo(1);
            assertCopied(project, broker, registry);
        }
    }

    /** Kills at work; in the end everything has been told. */
    private Path killed(KafkaBroker broker, String settings) throws Exception {
        System.out.printf("FeedCrashTest: %d kills with seed %d%n", kills, seed);
        Path project = Files.createDirectories(folder.resolve("project"));
        broker.createTopic("changes", PARTITIONS);
        write(project, broker, settings);
        change(project);
        long millis = whole(project);
        int killed = 0;
        for (int kill = 1; kill <= kills; kill++) {
            change(project);
            Program feed = Program.start(project, "feed");
            long after = 1_000 * (millis / 3 + random.nextLong(millis));
            boolean broken = kill % 3 == 0;
            if (!feed.endsWithin(after)) {
                if (broken) {
                    broker.kill();
                }
                feed.kill();
                killed++;
            }
            if (broken) {
                broker.kill();
                broker.start();
            }
        }
        whole(project);
        System.out.printf("FeedCrashTest: %d of %d killed at work%n", killed, kills);
        return project;
    }

    /** The topic is a table again, which has the same rows. */
    private static void assertCopied(Path project, KafkaBroker broker, RegistryServer registry)
            throws Exception {
        Files.createDirectories(project.resolve("models"));
        Files.writeString(
                project.resolve("models/sources.yml"),
                """
                version: 2
                sources:
                  - name: copy
                    schema: bronze
                    tables:
                      - name: t
                        ingest: {connector: kafka, bootstrap_servers: "%s", topic: changes, value_format: avro, schema_registry: "%s", key: [_key]}
                """
                        .formatted(broker.bootstrap(), registry.url()));
        Program ingest = Program.start(project, "ingest");
        assertThat(ingest.exitCode()).as(ingest.output()).isZero();
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            assertThat(
                            Workshop.number(
                                    tarn,
                                    "select count(*) from s.t join bronze.t c on c.id = s.t.id and c.round = s.t.round"))
                    .isEqualTo(Workshop.number(tarn, "select count(*) from s.t"))
                    .isEqualTo(Workshop.number(tarn, "select count(*) from bronze.t"));
        }
    }

    private void assertRowsComeAndGoOnce(Path project, List<Topic.Message> messages) {
        Map<String, Long> come = counted(messages, m -> !m.value().equals("null") && isNew(m));
        assertThat(come).as("rows that came; seed " + seed).hasSize(changed * ROWS);
        assertThat(come.values()).as("each once; seed " + seed).containsOnly(1L);
        Map<String, Long> gone = counted(messages, m -> m.value().equals("null"));
        assertThat(gone.values()).as("each once; seed " + seed).containsOnly(1L);
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            long left = Workshop.number(tarn, "select count(*) from s.t");
            assertThat(gone).hasSize((int) ((long) changed * ROWS - left));
        }
    }

    private void assertEachOnce(Path project, List<Topic.Message> messages) {
        assertRowsComeAndGoOnce(project, messages);
        Map<String, Topic.Message> last =
                messages.stream()
                        .collect(Collectors.toMap(Topic.Message::key, m -> m, (a, b) -> b));
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            assertThat(last.values().stream().filter(m -> !m.value().equals("null")).count())
                    .isEqualTo(Workshop.number(tarn, "select count(*) from s.t"));
            assertThat(
                            last.values().stream()
                                    .filter(m -> !m.value().equals("null"))
                                    .mapToLong(m ->
                                            Long.parseLong(
                                                    m.value().replaceAll(".*:(\\d+)}$", "$1")))
                                    .sum())
                    .as("the newest values; seed " + seed)
                    .isEqualTo(Workshop.number(tarn, "select sum(round) from s.t"));
        }
        Map<String, Long> updated =
                messages.stream()
                        .filter(m -> m.change().equals("updated"))
                        .collect(
                                Collectors.groupingBy(
                                        m -> m.key() + m.value(), Collectors.counting()));
        assertThat(updated.values()).as("each once; seed " + seed).containsOnly(1L);
    }

    private static boolean isNew(Topic.Message message) {
        return message.change().equals("inserted") || message.change().equals("read");
    }

    private static Map<String, Long> counted(
            List<Topic.Message> messages, java.util.function.Predicate<Topic.Message> which) {
        return messages.stream()
                .filter(which)
                .map(Topic.Message::key)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private static void write(Path project, KafkaBroker broker, String settings) throws Exception {
        Files.writeString(project.resolve("dbt_project.yml"), "name: shop\nversion: \"1.0\"\n");
        Files.writeString(
                project.resolve("feeds.yml"),
                """
                feeds:
                  - name: changes
                    table: s.t
                    to: kafka
                    key: [id]
                    bootstrap_servers: %s
                    topic: changes
                %s
                """
                        .formatted(broker.bootstrap(), settings));
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            var unused =
                    tarn.execute(
                            SqlText.of("create table s.t (id bigint, round bigint)"),
                            RefName.MAIN,
                            new Cancellation());
        }
    }

    /** Returns how long it took. */
    private static long whole(Path project) throws InterruptedException {
        long start = System.nanoTime();
        Program feed = Program.start(project, "feed");
        assertThat(feed.exitCode()).as(feed.output()).isZero();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
