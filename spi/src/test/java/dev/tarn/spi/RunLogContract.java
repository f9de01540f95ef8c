package dev.tarn.spi;

import static dev.tarn.model.ErrorCode.DUPLICATE_NAME;
import static dev.tarn.model.ErrorCode.REF_NOT_FOUND;
import static dev.tarn.model.ErrorCode.RUN_NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import dev.tarn.model.AsOf;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.run.LineageEdge;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.model.run.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every {@link RunLog} keeps. */
public abstract class RunLogContract extends WarehouseContract {
    private static final RunId NEVER = new RunId("never");
    private static final String NO_RUN = "There is no run 'never'. `tarn runs` lists them.";

    private Task task(RunId run, String node, int attempt, TaskStatus status) {
        return new Task(
                run,
                node,
                attempt,
                status,
                status == TaskStatus.WAITING ? Optional.empty() : Optional.of(clock.instant()),
                Optional.empty(),
                12,
                1L << 40,
                Optional.of("told\0 \"so\""));
    }

    @Test
    void aRunComesBackAsItWasWritten() {
        Run plain = begin("261101-100000-aaaa");
        Run full =
                new Run(
                        new RunId("b"),
                        "shop",
                        "build --select +orders",
                        DEV,
                        new PublicationId(3),
                        RunStatus.FAILED,
                        Instant.parse("2026-11-01T10:00:00.123456789Z"),
                        Instant.parse("1969-12-31T23:59:59.5Z"),
                        Optional.of(clock.instant()),
                        Optional.of(new PublicationId(4)),
                        Optional.of(plain.id()),
                        Optional.of("line 1\nline 2"));
        catalog().create(RefName.of(full.id()), Ref.Kind.RUN, MAIN, AsOf.head());
        runs().begin(full);

        assertThat(runs().run(plain.id())).isEqualTo(plain);
        assertThat(runs().run(full.id())).isEqualTo(full);
    }

    @Test
    void aRunNeedsItsRefAndBeginsOnce() {
        Run run = begin("r1");

        assertRefused(DUPLICATE_NAME, "The run 'r1' has already begun.", () -> runs().begin(run));
        catalog().delete(RefName.of(run.id()));
        assertRefused(
                REF_NOT_FOUND,
                "There is no ref 'run:r1': the run never began, or its ref was removed some time"
                        + " after it ended. `tarn runs` lists the runs.",
                () -> runs().begin(run));
    }

    @Test
    void unknownRunsAreRefused() {
        Verdict verdict = new Verdict("c", "s", Verdict.Outcome.PASSED, 0, Optional.empty());

        assertRefused(RUN_NOT_FOUND, NO_RUN, () -> runs().run(NEVER));
        assertRefused(
                RUN_NOT_FOUND,
                NO_RUN,
                () -> runs().record(List.of(task(NEVER, "n", 1, TaskStatus.RUNNING))));
        assertRefused(RUN_NOT_FOUND, NO_RUN, () -> runs().verdicts(NEVER, List.of(verdict)));
        assertRefused(
                RUN_NOT_FOUND,
                NO_RUN,
                () -> runs().end(NEVER, RunStatus.LOST, clock.instant(), Optional.empty()));
        runs().beat(NEVER, clock.instant());
        runs().record(List.of());
        assertThat(runs().tasks(NEVER)).isEmpty();
        assertThat(runs().verdicts(NEVER)).isEmpty();
        assertThat(runs().lineage(NEVER)).isEmpty();
        assertThat(runs().runs(10)).isEmpty();
    }

    @Test
    void runsAreListedNewestFirst() {
        begin("z");
        clock.move(Duration.ofSeconds(1));
        begin("b");
        begin("c");

        assertThat(runs().runs(10)).extracting(r -> r.id().value()).containsExactly("c", "b", "z");
        assertThat(runs().runs(2)).extracting(r -> r.id().value()).containsExactly("c", "b");
    }

    @Test
    void aBeatIsKeptWhileTheRunRuns() {
        Run run = begin("r1");
        Instant beat = clock.move(Duration.ofSeconds(5));
        runs().beat(run.id(), beat);
        assertThat(runs().run(run.id()).heartbeat()).isEqualTo(beat);

        runs().end(run.id(), RunStatus.CANCELLED, beat, Optional.empty());
        runs().beat(run.id(), clock.move(Duration.ofSeconds(5)));
        assertThat(runs().run(run.id()).heartbeat()).isEqualTo(beat);
    }

