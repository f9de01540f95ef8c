package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.jdbc.SourceDatabase;
import dev.tarn.kafka.KafkaBroker;
import dev.tarn.pages.Pages;
import dev.tarn.server.Mount;
import dev.tarn.server.ServerConfig;
import dev.tarn.server.TarnServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the pages say of sources that a connector reads while others write to them. */
@ExtendWith(SourceDatabase.Started.class)
final class SourcePagesTest {
    private static final String SLOT = "tarn_source_pages";
    private static final long LONGEST_SECONDS = 120;
    private static final Pattern BEHIND =
            Pattern.compile("<b>([\\d.,]+) (B|kB|MB|rows?)</b><span class=\"\">behind the source");
    private static final Map<String, Double> UNITS =
            Map.of("B", 1.0, "kB", 1e3, "MB", 1e6, "rows", 1.0, "row", 1.0);

    private final SourceDatabase database;

    @TempDir Path folder;

    SourcePagesTest(SourceDatabase database) {
        this.database = database;
    }

    /** A server with the pages of a project. */
    private static final class Served implements AutoCloseable {
        private final HttpClient client = HttpClient.newHttpClient();
        private final Pages pages;
        private final TarnServer server;

        Served(Workshop shop) {
            pages = Pages.open(shop.tarn(), shop.root(), Clock.systemUTC());
            server =
                    TarnServer.start(
                            ServerConfig.of("127.0.0.1", 0, Optional.empty()),
                            List.of(new Mount("", pages)),
                            Clock.systemUTC());
        }

        String get(String path) throws IOException, InterruptedException {
            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(
                                            URI.create("http://127.0.0.1:" + server.port() + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            return answer.body();
        }

        /** A page asks its source for a moment only: on a busy machine, once may be too short. */
        double behind(String source) throws IOException, InterruptedException {
            String page = await("/sources/" + source, p -> !p.contains("<b>no answer</b>"));
            Matcher told = BEHIND.matcher(page);
            assertThat(told.find()).as(page).isTrue();
            return Double.parseDouble(told.group(1).replace(",", ""))
                    * UNITS.getOrDefault(told.group(2), 0.0);
        }

        void await(String path, String text) throws IOException, InterruptedException {
            await(path, page -> page.contains(text));
        }

        private String await(String path, Predicate<String> isSo)
                throws IOException, InterruptedException {
            CountDownLatch never = new CountDownLatch(1);
            long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
            String page = get(path);
            while (!isSo.test(page)) {
                assertThat(System.nanoTime() - giveUp).as(page).isNegative();
                assertThat(never.await(50, TimeUnit.MILLISECONDS)).isFalse();
                page = get(path);
            }
            return page;
        }

        @Override
        public void close() {
            server.close();
            pages.close();
        }
    }

    private void insert(int from, int to) {
        database.execute(
                "INSERT INTO live.t SELECT i, repeat('v', 200) FROM generate_series(%d, %d) i"
                        .formatted(from, to));
    }

    @Test
    void aLogSaysHowMuchOfItWaits() throws Exception {
        try (LogWorkshop live = new LogWorkshop(database, folder, SLOT)) {
            database.execute("CREATE TABLE live.t (id int PRIMARY KEY, v text)");
            insert(1, 100);
            live.sources("user: postgres\nwrite: upsert", "t");
            live.land();
            try (Served served = new Served(live.shop())) {
                assertThat(served.get("/sources"))
                        .contains("bronze.", "postgres live.t", "not known yet", "<time")
                        .contains("asked once a minute");
                double landed = served.behind("bronze.t");
                insert(101, 5_000);
                double waiting = served.behind("bronze.t");
                assertThat(waiting).isGreaterThan(landed + 1_000_000);
                live.land();
                assertThat(served.behind("bronze.t")).isLessThan(waiting);
                assertThat(served.get("/sources/bronze.t"))
                        .contains("newest change read: ")
                        .doesNotContain("never");
                served.await("/sources", "B</td>");
            }
        } finally {
            new LiveDatabase.Postgres(database, SLOT).end();
        }
    }

    @Test
    void aSourceThatIsAwayIsToldToBe() throws Exception {
        try (LogWorkshop live = new LogWorkshop(database, folder, SLOT)) {
            database.execute("CREATE TABLE live.t (id int PRIMARY KEY, v text)");
            insert(1, 3);
            live.sources("user: postgres\nwrite: upsert", "t");
            live.land();
            live.sourcesAt("postgresql://127.0.0.1:1/gone", "user: postgres\nwrite: upsert", "t");
            try (Served served = new Served(live.shop())) {
                served.await("/sources/bronze.t", "<b>not reachable</b>");
                assertThat(served.get("/sources")).contains("not known yet");
            }
        } finally {
            new LiveDatabase.Postgres(database, SLOT).end();
        }
    }

    @Test
    void aTopicSaysHowManyRowsWait(@TempDir Path logs) throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(logs);
                Workshop shop = new Workshop(folder);
                KafkaProducer<byte[], byte[]> producer = broker.producer()) {
            broker.createTopic("orders", 1);
            send(producer, 2);
            shop.put(
                            "models/sources.yml",
                            """
                            version: 2
                            sources:
                              - name: events
                                schema: bronze
                                tables:
                                  - name: orders
                                    ingest: {connector: kafka, bootstrap_servers: "%s", topic: orders}
                            """
                                    .formatted(broker.bootstrap()))
                    .reopen();
            assertThat(shop.build().problems()).isEmpty();
            try (Served served = new Served(shop)) {
                assertThat(served.behind("bronze.orders")).isZero();
                assertThat(served.get("/sources")).contains("kafka orders");
                send(producer, 3);
                assertThat(served.behind("bronze.orders")).isEqualTo(3.0);
                served.await("/sources", "rows</td>");
            }
        }
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, int messages) {
        for (int i = 0; i < messages; i++) {
            KafkaBroker.send(
                    producer,
                    new ProducerRecord<>(
                            "orders",
                            0,
                            null,
                            ("{\"id\": " + i + "}").getBytes(StandardCharsets.UTF_8)));
        }
        producer.flush();
    }
}
