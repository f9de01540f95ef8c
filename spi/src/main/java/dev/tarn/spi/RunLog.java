package dev.tarn.spi;

import dev.tarn.model.RunId;
import dev.tarn.model.run.LineageEdge;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.model.run.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The record of runs and their tasks, in the catalog's database. Safe for use by many threads and
 * processes.
 */
public interface RunLog {
    /**
     * Writes down a run that begins. Its ref must exist.
     *
     * @throws dev.tarn.model.TarnException {@code REF_NOT_FOUND}; {@code DUPLICATE_NAME} when the
     *     run is there already
     */
    void begin(Run run);

    /**
     * Writes the newest state of tasks, replacing what was known of the same node and attempt.
     *
     * @throws dev.tarn.model.TarnException {@code RUN_NOT_FOUND}, and then nothing is written
     */
    void record(List<Task> tasks);

    /** Says that the run's process lives. Does nothing for a run that has ended or is unknown. */
    void beat(RunId run, Instant now);

    /**
     * Ends a run that publishes nothing. A run that publishes is ended by its commit. Does nothing
     * for a run that has ended.
     *
     * @param status {@code FAILED}, {@code CANCELLED} or {@code LOST}
     * @throws dev.tarn.model.TarnException {@code RUN_NOT_FOUND}
     */
    void end(RunId run, RunStatus status, Instant now, Optional<String> error);

    /**
     * Writes verdicts of a run that may never be published, replacing what was known of the same
     * check and subject.
     *
     * @throws dev.tarn.model.TarnException {@code RUN_NOT_FOUND}, and then nothing is written
     */
    void verdicts(RunId run, List<Verdict> verdicts);

    /** Newest first. */
    List<Run> runs(int limit);

    /**
     * @throws dev.tarn.model.TarnException {@code RUN_NOT_FOUND}
     */
    Run run(RunId id);

    /** Tasks of a run, all attempts, in the order in which they started; the waiting ones last. */
    List<Task> tasks(RunId id);

    /** What became of each node of a run in its last attempt, in no order. */
    Map<String, TaskStatus> outcomes(RunId id);

    /** What became of one node in run after run, newest run first, its last attempt first. */
    List<Task> history(String node, int limit);

    /**
     * The tasks that failed or warned in the newest runs, those of the newest run first, then by
     * node and attempt.
     *
     * @param runs how many runs to look at
     */
    List<Task> troubled(int runs);

    /** By check, then subject. */
    List<Verdict> verdicts(RunId id);

    /** By target, then source; each edge once. */
    List<LineageEdge> lineage(RunId id);

    /** Marks runs as lost whose last heartbeat is older; returns them as they are now, by id. */
    List<Run> markLost(Instant heartbeatBefore, Instant now);
}
