package dev.tarn.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.RunId;
import dev.tarn.model.job.Attempt;
import dev.tarn.model.job.Breaker;
import dev.tarn.model.job.JobDefinition;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.JobState;
import dev.tarn.model.job.ServerId;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import dev.tarn.spi.JobTables.RunFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every store of jobs keeps. */
public abstract class JobStoreContract {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00.123456789Z");
    private static final JobName JOB = new JobName("nightly");
    private static final TaskName LOAD = new TaskName("load");

    /** One in which nothing is. */
    protected abstract JobStore emptyStore();

    private static JobRun run(int number, String key) {
        return new JobRun(
                new JobRunId("j261121-120000-%08d".formatted(number)),
                JOB,
                "f1",
                key,
                JobRun.Cause.MANUAL,
                "ann",
                new JobRun.Interval(NOW.minusSeconds(60), NOW),
                NOW,
                NOW.plusSeconds(number),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                JobRun.Status.QUEUED,
                Map.of("a=b&c", "é ü\n%"),
                Optional.empty(),
                Optional.empty());
    }

    private static TaskRun task(JobRun run, String name, int priority, Instant from) {
        return new TaskRun(
                run.id(),
                JOB,
                new TaskName(name),
                "shell",
                TaskRun.Status.READY,
                0,
                0,
                0,
                priority,
                Optional.of("api"),
                from,
                0,
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "");
    }

    @Test
    void whatIsWrittenIsRead() {
        JobStore store = emptyStore();
        JobRun run = run(1, "k");
        TaskRun task =
                task(run, "load", 3, NOW)
                        .change()
                        .running(new ServerId("s"), 9, NOW)
                        .work(Optional.of(new RunId("r1")))
                        .because(Optional.of(ErrorCode.TIMEOUT), Optional.of("late"))
                        .output("42")
                        .done();
        Attempt attempt =
                new Attempt(
                        run.id(),
                        LOAD,
                        1,
                        Attempt.Outcome.LOST,
                        new ServerId("s"),
                        NOW,
                        NOW.plusSeconds(1),
                        Optional.of(new RunId("r1")),
                        Optional.of(ErrorCode.RUN_LOST),
                        Optional.of("gone"));
        JobState state = JobState.fresh(JOB).paused(Optional.of("ann")).handled(NOW).seen("a=1");
        JobDefinition definition = new JobDefinition("f1", JOB, "jobs/a.yml", "jobs: []\n");
        store.change(tables -> {
            tables.put(state);
            tables.keep(definition);
            tables.keep(definition);
            tables.add(run);
            tables.put(List.of(task));
            tables.add(List.of(attempt));
            tables.log(run.id(), LOAD, 1, "one");
            tables.log(run.id(), LOAD, 1, "two");
            return run;
        });
        store.read(tables -> {
            assertThat(tables.states()).containsExactly(state);
            assertThat(tables.definition("f1")).contains(definition);
            assertThat(tables.run(run.id())).contains(run);
            assertThat(tables.run(JOB, "k")).contains(run);
            assertThat(tables.tasks(run.id())).containsExactly(task);
            assertThat(tables.at(new ServerId("s"))).containsExactly(task);
            assertThat(tables.poolUse()).isEqualTo(Map.of("api", 1));
            assertThat(tables.attempts(run.id())).containsExactly(attempt);
            assertThat(tables.log(run.id(), LOAD, 1)).contains("two");
            assertThat(tables.newest()).containsExactly(run);
            return run;
        });
    }

    @Test
    void whatIsOpenAndHowFarTasksAreIsKnownWithoutReadingThem() {
        JobStore store = emptyStore();
        JobRun run = run(1, "k");
        TaskRun open = task(run, "load", 3, NOW);
        TaskRun done = task(run, "done", 3, NOW).change().now(TaskRun.Status.SKIPPED, NOW).done();
        store.change(tables -> {
            tables.add(run);
            tables.put(List.of(open, done));
            return run;
        });
        store.read(tables -> {
            assertThat(tables.open(run.id())).isEqualTo(1);
            assertThat(tables.statuses(run.id()))
                    .isEqualTo(
                            Map.of(
                                    LOAD,
                                    open.status(),
                                    new TaskName("done"),
                                    TaskRun.Status.SKIPPED));
            assertThat(tables.tasks(run.id(), List.of(LOAD, new TaskName("other"))))
                    .containsExactly(open);
            assertThat(tables.tasks(run.id(), List.of())).isEmpty();
            return run;
        });
    }

    @Test
    void runsAreCountedByTheHourTheyWereDue() {
        JobStore store = emptyStore();
        store.change(tables -> {
            tables.add(run(1, "a"));
            tables.add(run(2, "b"));
            return tables.add(run(3, "c"));
        });
        store.read(tables -> {
            List<JobTables.Hour> hours = tables.hours(JOB, NOW.minusSeconds(86_400));
            assertThat(hours.stream().mapToLong(JobTables.Hour::runs).sum()).isEqualTo(3);
            assertThat(hours)
                    .allMatch(h -> h.start().getEpochSecond() % 3_600 == 0)
                    .allMatch(h -> !h.start().isAfter(NOW.plusSeconds(3)));
            assertThat(tables.hours(JOB, NOW.plusSeconds(86_400))).isEmpty();
            assertThat(tables.hours(new JobName("other"), NOW.minusSeconds(86_400))).isEmpty();
            return hours;
        });
    }

