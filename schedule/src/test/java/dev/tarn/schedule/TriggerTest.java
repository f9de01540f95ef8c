package dev.tarn.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What starts jobs by itself, and what people say about runs. */
final class TriggerTest {
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

    private void seen(String job, String what) {
        lab.until(() ->
                lab.store()
                        .read(t -> t.state(new JobName(job)))
                        .filter(s -> s.seen().contains(what))
                        .isPresent());
    }

    @Test
    void aFileThatArrivesStartsAJobOnceAndOneThatChangesAgain() {
        lab.jobs(
                """
                jobs:
                  - name: on_file
                    schedule: {file: "in/*.csv"}
                    tasks: [{name: x, nothing: }]
                """);
        lab.doing.files = List.of("in/old.csv|1");
        lab.server();
        lab.server();
        seen("on_file", "files");
        assertThat(lab.runs("on_file")).isEmpty();
        lab.doing.files = List.of("in/old.csv|1", "in/new.csv|1");
        lab.until(() -> lab.runs("on_file").size() == 1);
        assertThat(lab.runs("on_file").getFirst().by()).isEqualTo("file in/new.csv");
        assertThat(lab.runs("on_file").getFirst().cause()).isEqualTo(JobRun.Cause.EVENT);
        lab.later(java.time.Duration.ofSeconds(1));
        lab.doing.files = List.of("in/old.csv|2", "in/new.csv|1");
        lab.until(() -> lab.runs("on_file").size() == 2);
        assertThat(lab.runs("on_file").getLast().by()).isEqualTo("file in/old.csv");
        lab.doing.files = List.of("in/new.csv|1");
        lab.until(() -> lab.runs("on_file").stream().allMatch(r -> r.status().isEnd()));
        assertThat(lab.runs("on_file")).hasSize(2);
    }

    @Test
    void whatIsPublishedStartsAJobOnlyIfItsConditionHolds() {
        lab.jobs(
                """
                jobs:
                  - name: enough
                    schedule: {published: raw.orders, if: "select count(*) > 10 from raw.orders"}
                    tasks: [{name: x, nothing: }]
                """);
        lab.doing.holds = query -> false;
        lab.doing.publish("raw.orders", 1, Instant.parse("2026-11-21T12:00:00Z"));
        lab.server();
        seen("enough", "orders=1");
        assertThat(lab.doing.conditions).isEmpty();
        lab.doing.publish("raw.orders", 2, Instant.parse("2026-11-21T12:01:00Z"));
        seen("enough", "asked");
        assertThat(lab.doing.conditions).containsExactly("select count(*) > 10 from raw.orders");
        assertThat(lab.runs("enough")).isEmpty();
        lab.doing.holds = query -> true;
        lab.doing.publish("raw.orders", 3, Instant.parse("2026-11-21T12:02:00Z"));
        lab.until(() -> lab.runs("enough").size() == 1);
        lab.until(() -> lab.runs("enough").getFirst().status().isEnd());
        assertThat(lab.doing.conditions).hasSize(2);
        assertThat(lab.views.job(new JobName("enough")).job().triggers().getFirst().words())
                .isEqualTo("when raw.orders is published, if select count(*) > 10 from raw.orders");
    }

    @Test
    void aConditionThatCannotBeAskedIsToldAndStartsNothing() {
        lab.jobs(
                """
                jobs:
                  - name: broken
                    schedule: {published: raw.orders, if: "select no_such"}
                    tasks: [{name: x, nothing: }]
                """);
        lab.doing.holds =
                query -> {
                    throw new TarnException(ErrorCode.SQL_INVALID, "There is no column no_such.");
                };
        lab.doing.publish("raw.orders", 1, Instant.parse("2026-11-21T12:00:00Z"));
        lab.server();
        seen("broken", "orders=1");
        assertThat(lab.views.job(new JobName("broken")).trouble()).isEmpty();
        lab.doing.publish("raw.orders", 2, Instant.parse("2026-11-21T12:01:00Z"));
        seen("broken", "trouble");
        assertThat(lab.views.job(new JobName("broken")).trouble())
                .contains("There is no column no_such. [SQL_INVALID]");
        assertThat(lab.runs("broken")).isEmpty();
        lab.doing.holds = query -> true;
        lab.doing.publish("raw.orders", 3, Instant.parse("2026-11-21T12:02:00Z"));
        lab.until(() -> lab.runs("broken").size() == 1);
        assertThat(lab.views.job(new JobName("broken")).trouble()).isEmpty();
    }

