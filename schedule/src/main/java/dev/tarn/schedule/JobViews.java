package dev.tarn.schedule;

import dev.tarn.model.TarnException;
import dev.tarn.model.job.Attempt;
import dev.tarn.model.job.Backfill;
import dev.tarn.model.job.Breaker;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.JobState;
import dev.tarn.model.job.JobTask;
import dev.tarn.model.job.ServerBeat;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import dev.tarn.spi.JobStore;
import dev.tarn.spi.JobTables;
import dev.tarn.spi.JobTables.RunFilter;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What people want to see of jobs. Safe for use by many threads. */
public final class JobViews {
    private final JobStore store;
    private final Definitions definitions;
    private final Clock clock;

    public JobViews(JobStore store, Definitions definitions, Clock clock) {
        this.store = store;
        this.definitions = definitions;
        this.clock = clock;
    }

    /**
     * A job as a list shows it.
     *
     * @param rest if it rests because it failed too often
     * @param trouble why what would start it cannot be looked at
     */
    public record Listing(
            Job job,
            Optional<String> pausedBy,
            Optional<Breaker> rest,
            Optional<JobRun> last,
            Optional<Instant> nextDue,
            Optional<String> trouble) {}

    /** A run with everything about it. */
    public record Details(
            JobRun run, Optional<Job> job, List<Step> steps, List<Attempt> attempts) {}

    /**
     * A task of a run.
     *
     * @param after the tasks before it
     * @param waitsFor what it waits for and what would release it; empty if it does not wait
     */
    public record Step(TaskRun task, List<TaskName> after, Optional<String> waitsFor) {}

    /** By name. */
    public List<Listing> list() {
        return store.read(tables -> {
            Map<JobName, JobState> states = new HashMap<>();
            tables.states().forEach(s -> states.put(s.job(), s));
            Map<JobName, JobRun> newest = new HashMap<>();
            tables.newest().forEach(r -> newest.put(r.job(), r));
            Instant now = clock.instant();
            return definitions.current().jobs().values().stream()
                    .map(known -> {
                        Job job = known.job();
                        Optional<JobState> state = Optional.ofNullable(states.get(job.name()));
                        return new Listing(
                                job,
                                state.flatMap(JobState::pausedBy),
                                new Breakers(tables, definitions.current(), now)
                                        .resting(job.name()),
                                Optional.ofNullable(newest.get(job.name())),
                                Planner.next(job, state, now),
                                state.flatMap(JobViews::trouble));
                    })
                    .sorted((a, b) -> a.job().name().compareTo(b.job().name()))
                    .toList();
        });
    }

    private static Optional<String> trouble(JobState state) {
        return Optional.ofNullable(Seen.parse(state.seen()).values().get(Seen.TROUBLE));
    }

    /**
     * @throws TarnException {@code NODE_NOT_FOUND}
     */
    public Listing job(JobName name) {
        return list().stream()
                .filter(l -> l.job().name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        ScheduleErrors.jobUnknown(
                                name.value(), definitions.current().jobs().keySet()));
    }

    public List<JobRun> runs(RunFilter filter) {
        return store.read(tables -> tables.runs(filter));
    }

    /**
     * @throws TarnException {@code RUN_NOT_FOUND}
     */
    public Details run(JobRunId id) {
        return store.read(tables -> {
            JobRun run = JobControl.existing(tables, id);
            Optional<Job> job = job(tables, run);
            Map<TaskName, TaskRun> tasks = new HashMap<>();
            tables.tasks(id).forEach(t -> tasks.put(t.task(), t));
            Map<TaskName, List<TaskRun>> parts = new HashMap<>();
            tasks.values().stream()
                    .filter(t -> t.task().isPart())
                    .sorted(Comparator.comparing(TaskRun::task))
                    .forEach(t ->
                            parts.computeIfAbsent(t.task().whole(), w -> new ArrayList<>()).add(t));
            Waiting waiting =
                    new Waiting(
                            run,
                            tables.poolUse(),
                            tables.servers(),
                            definitions.current().pools(),
                            new Breakers(tables, definitions.current(), clock.instant())::resting,
                            clock.instant());
            List<Step> steps = new ArrayList<>();
            for (JobTask task : job.map(Job::tasks).orElse(List.of())) {
                TaskRun state = tasks.remove(task.name());
                if (state == null) {
                    continue;
                }
                List<TaskRun> own = parts.getOrDefault(task.name(), List.of());
                steps.add(new Step(state, task.after(), waiting.of(task, state, own)));
                for (TaskRun part : own) {
                    tasks.remove(part.task());
                    steps.add(new Step(part, List.of(), waiting.of(task, part, List.of())));
                }
            }
            tasks.values().forEach(t -> steps.add(new Step(t, List.of(), Optional.empty())));
            return new Details(run, job, steps, tables.attempts(id));
        });
    }

