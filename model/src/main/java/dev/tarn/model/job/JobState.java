package dev.tarn.model.job;

import java.time.Instant;
import java.util.Optional;

/**
 * What is remembered of a job between its runs.
 *
 * @param pausedBy who paused it; empty if it is not paused
 * @param handled everything that was due until then has its run, or was left out on purpose
 * @param seen what its other triggers have seen, in a form of their own
 */
public record JobState(
        JobName job, Optional<String> pausedBy, Optional<Instant> handled, String seen) {
    public static JobState fresh(JobName job) {
        return new JobState(job, Optional.empty(), Optional.empty(), "");
    }

    public boolean isPaused() {
        return pausedBy.isPresent();
    }

    public JobState paused(Optional<String> by) {
        return new JobState(job, by, handled, seen);
    }

    public JobState handled(Instant until) {
        return new JobState(job, pausedBy, Optional.of(until), seen);
    }

    public JobState seen(String now) {
        return new JobState(job, pausedBy, handled, now);
    }
}