    @Test
    void aTableIsMadeAnewBeforeItIsTooOld() {
        lab.jobs(
                """
                jobs:
                  - name: keep
                    schedule: {fresh: {table: gold.orders, within: 1h}}
                    tasks: [{name: x, nothing: }]
                """);
        lab.doing.publish("gold.orders", 1, Instant.parse("2026-11-21T12:00:00Z"));
        lab.server();
        lab.at("2026-11-21T12:53:00Z");
        assertThat(lab.runs("keep")).isEmpty();
        // Nothing is known of how long it takes, so that it begins a tenth of the time before.
        lab.at("2026-11-21T12:54:01Z");
        lab.until(() -> lab.runs("keep").size() == 1);
        assertThat(lab.runs("keep").getFirst().by())
                .isEqualTo("gold.orders would be older than 1h");
        lab.until(() -> lab.runs("keep").getFirst().status().isEnd());
        lab.doing.publish("gold.orders", 2, Instant.parse("2026-11-21T12:54:02Z"));
        lab.at("2026-11-21T13:40:00Z");
        assertThat(lab.runs("keep")).hasSize(1);
    }

    @Test
    void aRunThatIsNotDoneInTimeIsLate() {
        lab.jobs(
                """
                jobs:
                  - name: slow
                    deadline: 30m
                    tasks: [{name: x, wait: 2h}]
                """);
        lab.server();
        JobRunId id = lab.start("slow");
        lab.until(() -> lab.waitsFor(id, "x").startsWith("the time"));
        lab.at("2026-11-21T12:29:59Z");
        assertThat(lab.run(id).late()).isFalse();
        lab.at("2026-11-21T12:30:00Z");
        lab.until(() -> lab.run(id).late());
        lab.at("2026-11-21T14:00:01Z");
        assertThat(lab.ended(id).late()).isTrue();
        assertThat(lab.run(id).status()).isEqualTo(JobRun.Status.SUCCEEDED);
    }

    @Test
    void peopleSayHowATaskEndedAndTheRunGoesOn() {
        CountDownLatch go = new CountDownLatch(1);
        lab.doing.build =
                (order, control) -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    throw new TarnException(ErrorCode.SQL_INVALID, "no");
                };
        lab.jobs(
                """
                jobs:
                  - name: one
                    tasks:
                      - {name: bad, build: x, retry: 0}
                      - {name: next, after: bad, nothing: }
                """);
        lab.server();
        JobRunId id = lab.start("one");
        lab.until(() -> lab.task(id, "bad").status() == TaskRun.Status.RUNNING);
        org.assertj.core.api.Assertions.assertThatThrownBy(() ->
                        lab.control.mark(
                                id,
                                new TaskName("bad"),
                                TaskRun.Status.SUCCEEDED,
                                java.util.Optional.empty(),
                                "ann"))
                .hasMessageContaining("bad");
        go.countDown();
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.FAILED);
        lab.control.again(id, java.util.Optional.of(new TaskName("next")), "ann");
        lab.control.mark(
                id,
                new TaskName("bad"),
                TaskRun.Status.SUCCEEDED,
                java.util.Optional.empty(),
                "ann");
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.SUCCEEDED);
        assertThat(lab.task(id, "bad").message()).contains("marked by ann");
        assertThat(lab.task(id, "next").status()).isEqualTo(TaskRun.Status.SUCCEEDED);
    }
}
