package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.app.Executed;
import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.iceberg.IcebergConfig;
import dev.tarn.iceberg.IcebergTables;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.table.TablePointer;
import dev.tarn.run.Cancellation;
import dev.tarn.run.StatementOutcome.Counts;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation;
import dev.tarn.spi.Tables;
import dev.tarn.storage.LocalStorage;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements that change rows: on real tables, as one run each. */
final class RowChangesTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private Executed sql(String sql) {
        return shop.tarn().execute(SqlText.ofFile(sql, "sql"), RefName.MAIN, new Cancellation());
    }

    private Counts counts(String sql) {
        return sql(sql).outcomes().getLast().counts();
    }

    private String refusal(String sql) {
        TarnException refused =
                Assertions.catchThrowableOfType(TarnException.class, () -> sql(sql));
        return Workshop.told(refused.problems());
    }

    private void orders(String layout) {
        sql(
                """
                create table s.orders (id bigint not null, customer varchar, amount decimal(10,2),
                    day date) %s;
                insert into s.orders select i, 'c' || i %% 3, i * 1.5, date '2026-01-01' + (i %% 4)::int
                    from range(1, 13) t(i)
                """
                        .formatted(layout));
    }

    @Test
    void severalStatementsAreOneRunAndOnePublication() {
        Executed done =
                sql(
                        """
                        create table s.t (id integer, word text);
                        insert into s.t values (1, 'a;b'), (2, 'it''s'); -- two
                        update s.t set word = 'x' where id = 2;
                        """);
        assertThat(done.run().status()).isEqualTo(RunStatus.PUBLISHED);
        assertThat(done.outcomes()).extracting(o -> o.rows()).containsExactly(0L, 2L, 1L);
        assertThat(shop.tarn().publications(RefName.MAIN, 10)).hasSize(1);
        assertThat(shop.rows("select * from s.t order by id")).containsExactly("1|a;b", "2|x");
        assertThat(shop.tarn().runs(10).getFirst().command())
                .startsWith("sql: create table s.t (id integer, word text);");
    }

    @Test
    void aFailureInTheLastStatementLeavesNothingOfTheFirst() {
        orders("");
        assertThat(refusal("delete from s.orders; insert into s.orders (id) values ('x')"))
                .isEqualTo(
                        "sql:1:23: Column 'id' of s.orders is BIGINT and cannot hold 'x'. Convert or"
                                + " leave out such rows, with try_cast for example. [DATA_INVALID]");
        assertThat(shop.rows("select count(*) from s.orders")).containsExactly("12");
        assertThat(shop.tarn().runs(10).getFirst().status()).isEqualTo(RunStatus.FAILED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "with ('write.mode' = 'copy-on-write')",
                "partition by (day)",
                "partition by (bucket(4, id)) order by (id)",
                "with ('format-version' = '2')"
            })
    void rowsAreDeletedUpdatedAndMergedInEveryLayout(String layout) {
        orders(layout);
        assertThat(counts("delete from s.orders where id % 4 = 0")).isEqualTo(new Counts(0, 0, 3));
        assertThat(
                        counts(
                                "update s.orders o set amount = o.amount * 2, customer = null where id < 3"))
                .isEqualTo(new Counts(0, 2, 0));
        assertThat(
                        counts(
                                """
                                merge into s.orders as t
                                using (select * from (values (1, 'one'), (5, 'five'), (4, 'four'), (99, 'new')) v(id, name)) s
                                on t.id = s.id
                                when matched and s.name = 'five' then delete
                                when matched then update set customer = s.name, amount = t.amount + 1
                                when not matched and s.id > 50 then insert (id, customer) values (s.id, upper(s.name))
                                when not matched then insert (id, customer, amount) values (s.id, s.name, 4)
                                when not matched by source and t.id > 9 then update set customer = 'late'
                                """))
                .isEqualTo(new Counts(2, 3, 1));
        assertThat(shop.rows("select id, customer, amount from s.orders order by id"))
                .containsExactly(
                        "1|one|4.00",
                        "2|null|6.00",
                        "3|c0|4.50",
                        "4|four|4.00",
                        "6|c0|9.00",
                        "7|c1|10.50",
                        "9|c0|13.50",
                        "10|late|15.00",
                        "11|late|16.50",
                        "99|NEW|null");
    }

    @Test
    void aColumnOfARowWithoutAPartnerIsThatOfTheSideThatIsThere() {
        sql(
                "create table s.t as select unnest([1, 2, 3]) as id, 'old' as word, date '2026-01-01' as day");
        assertThat(
                        counts(
                                """
                                merge into s.t as d
                                using (select unnest([3, 4, 5]) as id, 'new' as word, date '2026-02-02' as day) as s
                                on s.id = d.id
                                when not matched and id > 4 then insert (id, word, day)
                                    values (id, upper(word) || cast(extract(day from s.day) as varchar), day + interval 1 day)
                                when not matched then insert (id, word, day) values (id, "word", date '2026-03-03')
                                when not matched by source and id = 1 then update set word = word || id
                                """))
                .isEqualTo(new Counts(2, 1, 0));
        assertThat(shop.rows("select * from s.t order by id"))
                .containsExactly(
                        "1|old1|2026-01-01",
                        "2|old|2026-01-01",
                        "3|old|2026-01-01",
                        "4|new|2026-03-03",
                        "5|NEW2|2026-02-03");
        assertThat(
                        refusal(
                                "merge into s.t d using (select 1 as id, 'x' as word) s on d.id = s.id"
                                        + " when matched then update set word = word"))
                .isEqualTo(
                        "sql:1:107: Column 'word' is in more than one table. Write d.word or"
                                + " s.word. [SQL_INVALID]");
        assertThat(
                        refusal(
                                "merge into s.t d using (select 9 as id, 'x' as word) s on d.id = s.id"
                                        + " when not matched then insert (id, word) values (id, lowr(word))"))
                .isEqualTo(
                        "sql:1:123: Function 'lowr' is not allowed in queries. Query tables with"
                                + " plain functions. [SQL_REFUSED]");
    }

    @Test
    void otherTablesDecideWhatIsDeletedAndUpdated() {
        orders("");
        sql("create table s.marks as select 3 as id, 'third' as name union all select 4, 'fourth'");
        assertThat(
                        counts(
                                "with m as (select * from s.marks) delete from s.orders as o using m where o.id = m.id and m.name = 'fourth'"))
                .isEqualTo(new Counts(0, 0, 1));
        assertThat(
                        counts(
                                "update s.orders set customer = marks.name from s.marks where s.orders.id = s.marks.id"))
                .isEqualTo(new Counts(0, 1, 0));
        assertThat(
                        counts(
                                "delete from orders where id in (select max(id) from s.orders) or exists (select 1 from s.marks m where m.id + 7 = orders.id)"))
                .isEqualTo(new Counts(0, 0, 3));
        assertThat(
                        shop.rows(
                                "select id, customer from s.orders where id < 5 or id > 8 order by id"))
                .containsExactly("1|c1", "2|c2", "3|third", "9|c0");
    }

    @Test
    void aMergeWhoseSourceMatchesARowTwiceNamesTheRow() {
        orders("");
        assertThat(
                        refusal(
                                """
                                merge into s.orders t using (select unnest([7, 7, 8]) as id) s on t.id = s.id
                                when matched then update set customer = 'x'\
                                """))
                .isEqualTo(
                        "sql:1:1: 2 rows want to change the same row of s.orders: {'id': 7,"
                                + " 'customer': c1, 'amount': 10.50, 'day': 2026-01-04}. Let each row"
                                + " match at most once, with a GROUP BY or QUALIFY row_number() in the"
                                + " source for example. [MERGE_AMBIGUOUS]");
        assertThat(
                        counts(
                                """
                                merge into s.orders t using (select unnest([7, 7, 8]) as id) s on t.id = s.id
                                when matched then delete\
                                """))
                .isEqualTo(new Counts(0, 0, 2));
    }

    @Test
    void starsFollowTheNamesOfColumns() {
        sql(
                """
                create table s.t (id integer not null, a text default 'none', b integer);
                insert into s.t values (1, 'one', 10), (2, default, 20);
                insert into s.t (b, id) values (30, 3);
                insert into s.t by name select 4 as id, 40 as b\
                """);
        assertThat(
                        counts(
                                """
                                merge into s.t using (select 2 as id, 'two' as a union all select 9, 'nine') s using (id)
                                when matched then update set * when not matched then insert *\
                                """))
                .isEqualTo(new Counts(1, 1, 0));
        assertThat(shop.rows("select * from s.t order by id"))
                .containsExactly("1|one|10", "2|two|20", "3|none|30", "4|none|40", "9|nine|null");
        assertThat(
                        refusal(
                                "merge into s.t using (select 2 as id, 1 as zip) s using (id) when matched then update"))
                .isEqualTo(
                        "sql:1:62: s.t has no column 'zip'. It has: id, a, b. Name the columns to fill,"
                                + " or add it with ALTER TABLE. [COLUMN_NOT_FOUND]");
    }

    @Test
    void updatedRowsKeepTheirIds() {
        orders("");
        sql("update s.orders set customer = 'x' where id in (3, 7)");
        sql("alter table s.orders set ('write.mode' = 'copy-on-write')");
        sql("update s.orders set customer = 'y' where id in (7, 8)");
        // What Iceberg's row lineage says, as the file's columns or by the file's first row id.
        assertThat(rowIds(new TableName("s", "orders")).toString())
                .isEqualTo("{1=0, 2=1, 3=2, 4=3, 5=4, 6=5, 7=6, 8=7, 9=8, 10=9, 11=10, 12=11}");
    }

    /** Row ids by the first column, read without the program. */
    private Map<Object, Object> rowIds(TableName name) {
        TablePointer pointer = shop.tarn().table(name, At.MAIN).state().orElseThrow().pointer();
        Tables tables =
                IcebergTables.open(
                        new IcebergConfig(
                                folder.toString(),
                                new LocalStorage(Clock.systemUTC()),
                                folder.resolve("staging"),
                                Clock.systemUTC()));
        Map<Object, Object> ids = new TreeMap<>();
        try (Engine engine = DuckDbEngine.open(DuckDbConfig.defaults(folder.resolve("spill")));
                EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            session.define(
                    name,
                    new Relation.Table(
                            tables.state(pointer).definition().schema(),
                            p -> tables.scan(pointer, Optional.empty(), p),
                            new Relation.Places.Told()));
            try (QueryResult rows =
                    session.query(
                            SqlText.of(
                                    "select id, %s from %s"
                                            .formatted(Relation.Places.ROW_ID, name)))) {
                while (rows.next()) {
                    ids.put(
                            Objects.requireNonNull(rows.value(0)),
                            Objects.requireNonNull(rows.value(1)));
                }
            }
        }
        return ids;
    }

    @Test
    void valuesThatAColumnRefusesAreShown() {
        orders("");
        assertThat(refusal("update s.orders set id = null where id > 10"))
                .isEqualTo(
                        "sql:1:1: Column 'id' of s.orders refuses nulls, and 2 rows have none: {'id':"
                                + " NULL, 'customer': c2, 'amount': 16.50, 'day': 2026-01-04}. Give it"
                                + " a value, or allow them: ALTER TABLE s.orders ALTER COLUMN id DROP"
                                + " NOT NULL. [DATA_INVALID]");
        assertThat(refusal("insert into s.orders select null, 'x', 1, null"))
                .contains(
                        "Column 'id' of s.orders refuses nulls, and a row has none: {'id': NULL,");
        assertThat(refusal("insert into s.orders (customer) values ('x')"))
                .isEqualTo(
                        "sql:1:1: s.orders needs a value for 'id', which refuses nulls and has no"
                                + " default. [DATA_INVALID]");
        assertThat(refusal("update s.orders set amount = customer"))
                .isEqualTo(
                        "sql:1:1: Column 'amount' of s.orders is DECIMAL(10,2) and cannot hold 'c1'."
                                + " Convert or leave out such rows, with try_cast for example."
                                + " [DATA_INVALID]");
        assertThat(
                        refusal(
                                "merge into s.orders t using (select 1 as id, 'abc' as d) s on t.id = s.id when matched then update set day = s.d"))
                .contains("Column 'day' of s.orders is DATE and cannot hold 'abc'.");
    }

    @Test
    void mistakesAreToldWhereTheyStand() {
        orders("");
        assertThat(refusal("select 1;\nupdate s.orders set\n  custmer = 1"))
                .isEqualTo(
                        "sql:3:3: s.orders has no column 'custmer'. Did you mean 'customer'? It has:"
                                + " id, customer, amount, day. [COLUMN_NOT_FOUND]");
        assertThat(refusal("delete from s.orders\nwhere custmer = 1"))
                .startsWith("sql:2:7: ")
                .contains("custmer");
        assertThat(
                        refusal(
                                "merge into s.orders t using s.ordrs s on t.id = s.id when matched then delete"))
                .startsWith("sql:1:29: ");
        assertThat(refusal("delete form s.orders"))
                .isEqualTo("sql:1:8: Here FROM is expected, not 'form'. [SQL_SYNTAX]");
        assertThat(refusal("update s.oders set a = 1"))
                .isEqualTo(
                        "sql:1:8: There is no table or view s.oders. Did you mean 's.orders'? `tarn"
                                + " tables` lists what there is. [TABLE_NOT_FOUND]");
        assertThat(refusal("insert into s.orders select * from read_csv('/etc/passwd')"))
                .contains("[SQL_REFUSED]");
        assertThat(
                        refusal(
                                "update s.orders set customer = (select content from read_text('/etc/passwd'))"))
                .contains("[SQL_REFUSED]");
        assertThat(refusal("rollback")).contains("[UNSUPPORTED]");
    }

    @Test
    void writersAtTheSameTimeLoseNothing() throws Exception {
        sql("create table s.t as select 1 as id, 0 as n union all select 2, 0");
        try (ExecutorService writers = Executors.newFixedThreadPool(3)) {
            List<Future<?>> work = new ArrayList<>();
            for (int w = 0; w < 3; w++) {
                work.add(
                        writers.submit(() -> {
                            for (int i = 0; i < 3; i++) {
                                sql("update s.t set n = n + 1 where id = 1");
                            }
                        }));
            }
            for (Future<?> each : work) {
                each.get();
            }
        }
        assertThat(shop.rows("select id, n from s.t order by id")).containsExactly("1|9", "2|0");
    }

    @Test
    void nullsEmptySourcesAndTheTableItselfAreMerged() {
        sql("create table s.t (k integer, v integer); insert into s.t values (1, 10), (null, 20)");
        assertThat(
                        counts(
                                "merge into s.t t using (select null::integer as k, 5 as v) s on t.k = s.k when matched then update set v = s.v when not matched then insert *"))
                .isEqualTo(new Counts(1, 0, 0));
        assertThat(
                        counts(
                                "merge into s.t t using (select null::integer as k, 6 as v) s on t.k is not distinct from s.k and t.v = 20 when matched then update set v = s.v"))
                .isEqualTo(new Counts(0, 1, 0));
        assertThat(
                        counts(
                                "merge into s.t t using (select 1 as k, 1 as v where false) s on t.k = s.k when matched then delete"))
                .isEqualTo(Counts.NONE);
        assertThat(
                        counts(
                                "merge into s.t using s.t as old on s.t.k = old.k when matched then update set v = s.t.v + old.v when not matched then do nothing"))
                .isEqualTo(new Counts(0, 1, 0));
        assertThat(shop.rows("select k, v from s.t order by v"))
                .containsExactly("null|5", "null|6", "1|20");
        assertThat(
                        counts(
                                "merge into s.t t using (select 1 as k where false) s on t.k = s.k when not matched by source then delete"))
                .isEqualTo(new Counts(0, 0, 3));
        assertThat(
                        counts(
                                "merge into s.t t using (select 1 as k, 2 as v) s on t.k = s.k when not matched then insert values (s.k, default)"))
                .isEqualTo(new Counts(1, 0, 0));
        assertThat(counts("delete from s.t where k = 77")).isEqualTo(Counts.NONE);
        assertThat(counts("update s.t set v = 3 where false")).isEqualTo(Counts.NONE);
    }

    @Test
    void columnsThatChangedAndNestedValuesSurviveChanges() {
        sql(
                """
                create table s.t (id integer, s struct(a integer, b varchar), l integer[], m map(varchar, integer));
                insert into s.t values (1, {a: 1, b: 'x'}, [1, 2], map {'k': 1}), (2, null, null, null);
                alter table s.t rename column l to list;
                alter table s.t add column extra decimal(5,2) default 1.5;
                alter table s.t drop column m\
                """);
        assertThat(
                        counts(
                                "update s.t set list = list_append(list, 3), s = {a: 9, b: s.b} where id = 1"))
                .isEqualTo(new Counts(0, 1, 0));
        assertThat(
                        counts(
                                "merge into s.t t using (select 2 as id, [7] as list) n on t.id = n.id when matched then update set *"))
                .isEqualTo(new Counts(0, 1, 0));
        assertThat(shop.rows("select id, s.a, s.b, list, extra from s.t order by id"))
                .containsExactly("1|9|x|[1, 2, 3]|1.50", "2|null|null|[7]|1.50");
        assertThat(refusal("update s.t set s.a = 2"))
                .contains("'s.a' is a part of a column, and only whole columns can be set.");
    }

    @Test
    void aBranchIsChangedAndMainIsNot() {
        orders("");
        shop.tarn().states().createBranch(new RefName("dev"), At.MAIN);
        shop.tarn()
                .execute(
                        SqlText.of("delete from s.orders where id > 2; truncate table s.orders"),
                        new RefName("dev"),
                        new Cancellation());
        assertThat(shop.rows("select count(*) from s.orders")).containsExactly("12");
        assertThat(shop.rows("select count(*) from s.orders", "dev")).containsExactly("0");
    }
}
