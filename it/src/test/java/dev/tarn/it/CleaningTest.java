package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.app.MaintainRequest;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is cleaned up stays as it should be however often that is done. */
final class CleaningTest {
    @TempDir Path folder;
    private Duration later = Duration.ZERO;

    private void sql(String... statements) {
        try (Tarn tarn = open()) {
            for (String sql : statements) {
                var unused = tarn.execute(SqlText.of(sql), RefName.MAIN, new Cancellation());
            }
        }
    }

    private long number(String sql, String at) {
        try (Tarn tarn = open()) {
            return Workshop.number(tarn, sql, At.parse(at));
        }
    }

    /** A process of its own: none knows what another has read. */
    private Tarn open() {
        return Tarn.open(
                new OpenRequest(
                        folder,
                        Optional.empty(),
                        Map.of(),
                        Optional.empty(),
                        Map.of(),
                        Clock.offset(Clock.systemUTC(), later),
                        note -> {}));
    }

    private void maintain() {
        try (Tarn tarn = open()) {
            var unused =
                    tarn.maintain(
                            new MaintainRequest(
                                    RefName.MAIN,
                                    List.of(),
                                    Duration.ofMinutes(5),
                                    Long.MAX_VALUE,
                                    true),
                            done -> {},
                            () -> false);
        }
    }

    private void settings(String text) throws IOException {
        Files.writeString(folder.resolve("dbt_project.yml"), "name: shop\nversion: \"1.0\"\n");
        Files.writeString(folder.resolve("tarn.yml"), text);
    }

    private List<Path> files(String end) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(".tarn/warehouse/tables"))) {
            return files.filter(f -> f.toString().endsWith(end)).sorted().toList();
        }
    }

    /** A file of the kind that a killed process leaves behind. */
    private Path stray() throws IOException {
        Path some = files(".parquet").getFirst();
        return Files.copy(some, some.resolveSibling("stray.parquet"));
    }

    @Test
    void whatATagRestsOnIsKeptWholeAndTheRestOfItsTableIsCleaned() throws IOException {
        settings("upkeep: {history: 1ms, snapshot_age: 1ms, snapshots_kept: 2, orphan_age: 1ms}\n");
        sql(
                "create table s.t as select 1 as i",
                "insert into s.t values (2)",
                "insert into s.t values (3)");
        try (Tarn tarn = open()) {
            tarn.states().createTag(new RefName("kept"), At.MAIN);
        }
        List<Path> lists = files(".avro");

        maintain();
        sql("insert into s.t values (4)");
        maintain();
        sql("insert into s.t values (5)");
        Path stray = stray();
        maintain();

        assertThat(files(".avro")).containsAll(lists);
        assertThat(stray).doesNotExist();
        assertThat(number("select sum(i) from s.t", "kept")).isEqualTo(6);
        assertThat(number("select sum(i) from s.t", "main")).isEqualTo(15);
    }

    @Test
    void aTableThatKeepsNoHistoryIsCleanedAgainAndAgain() throws IOException {
        settings("upkeep: {snapshot_age: 1ms, snapshots_kept: 1, orphan_age: 1ms}\n");
        sql(
                "create table s.t with ('tarn.history' = 'none') as select 1 as i",
                "update s.t set i = 2");
        later = Duration.ofHours(2);
        maintain();
        List<Path> before = files(".parquet");
        sql("update s.t set i = 3");
        Path stray = stray();
        for (int hours = 4; hours <= 6; hours += 2) {
            later = Duration.ofHours(hours);
            maintain();
        }

        assertThat(stray).doesNotExist();
        assertThat(files(".parquet")).doesNotContainAnyElementsOf(before);
        assertThat(number("select i from s.t", "main")).isEqualTo(3);
    }

    /** What is left to tell that its files went because of their age is its last metadata. */
    @Test
    void aTableThatKeptNoHistoryIsNoDamageWhenItIsDropped() throws IOException {
        settings("upkeep: {history: 10d, snapshot_age: 1ms, snapshots_kept: 1, orphan_age: 1ms}\n");
        sql(
                "create table s.t with ('tarn.history' = 'none') as select 1 as i",
                "update s.t set i = 2");
        Path some = files(".parquet").getFirst();
        Path last = files(".metadata.json").getLast();
        Path table = last.resolveSibling("..").normalize();
        sql("drop table s.t", "create table s.other as select 1 as i");
        later = Duration.ofHours(2);
        maintain();
        assertThat(some).doesNotExist();
        assertThat(below(table)).containsExactly(last);

        Path stray = Files.writeString(last.resolveSibling("stray.parquet"), "");
        later = Duration.ofHours(4);
        maintain();
        assertThat(below(table)).doesNotContain(stray).containsExactly(last);

        later = Duration.ofDays(12);
        sql("update s.other set i = 2");
        later = Duration.ofDays(24);
        maintain();
        assertThat(below(table)).isEmpty();
    }

    private static List<Path> below(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
