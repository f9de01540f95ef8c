package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.Feeds.Told;
import dev.tarn.app.NodeKind;
import dev.tarn.kafka.KafkaBroker;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics of a real broker are told what changes in tables. */
final class FeedTest {
    @TempDir private static Path logs;
    private static KafkaBroker broker;

    private final String topic = "f" + UUID.randomUUID();
    private final String feed = "feed-" + UUID.randomUUID();
    private Workshop shop;

    @TempDir Path folder;

    @BeforeAll
    static void start() throws IOException {
        broker = KafkaBroker.start(logs);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void begin() {
        shop = new Workshop(folder);
        broker.createTopic(topic, 1);
        sql("create table s.t (id bigint, name varchar, price decimal(9, 2))");
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

    private void feed(String settings) {
        shop.put(
                "feeds.yml",
                """
                feeds:
                  - name: %s
                    table: s.t
                    to: kafka
                    bootstrap_servers: %s
                    topic: %s
                %s
                """
                        .formatted(
                                feed,
                                broker.bootstrap(),
                                topic,
                                settings.indent(4).stripTrailing()));
    }

    private List<Told> tell(boolean again) {
        List<Told> told = new ArrayList<>();
        shop.tarn().feeds().tell(List.of(), again, told::add, new Cancellation());
        return told;
    }

    private RunReport ingest() {
        return shop.tarn()
                .ingest(
                        new BuildRequest(
                                "ingest",
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
    }

    private List<String> seen() {
        return Topic.read(broker, topic, 1).stream().map(Topic.Message::toString).toList();
    }

    private TarnException refused() {
        try {
            tell(false);
        } catch (TarnException refused) {
            return refused;
        }
        throw new AssertionError("It was not refused.");
    }

    @Test
    void aTableIsToldAsItIsAndThenWhatChanges() {
        sql("insert into s.t values (1, 'a \"b\"', 1.50), (2, null, 20)");
        feed("key: [id]");

        assertThat(tell(false)).extracting(Told::changes).containsExactly(2L);
        assertThat(tell(false)).isEmpty();
        sql(
                "update s.t set name = 'c' where id = 2",
                "delete from s.t where id = 1",
                "insert into s.t values (3, 'd', 0.07)",
                "create table s.other (x bigint)");
        assertThat(tell(false)).extracting(Told::changes).containsExactly(3L);
        assertThat(tell(false)).isEmpty();

        assertThat(seen())
                .containsExactly(
                        "read {\"id\":1} {\"id\":1,\"name\":\"a \\\"b\\\"\",\"price\":1.50}",
                        "read {\"id\":2} {\"id\":2,\"name\":null,\"price\":20.00}",
                        "updated {\"id\":2} {\"id\":2,\"name\":\"c\",\"price\":20.00}",
                        "deleted {\"id\":1} null",
                        "inserted {\"id\":3} {\"id\":3,\"name\":\"d\",\"price\":0.07}");
    }

    @Test
    void newColumnsAreToldWithTheRowsThatHaveThem() {
        feed("key: [id]\nkey_format: text");
        sql("insert into s.t values (1, 'a', 1)");
        assertThat(tell(false)).hasSize(1);
        sql("alter table s.t add column more varchar", "insert into s.t values (2, 'b', 2, 'x')");
        assertThat(tell(false)).hasSize(1);

        assertThat(seen())
                .containsExactly(
                        "read 1 {\"id\":1,\"name\":\"a\",\"price\":1.00}",
                        "inserted 2 {\"id\":2,\"name\":\"b\",\"price\":2.00,\"more\":\"x\"}");
    }

    @Test
    void withoutAKeyTheOldValuesAreTold() {
        feed("envelope: debezium");
        sql("insert into s.t values (1, 'a', 1)");
        assertThat(tell(false)).hasSize(1);
        sql("update s.t set name = 'b'", "delete from s.t");
        assertThat(tell(false)).hasSize(1);

        assertThat(seen().stream().map(m -> m.replaceAll(",\"source\".*?},", ",")))
                .map(m -> m.replaceAll(",\"ts_ms\":\\d+}", "}"))
                .containsExactly(
                        "read null {\"before\":null,\"after\":{\"id\":1,\"name\":\"a\",\"price\":1.00},\"op\":\"r\"}",
                        "updated null {\"before\":{\"id\":1,\"name\":\"a\",\"price\":1.00},\"after\":{\"id\":1,\"name\":\"b\",\"price\":1.00},\"op\":\"u\"}",
                        "deleted null {\"before\":{\"id\":1,\"name\":\"b\",\"price\":1.00},\"after\":null,\"op\":\"d\"}");
    }

    @Test
    void whatWasToldIsATableAgainElsewhere() {
        sql("insert into s.t select range, 'n' || range, range / 4 from range(500)");
        feed("key: [id]\nenvelope: debezium");
        tell(false);
        sql(
                "update s.t set name = 'changed' where id % 7 = 0",
                "delete from s.t where id % 5 = 0", "insert into s.t values (1000, 'new', 3)");
        tell(false);
        assertThat(seen()).hasSizeGreaterThan(500);
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: copy
                    schema: bronze
                    tables:
                      - name: t
                        ingest:
                          connector: kafka
                          bootstrap_servers: %s
                          topic: %s
                          envelope: debezium
                          key: [id]
                          column_types: {price: "DECIMAL(9,2)"}
                """
                        .formatted(broker.bootstrap(), topic));
        shop.reopen();
        assertThat(ingest().problems()).isEmpty();

        String columns = "select id, name, price from ";
        assertThat(shop.rows(columns + "bronze.t order by id", "main"))
                .hasSize(401)
                .isEqualTo(shop.rows(columns + "s.t order by id", "main"));
    }

    @Test
    void aTableIsToldAgainWhenThatIsAsked() {
        sql("insert into s.t values (1, 'a', 1)");
        feed("key: [id]\nkey_format: text");
        tell(false);
        sql("update s.t set name = 'b'");

        assertThat(tell(true)).extracting(Told::changes).containsExactly(1L);
        assertThat(tell(false)).isEmpty();
        assertThat(seen())
                .containsExactly(
                        "read 1 {\"id\":1,\"name\":\"a\",\"price\":1.00}",
                        "read 1 {\"id\":1,\"name\":\"b\",\"price\":1.00}");
    }

    @Test
    void aRowThatIsTooLargeIsRefusedAndNothingOfItsStepIsSeen() {
        sql("insert into s.t values (1, 'a', 1), (2, repeat('x', 2000000), 1)");
        feed("key: [id]");

        assertThat(refused().getMessage())
                .contains("A row of s.t is larger than a message to '" + topic + "' may be:");
        assertThat(seen()).isEmpty();
        feed(
                "key: [id]\nkey_format: text\nclient: {max.request.size: 4000000, compression.type: zstd}");
        assertThat(tell(false)).hasSize(1);
        assertThat(Topic.read(broker, topic, 1))
                .extracting(Topic.Message::key)
                .containsExactly("1", "2");
    }

    @Test
    void feedsThatCannotBeAreRefused() {
        feed("key_format: xml");
        assertThat(refused().problems())
                .extracting(p -> p.message())
                .containsExactly(
                        "'key_format: xml' is none of json, text, avro.",
                        "'key' is missing: without it nobody can be told which row is gone. Name the columns that name a row, or set 'envelope: debezium'.");
        feed("key: [nam]");
        assertThat(refused().getMessage())
                .contains(
                        "Feed '"
                                + feed
                                + "': s.t has no column 'nam', which 'key' names. Did you mean 'name'?");
        feed("key: [id]\nclient: {transactional.id: mine}");
        assertThat(refused().getMessage())
                .contains("'client.transactional.id' cannot be set: Tarn decides it.");
        feed("key: [id]\nsasl_password: secret");
        assertThat(refused().getMessage())
                .contains("'sasl_password' is a secret and must be a reference")
                .doesNotContain("secret: ");
        assertThatThrownBy(() ->
                        shop.tarn()
                                .feeds()
                                .tell(List.of("other"), false, told -> {}, new Cancellation()))
                .hasMessageContaining("There is no feed 'other'.");
    }

    @Test
    void theFeedOfAnotherWarehouseIsNotGoneOnWith() throws IOException {
        sql("insert into s.t values (1, 'a', 1)");
        feed("key: [id]");
        tell(false);
        try (Workshop other = new Workshop(folder.resolve("other"))) {
            var unused =
                    other.tarn()
                            .execute(
                                    SqlText.of("create table s.t as select 1::bigint as id"),
                                    RefName.MAIN,
                                    new Cancellation());
            other.put("feeds.yml", Files.readString(shop.root().resolve("feeds.yml")));

            assertThatThrownBy(() ->
                            other.tarn()
                                    .feeds()
                                    .tell(List.of(), false, told -> {}, new Cancellation()))
                    .isInstanceOfSatisfying(
                            TarnException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.PUBLICATION_NOT_FOUND))
                    .hasMessageContaining(
                            "another warehouse tells a feed of this name, or the history was forgotten. `tarn feed "
                                    + feed
                                    + " --again` tells the table as it is.");
        }
        assertThat(seen()).hasSize(1);
    }

    @Test
    void whoTellsLastStopsTheOthers() throws Exception {
        sql("insert into s.t values (1, 'a', 1)");
        feed("key: [id]\nkey_format: text");
        List<String> troubles = new CopyOnWriteArrayList<>();
        Cancellation cancellation = new Cancellation();
        CountDownLatch first = new CountDownLatch(1);
        Thread follower =
                new Thread(() -> {
                    try {
                        shop.tarn()
                                .feeds()
                                .follow(
                                        List.of(),
                                        told -> first.countDown(),
                                        problem -> troubles.add(problem.message()),
                                        cancellation);
                    } catch (TarnException ended) {
                        troubles.add("ended");
                    }
                });
        follower.start();
        assertThat(first.await(60, TimeUnit.SECONDS)).isTrue();
        // Another one takes the feed over, and has nothing to tell.
        tell(false);
        sql("insert into s.t values (2, 'b', 1)");
        follower.join(60_000);
        cancellation.cancel();
        follower.join();
        tell(false);

        assertThat(troubles)
                .containsExactly(
                        "Another process has begun to tell feed '%s' at %s; this one stops. Nothing was told twice."
                                .formatted(feed, broker.bootstrap()),
                        "ended");
        assertThat(Topic.read(broker, topic, 1))
                .extracting(Topic.Message::key)
                .containsExactly("1", "2");
    }
}
