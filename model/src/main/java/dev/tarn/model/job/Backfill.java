package dev.tarn.model.job;

import java.time.Instant;

/**
 * Runs of a job for a time that is past.
 *
 * @param parallel how many of its runs may work at a time
 * @param next the end of the last interval that has its run
 */
public record Backfill(
        String id,
        JobName job,
        JobRun.Interval range,
        int parallel,
        Status status,
        Instant next,
        String by,
        Instant createdAt) {
    /** How far it is. */
    public enum Status {
        RUNNING,
        PAUSED,
        DONE,
        CANCELLED
    }

    public Backfill with(Status newStatus, Instant newNext) {
        return new Backfill(id, job, range, parallel, newStatus, newNext, by, createdAt);
    }
}
