package dev.tarn.schedule;

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

    /** All jobs that are right, and the slots of pools. */
    record Current(Map<JobName, Known> jobs, Map<String, Integer> pools) {
        public Current {
            jobs = new LinkedHashMap<>(jobs);
            pools = Map.copyOf(pools);
        }
    }

    /** A job and the text that says it. */
    record Known(Job job, JobDefinition definition) {}
}
