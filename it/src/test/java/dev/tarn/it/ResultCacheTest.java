package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.Answer;
import dev.tarn.app.At;
import dev.tarn.app.CacheNote;
import dev.tarn.app.MaintainRequest;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of earlier queries are the answer exactly as long as what was read stays what it was. */
final class ResultCacheTest {
    private static final String TOTAL =
            "select customer, sum(amount) s from s.t group by all order by 1";

    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
        sql(
                """
                create table s.t (id integer, customer varchar, amount decimal(10,2));
                insert into s.t values (1, 'a', 1.5), (2, 'b', 2.5), (3, 'a', 3);
                """);
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private void sql(String sql) {
        sql(sql, "main");
    }

    private void sql(String sql, String ref) {
        shop.tarn().execute(SqlText.ofFile(sql, "sql"), new RefName(ref), new Cancellation());
    }

    private record Asked(boolean remembered, List<List<Object>> rows) {}

    private Asked ask(String sql) {
        return ask(sql, At.MAIN);
    }

    private Asked ask(String sql, At at) {
        try (Answer answer = shop.tarn().query(sql, at, new Cancellation())) {
            List<List<Object>> rows = new ArrayList<>();
            while (answer.next()) {
                rows.add(new ArrayList<>(answer.row()));
            }
            return new Asked(answer.isRemembered(), rows);
        }
    }

    private void isComputed(String sql) {
        assertThat(ask(sql).remembered()).as(sql).isFalse();
    }

    private void isRemembered(String sql) {
        assertThat(ask(sql).remembered()).as(sql).isTrue();
    }

    private CacheNote note(String sql) {
        return shop.tarn().cacheNote(sql, At.MAIN);
    }

    @Test
    void theSameQueryOverTheSameStatesIsAnsweredWithoutAnEngine() throws IOException {
        Asked first = ask(TOTAL);
        assertThat(first.remembered()).isFalse();
        shop.reopen();
        deleteDataFiles();
        Asked second = ask(TOTAL);
        assertThat(second.remembered()).isTrue();
        assertThat(second.rows()).isEqualTo(first.rows());
    }

