package dev.tarn.model.job;

import dev.tarn.model.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be done when, as a file in {@code jobs/} says it.
 *
 * @param place where its name stands
 * @param triggers what starts it by itself; empty for a job that people start
 * @param catchUp what becomes of intervals that passed while nobody was there
 * @param start nothing is due before
 * @param end nothing is due after
 * @param runsMax how many of its runs may work at a time
 * @param priority of its tasks; higher ones go first
 * @param params what may be said when it is started, with what is meant when it is not
 * @param timeout how long a run may take
 * @param deadline how long after it was due a run must be done, or it is told to be late
 * @param breaker when it rests because it fails again and again
 */
public record Job(
        JobName name,
        Place place,
        String description,
        Optional<String> owner,
        List<Trigger> triggers,
        CatchUp catchUp,
        Optional<Instant> start,
        Optional<Instant> end,
        int runsMax,
        int priority,
        Map<String, String> params,
        Optional<Duration> timeout,
        Optional<Duration> deadline,
        Optional<BreakerRule> breaker,
        List<JobTask> tasks) {
    public Job {
        triggers = List.copyOf(triggers);
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
        tasks = List.copyOf(tasks);
    }

    /** What becomes of intervals that passed while nobody was there. */
    public enum CatchUp {
        /** Each gets a run, the oldest first. */
        ALL,
        /** The newest gets a run, the others do not. */
        LATEST,
        /** None gets a run. */
        NONE
    }

    public Optional<JobTask> task(TaskName task) {
        return tasks.stream().filter(t -> t.name().equals(task)).findFirst();
    }
}
