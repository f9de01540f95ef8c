package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.app.Executed;
import dev.tarn.app.MaintainRequest;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Materialized views always have the rows of their query, however those are brought about. */
final class MaterializedViewTest {
    /** {@code -Dtarn.view.rounds=100} for a long run. */
    private static final int ROUNDS = Integer.getInteger("tarn.view.rounds", 8);

    private static final String TABLES =
            """
            create table s.a (k integer, g varchar, v bigint, d decimal(9,2), f double);
            create table s.b (k integer, name varchar);
            create table s.c (k integer, g varchar);
            insert into s.a select i % 7, 'g' || i % 4, i, i / 4, i / 8 from range(40) t(i);
            insert into s.b select i, 'n' || i % 3 from range(9) t(i);
            insert into s.c values (1, 'g1'), (1, 'g1'), (null, null);
            """;

    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
        sql(TABLES);
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private Executed sql(String sql) {
        return shop.tarn().execute(SqlText.ofFile(sql, "sql"), RefName.MAIN, new Cancellation());
    }

    private String refusal(String sql) {
        TarnException refused =
                Assertions.catchThrowableOfType(TarnException.class, () -> sql(sql));
        return Workshop.told(refused.problems());
    }

    private String how(String view) {
        return shop.tarn()
                .table(TableName.parse(view), At.MAIN)
                .attributes()
                .getOrDefault("materialized.how", "");
    }

    private List<String> sorted(String sql) {
        List<String> rows = new ArrayList<>(shop.rows(sql));
        rows.sort(null);
        return rows;
    }