    private Optional<Job> job(JobTables tables, JobRun run) {
        Definitions.Known known = definitions.current().jobs().get(run.job());
        if (known != null && known.definition().fingerprint().equals(run.definition())) {
            return Optional.of(known.job());
        }
        try {
            return tables.definition(run.definition()).map(definitions::read);
        } catch (TarnException e) {
            return Optional.empty();
        }
    }

    /** What a run waits for as a whole, if it does. */
    public Optional<String> waitsFor(JobRun run) {
        if (run.status() != JobRun.Status.QUEUED) {
            return Optional.empty();
        }
        return store.read(tables -> {
            boolean paused = tables.state(run.job()).filter(JobState::isPaused).isPresent();
            if (paused && run.cause() != JobRun.Cause.MANUAL) {
                return Optional.of(
                        "job %s is paused; `tarn job resume %s` releases it"
                                .formatted(run.job(), run.job()));
            }
            Optional<Breaker> rest =
                    new Breakers(tables, definitions.current(), clock.instant())
                            .resting(run.job())
                            .filter(b -> run.cause() != JobRun.Cause.MANUAL);
            if (rest.isPresent()) {
                return Optional.of(
                        "job %s rests until %s after %d failures; `tarn job resume %s` releases it"
                                .formatted(
                                        run.job(),
                                        rest.get().openUntil().orElseThrow(),
                                        rest.get().failures(),
                                        run.job()));
            }
            Optional<Backfill> paused2 =
                    run.backfill()
                            .flatMap(tables::backfill)
                            .filter(b -> b.status() == Backfill.Status.PAUSED);
            if (paused2.isPresent()) {
                return Optional.of(
                        "backfill %s is paused; `tarn job backfill resume %s` releases it"
                                .formatted(paused2.get().id(), paused2.get().id()));
            }
            List<String> working =
                    tables.runs(RunFilter.of(run.job(), JobRun.Status.RUNNING)).stream()
                            .map(r -> r.id().value())
                            .toList();
            return Optional.of(
                    "other runs of the job work: %s; the end of one releases it"
                            .formatted(String.join(", ", working)));
        });
    }

    /** What a task printed, its last attempt if none is given. */
    public Optional<String> log(JobRunId id, TaskName name, Optional<Integer> attempt) {
        return store.read(tables -> {
            JobRun run = JobControl.existing(tables, id);
            TaskRun task =
                    tables.task(id, name)
                            .orElseThrow(() ->
                                    ScheduleErrors.taskUnknown(
                                            run.id(),
                                            name,
                                            tables.tasks(id).stream().map(TaskRun::task).toList()));
            return tables.log(id, name, attempt.orElse(task.attempt()));
        });
    }

    /** How many runs of a job were due in each hour since a time, by how they stand. */
    public List<JobTables.Hour> hours(JobName name, Instant from) {
        return store.read(tables -> tables.hours(name, from));
    }

    /** How many runs of a backfill stand how; what is not queued yet counts for nothing. */
    public Map<JobRun.Status, Long> standing(Backfill backfill) {
        Map<JobRun.Status, Long> counts = new EnumMap<>(JobRun.Status.class);
        store.read(tables -> {
            for (JobRun.Status status : JobRun.Status.values()) {
                long runs =
                        tables.count(
                                new RunFilter(
                                        Optional.of(backfill.job()),
                                        Set.of(status),
                                        Optional.of(backfill.id()),
                                        Integer.MAX_VALUE));
                if (runs > 0) {
                    counts.put(status, runs);
                }
            }
            return counts;
        });
        return counts;
    }

    public List<Backfill> backfills() {
        return store.read(JobTables::backfills);
    }

    /** The servers that work on jobs just now, as far as they said so lately. */
    public List<ServerBeat> servers() {
        Instant now = clock.instant();
        return store.read(JobTables::servers).stream()
                .filter(s -> Waiting.isThere(s, now))
                .toList();
    }
}
