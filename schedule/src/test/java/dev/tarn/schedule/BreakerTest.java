package dev.tarn.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.alert.Signal;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.TaskRun;
import dev.tarn.spi.AlertTables;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fails again and again is left in peace for a while. */
final class BreakerTest {
    @TempDir Path folder;
    private JobLab lab;
    private final AtomicBoolean broken = new AtomicBoolean(true);
    private final AtomicInteger attempts = new AtomicInteger();

    @BeforeEach
    void open() {
        lab = new JobLab(folder);
        lab.doing.build =
                (order, control) -> {
                    attempts.incrementAndGet();
                    if (broken.get()) {
                        throw new TarnException(ErrorCode.STORAGE_FAILED, "away");
                    }
                    return "";
                };
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void ended(int runs) {
        lab.until(() -> lab.runs("often").stream().filter(r -> r.status().isEnd()).count() == runs);
    }

    @Test
    void aJobRestsAfterTooManyFailuresTriesOnceAndGoesOn() {
        lab.jobs(
                """
                jobs:
                  - name: often
                    schedule: {every: 1m}
                    breaker: {failures: 2, rest: 10m}
                    retry: 0
                    tasks: [{name: load, build: x}]
                """);
        lab.server();
        lab.until(() -> lab.store().read(t -> t.state(new JobName("often"))).isPresent());
        lab.at("2026-11-21T12:01:00Z");
        ended(1);
        lab.at("2026-11-21T12:02:00Z");
        ended(2);
        JobViews.Listing listing = lab.views.job(new JobName("often"));
        assertThat(listing.rest().orElseThrow().openUntil())
                .contains(Instant.parse("2026-11-21T12:12:00Z"));
        assertThat(lab.alerts().read(AlertTables::signals))
                .containsExactly(
                        new Signal(
                                "breaker_open",
                                "job:often",
                                Instant.parse("2026-11-21T12:02:00Z"),
                                "job often failed 2 times in a row and rests until"
                                        + " 2026-11-21T12:12:00Z; then it is tried once."));
        lab.at("2026-11-21T12:11:59Z");
        JobRunId byHand = lab.start("often");
        assertThat(lab.ended(byHand).status()).isEqualTo(JobRun.Status.FAILED);
        // The rest began anew; it is over at 12:21:59, and one run makes up for what was missed.
        assertThat(lab.runs("often")).hasSize(3);
        broken.set(false);
        lab.at("2026-11-21T12:22:00Z");
        ended(4);
        assertThat(lab.runs("often").getLast().status()).isEqualTo(JobRun.Status.SUCCEEDED);
        assertThat(lab.views.job(new JobName("often")).rest()).isEmpty();
        assertThat(lab.alerts().read(AlertTables::signals)).isEmpty();
        lab.at("2026-11-21T12:23:00Z");
        ended(5);
    }

    @Test
    void resumingEndsARest() {
        lab.jobs(
                """
                jobs:
                  - name: often
                    schedule: {every: 1m}
                    breaker: {failures: 1, rest: 10m}
                    retry: 0
                    tasks: [{name: load, build: x}]
                """);
        lab.server();
        lab.until(() -> lab.store().read(t -> t.state(new JobName("often"))).isPresent());
        lab.at("2026-11-21T12:01:00Z");
        ended(1);
        broken.set(false);
        assertThat(lab.alerts().read(AlertTables::signals)).hasSize(1);
        lab.control.resume(new JobName("often"));
        assertThat(lab.alerts().read(AlertTables::signals)).isEmpty();
        lab.at("2026-11-21T12:02:00Z");
        ended(2);
        assertThat(lab.runs("often").getLast().status()).isEqualTo(JobRun.Status.SUCCEEDED);
    }

    @Test
    void aPoolRestsWhenWhatItStandsForIsAway() {
        lab.jobs(
                """
                pools: {crm: {slots: 1, breaker: {failures: 3, rest: 5m}}}
                jobs:
                  - name: one
                    tasks:
                      - {name: a, build: x, pool: crm, retry: {times: 9, delay: 1ms, jitter: 0}}
                      - {name: b, build: x, pool: crm, priority: -1, retry: {times: 9, delay: 1ms, jitter: 0}}
                      - {name: other, nothing: }
                """);
        lab.server();
        JobRunId id = lab.start("one");
        lab.until(() -> {
            lab.later(Duration.ofMillis(10));
            return attempts.get() == 3;
        });
        lab.until(() -> lab.task(id, "other").status() == TaskRun.Status.SUCCEEDED);
        lab.later(Duration.ofMinutes(1));
        lab.until(() -> lab.waitsFor(id, "b").startsWith("pool crm, which rests until "));
        assertThat(lab.waitsFor(id, "b")).endsWith("after 3 failures in a row");
        assertThat(attempts).hasValue(3);
        broken.set(false);
        lab.later(Duration.ofMinutes(5));
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.SUCCEEDED);
        assertThat(lab.store().read(t -> t.breaker("pool:crm")).orElseThrow().failures()).isZero();
    }
}
