package dev.tarn.schedule;

import dev.tarn.model.job.BreakerRule;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobDefinition;
import dev.tarn.model.job.JobName;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the project says about jobs. Safe for use by many threads. */
public interface Definitions {
    /** As it is now. */
    Current current();

    /**
     * A job as it was when its text was kept.
     *
     * @throws dev.tarn.model.TarnException if it cannot be understood any more
     */
    Job read(JobDefinition definition);

    /** All jobs that are right, the slots of pools, and when pools rest. */
    record Current(
            Map<JobName, Known> jobs,
            Map<String, Integer> pools,
            Map<String, BreakerRule> breakers) {
        public Current {
            jobs = new LinkedHashMap<>(jobs);
            pools = Map.copyOf(pools);
            breakers = Map.copyOf(breakers);
        }
    }

    /** A job and the text that says it. */
    record Known(Job job, JobDefinition definition) {}
}
