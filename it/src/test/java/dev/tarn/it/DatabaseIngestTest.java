package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.jdbc.SourceDatabase;
import dev.tarn.model.RefName;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tables of a real PostgreSQL become tables of the warehouse. */
@ExtendWith(SourceDatabase.Started.class)
final class DatabaseIngestTest {
    private final SourceDatabase database;
    private Workshop shop;

    @TempDir Path folder;

    DatabaseIngestTest(SourceDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void begin() {
        shop = new Workshop(folder);
        database.execute("DROP SCHEMA IF EXISTS shop CASCADE");
        database.execute("CREATE SCHEMA shop");
        database.execute(
                "CREATE TABLE shop.orders (id bigint PRIMARY KEY, customer text,"
                        + " amount numeric(12,2), changed timestamptz)");
        insert(1, 1000);
    }

    @AfterEach
    void end() {
        shop.tarn().close();
    }

    private void insert(int from, int to) {
        database.execute(
                ("INSERT INTO shop.orders SELECT i, 'customer ' || i %% 7, i / 100.0,"
                                + " timestamptz '2026-11-01' + i * interval '1 second'"
                                + " FROM generate_series(%d, %d) i")
                        .formatted(from, to));
    }

    private void source(String settings) {
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: shop
                    schema: bronze
                    ingest:
                      connector: postgres
                      url: %s
                      user: postgres
                    tables:
                      - name: orders
                        ingest:
                %s
                """
                        .formatted(
                                database.url(),
                                (settings.contains("table:")
                                                ? settings
                                                : "table: shop.orders\n" + settings)
                                        .indent(10)
                                        .stripTrailing()));
        shop.reopen();
    }

    private RunReport ingest() {
        return ingest(false);
    }

    private RunReport ingest(boolean full) {
        return shop.tarn()
                .ingest(
                        new BuildRequest(
                                "ingest",
                                EnumSet.of(NodeKind.SOURCE),
                                List.of(),
                                List.of(),
                                RefName.MAIN,
                                full,
                                false,
                                Optional.empty()),
                        false,
                        RunListener.SILENT,
                        new Cancellation());
    }

    private static void assertGood(RunReport report) {
        assertThat(report.problems()).isEmpty();
        assertThat(report.run().status()).isEqualTo(RunStatus.PUBLISHED);
    }

    private String counts() {
        return shop.rows(
                        "select count(*), count(distinct id), sum(amount) from bronze.orders",
                        "main")
                .getFirst();
    }

    private String truth() {
        return database.rows("SELECT count(*), count(DISTINCT id), sum(amount) FROM shop.orders")
                .getFirst();
    }

    @Test
    void aTableIsLoadedInRangesOfItsKeyAndShownWhenItIsWhole() {
        source("flush: {rows: 300}");

        assertGood(ingest());

        assertThat(counts()).isEqualTo(truth());
        assertThat(
                        shop.rows(
                                "select min(id), max(id), min(changed)::varchar from bronze.orders",
                                "main"))
                .containsExactly("1|1000|2026-11-01 00:00:01+00");
        assertThat(shop.tarn().publications(RefName.MAIN, 20).size()).isEqualTo(4);
    }

    @Test
    void whatIsNewBehindTheCursorIsAdded() {
        source("cursor: changed");
        assertGood(ingest());
        assertThat(ingest().run().status()).isEqualTo(RunStatus.UNCHANGED);
        insert(1001, 1500);

        assertGood(ingest());

        assertThat(counts()).isEqualTo(truth());
    }

    @Test
    void aBuildLandsAndBuildsInOneRun() {
        source("cursor: changed\nflush: {rows: 100}");
        shop.put("models/total.sql", "select count(*) as n from {{ source('shop', 'orders') }}");

        assertGood(shop.build());

        assertThat(shop.rows("select n from main.total", "main")).containsExactly("1000");
    }

    private List<String> orders() {
        return shop.rows(
                "select id, customer, amount from bronze.orders order by id, amount, customer",
                "main");
    }

    private void few() {
        database.execute("DELETE FROM shop.orders WHERE id > 2");
    }

    private void change(int id, String amount, int seconds) {
        database.execute(
                ("UPDATE shop.orders SET amount = %s, changed = timestamptz '2026-11-02' +"
                                + " interval '%d second' WHERE id = %d")
                        .formatted(amount, seconds, id));
    }

    @Test
    void rowsThatChangedTakeThePlaceOfTheOldOnes() {
        few();
        source("cursor: changed\nkey: id");
        assertGood(ingest());
        change(2, "77", 5);
        insert(3, 3);

        assertGood(ingest());

        assertThat(orders())
                .containsExactly("1|customer 1|0.01", "2|customer 2|77.00", "3|customer 3|0.03");
    }

    /** They would take each other's place. */
    @Test
    void rowsWithoutAKeyGoToQuarantine() {
        few();
        database.execute("CREATE TABLE shop.notes (id bigint, shop text, note text)");
        database.execute(
                "INSERT INTO shop.notes VALUES (1, 'a', 'one'), (NULL, NULL, 'two'),"
                        + " (NULL, NULL, 'three'), (NULL, 'a', 'four'), (2, NULL, 'five')");
        source("table: shop.notes\nkey: [id, shop]");

        assertGood(ingest());

        assertThat(shop.rows("select id, shop, note from bronze.orders order by note", "main"))
                .containsExactly("2|null|five", "null|a|four", "1|a|one");
        assertThat(
                        shop.rows(
                                "select _reason, _raw from bronze.orders__quarantine order by _raw",
                                "main"))
                .containsExactly(
                        "is not as expected: 'id' or 'shop', which names the row, is not null|{\"id\":null,\"shop\":null,\"note\":\"three\"}",
                        "is not as expected: 'id' or 'shop', which names the row, is not null|{\"id\":null,\"shop\":null,\"note\":\"two\"}");
    }

    @Test
    void aLagFindsRowsThatCameLate() {
        few();
        source("cursor: changed\nkey: id\nlag: 10 minutes");
        assertGood(ingest());
        change(1, "5", 600);
        assertGood(ingest());
        change(2, "6", 300);

        assertGood(ingest());

        assertThat(orders()).containsExactly("1|customer 1|5.00", "2|customer 2|6.00");
        assertThat(ingest().run().status()).isEqualTo(RunStatus.UNCHANGED);
    }

    @Test
    void aHistoryKeepsAllVersions() {
        few();
        source("cursor: changed\nkey: id\nwrite: scd2");
        assertGood(ingest());
        change(2, "77", 5);
        assertGood(ingest());
        change(2, "78", 6);
        insert(2001, 2001);
        database.execute("UPDATE shop.orders SET changed = '2026-12-01' WHERE id = 2001");

        assertGood(ingest());

        assertThat(
                        shop.rows(
                                "select id, amount, _valid_from::varchar, _valid_to::varchar from"
                                        + " bronze.orders order by id, _valid_from",
                                "main"))
                .containsExactly(
                        "1|0.01|2026-11-01 00:00:01+00|null",
                        "2|0.02|2026-11-01 00:00:02+00|2026-11-02 00:00:05+00",
                        "2|77.00|2026-11-02 00:00:05+00|2026-11-02 00:00:06+00",
                        "2|78.00|2026-11-02 00:00:06+00|null",
                        "2001|20.01|2026-12-01 00:00:00+00|null");
    }

    @Test
    void allRowsOfAKeyAreReplacedTogether() {
        few();
        database.execute("ALTER TABLE shop.orders ADD COLUMN line int DEFAULT 1");
        source("cursor: changed\nkey: customer\nwrite: delete+insert");
        assertGood(ingest());
        database.execute("UPDATE shop.orders SET customer = 'customer 1', changed = '2026-11-05'");

        assertGood(ingest());

        assertThat(orders())
                .containsExactly("1|customer 1|0.01", "2|customer 1|0.02", "2|customer 2|0.02");
    }

    @Test
    void newAndWiderColumnsOfTheSourceBecomeTheTables() {
        few();
        source("cursor: changed");
        assertGood(ingest());
        database.execute("ALTER TABLE shop.orders ALTER COLUMN amount TYPE numeric(20,4)");
        database.execute("ALTER TABLE shop.orders ADD COLUMN note text");
        database.execute("ALTER TABLE shop.orders DROP COLUMN customer");
        database.execute(
                "INSERT INTO shop.orders VALUES (3, 1.25, '2026-11-05', 'here'),"
                        + " (4, 1.2345, '2026-11-05', 'there')");

        RunReport report = ingest();

        assertThat(report.problems()).isEmpty();
        assertThat(
                        shop.rows(
                                "select id, customer, amount, note from bronze.orders order by id",
                                "main"))
                .containsExactly(
                        "1|customer 1|0.01|null", "2|customer 2|0.02|null", "3|null|1.25|here");
        assertThat(shop.rows("select _column, _reason from bronze.orders__quarantine", "main"))
                .containsExactly("amount|'1.2345' is no DECIMAL(12,2)");
    }

    @Test
    void aSourceThatHoldsStopsAtANewColumn() {
        few();
        source("cursor: changed\nschema_policy: hold");
        assertGood(ingest());
        database.execute("ALTER TABLE shop.orders ADD COLUMN note text");
        database.execute("INSERT INTO shop.orders VALUES (3, 'x', 1, '2026-11-05', 'here')");

        assertThat(ingest().problems().getFirst().toString())
                .contains(
                        "What came for bronze.orders does not have the table's columns: 'note' is new")
                .endsWith("[SOURCE_HELD]");
        assertThat(orders()).hasSize(2);
    }

    @Test
    void rowsWithAColumnThatTheTableDoesNotHaveCanGoToQuarantine() {
        few();
        source("cursor: changed\nschema_policy: quarantine");
        assertGood(ingest());
        database.execute("ALTER TABLE shop.orders ADD COLUMN note text");
        database.execute("INSERT INTO shop.orders VALUES (3, 'x', 1, '2026-11-05', 'here')");
        database.execute("INSERT INTO shop.orders VALUES (4, 'y', 1, '2026-11-05', NULL)");

        assertGood(ingest());

        assertThat(orders()).hasSize(3).contains("4|y|1.00");
        assertThat(shop.rows("select _column, _reason from bronze.orders__quarantine", "main"))
                .containsExactly("note|the table has no column 'note'");
    }

    @Test
    void aSnapshotReplacesWhatWasThereAndAQueryIsOne() {
        few();
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: shop
                    schema: bronze
                    tables:
                      - name: totals
                        ingest:
                          connector: postgres
                          url: %s
                          user: postgres
                          query: select count(*) as n, sum(amount) as total from shop.orders
                """
                        .formatted(database.url()));
        shop.reopen();
        assertGood(ingest());
        insert(3, 10);
        shop.reopen();

        assertGood(ingest());

        assertThat(shop.rows("select n, total from bronze.totals", "main"))
                .containsExactly("10|0.55");
    }