    @Test
    void whatRestsIsRemembered() {
        JobStore store = emptyStore();
        Breaker open = new Breaker("job:x", 3, Optional.of(NOW), Optional.of(NOW.plusSeconds(60)));
        store.change(tables -> {
            tables.put(Breaker.closed("job:x"));
            tables.put(open);
            tables.put(Breaker.closed("pool:y"));
            return open;
        });
        store.read(tables -> {
            assertThat(tables.breaker("job:x")).contains(open);
            assertThat(tables.breaker("job:z")).isEmpty();
            assertThat(tables.breakers()).containsExactly(open, Breaker.closed("pool:y"));
            return open;
        });
    }

    @Test
    void aJobHasNoTwoRunsWithOneKey() {
        JobStore store = emptyStore();
        assertThat(store.<Boolean>change(tables -> tables.add(run(1, "k")))).isTrue();
        assertThat(store.<Boolean>change(tables -> tables.add(run(2, "k")))).isFalse();
        assertThat(store.<Boolean>change(tables -> tables.add(run(3, "other")))).isTrue();
        assertThat(store.<Long>read(tables -> tables.count(RunFilter.of(JOB)))).isEqualTo(2);
    }

    @Test
    void aChangeThatThrowsChangesNothing() {
        JobStore store = emptyStore();
        assertThatThrownBy(() ->
                        store.change(tables -> {
                            tables.add(run(1, "k"));
                            throw new IllegalStateException("no");
                        }))
                .hasMessage("no");
        assertThat(store.<Long>read(tables -> tables.count(RunFilter.of(JOB)))).isZero();
    }

    @Test
    void changesHaveNumbersThatGrowWhoeverMakesThem() throws InterruptedException {
        JobStore store = emptyStore();
        List<Long> tokens = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int k = 0; k < 25; k++) {
                                    // Added within the change, so that the order is theirs.
                                    store.change(tables -> tokens.add(tables.token()));
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(tokens).hasSize(100).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void theMostUrgentTaskComesFirstWhenItsTimeHasCome() {
        JobStore store = emptyStore();
        JobRun run = run(1, "k");
        store.change(tables -> {
            tables.add(run);
            tables.put(
                    List.of(
                            task(run, "low", 0, NOW.minusSeconds(9)),
                            task(run, "high", 5, NOW),
                            task(run, "later", 9, NOW.plusSeconds(1))));
            return run;
        });
        store.read(tables -> {
            assertThat(tables.ready(NOW, 10))
                    .extracting(t -> t.task().value())
                    .containsExactly("high", "low");
            assertThat(tables.nextReady()).contains(NOW.minusSeconds(9));
            return run;
        });
    }

    @Test
    void runsAreFoundByWhatTheyAreAndForgottenWithAllThatBelongsToThem() {
        JobStore store = emptyStore();
        JobRun old = run(1, "a");
        JobRun open = run(2, "b");
        store.change(tables -> {
            tables.add(old);
            tables.add(open);
            tables.put(List.of(task(old, "load", 0, NOW)));
            tables.log(old.id(), LOAD, 1, "text");
            tables.put(old.ended(JobRun.Status.FAILED, NOW, Optional.of("why")));
            tables.put(
                    open.started(
                            NOW, Optional.of(NOW.plusSeconds(5)), Optional.of(NOW.plusSeconds(3))));
            return old;
        });
        store.read(tables -> {
            assertThat(tables.runs(RunFilter.of(JOB)))
                    .extracting(JobRun::id)
                    .containsExactly(open.id(), old.id());
            assertThat(tables.runs(RunFilter.of(JOB, JobRun.Status.FAILED)))
                    .extracting(JobRun::message)
                    .containsExactly(Optional.of("why"));
            assertThat(tables.runs(new RunFilter(Optional.empty(), Set.of(), Optional.empty(), 1)))
                    .extracting(JobRun::id)
                    .containsExactly(open.id());
            assertThat(tables.nextOverdue()).contains(NOW.plusSeconds(3));
            assertThat(tables.overdue(NOW.plusSeconds(2))).isEmpty();
            assertThat(tables.overdue(NOW.plusSeconds(3))).hasSize(1);
            assertThat(tables.queued(JOB, 10)).isEmpty();
            return old;
        });
        assertThat(store.<Integer>change(tables -> tables.forgetRuns(NOW.plusSeconds(1), 10)))
                .isEqualTo(1);
        store.read(tables -> {
            assertThat(tables.run(old.id())).isEmpty();
            assertThat(tables.tasks(old.id())).isEmpty();
            assertThat(tables.log(old.id(), LOAD, 1)).isEmpty();
            return old;
        });
    }
}
