package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tarn.app.Jobs;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.kafka.KafkaBroker;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.run.Cancellation;
import dev.tarn.schedule.Scheduler;
import dev.tarn.spi.JobTables.RunFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers tell feeds by themselves, to a real broker that wants to know who they are. */
final class FeedServeTest {
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(4);

    @TempDir private static Path logs;
    private static KafkaBroker broker;

    private Workshop shop;

    @TempDir Path folder;

    @BeforeAll
    static void start() throws IOException {
        broker =
                KafkaBroker.start(
                        logs,
                        Map.of(
                                "listener.security.protocol.map",
                                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,CLIENT:SASL_PLAINTEXT",
                                "listeners",
                                "PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller},CLIENT://127.0.0.1:{client}",
                                "advertised.listeners",
                                "PLAINTEXT://127.0.0.1:{port},CLIENT://127.0.0.1:{client}",
                                "sasl.enabled.mechanisms",
                                "PLAIN",
                                "listener.name.client.plain.sasl.jaas.config",
                                "org.apache.kafka.common.security.plain.PlainLoginModule required user_teller=\"right-word\";"));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void begin() {
        shop = new Workshop(folder);
        sql("create table s.t (id bigint)", "insert into s.t values (0)");
    }

    @AfterEach
    void end() {
        shop.close();
    }

    private void sql(String... statements) {
        for (String sql : statements) {
            var unused =
                    shop.tarn()
                            .execute(SqlText.ofFile(sql, "sql"), RefName.MAIN, new Cancellation());
        }
    }

    private void feed(String name, String password, String more) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), password);
        shop.put(
                "feeds.yml",
                """
                feeds:
                  - name: %1$s
                    table: s.t
                    to: kafka
                    key: [id]
                    key_format: text
                    bootstrap_servers: %2$s
                    topic: %1$s
                    sasl_mechanism: plain
                    sasl_username: teller
                    sasl_password: file:%3$s
                %4$s
                """
                        .formatted(name, broker.clients(), secret, more.indent(4).stripTrailing()));
    }

    private static List<String> keys(String topic) {
        return Topic.read(broker, topic, 1).stream().map(Topic.Message::key).toList();
    }

    private static void awaitKeys(String topic, int wanted) throws InterruptedException {
        long begun = System.nanoTime();
        while (keys(topic).size() < wanted) {
            assertThat(System.nanoTime() - begun).as("%s", keys(topic)).isLessThan(PATIENCE);
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private static List<JobRun> runs(Jobs jobs, String job) {
        return jobs.runs(
                new RunFilter(Optional.of(new JobName(job)), Set.of(), Optional.empty(), 100));
    }

    @Test
    void whatIsPublishedIsToldOnceThoughTwoServersAreThere() throws Exception {
        broker.createTopic("served", 1);
        feed("served", "right-word", "");
        try (Tarn other = Tarn.open(OpenRequest.of(folder));
                Scheduler one = shop.tarn().jobs().work();
                Scheduler two = other.jobs().work()) {
            assertThat(one).isNotSameAs(two);
            awaitKeys("served", 1);
            for (int i = 1; i <= 4; i++) {
                sql("insert into s.t values (%d)".formatted(i));
            }
            awaitKeys("served", 5);
        }

        assertThat(keys("served"))
                .isEqualTo(IntStream.range(0, 5).mapToObj(String::valueOf).toList());
        assertThat(runs(shop.tarn().jobs(), "feed-served"))
                .isNotEmpty()
                .noneMatch(run -> run.status() == JobRun.Status.FAILED);
        assertThat(shop.tarn().jobs().job(new JobName("feed-served")).job().description())
                .isEqualTo("Tells kafka what changes in s.t, as feed 'served' says.");
    }

    @Test
    void anAccountThatIsRefusedIsSaidWithoutItsSecret() throws Exception {
        broker.createTopic("refused", 1);
        feed("refused", "wrong-word", "serve: false");
        assertThat(shop.tarn().jobs().list()).isEmpty();

        assertThatExceptionOfType(TarnException.class)
                .isThrownBy(() ->
                        shop.tarn().feeds().tell(List.of(), false, told -> {}, new Cancellation()))
                .satisfies(refusal -> {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.DELIVERY_REFUSED);
                    assertThat(refusal.toString()).doesNotContain("wrong-word");
                });
        assertThat(keys("refused")).isEmpty();
    }

    @Test
    void aTaskOfAJobTellsFeeds() throws Exception {
        broker.createTopic("asked", 1);
        feed("asked", "right-word", "serve: false");
        shop.put(
                "jobs/tell.yml",
                """
                jobs:
                  - name: tell
                    tasks: [{name: all, feed: true}]
                """);
        Jobs jobs = shop.tarn().jobs();
        var unused =
                jobs.start(
                        new JobName("tell"),
                        Map.of(),
                        Optional.empty(),
                        Optional.empty(),
                        "somebody");
        try (Scheduler working = jobs.work()) {
            assertThat(working).isNotNull();
            awaitKeys("asked", 1);
        }
        assertThat(keys("asked")).containsExactly("0");
    }
}