    @Test
    void aTableOfSqliteIsReadAsADatabase() throws Exception {
        try (java.sql.Connection sqlite =
                        java.sql.DriverManager.getConnection(
                                "jdbc:sqlite:" + folder.resolve("app.db"));
                java.sql.Statement statement = sqlite.createStatement()) {
            statement.execute(
                    "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, score REAL, ok BOOLEAN,"
                            + " photo BLOB)");
            statement.execute(
                    "INSERT INTO users VALUES (1, 'ann', 1.5, 1, x'00ff'), (2, NULL, NULL, NULL,"
                            + " NULL), (3, 'bob', 'many', 0, NULL)");
            shop.put(
                    "models/sources.yml",
                    """
                    version: 2
                    sources:
                      - name: app
                        schema: bronze
                        tables:
                          - name: users
                            ingest: {connector: sqlite, url: app.db, table: users, cursor: id}
                    """);
            shop.reopen();
            assertGood(ingest());
            statement.execute("INSERT INTO users VALUES (4, 'eve', 2, 1, NULL)");
            shop.reopen();

            assertGood(ingest());
        }

        assertThat(
                        shop.rows(
                                "select id, name, score, ok, photo::varchar from bronze.users order"
                                        + " by id",
                                "main"))
                .containsExactly(
                        "1|ann|1.5|true|\\x00\\xFF",
                        "2|null|null|null|null",
                        "4|eve|2.0|true|null");
        assertThat(shop.rows("select _reason from bronze.users__quarantine", "main"))
                .containsExactly("'score': 'many' is no number");
    }
}
