package dev.tarn.spi;

import dev.tarn.model.alert.Signal;
import dev.tarn.model.job.Attempt;
import dev.tarn.model.job.Backfill;
import dev.tarn.model.job.Breaker;
import dev.tarn.model.job.JobDefinition;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.JobState;
import dev.tarn.model.job.ServerBeat;
import dev.tarn.model.job.ServerId;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a piece of work on a {@link JobStore} can ask and do; of no use after it. */
public interface JobTables {
    /** The number of this change: larger than those of all before. 0 for who only reads. */
    long token();

    // Servers.

    List<ServerBeat> servers();

    void put(ServerBeat server);

    void forget(ServerId server);

    // Jobs.

    List<JobState> states();

    Optional<JobState> state(JobName job);

    void put(JobState state);

    void keep(JobDefinition definition);

    Optional<JobDefinition> definition(String fingerprint);

    // Runs.

    /**
     * @return false, and nothing has changed, if there is a run with the job's key
     */
    boolean add(JobRun run);

    void put(JobRun run);

    Optional<JobRun> run(JobRunId id);

    Optional<JobRun> run(JobName job, String key);

    /** Newest first. */
    List<JobRun> runs(RunFilter filter);

    /** How many there are. */
    long count(RunFilter filter);

    /** The queued ones of a job, in the order in which they are to begin. */
    List<JobRun> queued(JobName job, int limit);

    /** Those that should have ended by now, or are late since. */
    List<JobRun> overdue(Instant now);

    /** The first time at which a run becomes overdue. */
    Optional<Instant> nextOverdue();

    /**
     * How many runs of a job were due in each hour of a time, by how they stand. Hours without any
     * are left out.
     *
     * @param from the first that counts
     */
    List<Hour> hours(JobName job, Instant from);

    /** The newest run of each job. */
    List<JobRun> newest();

    /**
     * Forgets runs that ended before a time, with everything about them.
     *
     * @param limit how many at most
     * @return how many
     */
    int forgetRuns(Instant endedBefore, int limit);

    // Tasks.

    /** Those of a run, in no order that means anything. */
    List<TaskRun> tasks(JobRunId run);

    /** Those of a run that have these names, as far as they are there. */
    List<TaskRun> tasks(JobRunId run, Collection<TaskName> names);

    /** How far each task of a run is, and nothing more of it. */
    Map<TaskName, TaskRun.Status> statuses(JobRunId run);

    /** How many tasks of a run have not ended. */
    long open(JobRunId run);

    Optional<TaskRun> task(JobRunId run, TaskName task);

    /** Adds or replaces. */
    void put(List<TaskRun> tasks);

    void remove(JobRunId run, List<TaskName> tasks);

    /** Tasks that may begin, the most urgent first. */
    List<TaskRun> ready(Instant now, int limit);

    /** The first time at which a task that is ready may begin. */
    Optional<Instant> nextReady();

    /** What is given out to a server. */
    List<TaskRun> at(ServerId server);

    /** How many slots of each pool are taken. */
    Map<String, Integer> poolUse();

    // Attempts and what they printed.

    void add(List<Attempt> attempts);

    /** In the order in which they began. */
    List<Attempt> attempts(JobRunId run);

    /** Replaces what is known. */
    void log(JobRunId run, TaskName task, int attempt, String text);

    Optional<String> log(JobRunId run, TaskName task, int attempt);

    // Breakers.

    Optional<Breaker> breaker(String name);

    List<Breaker> breakers();

    void put(Breaker breaker);

    // Backfills.

    void put(Backfill backfill);

    Optional<Backfill> backfill(String id);

    /** Newest first. */
    List<Backfill> backfills();

    /** Runs that were due in an hour and stand alike. */
    record Hour(Instant start, JobRun.Status status, long runs) {}

    // What people are to hear of.

    /** Says that something is wrong; what is said of it already keeps when it began. */
    void raise(Signal signal);

    /** Says that it no longer is. */
    void clear(String kind, String subject);

    /**
     * Which runs somebody wants to see.
     *
     * @param statuses empty for any
     */
    record RunFilter(
            Optional<JobName> job,
            Set<JobRun.Status> statuses,
            Optional<String> backfill,
            int limit) {
        public RunFilter {
            statuses = Set.copyOf(statuses);
        }

        public static RunFilter of(JobName job, JobRun.Status... statuses) {
            return new RunFilter(
                    Optional.of(job), Set.of(statuses), Optional.empty(), Integer.MAX_VALUE);
        }
    }
}