    @Test
    void aRunEndsOnce() {
        Run run = begin("r1");
        Instant end = clock.move(Duration.ofSeconds(5));
        runs().end(run.id(), RunStatus.FAILED, end, Optional.of("why"));
        clock.move(Duration.ofSeconds(5));
        runs().end(run.id(), RunStatus.CANCELLED, clock.instant(), Optional.empty());

        Run ended = runs().run(run.id());
        assertThat(ended.status()).isEqualTo(RunStatus.FAILED);
        assertThat(ended.finishedAt()).contains(end);
        assertThat(ended.error()).contains("why");
        assertThatThrownBy(() -> runs().end(run.id(), RunStatus.PUBLISHED, end, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theNewestStateOfEachAttemptIsKept() {
        Run run = begin("r1");
        Run other = begin("r2");
        Task waiting = task(run.id(), "a.waiting", 1, TaskStatus.WAITING);
        Task second = task(run.id(), "b.second", 1, TaskStatus.RUNNING);
        runs().record(List.of(waiting, second, task(other.id(), "x", 1, TaskStatus.FAILED)));
        Instant later = clock.move(Duration.ofSeconds(3));
        Task third = task(run.id(), "a.third", 1, TaskStatus.FAILED);
        Task retried = task(run.id(), "a.third", 2, TaskStatus.RUNNING);
        Task done =
                new Task(
                        run.id(),
                        "b.second",
                        1,
                        TaskStatus.SUCCEEDED,
                        second.startedAt(),
                        Optional.of(later),
                        5,
                        6,
                        Optional.empty());
        runs().record(List.of(done, third, retried));

        List<Task> tasks = runs().tasks(run.id());
        assertThat(tasks)
                .extracting(Task::node, Task::attempt)
                .containsExactly(
                        tuple("b.second", 1),
                        tuple("a.third", 1),
                        tuple("a.third", 2),
                        tuple("a.waiting", 1));
        assertThat(tasks.getFirst()).isEqualTo(done);
        assertThat(tasks.getLast().status()).isEqualTo(TaskStatus.WAITING);
        assertThat(runs().tasks(other.id())).hasSize(1);
        assertThat(runs().outcomes(run.id()))
                .containsOnly(
                        entry("a.waiting", TaskStatus.WAITING),
                        entry("a.third", TaskStatus.RUNNING),
                        entry("b.second", TaskStatus.SUCCEEDED));
        assertThat(runs().outcomes(NEVER)).isEmpty();
    }

    @Test
    void theHistoryOfANodeIsToldNewestRunFirst() {
        Run first = begin("z");
        clock.move(Duration.ofSeconds(1));
        Run second = begin("a");
        runs().record(
                        List.of(
                                task(first.id(), "orders", 1, TaskStatus.SUCCEEDED),
                                task(second.id(), "orders", 1, TaskStatus.FAILED),
                                task(second.id(), "orders", 2, TaskStatus.SUCCEEDED),
                                task(second.id(), "other", 1, TaskStatus.FAILED)));

        assertThat(runs().history("orders", 10))
                .extracting(Task::run, Task::attempt)
                .containsExactly(
                        tuple(second.id(), 2), tuple(second.id(), 1), tuple(first.id(), 1));
        assertThat(runs().history("orders", 1)).hasSize(1);
        assertThat(runs().history("nobody", 10)).isEmpty();
    }

    @Test
    void whatFailedOrWarnedIsToldOfTheNewestRuns() {
        Run first = begin("z");
        runs().record(List.of(task(first.id(), "old", 1, TaskStatus.FAILED)));
        clock.move(Duration.ofSeconds(1));
        Run second = begin("a");
        runs().record(
                        List.of(
                                task(second.id(), "b", 1, TaskStatus.WARNED),
                                task(second.id(), "a", 1, TaskStatus.FAILED),
                                task(second.id(), "fine", 1, TaskStatus.SUCCEEDED),
                                task(second.id(), "later", 1, TaskStatus.SKIPPED)));

        assertThat(runs().troubled(10)).extracting(Task::node).containsExactly("a", "b", "old");
        assertThat(runs().troubled(1)).extracting(Task::node).containsExactly("a", "b");
        assertThat(runs().troubled(0)).isEmpty();
    }

    @Test
    void recordingForAnUnknownRunWritesNothingAtAll() {
        Run run = begin("r1");

        assertRefused(
                RUN_NOT_FOUND,
                NO_RUN,
                () ->
                        runs().record(
                                        List.of(
                                                task(run.id(), "n", 1, TaskStatus.RUNNING),
                                                task(NEVER, "n", 1, TaskStatus.RUNNING))));
        assertThat(runs().tasks(run.id())).isEmpty();
    }

    @Test
    void verdictsOfOneCheckReplaceEachOther() {
        Run run = begin("r1");
        Verdict b = new Verdict("b", "t", Verdict.Outcome.PASSED, 0, Optional.empty());
        Verdict a1 = new Verdict("a", "t", Verdict.Outcome.PASSED, 0, Optional.empty());
        Verdict a2 = new Verdict("a", "t", Verdict.Outcome.FAILED, 9, Optional.of("f.a"));
        runs().verdicts(run.id(), List.of(b, a1));
        runs().verdicts(run.id(), List.of(a2));

        assertThat(runs().verdicts(run.id())).containsExactly(a2, b);
    }

    @Test
    void lineageIsKeptOncePerEdge() {
        Run run = begin("r1");
        LineageEdge whole = new LineageEdge("silver.a", "", "gold.b", "");
        LineageEdge column = new LineageEdge("silver.a", "x", "gold.b", "y");
        LineageEdge first = new LineageEdge("silver.z", "x", "gold.a", "y");
        catalog()
                .commit(
                        new CommitRequest(
                                MAIN,
                                List.of(),
                                "publish",
                                Optional.of(run.id()),
                                true,
                                List.of(),
                                List.of(column, whole, first, column)));

        assertThat(runs().lineage(run.id())).containsExactly(first, whole, column);
    }

    @Test
    void runsWithoutASignOfLifeAreLost() {
        begin("b-silent");
        begin("a-silent");
        Run done = begin("done");
        runs().end(done.id(), RunStatus.FAILED, clock.instant(), Optional.empty());
        Instant limit = clock.move(Duration.ofMinutes(1));
        Run alive = begin("alive");
        Instant now = clock.move(Duration.ofMinutes(1));

        List<Run> lost = runs().markLost(limit, now);

        assertThat(lost).extracting(r -> r.id().value()).containsExactly("a-silent", "b-silent");
        assertThat(lost).allSatisfy(r -> assertThat(runs().run(r.id())).isEqualTo(r));
        assertThat(lost).allSatisfy(r -> assertThat(r.status()).isEqualTo(RunStatus.LOST));
        assertThat(lost).allSatisfy(r -> assertThat(r.finishedAt()).contains(now));
        assertThat(runs().run(alive.id())).isEqualTo(alive);
        assertThat(runs().markLost(limit, now)).isEmpty();
    }
}
