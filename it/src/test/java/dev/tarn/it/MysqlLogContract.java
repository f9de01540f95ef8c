package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.jdbc.MysqlDatabase;
import dev.tarn.model.RefName;
import dev.tarn.model.run.RunStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Changes of tables arrive in the warehouse, from the binary log of a real server. */
@ExtendWith(MysqlDatabase.Started.class)
abstract class MysqlLogContract {
    private static final String UPSERT = "user: root\nwrite: upsert";

    private final MysqlDatabase database;
    private LogWorkshop live;

    @TempDir Path folder;

    MysqlLogContract(MysqlDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void begin() {
        live = new LogWorkshop(new LiveDatabase.Mysql(database), folder);
        database.execute(
                "CREATE TABLE live.orders (id bigint PRIMARY KEY, customer varchar(40),"
                        + " amount decimal(12,2), changed timestamp(3) NULL)");
        insert(1, 1000);
    }

    @AfterEach
    void end() {
        live.close();
    }

    private void insert(int from, int to) {
        database.execute(
                ("INSERT INTO live.orders WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1"
                                + " FROM n WHERE i < %d) SELECT i, concat('customer ', i %% 7), i /"
                                + " 100, timestamp '2026-11-01 00:00:00' + INTERVAL i SECOND FROM"
                                + " n")
                        .formatted(from, to));
    }

    private void assertOrders() {
        live.assertSame("orders", "id, customer, amount");
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
    void aTableIsLoadedInRangesWhileItChanges() throws InterruptedException {
        live.sources(UPSERT + "\nflush: {rows: 300}", "orders");
        Thread writer =
                Thread.ofPlatform()
                        .start(() -> {
                            for (int i = 0; i < 40; i++) {
                                insert(2000 + i * 10, 2009 + i * 10);
                                database.execute(
                                        "UPDATE live.orders SET amount = amount + 1 WHERE id % 20"
                                                + " = "
                                                + i % 20);
                                database.execute(
                                        "UPDATE live.orders SET id = id + 5000 WHERE id < 5000 AND"
                                                + " id % 50 = "
                                                + i);
                                database.execute("DELETE FROM live.orders WHERE id % 97 = " + i);
                            }
                        });

        live.land();
        writer.join();
        live.ingest();

        assertOrders();
        assertThat(live.shop().tarn().tables(At.parse("main")))
                .extracting(t -> t.name().toString())
                .containsExactly("bronze.orders");
    }

    @Test
    void eachChangeIsAnEventOfItsOwnUnlessSomethingElseIsAsked() {
        database.execute("DELETE FROM live.orders WHERE id > 2");
        live.sources("user: root", "orders");
        live.land();
        database.execute(
                "BEGIN; INSERT INTO live.orders VALUES (3, 'c', 3, NULL); UPDATE live.orders SET"
                        + " amount = 4 WHERE id = 3; DELETE FROM live.orders WHERE id = 1; UPDATE"
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
                        "d|1|0.01|2",
                        "d|2|0.02|3",
                        "c|5|0.02|3",
                        "t|null|null|0");
        assertThat(live.rows("select count(*) from bronze.orders where _op = 'r'"))
                .containsExactly("2");
    }

    @Test
    void allVersionsOfRowsAreKeptWhereThatIsAsked() {
        database.execute("DELETE FROM live.orders WHERE id > 2");
        live.sources("user: root\nwrite: scd2", "orders");
        live.land();
        database.execute("UPDATE live.orders SET customer = 'new' WHERE id = 1");
        live.land();
        database.execute("DELETE FROM live.orders WHERE id = 2");
        live.land();

        assertThat(
                        live.rows(
                                "select id, customer, _valid_to is null from bronze.orders order by"
                                        + " id, _valid_to nulls last"))
                .containsExactly("1|customer 1|false", "1|new|true", "2|customer 2|false");
    }

    @Test
    void aTruncatedTableIsEmpty() {
        live.sources(UPSERT, "orders");
        live.land();
        database.execute("USE live; TRUNCATE /* all */ TABLE `orders`");
        insert(7, 9);
        live.land();

        assertOrders();
    }

    @Test
    void transactionsArriveWholeEvenOverSeveralTables() {
        database.execute("CREATE TABLE live.left_side (id int PRIMARY KEY, v bigint)");
        database.execute("CREATE TABLE live.right_side (id int PRIMARY KEY, v bigint)");
        for (String side : List.of("left_side", "right_side")) {
            database.execute(
                    "INSERT INTO live."
                            + side
                            + " SELECT id, 100 FROM live.orders WHERE id BETWEEN 1 AND 50");
        }
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
    void whatIsRolledBackDoesNotArrive() {
        live.sources(UPSERT, "orders");
        live.land();
        database.execute("BEGIN; DELETE FROM live.orders; ROLLBACK");
        database.execute(
                "BEGIN; UPDATE live.orders SET amount = 7 WHERE id = 1; SAVEPOINT s; DELETE FROM"
                        + " live.orders; ROLLBACK TO SAVEPOINT s; COMMIT");
        live.land();

        assertOrders();
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
    void tablesThatStandAtDifferentPlacesCatchUp() {
        database.execute("CREATE TABLE live.cities (id int PRIMARY KEY, name text)");
        live.sources(UPSERT, "orders", "cities");
        live.land();
        database.execute("INSERT INTO live.cities VALUES (1, 'Rome')");
        insert(1001, 1010);
        LogWorkshop.assertGood(live.ingest(false, List.of("source:live.orders")));
        assertOrders();
        assertThat(live.rows("select count(*) from bronze.cities")).containsExactly("0");
        database.execute("FLUSH BINARY LOGS; INSERT INTO live.cities VALUES (2, 'Oslo')");

        live.shop().reopen();
        live.land();
        live.assertSame("cities", "id, name");
        assertOrders();
    }

    @Test
    void newColumnsArriveInTheOrderOfTheLogAlsoThoseThatCameWhileNobodyRead() {
        live.sources(UPSERT, "orders");
        live.land();
        live.close();
        insert(1001, 1005);
        database.execute("ALTER TABLE live.orders ADD COLUMN note text");
        database.execute("UPDATE live.orders SET note = concat('n', id) WHERE id < 10");
        database.execute("ALTER TABLE live.orders DROP COLUMN note");
        database.execute("ALTER TABLE live.orders ADD COLUMN size int AFTER id");
        database.execute("UPDATE live.orders SET size = 7 WHERE id = 1");
        live.shop().reopen();
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
        database.execute("INSERT INTO live.orders VALUES (1006, 'x', 1, NULL, 'n')");
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
    void aTableWithoutAKeyIsAListOfEventsAndKeysOfManyKindsCutRanges() {
        database.execute("CREATE TABLE live.bare (id int, v varchar(9))");
        database.execute("INSERT INTO live.bare VALUES (1, 'a'), (1, 'a'), (2, 'b')");
        database.execute(
                "CREATE TABLE live.pairs (a varchar(20), b int, d date, v int, PRIMARY KEY (a, b,"
                        + " d))");
        database.execute(
                "INSERT INTO live.pairs SELECT concat('k', id % 13), id % 31, date '2026-01-01' +"
                        + " INTERVAL id DAY, id FROM live.orders");
        live.sources("user: root\nflush: {rows: 100}", "bare", "pairs: write: upsert");
        live.land();
        database.execute("DELETE FROM live.bare WHERE id = 1");
        database.execute("UPDATE live.pairs SET v = v + 10000 WHERE b < 10");
        live.land();

        assertThat(live.rows("select _op, id, v from bronze.bare order by _lsn, id, _op"))
                .containsExactly("r|1|a", "r|1|a", "r|2|b", "d|1|a", "d|1|a");
        live.assertSame("pairs", "v, a, b, d");
    }

    @Test
    void valuesOfTheLogBecomeWhatThoseOfTheTableDo() {
        List<String> cases = new ArrayList<>(MysqlValues.COMMON);
        cases.addAll(MysqlValues.of(database.kind()));
        StringBuilder types = new StringBuilder();
        StringBuilder values = new StringBuilder();
        for (int i = 0; i < cases.size(); i++) {
            String[] parts = cases.get(i).split("; ", -1);
            types.append(", c").append(i).append(' ').append(parts[0]).append(" NULL");
            values.append(", ").append(parts[1]);
        }
        database.execute("SET GLOBAL sql_mode = ''");
        database.execute(
                "CREATE TABLE live.kinds (id int PRIMARY KEY"
                        + types
                        + ", twice int GENERATED ALWAYS AS (id * 2) STORED"
                        + ") DEFAULT CHARACTER SET utf8mb4");
        database.execute("INSERT INTO live.kinds VALUES (1" + values + ", DEFAULT)");
        database.execute("INSERT INTO live.kinds (id) VALUES (2)");
        live.sources(UPSERT, "kinds");
        live.land();
        database.execute("INSERT INTO live.kinds VALUES (3" + values + ", DEFAULT)");
        database.execute("INSERT INTO live.kinds (id) VALUES (4)");
        live.land();

        List<String> found = new ArrayList<>();
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            List<String> rows =
                    live.rows(
                            "select c%d::varchar from bronze.kinds where id is not null order by id"
                                    .formatted(i));
            wanted.add(cases.get(i) + ": " + rows.get(0) + "/" + rows.get(1));
            found.add(cases.get(i) + ": " + rows.get(2) + "/" + rows.get(3));
        }
        assertThat(found).isEqualTo(wanted);
        assertThat(live.rows("select id, twice from bronze.kinds order by id"))
                .containsExactly("1|2", "2|4", "3|6", "4|8");
    }
}
