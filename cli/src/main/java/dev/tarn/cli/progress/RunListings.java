package dev.tarn.cli.progress;

import dev.tarn.cli.output.Listing;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.Verdict;
import java.time.Duration;
import java.util.Locale;

/** How runs, tasks and verdicts are listed. */
public final class RunListings {
    private RunListings() {}

    public static Listing<Run> runs() {
        return new Listing<Run>()
                .left("RUN", "run", run -> run.id().value())
                .left("STATUS", "status", run -> word(run.status()))
                .left("COMMAND", "command", Run::command)
                .left("REF", "ref", run -> run.target().value())
                .left("STARTED", "startedAt", Run::startedAt)
                .right(
                        "TOOK",
                        "seconds",
                        run -> run.finishedAt().map(end -> Duration.between(run.startedAt(), end)))
                .right("PUBLICATION", "publication", run -> run.publication().map(p -> p.value()))
                .hidden("finishedAt", Run::finishedAt)
                .hidden("project", Run::project)
                .hidden("pinned", run -> run.pinned().value())
                .hidden("retryOf", run -> run.retryOf().map(Object::toString))
                .hidden("error", Run::error);
    }

    public static Listing<Task> tasks() {
        return new Listing<Task>()
                .left("NODE", "node", Task::node)
                .left("STATUS", "status", task -> TaskLines.word(task.status()))
                .right("TRY", "attempt", Task::attempt)
                .right("ROWS", "rows", Task::rows)
                .right("SIZE", "bytes", task -> new Listing.Bytes(task.bytes()))
                .right("TOOK", "seconds", TaskLines::duration)
                .left("MESSAGE", "message", Task::message)
                .hidden("startedAt", Task::startedAt)
                .hidden("finishedAt", Task::finishedAt);
    }

    public static Listing<Verdict> verdicts() {
        return new Listing<Verdict>()
                .left("CHECK", "check", Verdict::check)
                .left("OUTCOME", "outcome", verdict -> word(verdict.outcome()))
                .right("FAILURES", "failures", Verdict::failures)
                .left("ABOUT", "subject", Verdict::subject)
                .hidden("failedRows", Verdict::failedRows);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
