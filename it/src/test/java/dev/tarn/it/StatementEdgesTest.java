package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements and names that are seldom written, and what must not be taken silently. */
final class StatementEdgesTest {
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

    private void sql(String sql) {
        shop.tarn().execute(SqlText.ofFile(sql, "sql"), RefName.MAIN, new Cancellation());
    }

    private String refusal(String sql) {
        return told(() -> sql(sql));
    }

    private static String told(ThrowingCallable call) {
        TarnException refused = Assertions.catchThrowableOfType(TarnException.class, call);
        return Workshop.told(refused.problems());
    }

    @Test
    void aBranchWithoutAPartnerCannotSpeakOfIt() {
        sql("create table s.t as select 1 as id, 'a' as v");
        String ofSource =
                "This branch is about rows that no row of the source matches, so it has no columns"
                        + " of the source. Leave them out. [SQL_INVALID]";
        assertThat(
                        refusal(
                                "merge into s.t t using (select 1 id, 2 z) s on t.id = s.id"
                                        + " when not matched by source then update set v = s.z"))
                .isEqualTo("sql:1:107: " + ofSource);
        assertThat(
                        refusal(
                                "merge into s.t t using (select 1 id, 2 z) s on t.id = s.id"
                                        + " when not matched by source and z = 2 then delete"))
                .isEqualTo("sql:1:91: " + ofSource);
        assertThat(
                        refusal(
                                "merge into s.t t using (select 7 id) s on t.id = s.id"
                                        + " when not matched then insert (id, v) values (s.id, t.v)"))
                .isEqualTo(
                        "sql:1:106: This branch is about rows that no row of the table matches, so"
                                + " it has no columns of the table. Leave them out. [SQL_INVALID]");
        assertThat(shop.rows("select * from s.t")).containsExactly("1|a");
    }

    @Test
    void subqueriesDecideWhichBranchApplies() {
        sql("create table s.t as select unnest([1, 2, 3]) as id, 'a' as v");
        sql(
                """
                merge into s.t t using (select unnest([1, 2, 7, 8]) as id) s on t.id = s.id
                when matched and t.id = (select min(id) from s.t) then update set v = 'least'
                when matched and exists (from s.t x where x.id > t.id) then delete
                when not matched and s.id > (select max(id) + 4 from s.t) then insert (id, v) values (id, 'far')
                when not matched then insert (id, v) values (s.id, 'near')
                when not matched by source and t.id in (select id from s.t) then update set v = v || t.id
                """);
        assertThat(shop.rows("select * from s.t order by id"))
                .containsExactly("1|least", "3|a3", "7|near", "8|far");
    }

    @Test
    void everySpellingOfATimeIsASourceOfChanges() {
        sql("create table s.t as select 1 as id, 'a' as v");
        shop.tarn().states().createTag(new RefName("base"), At.MAIN);
        sql("update s.t set v = 'changed'");
        List<String> sources =
                List.of(
                        "s.t version as of 'base' as o",
                        "s.t version as of 'base' o",
                        "s.t o version as of 'base'",
                        "s.t as o at (ref => 'base')",
                        "s.t for system_version as of 'base' o");
        for (int i = 0; i < sources.size(); i++) {
            sql(
                    "merge into s.t t using %s on t.id = o.id when matched then update set v = o.v || '%d'"
                            .formatted(sources.get(i), i));
            assertThat(shop.rows("select v from s.t")).as(sources.get(i)).containsExactly("a" + i);
        }
        sql("update s.t set v = o.v from s.t version as of 'base' o where o.id = s.t.id");
        assertThat(shop.rows("select v from s.t")).containsExactly("a");
        sql("delete from s.t using s.t version as of 'base' o where o.v = s.t.v");
        assertThat(shop.rows("select v from s.t")).isEmpty();
    }

