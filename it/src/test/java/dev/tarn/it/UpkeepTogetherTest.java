package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.app.MaintainRequest;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import dev.tarn.upkeep.TableUpkeep;
import dev.tarn.upkeep.TableUpkeep.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that gather the files of the same tables at the same time. */
final class UpkeepTogetherTest {
    private static final int FILES = 6;

    @TempDir Path folder;

    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder).put("tarn.yml", "upkeep:\n  mode: off\n").reopen();
        sql(
                "create table s.a (id bigint, note varchar); create table s.b (id bigint, note varchar)");
        for (int i = 0; i < FILES; i++) {
            sql(
                    "insert into s.a values (%1$d, 'a'); insert into s.b values (%1$d, 'b')"
                            .formatted(i));
        }
        sql("delete from s.a where id = 2; update s.b set note = 'new' where id = 3");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private void sql(String text) {
        shop.tarn().execute(SqlText.ofFile(text, "sql"), RefName.MAIN, new Cancellation());
    }

    private void assertNothingIsLost(Tarn tarn) {
        for (String table : List.of("a", "b")) {
            assertThat(
                            tarn.table(new TableName("s", table), At.MAIN)
                                    .state()
                                    .orElseThrow()
                                    .current()
                                    .orElseThrow()
                                    .totalFiles())
                    .as("files of s." + table)
                    .isEqualTo(1);
        }
        assertThat(
                        shop.rows(
                                """
                                select 'a', count(*), count(distinct id), sum(id), max(note) from s.a
                                union all
                                select 'b', count(*), count(distinct id), sum(id), max(note) from s.b
                                """))
                .containsExactlyInAnyOrder("a|5|5|13|a", "b|6|6|15|new");
    }

    @Test
    void aSecondProcessStopsAtOnceAndNamesTheFirst() {
        List<String> told = new ArrayList<>();
        List<Integer> codes = new ArrayList<>();

        List<TableUpkeep> done =
                shop.tarn()
                        .maintain(
                                new MaintainRequest(
                                        RefName.MAIN,
                                        List.of(),
                                        Duration.ofMinutes(1),
                                        Long.MAX_VALUE,
                                        true),
                                one -> another(told, codes),
                                () -> false)
                        .tables();

        assertThat(done).extracting(TableUpkeep::outcome).containsOnly(Outcome.DONE);
        assertThat(codes).containsExactly(3, 3);
        String first =
                shop.tarn().runs(20).stream()
                        .filter(run -> run.command().equals("maintain"))
                        .map(run -> run.id().value())
                        .findFirst()
                        .orElseThrow();
        assertThat(told)
                .allSatisfy(text ->
                        assertThat(text)
                                .contains("Run " + first + " has been looking after the tables")
                                .contains("so this one gave way")
                                .contains("[COMMIT_CONFLICT]"));
        assertNothingIsLost(shop.tarn());
    }

    private void another(List<String> told, List<Integer> codes) {
        try {
            Program second = Program.start(folder, "maintain");
            codes.add(second.exitCode());
            told.add(second.output());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void ofProcessesThatStartTogetherOneDoesTheWorkAndNothingIsLost() throws Exception {
        shop.close();
        List<Program> programs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            programs.add(Program.start(folder, "maintain"));
        }

        int done = 0;
        for (Program program : programs) {
            int code = program.exitCode();
            assertThat(code).as(program.output()).isIn(0, 3);
            if (code == 0) {
                done++;
            } else {
                assertThat(program.output()).contains("so this one gave way");
            }
        }

        assertThat(done).isPositive();
        try (Tarn tarn = Tarn.open(OpenRequest.of(folder))) {
            shop.reopen();
            assertNothingIsLost(tarn);
        }
    }
}
