package dev.tarn.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.RunId;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.Attempt;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.ServerBeat;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SchedulerTest {
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

    private void one(String task) {
        lab.jobs(
                """
                jobs:
                  - name: one
                    params: {country: CH}
                    tasks:
                """
                        + task.indent(6));
    }

    @Test
    void tasksFollowEachOtherAndHandOnWhatTheyMade() {
        one(
                """
                - name: first
                  shell: echo hello {{ params.country }}; echo 42 > $TARN_OUTPUT
                - name: second
                  after: first
                  sql: select {{ tasks.first.output }}
                """);
        lab.server();
        JobRunId id = lab.start("one");
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.SUCCEEDED);
        assertThat(lab.task(id, "second").output()).isEqualTo("select 42");
        assertThat(lab.views.log(id, new TaskName("first"), Optional.empty()))
                .contains("hello CH\n");
    }

    @Test
    void whatCameFromOutsideIsNoPartOfACommand() {
        one(
                """
                - name: first
                  shell: echo '1; echo taken' > $TARN_OUTPUT
                - name: second
                  after: first
                  shell: echo got "$GIVEN"
                  environment: {GIVEN: "{{ tasks.first.output }}"}
                - name: third
                  after: second
                  shell: echo {{ tasks.first.output }}
                """);
        lab.server();
        JobRunId id = lab.start("one");
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.FAILED);
        assertThat(lab.views.log(id, new TaskName("second"), Optional.empty()))
                .contains("got 1; echo taken\n");
        assertThat(lab.run(id).message())
                .contains(
                        "task 'third': jobs/all.yml:13:16: A parameter or an output that the command takes has characters that a"
                                + " shell reads as its own. Hand it over under 'environment', and"
                                + " write \"$NAME\" in the command.");
    }

    @Test
    void whatCanGoAwayIsTriedAgainAndWhatCannotIsNot() {
        one(
                """
                - name: load
                  build: x
                  retry: {times: 3, delay: 1m, factor: 2, jitter: 0}
                """);
        AtomicInteger attempts = new AtomicInteger();
        lab.doing.build =
                (order, control) -> {
                    throw new TarnException(
                            attempts.incrementAndGet() < 3
                                    ? ErrorCode.STORAGE_FAILED
                                    : ErrorCode.SQL_INVALID,
                            "attempt " + attempts);
                };
        lab.server();
        JobRunId id = lab.start("one");
        lab.until(() -> attempts.get() == 1 && lab.task(id, "load").failures() == 1);
        assertThat(lab.waitsFor(id, "load"))
                .isEqualTo("its next try at 2026-11-21T12:01:00Z (1 of 3), after STORAGE_FAILED");
        lab.later(Duration.ofMinutes(1));
        lab.until(() -> lab.task(id, "load").failures() == 2);
        assertThat(lab.waitsFor(id, "load"))
                .isEqualTo("its next try at 2026-11-21T12:03:00Z (2 of 3), after STORAGE_FAILED");
        lab.later(Duration.ofMinutes(2));
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.FAILED);
        assertThat(lab.run(id).message()).contains("task 'load': attempt 3");
        assertThat(attempts).hasValue(3);
        assertThat(lab.views.run(id).attempts())
                .extracting(Attempt::outcome)
                .containsOnly(Attempt.Outcome.FAILED)
                .hasSize(3);
    }

    @Test
    void rulesDecideWhatFollowsAFailure() {
        one(
                """
                - {name: bad, shell: exit 3}
                - {name: next, after: bad, nothing: }
                - {name: clean, after: [bad, next], run_if: all_done, nothing: }
                - {name: alarm, after: bad, run_if: one_failed, nothing: }
                - {name: never, when: "{{ 1 > 2 }}", nothing: }
                - {name: calm, after: [never], run_if: none_failed, nothing: }
                """);
        lab.server();
        JobRunId id = lab.start("one");
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.FAILED);
        assertThat(
                        List.of("bad", "next", "clean", "alarm", "never", "calm").stream()
                                .map(t -> lab.task(id, t).status()))
                .containsExactly(
                        TaskRun.Status.FAILED,
                        TaskRun.Status.UPSTREAM_FAILED,
                        TaskRun.Status.SUCCEEDED,
                        TaskRun.Status.SUCCEEDED,
                        TaskRun.Status.SKIPPED,
                        TaskRun.Status.SUCCEEDED);
        assertThat(lab.task(id, "bad").message())
                .contains("The command ended with code 3. `tarn job log` shows what it printed.");
    }

    @Test
    void aRunThatFailedGoesOnFromThereWithTheJobAsItIsThen() {
        one(
                """
                - {name: first, nothing: }
                - {name: second, after: first, shell: exit 1}
                - {name: third, after: second, nothing: }
                """);
        lab.server();
        JobRunId id = lab.start("one");
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.FAILED);
        one(
                """
                - {name: first, nothing: }
                - {name: second, after: first, shell: exit 0}
                - {name: third, after: second, nothing: }
                """);
        lab.control.again(id, Optional.empty(), "ann");
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.SUCCEEDED);
        assertThat(lab.task(id, "first").attempt()).isEqualTo(1);
        assertThat(lab.task(id, "second").attempt()).isEqualTo(2);
    }

    @Test
    void anEndlessOutputIsBounded() {
        one("- {name: loud, shell: \"yes | head -c 3000000\"}");
        lab.server();
        JobRunId id = lab.start("one");
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.SUCCEEDED);
        String log = lab.views.log(id, new TaskName("loud"), Optional.empty()).orElseThrow();
        assertThat(log)
                .hasSizeLessThan(BoundedLog.HEAD + BoundedLog.TAIL + 100)
                .contains("\n… 2,868,928 characters are left out here …\n");
    }

    @Test
    void aTemplateThatCannotBeFilledInIsToldWithItsPlace() {
        one("- {name: bad, shell: \"echo {{ parms.country }}\"}");
        lab.server();
        JobRunId id = lab.start("one");
        assertThat(lab.ended(id).message())
                .contains(
                        "task 'bad': jobs/all.yml:5:37: The template cannot be filled in: 'parms' is undefined. Did you mean 'params'?");
        assertThat(new Templates().check(lab.control.known(new JobName("one")).job()))
                .singleElement()
                .asString()
                .isEqualTo(
                        "jobs/all.yml:5:37: The template cannot be filled in: 'parms' is undefined. Did you mean 'params'? [TEMPLATE_FAILED]");
    }

    @Test
    void aTaskThatTakesTooLongIsStopped() {
        one("- {name: slow, shell: sleep 600, timeout: 100ms, retry: 0}");
        lab.server();
        JobRunId id = lab.start("one");
        assertThat(lab.ended(id).message()).contains("task 'slow': It was not done after 100ms.");
    }

    @Test
    void somebodyCanStopARun() {
        one("- {name: slow, shell: sleep 600}\n- {name: next, after: slow, nothing: }");
        lab.server();
        JobRunId id = lab.start("one");
        lab.until(() -> lab.task(id, "slow").status() == TaskRun.Status.RUNNING);
        lab.control.cancel(id, "ann");
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.CANCELLED);
        assertThat(lab.task(id, "next").message()).contains("stopped by ann");
        assertThatThrownBy(() -> lab.control.cancel(id, "ann"))
                .hasMessage(
                        "Run '%s' is over: it was cancelled. `tarn job rerun %s` does it again. [OUTDATED]"
                                .formatted(id, id));
    }

    @Test
    void aRunThatTakesTooLongFails() {
        lab.jobs(
                """
                jobs:
                  - name: one
                    timeout: 10m
                    tasks: [{name: slow, wait: 20m}]
                """);
        lab.server();
        JobRunId id = lab.start("one");
        lab.until(() -> lab.waitsFor(id, "slow").startsWith("the time"));
        lab.later(Duration.ofMinutes(11));
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.FAILED);
        assertThat(lab.run(id).message()).contains("task 'slow': The run was not done after 10m.");
    }

    @Test
    void whatWaitsSaysForWhat() {
        one(
                """
                - {name: time, wait: 10m}
                - {name: file, file: "in/*.csv"}
                - {name: table, table: {name: gold.orders, every: 1m}}
                - {name: ask, approval: "Publish {{ params.country }}?"}
                - {name: last, after: [time, file, table, ask], nothing: }
                """);
        lab.server();
        JobRunId id = lab.start("one");
        lab.until(() -> lab.task(id, "ask").status() == TaskRun.Status.HELD);
        lab.until(() -> lab.waitsFor(id, "table").startsWith("table gold.orders, which"));
        lab.until(() -> lab.waitsFor(id, "file").startsWith("a file that"));
        lab.until(() -> lab.waitsFor(id, "time").startsWith("the time"));
        assertThat(lab.waitsFor(id, "time"))
                .isEqualTo("the time 2026-11-21T12:10:00Z; looks again at 2026-11-21T12:10:00Z");
        assertThat(lab.waitsFor(id, "ask"))
                .isEqualTo(
                        "a decision: Publish CH?; `tarn job approve %s ask` releases it"
                                .formatted(id));
        assertThat(lab.waitsFor(id, "last"))
                .isEqualTo("time, file, table, ask, until all succeeded");
        lab.doing.files = List.of("in/a.csv|1");
        lab.doing.publish("gold.orders", 7, Instant.parse("2026-11-21T11:00:00Z"));
        lab.control.decide(id, new TaskName("ask"), true, "ann");
        lab.later(Duration.ofMinutes(10));
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.SUCCEEDED);
        assertThat(lab.task(id, "file").output()).isEqualTo("in/a.csv");
    }

    @Test
    void aPoolLetsOnlySoManyIn() {
        lab.jobs(
                """
                pools: {api: 2}
                jobs:
                  - name: one
                    tasks:
                      - {name: a, build: x, pool: api}
                      - {name: b, build: x, pool: api}
                      - {name: c, build: x, pool: api}
                """);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger inside = new AtomicInteger();
        lab.doing.build =
                (order, control) -> {
                    inside.incrementAndGet();
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return "";
                };
        lab.server();
        JobRunId id = lab.start("one");
        lab.until(() -> inside.get() == 2);
        assertThat(lab.waitsFor(id, "c")).isEqualTo("a slot of pool api: 2 of 2 are taken");
        go.countDown();
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.SUCCEEDED);
    }

    @Test
    void aPublishedTableStartsAJobOnceAndThatStartsAnother() {
        lab.jobs(
                """
                jobs:
                  - name: on_table
                    schedule: {published: raw.orders}
                    tasks: [{name: x, nothing: }]
                  - name: follower
                    schedule: {after: on_table}
                    tasks: [{name: x, nothing: }]
                """);
        lab.doing.publish("raw.orders", 1, Instant.parse("2026-11-21T11:00:00Z"));
        lab.server();
        lab.server();
        lab.until(() ->
                lab.store()
                        .read(t -> t.state(new JobName("on_table")))
                        .filter(s -> s.seen().contains("raw.orders"))
                        .isPresent());
        assertThat(lab.runs("on_table")).isEmpty();
        lab.doing.publish("raw.orders", 2, Instant.parse("2026-11-21T12:00:00Z"));
        lab.until(() -> lab.runs("follower").stream().anyMatch(r -> r.status().isEnd()));
        assertThat(lab.runs("on_table"))
                .singleElement()
                .extracting(JobRun::by)
                .isEqualTo("table raw.orders");
        assertThat(lab.runs("follower")).hasSize(1);
    }

    @Test
    void theSameKeyStartsOneRun() {
        one("- {name: x, nothing: }");
        JobControl.StartRequest request =
                new JobControl.StartRequest(Map.of(), Optional.empty(), Optional.of("k"), "test");
        JobRunId first = lab.control.start(new JobName("one"), request).id();
        assertThat(lab.control.start(new JobName("one"), request).id()).isEqualTo(first);
        assertThatThrownBy(() ->
                        lab.control.start(
                                new JobName("one"),
                                new JobControl.StartRequest(
                                        Map.of("contry", "CH"),
                                        Optional.empty(),
                                        Optional.empty(),
                                        "test")))
                .hasMessage(
                        "Job 'one' has no parameter 'contry'. Did you mean 'country'? It has: country. [USAGE]");
    }

    @Test
    void aServerThatWasDeclaredDeadCanNeitherPublishNorSayAnything() {
        one("- {name: load, build: x}");
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch wake = new CountDownLatch(1);
        AtomicInteger published = new AtomicInteger();
        AtomicInteger attempts = new AtomicInteger();
        lab.doing.build =
                (order, control) -> {
                    boolean first = attempts.incrementAndGet() == 1;
                    if (first) {
                        began.countDown();
                        try {
                            wake.await();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    }
                    control.began(new RunId(first ? "first" : "second"));
                    published.incrementAndGet();
                    return first ? "first" : "second";
                };
        Scheduler sleeper = lab.server();
        JobRunId id = lab.start("one");
        lab.until(() -> began.getCount() == 0);
        lab.store()
                .change(tables -> {
                    ServerBeat server =
                            tables.servers().stream()
                                    .filter(s -> s.id().equals(sleeper.id()))
                                    .findFirst()
                                    .orElseThrow();
                    tables.put(
                            new ServerBeat(
                                    server.id(),
                                    server.host(),
                                    server.process(),
                                    server.processStart(),
                                    server.startedAt(),
                                    server.beatAt(),
                                    server.beats(),
                                    true));
                    return server;
                });
        lab.server();
        JobRun run = lab.ended(id);
        wake.countDown();
        assertThat(run.status()).isEqualTo(JobRun.Status.SUCCEEDED);
        assertThat(lab.task(id, "load").output()).isEqualTo("second");
        assertThat(published).hasValue(1);
        assertThat(lab.views.run(id).attempts())
                .extracting(Attempt::outcome)
                .containsExactly(Attempt.Outcome.LOST, Attempt.Outcome.SUCCEEDED);
    }
}
