package dev.tarn.cli.progress;

import static dev.tarn.cli.progress.RunsOf.run;
import static dev.tarn.cli.progress.RunsOf.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.output.Paint;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.model.run.Verdict;
import dev.tarn.run.RunReport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RunSummaryTest {
    @Test
    void aPublishedRunSaysWhatBecameVisible() {
        RunReport report =
                new RunReport(
                        run(RunStatus.PUBLISHED, Optional.of(8L)),
                        List.of(
                                task("model.shop.orders", TaskStatus.SUCCEEDED, 1_200, seconds(4)),
                                task("model.shop.days", TaskStatus.UNCHANGED, 0, seconds(0)),
                                task("model.shop.items", TaskStatus.SUCCEEDED, 50, seconds(2))),
                        List.of(),
                        List.of(),
                        List.of());

        assertThat(text(report))
                .isEqualTo(
                        """
                        Slowest:
                          model orders  1,200 rows, 4.0 s
                          model items  50 rows, 2.0 s
                        Published publication 8 to main in 12.3 s (run 261101-100000-k3xq)
                          2 ok, 1 unchanged, 1,250 rows, 12.5 kB written
                        """);
    }

    @Test
    void aFailedRunShowsFailingRowsAndHowToGoOn() {
        Verdict verdict =
                new Verdict(
                        "test.shop.unique_orders_id.0123456789",
                        "gold.orders",
                        Verdict.Outcome.FAILED,
                        3,
                        Optional.of("failures.unique_orders_id"));
        RunReport report =
                new RunReport(
                        run(RunStatus.FAILED, Optional.empty()),
                        List.of(
                                task("model.shop.orders", TaskStatus.SUCCEEDED, 10, seconds(0)),
                                task(verdict.check(), TaskStatus.FAILED, 0, seconds(0)),
                                task("model.shop.after", TaskStatus.SKIPPED, 0, seconds(0))),
                        List.of(verdict),
                        List.of(
                                new RunReport.Finding(
                                        verdict.check(),
                                        verdict,
                                        List.of("id", "name"),
                                        List.of(List.of(1L, "a"), Arrays.asList(1L, null)))),
                        List.of(Problem.of(ErrorCode.CHECK_FAILED, "One check failed.")));

        assertThat(text(report))
                .isEqualTo(
                        """
                        test unique_orders_id failed on gold.orders: 3 rows
                        ┌────┬──────┐
                        │ id │ name │
                        ├────┼──────┤
                        │ 1  │ a    │
                        │ 1  │ NULL │
                        └────┴──────┘
                          All of them:  tarn query -C shop --at run:261101-100000-k3xq "select * from failures.unique_orders_id"
                        Failed: nothing was published to main in 12.3 s (run 261101-100000-k3xq)
                          1 ok, 1 failed, 1 skipped, 10 rows, 100 B written
                          Look at what it made:  tarn query -C shop --at run:261101-100000-k3xq "select ..."
                          Go on from there:      tarn retry -C shop
                        """);
    }

    @Test
    void programsGetTheWholeReport() {
        RunReport report =
                new RunReport(
                        run(RunStatus.FAILED, Optional.empty()),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(Problem.of(ErrorCode.CHECK_FAILED, "One check failed.")));
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        new RunSummary(report, Paint.PLAIN, 0, " -C shop")
                .printJson(new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        {
                          "run": "261101-100000-k3xq",
                          "status": "failed",
                          "command": "build",
                          "ref": "main",
                          "startedAt": "2026-11-01T10:00:00Z",
                          "seconds": 12.345,
                          "publication": null,
                          "finishedAt": "2026-11-01T10:00:12.345Z",
                          "project": "shop",
                          "pinned": 7,
                          "retryOf": null,
                          "error": null,
                          "tasks": [ ],
                          "verdicts": [ ],
                          "findings": [ ],
                          "problems": [
                            {
                              "code": "CHECK_FAILED",
                              "place": null,
                              "message": "One check failed."
                            }
                          ]
                        }
                        """);
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static String text(RunReport report) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new RunSummary(report, Paint.PLAIN, 0, " -C shop")
                .print(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