    private void deleteDataFiles() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(".tarn/warehouse/tables"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void allKindsOfValuesComeBackAsTheyWere() {
        String all =
                """
                select 1::integer i, 2::bigint b, 1.5::double d, 0.5::float f, 12.50::decimal(9,2) n,
                    'é' t, '\\x00\\xFF'::blob x, date '2026-01-02' da, time '01:02:03.456' ti,
                    timestamp '2026-01-02 03:04:05.123456' ts, timestamptz '2026-01-02 03:04:05+02' tz,
                    timestamp_ns '2026-01-02 03:04:05.123456789' tn, true bo, null::integer nu,
                    '5dca3d63-6df4-4e25-bb0e-9aaf31d5ad4a'::uuid u, [1, null, 3] l,
                    {'a': 1, 'b': ['x', null]} st, map {'k': 1.5, 'm': null} ma,
                    123456789012345678901234567890::decimal(38,0) big
                from s.t where id = 1
                """;
        Asked first = ask(all);
        Asked second = ask(all);
        assertThat(first.remembered()).isFalse();
        assertThat(second.remembered()).isTrue();
        assertThat(second.rows()).usingRecursiveComparison().isEqualTo(first.rows());
        try (Answer computed = shop.tarn().queryAnew(all, At.MAIN, new Cancellation());
                Answer kept = shop.tarn().query(all, At.MAIN, new Cancellation())) {
            assertThat(kept.isRemembered()).isTrue();
            assertThat(kept.schema()).isEqualTo(computed.schema());
        }
    }

    @Test
    void aTableThatChangedIsReadAgainAndItsOldStateIsStillRemembered() {
        ask(TOTAL);
        String then = "main@" + shop.tarn().publications(RefName.MAIN, 1).getFirst().id().value();
        sql("update s.t set amount = 10 where id = 2");
        Asked changed = ask(TOTAL);
        assertThat(changed.remembered()).isFalse();
        assertThat(changed.rows().get(1)).hasToString("[b, 10.00]");
        isRemembered(TOTAL);
        Asked before = ask(TOTAL, At.parse(then));
        assertThat(before.remembered()).isTrue();
        assertThat(before.rows().get(1)).hasToString("[b, 2.50]");
    }

    @Test
    void branchesShareWhatTheyHaveAlike() {
        ask(TOTAL);
        shop.tarn().states().createBranch(new RefName("dev"), At.MAIN);
        assertThat(ask(TOTAL, At.parse("dev")).remembered()).isTrue();
        sql("delete from s.t where id = 1", "dev");
        assertThat(ask(TOTAL, At.parse("dev")).remembered()).isFalse();
        isRemembered(TOTAL);
        sql("create table s.other (id integer)");
        isRemembered(TOTAL);
    }

    @Test
    void upkeepLeavesTheRowsWhatTheyAre() {
        for (int i = 10; i < 14; i++) {
            sql("insert into s.t values (" + i + ", 'c', 1)");
        }
        ask(TOTAL);
        shop.tarn()
                .maintain(
                        new MaintainRequest(
                                RefName.MAIN,
                                List.of(new TableName("s", "t")),
                                Duration.ofMinutes(1),
                                Long.MAX_VALUE,
                                true),
                        done -> {},
                        () -> false);
        isRemembered(TOTAL);
    }

    @Test
    void aViewThatIsAnotherOneIsReadAgain() {
        sql("create view s.v as select * from s.t where id > 1");
        String sum = "select sum(amount) from s.v";
        isComputed(sum);
        isRemembered(sum);
        sql("create or replace view s.v as select * from s.t where id > 2");
        assertThat(ask(sum).rows()).hasToString("[[3.00]]");
        sql("insert into s.t values (9, 'z', 1)");
        assertThat(ask(sum).rows()).hasToString("[[4.00]]");
        isRemembered(sum);
    }

    @Test
    void aNameWithoutASchemaThatNowMeansMoreIsNotAnsweredFromMemory() {
        isComputed("select count(*) from t");
        isRemembered("select count(*) from t");
        sql("create table r.t (id integer)");
        assertThat(ask("select count(*) from t")).isEqualTo(new Asked(false, List.of(List.of(0L))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select now() from s.t",
                "select current_timestamp, id from s.t",
                "select * from s.t where amount < random() * 100",
                "select uuid() from s.t",
                "select gen_random_uuid() from s.t",
                "select age(timestamp '2020-01-01') from s.t",
                "select * from s.t using sample 50%",
                "select * from s.t tablesample reservoir(1)",
                "select * from s.t at (timestamp => now())",
                "with r as (select today() d) select * from s.t, r",
                "select * from warehouse_contents.tables"
            })
    void whatCanBeOtherRowsEachTimeIsNeverKept(String sql) {
        isComputed(sql);
        isComputed(sql);
        assertThat(note(sql).state()).isEqualTo(CacheNote.State.NEVER);
    }

    @Test
    void aViewThatCallsTheClockIsNeverKept() {
        sql("create view s.late as select *, now() as seen from s.t");
        isComputed("select count(*) from s.late where seen > '2020-01-01'");
        isComputed("select count(*) from s.late where seen > '2020-01-01'");
        assertThat(note("select seen from s.late"))
                .isEqualTo(new CacheNote(CacheNote.State.NEVER, "it calls now()"));
    }

    @Test
    void explainTellsWhatWouldHappen() {
        assertThat(note(TOTAL))
                .isEqualTo(new CacheNote(CacheNote.State.MISS, "not asked yet over these states"));
        ask(TOTAL);
        assertThat(note(TOTAL))
                .isEqualTo(
                        new CacheNote(
                                CacheNote.State.HIT,
                                "2 rows of an earlier query over the same states"));
        shop.put("tarn.yml", "cache:\n  results: off\n").reopen();
        assertThat(note(TOTAL)).isEqualTo(new CacheNote(CacheNote.State.OFF, "cache.results is 0"));
        isComputed(TOTAL);
    }

    @Test
    void rowsThatWereNotAllReadAndThoseOfOthersAreNotKept() {
        String ids = "select id from s.t order by 1";
        try (Answer begun = shop.tarn().query(ids, At.MAIN, new Cancellation())) {
            assertThat(begun.next()).isTrue();
        }
        isComputed(ids);
        try (Answer anew = shop.tarn().queryAnew(ids, At.MAIN, new Cancellation())) {
            assertThat(anew.isRemembered()).isFalse();
        }
        isRemembered(ids);
    }

    @Test
    void theCacheIsBoundedAndForgetsWhatWasNotUsedLast() throws IOException {
        shop.put("tarn.yml", "cache:\n  results: 64KB\n").reopen();
        for (int i = 0; i < 60; i++) {
            isComputed("select repeat('x', 2000) || " + i + " from s.t limit 1");
        }
        assertThat(size()).isBetween(10_000L, 64_000L);
        isRemembered("select repeat('x', 2000) || 59 from s.t limit 1");
        String large = "select repeat('x', 20000) from s.t";
        isComputed(large);
        isComputed(large);
        assertThat(shop.tarn().forgetResults(false)).isPositive();
        assertThat(size()).isZero();
    }

    private long size() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(".tarn/results"))) {
            return files.mapToLong(f -> f.toFile().length()).sum();
        }
    }

    @Test
    void damagedFilesAreAsIfTheyWereNotThere() throws IOException {
        Asked first = ask(TOTAL);
        try (Stream<Path> files = Files.list(folder.resolve(".tarn/results"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".rows")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length - 20] ^= 1;
                Files.write(file, bytes);
            }
        }
        Asked again = ask(TOTAL);
        assertThat(again.remembered()).isFalse();
        assertThat(again.rows()).isEqualTo(first.rows());
        isRemembered(TOTAL);
    }

    @Test
    void arrowIsComputedEachTime() {
        ask(TOTAL);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Answer answer = shop.tarn().query(TOTAL, At.MAIN, new Cancellation())) {
            assertThat(answer.isRemembered()).isTrue();
            assertThat(answer.writeArrow(out)).isEqualTo(2);
        }
        assertThat(out.size()).isPositive();
    }
}
