package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.app.Executed;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import java.nio.file.Path;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables as they were, inside of queries. */
final class PastTablesTest {
    @TempDir Path folder;
    private Workshop shop;
    private long first;
    private long second;
    private String firstRun;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
        Executed made = sql("create table s.t as select i as id from range(3) r(i)");
        first = made.run().publication().orElseThrow().value();
        firstRun = made.run().id().value();
        second =
                sql("delete from s.t where id = 0; alter table s.t add column w text default 'w'")
                        .run()
                        .publication()
                        .orElseThrow()
                        .value();
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
                Assertions.catchThrowableOfType(TarnException.class, () -> shop.rows(sql));
        return Workshop.told(refused.problems());
    }

    @Test
    void everySpellingOfAVersionIsUnderstood() {
        for (String table :
                new String[] {
                    "s.t at (version => %d)",
                    "t AT (VERSION => %d) as x",
                    "s.t as x at (version => %d)",
                    "\"s\".\"t\" version as of %d",
                    "s.t for version as of %d y",
                    "s.t FOR SYSTEM_VERSION AS OF %d",
                    "s.t at (run => '" + firstRun + "')",
                    "s.t at (run => 'run:" + firstRun + "')"
                }) {
            assertThat(shop.rows("select * from %s order by 1".formatted(table.formatted(first))))
                    .as(table)
                    .containsExactly("0", "1", "2");
        }
        assertThat(shop.rows("select * from s.t order by 1")).containsExactly("1|w", "2|w");
        assertThat(
                        shop.rows(
                                "select t.id from s.t at (version => %d) where t.id not in (select id from s.t at (version => %d))"
                                        .formatted(first, second)))
                .containsExactly("0");
    }

    @Test
    void timesAreLiteralsOrCountedFromNow() {
        assertThat(shop.rows("select count(*) from s.t at (timestamp => now() + interval 1 day)"))
                .containsExactly("2");
        assertThat(shop.rows("select count(*) from s.t timestamp as of now() + interval '1' day x"))
                .containsExactly("2");
        assertThat(shop.rows("select count(*) from s.t for system_time as of '2100-01-01 10:00'"))
                .containsExactly("2");
        assertThat(refusal("select * from s.t timestamp as of date '2001-01-01'"))
                .matches(
                        "There is no s\\.t at 2001-01-01T00:00:00Z, as seen from main\\. The oldest"
                                + " version that is kept is \\d+, of .*\\. `tarn history s\\.t` lists"
                                + " them\\. \\[PUBLICATION_NOT_FOUND\\]");
        assertThat(refusal("select * from s.t at (timestamp => (select 1))"))
                .isEqualTo(
                        "'(select 1)' is no time. Write '2026-11-21 10:00:00' or now() - INTERVAL 1"
                                + " DAY. [SQL_INVALID]");
    }

    @Test
    void otherRefsAreReadInOneQuery() {
        shop.tarn().states().createBranch(new RefName("Dev"), At.MAIN);
        shop.tarn()
                .execute(
                        SqlText.of("insert into s.t values (9, 'dev')"),
                        new RefName("Dev"),
                        new Cancellation());
        assertThat(shop.rows("select id from s.t at (ref => 'Dev') except select id from s.t"))
                .containsExactly("9");
        shop.tarn()
                .execute(
                        SqlText.of("insert into s.t values (10, 'dev')"),
                        new RefName("Dev"),
                        new Cancellation());
        assertThat(
                        shop.rows(
                                "select id from s.t at (ref => 'Dev') except select id from s.t order by 1"))
                .containsExactly("9", "10");
        assertThat(refusal("select * from s.t at (ref => 'dav')")).contains("[REF_NOT_FOUND]");
    }

    @Test
    void aVersionThatWasNeverThereNamesTheOldest() {
        assertThat(refusal("select * from s.t at (version => 0)"))
                .startsWith(
                        "There is no s.t at version 0, as seen from main. The oldest version that")
                .contains(" is kept is " + first + ", of ");
        assertThat(refusal("select * from s.t at (version => 999)"))
                .startsWith("There is no s.t at version 999, as seen from main. The oldest");
        assertThat(refusal("select * from s.t at (version => 'x')"))
                .isEqualTo(
                        "''x'' names no state. Write VERSION => 12, TIMESTAMP => '2026-11-21 10:00',"
                                + " REF => 'branch' or RUN => 'id'. [SQL_INVALID]");
    }

    @Test
    void aViewOfABranchThatIsGoneIsNamed() {
        RefName dev = new RefName("dev");
        shop.tarn().states().createBranch(dev, At.MAIN);
        sql("create view s.v as select id from s.t at (ref => 'dev')");
        assertThat(shop.rows("select id from s.v order by 1")).containsExactly("1", "2");

        shop.tarn().states().deleteRef(dev);

        assertThat(refusal("select id from s.v"))
                .isEqualTo(
                        "In view s.v: There is no ref 'dev'. There are: 'main'. [REF_NOT_FOUND]");
    }

    @Test
    void placesOfErrorsStay() {
        TarnException refused =
                Assertions.catchThrowableOfType(
                        TarnException.class,
                        () ->
                                sql(
                                        "insert into s.t\nselect t.id, nope from s.t at (version => %d) t"
                                                .formatted(first)));
        assertThat(Workshop.told(refused.problems())).startsWith("sql:2:14: ");
        refused =
                Assertions.catchThrowableOfType(
                        TarnException.class,
                        () ->
                                sql(
                                        "insert into s.t\nselect t.id, 'x' from s.t at (version => 77) t"));
        assertThat(Workshop.told(refused.problems())).startsWith("sql:2:42: There is no s.t");
    }

    @Test
    void viewsModelsAndMergesReadThePast() {
        sql("create view s.v as select count(*) as n from s.t at (version => %d)".formatted(first));
        assertThat(shop.rows("select * from s.v")).containsExactly("3");
        sql(
                "merge into s.t using s.t at (version => %d) as old on s.t.id = old.id when not matched then insert (id, w) values (old.id, 'back')"
                        .formatted(first));
        assertThat(shop.rows("select * from s.t order by 1"))
                .containsExactly("0|back", "1|w", "2|w");
        shop.put("models/base.sql", "select unnest([1, 2, 3]) as id");
        long built = shop.build().run().publication().orElseThrow().value();
        sql("truncate main.base");
        shop.put(
                "models/m.sql",
                "select count(*) as n from {{ ref('base') }} version as of %d where id < 3"
                        .formatted(built));
        assertThat(Workshop.told(shop.build().problems())).isEmpty();
        assertThat(shop.rows("select n from main.m")).containsExactly("2");
    }
}
