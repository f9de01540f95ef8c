package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.jdbc.SourceDatabase;
import dev.tarn.model.RefName;
import dev.tarn.model.run.RunStatus;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Changes of tables of a real PostgreSQL arrive in the warehouse, from its log. */
@ExtendWith(SourceDatabase.Started.class)
final class DatabaseLogTest {
    private static final String SLOT = "tarn_log_test";
    private static final String UPSERT = "user: postgres\nwrite: upsert";

    private final SourceDatabase database;
    private LogWorkshop live;

    @TempDir Path folder;

    DatabaseLogTest(SourceDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void begin() {
        live = new LogWorkshop(database, folder, SLOT);
        database.execute(
                "CREATE TABLE live.orders (id bigint PRIMARY KEY, customer text,"
                        + " amount numeric(12,2), changed timestamptz)");
        insert(1, 1000);
    }

    @AfterEach
    void end() {
        live.close();
        live.dropSlot();
    }

    private void insert(int from, int to) {
        database.execute(
                ("INSERT INTO live.orders SELECT i, 'customer ' || i %% 7, i / 100.0,"
                                + " timestamptz '2026-11-01' + i * interval '1 second'"
                                + " FROM generate_series(%d, %d) i")
                        .formatted(from, to));
    }

    private void assertOrders() {
        live.assertSame("orders", "id, customer, amount");
    }

    private String confirmed() {
        return database.rows(
                        "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '"
                                + SLOT
                                + "'")
                .getFirst();
    }

    @Test
    void theTableFollowsItsSource() {
        live.sources(UPSERT, "orders");
        live.land();
        assertOrders();

        insert(1001, 1100);
        database.execute("UPDATE live.orders SET amount = amount + 1 WHERE id % 3 = 0");
        database.execute("DELETE FROM live.orders WHERE id % 10 = 0");
        database.execute("UPDATE live.orders SET id = id + 10000 WHERE id % 100 = 1");
        live.land();

        assertOrders();
        assertThat(live.ingest().run().status()).isEqualTo(RunStatus.UNCHANGED);
    }

    @Test
    void aTableIsLoadedInRangesWhileItChanges() {
        live.sources(UPSERT + "\nflush: {rows: 300}", "orders");
        Thread writer =
                Thread.ofPlatform()
                        .start(() -> {
                            for (int i = 0; i < 40; i++) {
                                insert(2000 + i * 10, 2009 + i * 10);
                                database.execute(
                                        "UPDATE live.orders SET amount = amount + 1,"
                                                + " id = CASE WHEN id % 50 = 0 THEN id + 5000 ELSE"
                                                + " id END WHERE id % 20 = "
                                                + i % 20);
                                database.execute("DELETE FROM live.orders WHERE id % 97 = " + i);
                            }
                        });

        live.land();
        join(writer);
        live.ingest();

        assertOrders();
        assertThat(live.shop().tarn().tables(At.parse("main")))
                .extracting(t -> t.name().toString())
                .containsExactly("bronze.orders");
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void eachChangeIsAnEventOfItsOwnUnlessSomethingElseIsAsked() {
        database.execute("DELETE FROM live.orders WHERE id > 2");
        live.sources("user: postgres", "orders");
        live.land();
        database.execute(
                "BEGIN; INSERT INTO live.orders VALUES (3, 'c', 3); UPDATE live.orders SET amount ="
                        + " 4 WHERE id = 3; DELETE FROM live.orders WHERE id = 1; UPDATE"
                        + " live.orders SET id = 5 WHERE id = 2; COMMIT");
        database.execute("TRUNCATE live.orders");
        live.land();

        assertThat(
                        live.rows(
                                "select _op, id, amount, _order from bronze.orders where _op <> 'r'"
                                        + " order by _lsn, _order, _op desc"))
                .containsExactly(
                        "c|3|3.00|0",
                        "u|3|4.00|1",
                        "d|1|null|2",
                        "d|2|null|3",
                        "c|5|0.02|3",
                        "t|null|null|0");
        assertThat(live.rows("select count(*) from bronze.orders where _op = 'r'"))
                .containsExactly("2");
    }

    @Test
    void rowsWithoutAKeyGoToQuarantineAndComeWhenTheyHaveOne() {
        database.execute("CREATE TABLE live.notes (id bigint UNIQUE, note text)");
        database.execute("ALTER TABLE live.notes REPLICA IDENTITY FULL");
        database.execute(
                "INSERT INTO live.notes VALUES (1, 'one'), (NULL, 'two'), (NULL, 'three')");
        live.sources(UPSERT, "notes: key: id");
        live.land();
        String landed = "select id, note from bronze.notes order by id";
        assertThat(live.rows(landed)).containsExactly("1|one");

        database.execute("INSERT INTO live.notes VALUES (NULL, 'four'), (5, 'five')");
        database.execute("UPDATE live.notes SET note = 'two!' WHERE note = 'two'");
        database.execute("UPDATE live.notes SET id = 3 WHERE note = 'three'");
        database.execute("UPDATE live.notes SET id = NULL WHERE id = 1");
        database.execute("DELETE FROM live.notes WHERE note = 'four'");
        live.land();

        assertThat(live.rows(landed)).containsExactly("3|three", "5|five");
        assertThat(
                        live.rows(
                                "select _reason, _raw ->> '$.note' from bronze.notes__quarantine order by all"))
                .containsExactly(
                        "is not as expected: 'id', which names the row, is not null|four",
                        "is not as expected: 'id', which names the row, is not null|one",
                        "is not as expected: 'id', which names the row, is not null|three",
                        "is not as expected: 'id', which names the row, is not null|two",
                        "is not as expected: 'id', which names the row, is not null|two!");
    }

    @Test
    void allVersionsOfRowsAreKeptWhereThatIsAsked() {
        database.execute("DELETE FROM live.orders WHERE id > 2");
        live.sources("user: postgres\nwrite: scd2", "orders");
        live.land();
        database.execute("UPDATE live.orders SET customer = 'new' WHERE id = 1");
        live.land();
        database.execute("DELETE FROM live.orders WHERE id = 2");
        live.land();

        assertThat(
                        live.rows(
                                "select id, customer, _valid_to is null from bronze.orders order by"
                                        + " id, _valid_from"))
                .containsExactly("1|customer 1|false", "1|new|true", "2|customer 2|false");
    }

    @Test
    void aTruncatedTableIsEmpty() {
        live.sources(UPSERT, "orders");
        live.land();
        database.execute("TRUNCATE live.orders");
        insert(7, 9);
        live.land();

        assertOrders();
    }

    @Test
    void largeValuesThatStayAreNotTouched() {
        database.execute("ALTER TABLE live.orders ADD COLUMN note text");
        database.execute(
                "UPDATE live.orders SET note = (SELECT string_agg(md5(id || '-' || i), '') FROM"
                        + " generate_series(1, 400) i) WHERE id <= 20");
        live.sources(UPSERT, "orders");
        live.land();

        database.execute("UPDATE live.orders SET amount = 99 WHERE id <= 10");
        database.execute("UPDATE live.orders SET id = 30000 + id WHERE id BETWEEN 11 AND 15");
        database.execute(
                "BEGIN; UPDATE live.orders SET note = note || '!' WHERE id = 16;"
                        + " UPDATE live.orders SET amount = 5 WHERE id = 16; COMMIT");
        live.land();

        live.assertSame("orders", "id, amount, md5(note)");
    }

    @Test
    void transactionsArriveWholeEvenOverSeveralTables() {
        database.execute("CREATE TABLE live.left_side (id int PRIMARY KEY, v bigint)");
        database.execute("CREATE TABLE live.right_side (id int PRIMARY KEY, v bigint)");
        database.execute("INSERT INTO live.left_side SELECT i, 100 FROM generate_series(1, 50) i");
        database.execute("INSERT INTO live.right_side SELECT i, 100 FROM generate_series(1, 50) i");
        live.sources(UPSERT + "\nflush: {rows: 37}", "left_side", "right_side");
        live.land();
        for (int i = 1; i <= 200; i++) {
            database.execute(
                    ("BEGIN; UPDATE live.left_side SET v = v - %1$d WHERE id = %2$d; UPDATE"
                                    + " live.right_side SET v = v + %1$d WHERE id = %2$d; COMMIT")
                            .formatted(i, 1 + i % 50));
        }
        live.land();

        live.assertSame("left_side", "id, v");
        live.assertSame("right_side", "id, v");
        List<String> states =
                live.shop().tarn().publications(RefName.MAIN, 100).stream()
                        .map(p -> "main@" + p.id().value())
                        .toList();
        assertThat(states).hasSizeGreaterThan(5);
        for (String state : states.subList(0, 5)) {
            assertThat(
                            live.shop()
                                    .rows(
                                            "select (select sum(v) from bronze.left_side) + (select"
                                                    + " sum(v) from bronze.right_side)",
                                            state))
                    .as(state)
                    .containsExactly("10000");
        }
    }

    @Test
    void aTableThatComesLaterDoesNotTouchTheOthers() {
        live.sources(UPSERT, "orders");
        live.land();
        insert(1001, 1010);
        database.execute("CREATE TABLE live.cities (id int PRIMARY KEY, name text)");
        database.execute("INSERT INTO live.cities VALUES (1, 'Rome'), (2, 'Oslo')");
        live.sources(UPSERT, "orders", "cities");
        live.land();
        database.execute("UPDATE live.cities SET name = 'Bergen' WHERE id = 2");
        insert(1011, 1020);
        live.land();

        assertOrders();
        live.assertSame("cities", "id, name");
    }

    @Test
    void onlyWhatEverySourceHasLandedIsGivenUpAtTheServer() {
        database.execute("CREATE TABLE live.cities (id int PRIMARY KEY, name text)");
        live.sources(UPSERT, "orders", "cities");
        live.land();
        database.execute("INSERT INTO live.cities VALUES (1, 'Rome')");
        insert(1001, 1010);
        String before = confirmed();

        LogWorkshop.assertGood(live.ingest(false, List.of("source:live.orders")));
        assertOrders();
        assertThat(confirmed()).isEqualTo(before);

        live.land();
        live.assertSame("cities", "id, name");
    }

    @Test
    void newColumnsArriveInTheOrderOfTheLog() {
        live.sources(UPSERT, "orders");
        live.land();
        insert(1001, 1005);
        database.execute("ALTER TABLE live.orders ADD COLUMN note text");
        database.execute("UPDATE live.orders SET note = 'n' || id WHERE id < 10");
        database.execute("ALTER TABLE live.orders DROP COLUMN note");
        database.execute("ALTER TABLE live.orders ADD COLUMN size int");
        database.execute("UPDATE live.orders SET size = 7 WHERE id = 1");
        live.land();

        live.assertSame("orders", "id, size");
        assertThat(live.rows("select count(note) from bronze.orders")).containsExactly("8");
    }

    @Test
    void aSourceThatHoldsLandsWhatCameBeforeTheChange() {
        live.sources(UPSERT + "\nschema_policy: hold", "orders");
        live.land();
        insert(1001, 1005);
        database.execute("ALTER TABLE live.orders ADD COLUMN note text");
        insert(1006, 1010);
        assertThat(live.problem().code().name()).isEqualTo("SOURCE_HELD");

        assertThat(live.rows("select max(id) from bronze.orders")).containsExactly("1005");
        live.sources(UPSERT, "orders");
        live.land();
        live.assertSame("orders", "id, note");
    }

    @Test
    void aTableIsReadAgainWithoutTheOthers() {
        database.execute("CREATE TABLE live.cities (id int PRIMARY KEY, name text)");
        database.execute("INSERT INTO live.cities VALUES (1, 'Rome')");
        live.sources(UPSERT, "orders", "cities");
        live.land();
        database.execute("UPDATE live.orders SET amount = 1 WHERE id = 5");
        database.execute("UPDATE live.cities SET name = 'Roma'");

        LogWorkshop.assertGood(live.ingest(true, List.of("source:live.orders")));
        assertOrders();
        assertThat(live.rows("select name from bronze.cities")).containsExactly("Rome");
        live.land();
        live.assertSame("cities", "id, name");
    }

    @Test
    void valuesOfTheLogBecomeWhatThoseOfTheTableDo() {
        database.execute("CREATE TYPE live.mood AS ENUM ('glad', 'sad')");
        database.execute("CREATE DOMAIN live.cents AS numeric(9,2)");
        database.execute("CREATE TYPE live.pair AS (a int, b text)");
        List<String> columns =
                List.of(
                        "boolean; true",
                        "smallint; -32768",
                        "bigint; -9223372036854775808",
                        "oid; 4294967295",
                        "real; 1.5",
                        "real; 'NaN'",
                        "double precision; '-Infinity'",
                        "double precision; 0.1",
                        "numeric(12,2); -1234567890.12",
                        "numeric; 1.000000000000000000000000000000000000000001",
                        "numeric; 'NaN'",
                        "text; E'größe 🦆 \\n\\t\\\\'",
                        "text; ''",
                        "char(5); 'abc'",
                        "bytea; '\\x00ff'",
                        "date; '2026-11-21'",
                        "date; '0044-03-15 BC'",
                        "time; '23:59:59.999999'",
                        "time; '12:30'",
                        "timestamp; '2026-11-21 10:00:00.5'",
                        "timestamptz; '2026-11-21 10:00:00.123456+05:30'",
                        "timestamptz; '1850-01-01 00:00:00+00'",
                        "uuid; '00000000-0000-0001-0000-000000000002'",
                        "json; '{\"a\": 1}'",
                        "jsonb; '{\"b\": [1, 2]}'",
                        "int[]; '{1,NULL,3}'",
                        "text[]; '{\"a,b\",\"NULL\",NULL,\"q\\\"\\\\\"}'",
                        "boolean[]; '{t,f}'",
                        "double precision[]; '{1.5,NaN,Infinity}'",
                        "date[]; '{2026-11-21}'",
                        "timestamptz[]; '{2026-11-21 10:00:00+02}'",
                        "timestamp[]; '{2026-11-21 10:00:00.5}'",
                        "uuid[]; '{00000000-0000-0001-0000-000000000002}'",
                        "int[]; '{}'",
                        "int[]; '[0:1]={7,8}'",
                        "numeric[]; '{1.5,2}'",
                        "live.mood; 'sad'",
                        "live.cents; 12.50",
                        "live.pair; '(1,\"x y\")'",
                        "interval; '1 year 2 days 03:04:05'",
                        "timetz; '10:00:00+02'",
                        "bit(3); '101'",
                        "money; '12.34'",
                        "int4range; '[1,5)'",
                        "inet; '10.0.0.1'",
                        "inet; '::1'",
                        "cidr; '10.0.0.0/8'",
                        "point; '(1,2)'",
                        "xml; '<a/>'");
        StringBuilder types = new StringBuilder();
        StringBuilder values = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            String[] parts = columns.get(i).split("; ", 2);
            types.append(", c").append(i).append(' ').append(parts[0]);
            values.append(", (").append(parts[1]).append(")::").append(parts[0]);
        }
        database.execute("CREATE TABLE live.kinds (id int PRIMARY KEY" + types + ")");
        database.execute("INSERT INTO live.kinds SELECT 1" + values);
        live.sources(UPSERT, "kinds");
        live.land();
        database.execute("INSERT INTO live.kinds SELECT 2" + values);
        live.land();

        for (int i = 0; i < columns.size(); i++) {
            List<String> both =
                    live.rows("select c%d::varchar from bronze.kinds order by id".formatted(i));
            assertThat(both.getLast()).as(columns.get(i)).isEqualTo(both.getFirst());
        }
    }
}
