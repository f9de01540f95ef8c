package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.app.At;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.refs.ChangeFeed.Grain;
import dev.tarn.refs.ChangedRows;
import dev.tarn.run.Cancellation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rows changed, and how. */
final class ChangeFeedTest {
    private static final TableName TABLE = new TableName("s", "t");

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

    private long sql(String sql) {
        return shop.tarn()
                .execute(SqlText.ofFile(sql, "sql"), RefName.MAIN, new Cancellation())
                .run()
                .publication()
                .orElseThrow()
                .value();
    }

    private List<String> changes(long from, List<String> key, Grain grain) {
        List<String> told = new ArrayList<>();
        try (ChangedRows rows =
                shop.tarn()
                        .states()
                        .changes(
                                TABLE,
                                At.parse("main@" + from),
                                At.MAIN,
                                key,
                                grain,
                                new Cancellation())) {
            int columns = rows.schema().fields().size();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 0; i < columns; i++) {
                    if (i != 2 && i != 3) {
                        row.add(String.valueOf(rows.value(i)));
                    }
                }
                told.add(String.join("|", row));
            }
        }
        return told;
    }

    @ParameterizedTest
    @ValueSource(strings = {"merge-on-read", "copy-on-write"})
    void everyVersionTellsItsChanges(String mode) {
        long made =
                sql(
                        "create table s.t (id bigint, w text) with ('write.mode' = '%s')"
                                .formatted(mode));
        long filled = sql("insert into s.t select i, 'w' || i from range(4) r(i)");
        long updated = sql("update s.t set w = 'new' where id = 1");
        long deleted = sql("delete from s.t where id = 3");
        long wider = sql("alter table s.t add column n integer");
        long merged =
                sql(
                        "merge into s.t using (select unnest([0, 1, 9]) as id) s using (id)"
                                + " when matched and t.id = 0 then delete when matched then update set n = 7"
                                + " when not matched then insert *");
        assertThat(changes(filled, List.of(), Grain.VERSIONS))
                .containsExactly(
                        "update_before|%d|1|w1|null".formatted(updated),
                        "update_after|%d|1|new|null".formatted(updated),
                        "deleted|%d|3|w3|null".formatted(deleted),
                        "deleted|%d|0|w0|null".formatted(merged),
                        "update_before|%d|1|new|null".formatted(merged),
                        "update_after|%d|1|new|7".formatted(merged),
                        "inserted|%d|9|null|null".formatted(merged));
        assertThat(changes(filled, List.of(), Grain.NET))
                .containsExactly(
                        "deleted|%d|0|w0|null".formatted(merged),
                        "update_before|%d|1|w1|null".formatted(merged),
                        "update_after|%d|1|new|7".formatted(merged),
                        "deleted|%d|3|w3|null".formatted(merged),
                        "inserted|%d|9|null|null".formatted(merged));
        assertThat(changes(made, List.of(), Grain.VERSIONS)).hasSize(11);
        assertThat(changes(wider, List.of(), Grain.VERSIONS)).hasSize(4);
        assertThat(changes(merged, List.of(), Grain.VERSIONS)).isEmpty();
    }

    @Test
    void aTableThatWasMadeAnewHasOtherRows() {
        sql("create table s.t as select 1 as id, 'a' as w union all select 2, 'b'");
        long dropped = sql("drop table s.t");
        long anew = sql("create table s.t as select 2 as id, 'b' as w union all select 3, 'c'");
        assertThat(changes(dropped - 1, List.of(), Grain.VERSIONS))
                .containsExactly(
                        "deleted|%d|1|a".formatted(dropped),
                        "deleted|%d|2|b".formatted(dropped),
                        "inserted|%d|2|b".formatted(anew),
                        "inserted|%d|3|c".formatted(anew));
        assertThat(changes(dropped - 1, List.of("id"), Grain.NET))
                .containsExactlyInAnyOrder(
                        "deleted|%d|1|a".formatted(anew), "inserted|%d|3|c".formatted(anew));
    }

    @Test
    void withoutIdsOfRowsWholeRowsAreCompared() {
        sql("create table s.t (id bigint, w text) with ('format-version' = '2')");
        long filled = sql("insert into s.t values (1, 'a'), (2, 'b'), (2, 'b')");
        long updated = sql("update s.t set w = 'x' where id = 1");
        assertThat(changes(filled, List.of(), Grain.VERSIONS))
                .containsExactlyInAnyOrder(
                        "deleted|%d|1|a".formatted(updated), "inserted|%d|1|x".formatted(updated));
        assertThat(changes(filled, List.of("id"), Grain.VERSIONS))
                .contains("update_after|%d|1|x".formatted(updated));
    }

    @Test
    void columnsAreTheSameWhateverTheyWereCalled() {
        sql("create table s.t as select 1 as id, 'a' as w, 'old' as note");
        long first = sql("update s.t set w = 'b' where id = 1");
        sql(
                "alter table s.t rename column w to word; alter table s.t drop column note;"
                        + " alter table s.t add column note int");
        long second = sql("update s.t set word = 'c', note = 7 where id = 1");
        assertThat(changes(first - 1, List.of(), Grain.VERSIONS))
                .containsExactly(
                        "update_before|%d|1|a|null".formatted(first),
                        "update_after|%d|1|b|null".formatted(first),
                        "update_before|%d|1|b|null".formatted(second),
                        "update_after|%d|1|c|7".formatted(second));
        assertThat(changes(first - 1, List.of("word"), Grain.NET))
                .containsExactlyInAnyOrder(
                        "deleted|%d|1|a|null".formatted(second),
                        "inserted|%d|1|c|7".formatted(second));
        assertThat(
                        shop.rows(
                                "select word, note from s.t changes (from => %d) where _change = 'update_after' order by all"
                                        .formatted(first - 1)))
                .containsExactly("b|null", "c|7");
    }

    @Test
    void aColumnThatWasMadeAnewIsTheOneOfItsName() {
        long made = sql("create table s.t as select 1 as id");
        long anew = sql("create or replace table s.t as select 'x' as id, 3 as n");
        assertThat(changes(made - 1, List.of(), Grain.VERSIONS))
                .containsExactly(
                        "inserted|%d|1|null".formatted(made),
                        "deleted|%d|1|null".formatted(anew),
                        "inserted|%d|x|3".formatted(anew));
    }

    @Test
    void aKeyThatIsNoColumnIsRefused() {
        sql("create table s.t as select 1 as id");
        TarnException refused =
                Assertions.catchThrowableOfType(
                        TarnException.class, () -> changes(0, List.of("ix"), Grain.NET));
        assertThat(Workshop.told(refused.problems())).contains("s.t has no column 'ix'");
    }

    @Test
    void changesAreAskedForInQueries() {
        long made =
                sql(
                        "create table s.t (id bigint, w text); insert into s.t values (1, 'a'), (2, 'b')");
        long second = sql("update s.t set w = 'c' where id = 2");
        long third = sql("delete from s.t where id = 1; insert into s.t values (3, 'd')");
        String rows = "select _change, _version, id, w from s.t changes (from => %s) order by all";
        assertThat(shop.rows(rows.formatted(made)))
                .containsExactly(
                        "deleted|%d|1|a".formatted(third),
                        "inserted|%d|3|d".formatted(third),
                        "update_after|%d|2|c".formatted(second),
                        "update_before|%d|2|b".formatted(second));
        assertThat(shop.rows(rows.formatted(made + ", to => " + second))).hasSize(2);
        assertThat(shop.rows(rows.formatted(third))).isEmpty();
        assertThat(shop.rows(rows.formatted(made), "main@" + second)).hasSize(2);
        assertThat(
                        shop.rows(
                                "select count(*), max(t.w) from s.t as now join s.t changes (from => %d) as t using (id) where t._change = 'update_after'"
                                        .formatted(made)))
                .containsExactly("1|c");
        assertThatThrownBy(() -> shop.rows("from s.t changes (from => 'x')"))
                .hasMessage(
                        "'from => 'x'' names no versions. Write CHANGES (FROM => 12) or CHANGES (FROM => 12, TO => 15). [SQL_INVALID]");
        assertThatThrownBy(() -> shop.rows(rows.formatted(third + ", to => " + second)))
                .hasMessage(
                        "Changes of s.t are asked for from publication %d to %d, which was before it. Swap the two. [USAGE]"
                                .formatted(third, second));
        assertThatThrownBy(() -> sql("insert into s.t select id, w from s.t changes (from => 1)"))
                .hasMessageContaining(
                        "The changes of s.t can be asked for in queries (`tarn query`, the shell, `tarn changes`), not in statements and models.");
    }
}
