package dev.tarn.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.Backfill;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs for a time that is past, and for partitions. */
final class BackfillTest {
    @TempDir Path folder;
    private JobLab lab;

    @BeforeEach
    void open() {
        lab = new JobLab(folder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aBackfillGoesThroughThePast() {
        lab.jobs(
                """
                jobs:
                  - name: daily
                    schedule: "@daily"
                    runs_at_a_time: 4
                    tasks: [{name: x, build: {by_interval: true}}]
                """);
        JobName daily = new JobName("daily");
        JobRun.Interval range =
                new JobRun.Interval(
                        Instant.parse("2026-10-01T00:00:00Z"),
                        Instant.parse("2026-11-01T00:00:00Z"));
        assertThat(lab.control.plan(daily, lab.past(range, 1)).intervals()).hasSize(31);
        Backfill backfill = lab.control.backfill(daily, lab.past(range, 2));
        assertThatThrownBy(() -> lab.control.backfill(daily, lab.past(range, 2)))
                .hasMessage(
                        "Backfill '%s' of job 'daily' covers 2026-10-01T00:00:00Z to 2026-11-01T00:00:00Z already and is not done. Wait for it, or stop it with `tarn job backfill cancel %s`. [OUTDATED]"
                                .formatted(backfill.id(), backfill.id()));
        lab.control.pauseBackfill(backfill.id());
        lab.server();
        lab.control.resumeBackfill(backfill.id());
        lab.until(() -> lab.views.backfills().getFirst().status() == Backfill.Status.DONE);
        assertThat(lab.runs("daily"))
                .hasSize(31)
                .allMatch(r -> r.status() == JobRun.Status.SUCCEEDED);
        assertThat(lab.doing.built)
                .extracting(b -> b.interval().orElseThrow().start())
                .doesNotHaveDuplicates()
                .hasSize(31);
    }

    @Test
    void theOldestIntervalsOfABackfillAreFirst() {
        lab.jobs(
                """
                jobs:
                  - name: daily
                    schedule: "@daily"
                    tasks: [{name: x, build: {by_interval: true}}]
                """);
        JobRun.Interval range =
                new JobRun.Interval(
                        Instant.parse("2026-10-01T00:00:00Z"),
                        Instant.parse("2026-10-13T00:00:00Z"));
        lab.control.backfill(new JobName("daily"), lab.past(range, 4));
        lab.server();
        lab.until(() -> lab.views.backfills().getFirst().status() == Backfill.Status.DONE);
        assertThat(lab.doing.built)
                .extracting(b -> b.interval().orElseThrow().start())
                .hasSize(12)
                .isSorted();
    }

    @Test
    void aBackfillPublishesAllAtOnceWhenAllHasEndedWell() {
        lab.jobs(
                """
                jobs:
                  - name: daily
                    schedule: "@daily"
                    runs_at_a_time: 4
                    retry: 0
                    params: {country: CH}
                    tasks: [{name: x, build: "{{ params.country }}"}]
                """);
        AtomicInteger broken = new AtomicInteger(1);
        lab.doing.build =
                (order, control) -> {
                    if (order.select().contains("DE") && broken.getAndDecrement() > 0) {
                        throw new TarnException(ErrorCode.SQL_INVALID, "no");
                    }
                    return "";
                };
        JobName daily = new JobName("daily");
        lab.server();
        Backfill backfill =
                lab.control.backfill(
                        daily,
                        new JobControl.BackfillRequest(
                                Optional.of(
                                        new JobRun.Interval(
                                                Instant.parse("2026-10-01T00:00:00Z"),
                                                Instant.parse("2026-10-03T00:00:00Z"))),
                                2,
                                Optional.of(new RefName("past")),
                                Map.of("country", List.of("CH", "DE")),
                                "ann"));
        lab.until(() -> lab.views.backfills().getFirst().status() == Backfill.Status.FAILED);
        assertThat(lab.doing.merged).isEmpty();
        assertThat(lab.doing.built)
                .extracting(b -> b.ref() + " " + b.select().getFirst())
                .containsExactlyInAnyOrder("past CH", "past DE", "past CH", "past DE");
        JobRun failed =
                lab.runs("daily").stream()
                        .filter(r -> r.status() == JobRun.Status.FAILED)
                        .findFirst()
                        .orElseThrow();
        assertThat(failed.params()).isEqualTo(Map.of("country", "DE"));
        lab.control.again(failed.id(), Optional.empty(), "ann");
        lab.ended(failed.id());
        lab.control.resumeBackfill(backfill.id());
        lab.until(() -> lab.views.backfills().getFirst().status() == Backfill.Status.DONE);
        assertThat(lab.doing.merged).containsExactly("past into main");
        assertThat(lab.runs("daily")).hasSize(4);
    }

    @Test
    void aBackfillGoesThroughPartitionsOfAJobWithoutASchedule() {
        lab.jobs(
                """
                jobs:
                  - name: shops
                    runs_at_a_time: 9
                    params: {shop: none}
                    tasks: [{name: x, build: "{{ params.shop }}"}]
                """);
        JobName shops = new JobName("shops");
        lab.server();
        JobControl.BackfillRequest request =
                new JobControl.BackfillRequest(
                        Optional.empty(),
                        1,
                        Optional.empty(),
                        Map.of("shop", List.of("a", "b", "c")),
                        "ann");
        assertThat(lab.control.plan(shops, request).runs()).isEqualTo(3);
        lab.control.backfill(shops, request);
        lab.until(() -> lab.views.backfills().getFirst().status() == Backfill.Status.DONE);
        assertThat(lab.doing.built)
                .extracting(b -> b.select().getFirst())
                .containsExactlyInAnyOrder("a", "b", "c");
        assertThatThrownBy(() ->
                        lab.control.plan(
                                shops,
                                new JobControl.BackfillRequest(
                                        Optional.empty(),
                                        1,
                                        Optional.empty(),
                                        Map.of("shap", List.of("a")),
                                        "ann")))
                .hasMessageContaining("Did you mean 'shop'?");
    }
}
