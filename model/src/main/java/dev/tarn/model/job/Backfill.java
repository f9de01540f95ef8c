package dev.tarn.model.job;

import dev.tarn.model.RefName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs of a job for a time that is past.
 *
 * @param parallel how many of its runs may work at a time
 * @param next the end of the last interval that has its runs
 * @param branch where its runs publish until all of them are published at once; empty if each run
 *     publishes for itself
 * @param partitions the parameters of the runs of each interval; empty for one run with the
 *     parameters of the job
 */
public record Backfill(
        String id,
        JobName job,
        JobRun.Interval range,
        int parallel,
        Status status,
        Instant next,
        String by,
        Instant createdAt,
        Optional<RefName> branch,
        List<Map<String, String>> partitions) {
    public Backfill {
        partitions = partitions.stream().map(Map::copyOf).toList();
    }

    /** How far it is. */
    public enum Status {
        RUNNING,
        PAUSED,
        /** All runs have ended well, and what they made is being published. */
        PUBLISHING,
        DONE,
        /** Runs of it failed, so that it published nothing; for those that publish at once. */
        FAILED,
        CANCELLED;

        public boolean isEnd() {
            return this == DONE || this == FAILED || this == CANCELLED;
        }
    }

    public Backfill with(Status newStatus, Instant newNext) {
        return new Backfill(
                id, job, range, parallel, newStatus, newNext, by, createdAt, branch, partitions);
    }
}
