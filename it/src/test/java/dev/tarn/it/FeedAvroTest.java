package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.Feeds.Told;
import dev.tarn.kafka.KafkaBroker;
import dev.tarn.kafka.RegistryServer;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Topics of a real broker are told in Avro what changes, with a registry that knows the columns.
 */
final class FeedAvroTest {
    @TempDir private static Path logs;
    private static KafkaBroker broker;

    private final String topic = "a" + UUID.randomUUID();
    private final String feed = "feed-" + UUID.randomUUID();
    private RegistryServer registry;
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
    void begin() throws IOException {
        registry = RegistryServer.start();
        shop = new Workshop(folder);
        broker.createTopic(topic, 1);
    }

    @AfterEach
    void end() {
        shop.close();
        registry.close();
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
                    value_format: avro
                    schema_registry: %s
                %s
                """
                        .formatted(
                                feed,
                                broker.bootstrap(),
                                topic,
                                registry.url(),
                                settings.indent(4).stripTrailing()));
    }

    /** How many changes were told, step by step. */
    private List<Long> tell() {
        List<Told> told = new ArrayList<>();
        shop.tarn().feeds().tell(List.of(), false, told::add, new Cancellation());
        return told.stream().map(Told::changes).toList();
    }

    private TarnException refused() {
        try {
            tell();
        } catch (TarnException refused) {
            return refused;
        }
        throw new AssertionError("It was not refused.");
    }

    private int messages() {
        return Topic.read(broker, topic, 1).size();
    }

    /** Reads the topic into {@code bronze.t}. */
    private void copy(String settings) {
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
                          value_format: avro
                          key_format: avro
                          schema_registry: %s
                %s
                """
                        .formatted(
                                broker.bootstrap(),
                                topic,
                                registry.url(),
                                settings.indent(10).stripTrailing()));
        shop.reopen();
        assertThat(
                        shop.tarn()
                                .ingest(
                                        Ledger.request(false),
                                        false,
                                        RunListener.SILENT,
                                        new Cancellation())
                                .problems())
                .isEmpty();
    }

    private void assertSame(String columns) {
        List<String> told = shop.rows("select " + columns + " from s.t order by id");
        assertThat(told).isNotEmpty();
        assertThat(shop.rows("select " + columns + " from bronze.t order by id")).isEqualTo(told);
    }

    private void everyType() {
        sql(
                """
                create table s.t (id bigint, truth boolean, small integer, big bigint, f float, d double,
                  price decimal(9, 2), huge decimal(38, 10), day date, clock time, local timestamp,
                  moment timestamptz, fine timestamp_ns, who uuid, raw blob, name varchar,
                  list integer[], deep struct(a integer, b struct(c varchar, d decimal(5, 1))[]),
                  words map(varchar, decimal(5, 1)), numbers map(integer, varchar), free variant,
                  "größe in cm" integer, "1st" varchar)
                """,
                """
                insert into s.t values (1, true, -7, 9007199254740993, 1.5, 0.1, -12.30,
                  1234567890123456789012345678.0123456789, date '1969-12-31', time '23:59:59.123456',
                  timestamp '1969-07-20 20:17:40.000001', timestamptz '2026-03-01 10:00:00.123456+02',
                  timestamp_ns '2026-03-01 10:00:00.123456789', '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
                  'a\\x00b'::blob, 'ä "quoted"', [1, null, 3],
                  {a: 1, b: [{c: 'x', d: 0.5}, null, {c: null, d: null}]},
                  map {'a b': 1.5, 'c': null}, map {7: 'seven', 8: null},
                  {k: [1, 2]}::variant, 180, 'first')
                """,
                "insert into s.t (id) values (2)",
                "insert into s.t (id, list, deep, words, numbers) values (3, [], {a: null, b: []}, map {}, map {})");
    }

    private static final String SIMPLE =
            "id, truth, small, big, f, d, price, huge, day, clock, local, moment, fine, who, name, list, \"größe in cm\", \"1st\"";

    private static final String COLUMNS =
            "column_types: {fine: TIMESTAMP_NS, list: \"INTEGER[]\", deep: \"STRUCT(a INTEGER, b STRUCT(c VARCHAR, d DECIMAL(5,1))[])\", words: \"MAP(VARCHAR, DECIMAL(5,1))\", numbers: \"STRUCT(key INTEGER, value VARCHAR)[]\"}";

    @Test
    void everyTypeComesBackAsItWas() {
        everyType();
        feed("key: [id]");
        assertThat(tell()).containsExactly(3L);
        copy("key: [id]\n" + COLUMNS);

        assertSame(SIMPLE);
        assertSame("id, deep, words");
        assertThat(
                        shop.rows(
                                "select id, from_base64(raw) = 'a\\x00b'::blob, numbers[1].value, numbers[1].key, numbers[2].value, free from bronze.t where id = 1"))
                .containsExactly("1|true|seven|7|null|{\"k\":[1,2]}");
        assertThat(shop.rows("select raw, numbers, free from bronze.t where id = 2"))
                .containsExactly("null|null|null");
    }

    @Test
    void anEnvelopeComesBackAsTheTableThatItWasToldOf() {
        everyType();
        feed("key: [id]\nenvelope: debezium");
        tell();
        sql(
                "update s.t set price = 7.77, name = 'changed' where id = 1",
                "delete from s.t where id = 2",
                "insert into s.t (id, moment) values (4, timestamptz '2026-03-01 10:00:00+00')");
        assertThat(tell()).containsExactly(3L);
        copy("key: [id]\nenvelope: debezium\n" + COLUMNS);

        assertSame(SIMPLE);
        assertSame("id, deep, words");
        assertThat(registry.versions(topic + "-key")).isEqualTo(1);
        assertThat(registry.versions(topic + "-value")).isEqualTo(1);
    }

    @Test
    void columnsThatComeAndGoAreVersionsAndTheRegistryIsAskedOnce() {
        sql("create table s.t (id integer, name varchar)", "insert into s.t values (1, 'a')");
        feed("key: [id]");
        tell();
        int asked = registry.asked();
        sql(
                "alter table s.t add column more decimal(5, 2)",
                "insert into s.t values (2, 'b', 1.5)");
        tell();
        sql("alter table s.t alter column id type bigint", "insert into s.t values (3, 'c', 2.5)");
        tell();
        sql("alter table s.t drop column name", "insert into s.t values (5000000000, 3.5)");
        tell();

        assertThat(asked).isEqualTo(2);
        assertThat(registry.versions(topic + "-value")).isEqualTo(4);
        assertThat(registry.versions(topic + "-key")).isEqualTo(2);
        copy("key: [id]\ncolumn_types: {id: BIGINT}");
        assertThat(shop.rows("select id, name, more from bronze.t order by id"))
                .containsExactly("1|a|null", "2|b|1.50", "3|c|2.50", "5000000000|null|3.50");
    }

    @Test
    void aChangeThatTheRegistryRefusesStopsTheFeedAndLosesNothing() {
        sql("create table s.t (id bigint, name varchar, price varchar)");
        sql("insert into s.t values (1, 'a', '1')");
        feed("key: [id]");
        tell();
        sql("alter table s.t drop column price", "alter table s.t add column price date");
        sql("insert into s.t values (2, 'b', date '2026-01-01')");

        TarnException refused = refused();
        assertThat(refused.code()).isEqualTo(ErrorCode.DELIVERY_REFUSED);
        assertThat(refused.getMessage())
                .contains(
                        "The schema registry at %s takes the columns of s.t for no compatible version of the subject '%s-value': column 'price' was string and is date. Nothing of this step was told, and nothing is lost."
                                .formatted(registry.url(), topic));
        assertThat(messages()).isEqualTo(1);
        registry.takeAnything();
        assertThat(tell()).containsExactly(1L);
        assertThat(tell()).isEmpty();
        assertThat(messages()).isEqualTo(2);
    }

    @Test
    void aRegistryThatIsAwayIsWaitedForAndNothingIsToldTwice() {
        sql("create table s.t (id bigint)", "insert into s.t values (1)");
        feed("key: [id]\nkey_format: text");
        registry.failWith(503);
        TarnException away = refused();
        assertThat(away.code()).isEqualTo(ErrorCode.DELIVERY_FAILED);
        assertThat(away.getMessage())
                .contains(
                        "The schema registry at %s does not answer: status 503. Nothing of this step was told; run again when it is there."
                                .formatted(registry.url()));
        assertThat(messages()).isZero();
        registry.failWith(0);
        assertThat(tell()).containsExactly(1L);
        registry.close();
        sql("insert into s.t values (2)");
        assertThat(refused().code()).isEqualTo(ErrorCode.DELIVERY_FAILED);

        assertThat(Topic.read(broker, topic, 1))
                .extracting(Topic.Message::key)
                .containsExactly("1");
    }

    @Test
    void anAccountThatIsRefusedIsNamedWithoutItsSecret() throws IOException {
        sql("create table s.t (id bigint)", "insert into s.t values (1)");
        Path secret = Files.writeString(folder.resolve("secret"), "hunter2-wrong");
        registry.require("writer", "right");
        String account =
                "key: [id]\nschema_registry_user: writer\nschema_registry_password: file:" + secret;
        feed(account);

        TarnException refused = refused();
        assertThat(refused.code()).isEqualTo(ErrorCode.DELIVERY_REFUSED);
        assertThat(refused.getMessage())
                .contains(
                        "The schema registry at %s refused the account of feed '%s' (401), which has to write to the subject '%s-key'."
                                .formatted(registry.url(), feed, topic))
                .doesNotContain("hunter2");
        assertThat(messages()).isZero();
        Files.writeString(secret, "right");
        assertThat(tell()).containsExactly(1L);
    }

    @Test
    void whatAvroHasNoPlaceForIsRefused() {
        sql("create table s.t (id bigint, \"a b\" integer, \"a-b\" integer)");
        sql("insert into s.t values (1, 2, 3)");
        feed("key: [id]");
        assertThat(refused().getMessage())
                .contains(
                        "Columns 'a b' and 'a-b' of s.t would both be 'a_b' in Avro, whose names have letters, digits and underscores only. Rename one of them, or let feed '"
                                + feed
                                + "' write 'value_format: json'.");
        assertThat(messages()).isZero();
    }

    @Test
    void withoutARegistryAFeedInAvroIsRefused() {
        sql("create table s.t (id bigint)");
        registry.close();
        shop.put(
                "feeds.yml",
                """
                feeds:
                  - {name: %s, table: s.t, to: kafka, key: [id], bootstrap_servers: "%s", topic: %s, key_format: avro}
                """
                        .formatted(feed, broker.bootstrap(), topic));

        assertThat(refused().getMessage()).contains("'schema_registry' is missing, such as");
    }
}