    @Test
    void aNameWithADotIsRefusedAndLettersBeyondAsciiStayAsTheyAre() {
        String refused =
                "cannot be the name of a table: what stands before a dot is taken for its schema."
                        + " Leave the dots out. [NAME_INVALID]";
        assertThat(refusal("create table s.\"a.b\" (a int)"))
                .isEqualTo("sql:1:14: 'a.b' " + refused);
        assertThat(refusal("create view s.\"a.b\" as select 1 as a"))
                .isEqualTo("sql:1:13: 'a.b' " + refused);
        sql("create table s.\"TÄ b\" as select 1 as a");
        assertThat(shop.tarn().tableNames(At.MAIN)).containsExactly(new TableName("S", "tÄ b"));
        assertThat(shop.rows("select * from s.\"TÄ b\" union all from \"tÄ b\""))
                .containsExactly("1", "1");
        assertThat(refusal("alter table s.\"TÄ b\" rename to \"x.y\""))
                .isEqualTo("sql:1:32: 'x.y' " + refused);
    }

    @Test
    void aTimeWithoutAnEndIsNoValueOfATable() {
        String refused =
                " and cannot hold infinity in a table. Write null instead, with nullif for example,"
                        + " or a date that is far away. [DATA_INVALID]";
        assertThat(refusal("create table s.t as select date 'infinity' as d"))
                .endsWith("Column 'd' is DATE" + refused);
        assertThat(
                        refusal(
                                "create table s.t as select {'at': timestamptz '-infinity'} as st, 1 as i"))
                .endsWith("Column 'at' is TIMESTAMPTZ" + refused);
        sql("create table s.t (d date, w varchar, x double)");
        assertThat(refusal("insert into s.t (d) values ('infinity'), ('2026-01-01')"))
                .endsWith("Column 'd' is DATE" + refused);
        sql("insert into s.t values ('9999-12-31', 'infinity', 'infinity')");
        assertThat(shop.rows("select * from s.t")).containsExactly("9999-12-31|infinity|Infinity");
    }

    @Test
    void aSchemaThatHoldsSomethingGoesOnlyWithIt() {
        sql("create table s.t as select 1 as a; create view s.v as from s.t");
        assertThat(refusal("drop schema s"))
                .isEqualTo(
                        "sql:1:13: Schema s still holds s.t, s.v. Write CASCADE behind it to drop"
                                + " what it holds, too. [SQL_INVALID]");
        sql("drop schema s cascade; drop schema s; drop schema if exists s");
        assertThat(shop.tarn().tableNames(At.MAIN)).isEmpty();
        sql("undrop table s.t");
        assertThat(shop.rows("from s.t")).containsExactly("1");
    }

    @Test
    void aBranchIsNotDeletedAsATag() {
        shop.tarn().states().createTag(new RefName("done"), At.MAIN);
        shop.tarn().states().createBranch(new RefName("dev"), At.MAIN);
        assertThat(told(() -> shop.tarn().states().deleteRef(new RefName("done"), Ref.Kind.BRANCH)))
                .isEqualTo("'done' is a tag. Delete it with `tarn tag delete done`. [USAGE]");
        assertThat(told(() -> shop.tarn().states().deleteRef(new RefName("dev"), Ref.Kind.TAG)))
                .isEqualTo("'dev' is a branch. Delete it with `tarn branch delete dev`. [USAGE]");
        shop.tarn().states().deleteRef(new RefName("dev"), Ref.Kind.BRANCH);
        shop.tarn().states().deleteRef(new RefName("done"), Ref.Kind.TAG);
    }

    @Test
    void waysToWriteThatThereAreNotAreRefused() {
        sql("create table s.t as select 1 as a");
        assertThat(refusal("alter table s.t set ('write.mode' = 'fast')"))
                .endsWith(
                        "The table property 'write.mode' is 'fast', but it must be copy-on-write or"
                                + " merge-on-read. [CONFIG_INVALID]");
        assertThat(refusal("create table s.u (a int) with ('write.merge.mode' = 'x')"))
                .contains("'write.merge.mode' is 'x'");
        assertThat(refusal("alter table s.t set ('tarn.change-feed' = 'perhaps')"))
                .endsWith("but it must be true or false. [CONFIG_INVALID]");
    }

    @Test
    void aVariantThatIsReadAsJsonIsToldHow() {
        sql("create table s.t as select '{\"a\": 1}'::json::variant as doc");
        assertThat(told(() -> shop.rows("select doc ->> 'a' from s.t")))
                .endsWith(
                        "A VARIANT is no JSON: write v.a or v['a'], or v::json ->> 'a'."
                                + " [DATA_INVALID]");
        assertThat(shop.rows("select doc.a, doc['a'], doc::json ->> 'a' from s.t"))
                .containsExactly("1|1|1");
    }
}