    private void isExact(String view, String query) {
        assertThat(sorted("select * from " + view)).as(view).isEqualTo(sorted(query));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select k, g, v * 2 as w from s.a where v > 5",
                "select a.k, a.g, b.name from s.a a join s.b b on a.k = b.k where a.v % 2 = 0",
                "select a.k, b.name, c.g from s.a a, s.b b, s.c c where a.k = b.k and b.k = c.k",
                "select k, g from s.a union all select k, g from s.c",
                "select x.k, b.name from (select k from s.a union all select k from s.c) x join s.b b on x.k = b.k",
                "select g, count(*) as n, sum(v) as total, min(d) as lo, max(d) as hi from s.a group by g",
                "select g, avg(v) as mean, count(distinct k) as ks, sum(v) filter (where k > 2) as some from s.a group by all",
                "select b.name, sum(a.v) as s, count(*) as n from s.a a join s.b b on a.k = b.k group by b.name",
                "select sum(v) as s, count(*) as n, max(d) as m from s.a",
                "select distinct k, g from s.a",
                "select k, g from s.a union select k, g from s.c",
                "with big as (select * from s.a where v > 10) select g, k % 2 as odd, sum(d) as d from big group by 1, 2",
                "select a.k, a.v, b.name from s.a a left join s.b b on a.k = b.k",
                "select g, v, row_number() over (partition by g order by v, k) as nth from s.a",
                "select g, sum(v) as s from s.a group by g having sum(v) > 60"
            })
    void rowsAreThoseOfTheQueryWhateverHappensToItsTables(String query) {
        sql("create materialized view m.v as " + query);
        isExact("m.v", query);
        SplittableRandom random = new SplittableRandom(query.hashCode());
        for (int round = 0; round < ROUNDS; round++) {
            sql(change(random, round));
            assertThat(how("m.v")).isNotEmpty();
            isExact("m.v", query);
        }
    }

    private static String change(SplittableRandom random, int round) {
        int a = random.nextInt(50);
        int k = random.nextInt(9);
        return switch (random.nextInt(10)) {
            case 0 ->
                    "insert into s.a select i %% 7, 'g' || i %% 5, i, i / 4, i / 8 from range(%d, %d) t(i)"
                            .formatted(a, a + 6);
            case 1 -> "delete from s.a where v %% 11 = %d".formatted(k);
            case 2 ->
                    "update s.a set v = v + %d, g = 'g%d' where k = %d"
                            .formatted(round, k % 3, k % 7);
            case 3 -> "insert into s.b values (%d, 'n%d'), (%d, null)".formatted(k, k % 4, k + 1);
            case 4 -> "delete from s.b where k = %d".formatted(k);
            case 5 -> "insert into s.c values (%d, 'g%d'), (null, null)".formatted(k, k % 4);
            case 6 ->
                    "update s.c set g = null where k = %d; insert into s.a values (null, null, null, null, null)"
                            .formatted(k);
            case 7 ->
                    "merge into s.a t using (select %d as k, 'g9' as g) n on t.k = n.k when matched and t.v > 20 then delete when matched then update set g = n.g when not matched then insert (k, g, v) values (n.k, n.g, 1)"
                            .formatted(k);
            case 8 ->
                    "update s.b set name = 'x%d' where k < %d; delete from s.a where v = %d"
                            .formatted(round, k / 2, a);
            default ->
                    "insert into s.a values (%d, 'g1', 3, 1.25, 0.5), (%d, 'g1', 3, 1.25, 0.5); delete from s.c where k = 1"
                            .formatted(k, k);
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "select k, g from s.a where v > 5; incrementally: 1 rows in, 0 out",
                "select a.k, b.name from s.a a join s.b b on a.k = b.k; incrementally: 1 rows in, 0 out",
                "select g, count(*) n, sum(v) s from s.a group by g; incrementally: 1 rows in, 1 out",
                "select g, avg(v) m from s.a group by g; incrementally: 1 rows in, 1 out",
                "select sum(v) s from s.a; incrementally: 1 rows in, 1 out",
                "select distinct g from s.a; incrementally: 0 rows in, 0 out",
                "select a.k from s.a a left join s.b b on a.k = b.k; recomputed, as it keeps rows without a match (an outer join)",
                "select k, g, random() r from s.a; recomputed, as it calls random()",
                "select a.k from s.a a join s.a b on a.k = b.k; recomputed, as it reads s.a more than once",
                "select k, v from s.a order by v limit 3; recomputed, as it has a LIMIT",
                "select k, lag(v) over (order by v) l from s.a; recomputed, as it looks at rows beside a row (a window)",
                "select k from s.a where k in (select k from s.b); recomputed, as it asks whether there is a match (a subquery)",
                "select k from s.a except select k from s.b; recomputed, as it holds a step that cannot be followed: except",
                "select k, g from s.a union all select 0 k, 'x' g; recomputed, as it adds rows of no table",
                "select sum(v) s from s.a group by g; recomputed, as it does not show all that it groups by",
                "select k, g, sum(v) s from s.a group by rollup (k, g); recomputed, as it groups in several ways",
                "select g, sum(v) s from s.a group by g having sum(v) > 1; recomputed, as it goes on with groups after it has made them",
                "select distinct on (g) g, v from s.a; recomputed, as it takes one row of several (DISTINCT ON)"
            })
    void eachViewSaysHowItWasBroughtUpToDate(String query, String how) {
        sql("create materialized view m.v as " + query);
        sql("insert into s.a values (3, 'g1', 400, 1, 1)");
        assertThat(how("m.v")).isEqualTo(how);
    }

    @Test
    void creatingSaysWhetherItFollowsChanges() {
        assertThat(
                        sql("create materialized view m.v as select k from s.a")
                                .outcomes()
                                .getFirst()
                                .note())
                .contains("follows the rows that change");
        assertThat(
                        sql("create materialized view m.w as select k, count(*) n from s.a group by k")
                                .outcomes()
                                .getFirst()
                                .note())
                .contains("follows the groups whose rows change");
        assertThat(
                        sql("create materialized view m.x as select now() t from s.a")
                                .outcomes()
                                .getFirst()
                                .note())
                .contains("is recomputed, as it calls now()");
    }

    @Test
    void viewsOverViewsFollowInTheSamePublication() {
        sql(
                """
                create view s.big as select * from s.a where v > 10;
                create materialized view m.one as select g, sum(v) as s from s.big group by g;
                create materialized view m.all as select sum(s) as s, count(*) as n from m.one;
                """);
        int before = shop.tarn().publications(RefName.MAIN, 100).size();
        sql("insert into s.a values (1, 'new', 100, 1, 1)");
        assertThat(shop.tarn().publications(RefName.MAIN, 100)).hasSize(before + 1);
        isExact("m.one", "select g, sum(v) from s.a where v > 10 group by g");
        isExact("m.all", "select sum(v), 5 from s.a where v > 10");
        assertThat(how("m.one")).isEqualTo("incrementally: 1 rows in, 0 out");
        sql("create or replace view s.big as select * from s.a where v > 20");
        assertThat(how("m.one")).isEqualTo("recomputed, as the view s.big is another one");
        isExact("m.one", "select g, sum(v) from s.a where v > 20 group by g");
    }

    @Test
    void aManualViewWaitsUntilItIsRefreshed() {
        sql(
                "create materialized view m.v with ('tarn.refresh' = 'manual') as select count(*) n from s.a");
        sql("delete from s.a where v < 10");
        assertThat(shop.rows("from m.v")).containsExactly("40");
        assertThat(sql("refresh materialized view m.v").outcomes().getFirst().note())
                .contains(
                        "recomputed, as it has one group for all rows, and some of them are gone");
        assertThat(shop.rows("from m.v")).containsExactly("30");
        assertThat(sql("refresh materialized view m.v").outcomes().getFirst().note())
                .contains("nothing changed");
        assertThat(sql("refresh materialized view m.v full").outcomes().getFirst().note())
                .contains("recomputed, as that was asked for");
    }

    @Test
    void aViewThatCanNoLongerBeMadeStaysAndSaysWhy() {
        sql("create materialized view m.v as select k, d from s.a");
        sql("alter table s.a drop column d");
        assertThat(how("m.v")).startsWith("left behind: ").contains("d");
        assertThat(shop.rows("select count(d) from m.v")).containsExactly("40");
        sql("alter table s.a add column d decimal(9,2) default 1");
        isExact("m.v", "select k, d from s.a");
        assertThat(how("m.v")).isEqualTo("recomputed, as the columns of s.a changed");
    }

    @Test
    void statementsDoNotChangeItsRowsAndOthersWhoDoAreNoticed() {
        sql("create materialized view m.v as select k from s.a; create table m.t as select 1 as k");
        String refused =
                " m.v is a materialized view: its rows are those of its query. Change the tables it reads, or make it anew with CREATE OR REPLACE MATERIALIZED VIEW. [UNSUPPORTED]";
        assertThat(refusal("delete from m.v")).isEqualTo("sql:1:13:" + refused);
        assertThat(refusal("insert into m.v values (1)")).isEqualTo("sql:1:13:" + refused);
        assertThat(refusal("update m.v set k = 1")).isEqualTo("sql:1:8:" + refused);
        assertThat(refusal("truncate m.v")).isEqualTo("sql:1:10:" + refused);
        assertThat(refusal("alter table m.v add column x integer"))
                .isEqualTo("sql:1:13:" + refused);
        assertThat(refusal("refresh materialized view m.t"))
                .isEqualTo(
                        "sql:1:27: m.t is not a materialized view, so there is nothing to refresh. `tarn tables` says what each name is. [UNSUPPORTED]");
        assertThat(refusal("create or replace materialized view m.v as select * from m.v"))
                .isEqualTo(
                        "sql:1:37: m.v would be made of itself. Give one of the two another name. [SQL_INVALID]");
        assertThat(
                        refusal(
                                "create materialized view m.w with ('tarn.refresh' = 'daily') as select 1 a"))
                .isEqualTo(
                        "sql:1:26: The property tarn.refresh is auto or manual, not 'daily'. [CONFIG_INVALID]");
        sql("alter table m.v set ('note' = 'x'); alter table m.v rename to w");
        sql("insert into s.a (k) values (77)");
        assertThat(how("m.w")).isEqualTo("incrementally: 1 rows in, 0 out");
        sql("drop materialized view m.w");
        assertThat(shop.tarn().tableNames(At.MAIN)).doesNotContain(new TableName("m", "w"));
    }

    @Test
    void aModelThatIsAMaterializedViewFollowsItsInputs() {
        shop.put("seeds/nums.csv", "g,v\na,1\nb,2\na,3\n")
                .put(
                        "models/mv.sql",
                        "{{ config(materialized='materialized_view') }} select g, count(*) as n from {{ ref('nums') }} group by g");
        assertThat(shop.build().problems()).isEmpty();
        sql("insert into main.nums values ('b', 9)");
        assertThat(how("main.mv")).isEqualTo("incrementally: 1 rows in, 1 out");
        isExact("main.mv", "select g, count(*) from main.nums group by g");
        shop.put("seeds/nums.csv", "g,v\na,1\nb,2\na,3\nc,4\n");
        assertThat(shop.build().problems()).isEmpty();
        isExact("main.mv", "select g, count(*) from main.nums group by g");
        assertThat(how("main.mv")).startsWith("incrementally: ");
    }

    @Test
    void upkeepAndRestoredTablesAreFollowed() {
        sql("create materialized view m.v as select k, g from s.a where v > 3");
        String then = "main@" + shop.tarn().publications(RefName.MAIN, 1).getFirst().id().value();
        for (int i = 0; i < 5; i++) {
            sql("insert into s.a values (%d, 'z', 50, 1, 1)".formatted(i));
        }
        shop.tarn()
                .maintain(
                        new MaintainRequest(
                                RefName.MAIN,
                                List.of(new TableName("s", "a"), new TableName("m", "v")),
                                Duration.ofMinutes(1),
                                Long.MAX_VALUE,
                                true),
                        done -> {},
                        () -> false);
        sql("delete from s.a where k = 2");
        assertThat(how("m.v")).startsWith("incrementally: 0 rows in, ");
        isExact("m.v", "select k, g from s.a where v > 3");
        shop.tarn().states().restore(RefName.MAIN, new TableName("s", "a"), At.parse(then));
        sql("refresh materialized view m.v");
        assertThat(how("m.v")).startsWith("incrementally: ");
        isExact("m.v", "select k, g from s.a where v > 3");
        sql("create or replace table s.a as select k, g, 9 as v, d, f from s.a");
        isExact("m.v", "select k, g from s.a where v > 3");
    }

    @Test
    void branchesKeepTheirOwnAndWritersAtOnceLoseNothing() throws Exception {
        sql(
                "create materialized view m.v as select g, count(*) as n, sum(v) as s from s.a group by g");
        shop.tarn().states().createBranch(new RefName("dev"), At.MAIN);
        shop.tarn()
                .execute(
                        SqlText.ofFile("insert into s.a values (1, 'dev', 1, 1, 1)", "sql"),
                        new RefName("dev"),
                        new Cancellation());
        assertThat(shop.rows("select count(*) from m.v", "dev")).containsExactly("5");
        assertThat(shop.rows("select count(*) from m.v")).containsExactly("4");
        try (ExecutorService workers = Executors.newFixedThreadPool(3)) {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                String g = "w" + i % 3;
                futures.add(
                        workers.submit(() ->
                                sql("insert into s.a values (1, '%s', 1, 1, 1)".formatted(g))));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        }
        assertThat(shop.rows("select count(*) from s.a")).containsExactly("46");
        isExact("m.v", "select g, count(*), sum(v) from s.a group by g");
    }
}
