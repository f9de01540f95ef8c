package dev.tarn.schedule;

import dev.tarn.model.TarnException;
import dev.tarn.model.job.Attempt;
import dev.tarn.model.job.Backfill;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    /** A job as a list shows it. */
    public record Listing(
            Job job, Optional<String> pausedBy, Optional<JobRun> last, Optional<Instant> nextDue) {}

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
                                Optional.ofNullable(newest.get(job.name())),
                                Planner.next(job, state, now));
                    })
                    .sorted((a, b) -> a.job().name().compareTo(b.job().name()))
                    .toList();
        });
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
            Map<String, Integer> pools = tables.poolUse();
            List<ServerBeat> servers = tables.servers();
            List<Step> steps = new ArrayList<>();
            for (JobTask task : job.map(Job::tasks).orElse(List.of())) {
                TaskRun state = tasks.remove(task.name());
                if (state != null) {
                    steps.add(
                            new Step(
                                    state,
                                    task.after(),
                                    waitsFor(run, task, state, pools, servers)));
                }
            }
            tasks.values().forEach(t -> steps.add(new Step(t, List.of(), Optional.empty())));
            return new Details(run, job, steps, tables.attempts(id));
        });
    }

    private Optional<Job> job(JobTables tables, JobRun run) {
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

    private Optional<String> waitsFor(
            JobRun run,
            JobTask task,
            TaskRun state,
            Map<String, Integer> pools,
            List<ServerBeat> servers) {
        Instant now = clock.instant();
        return switch (state.status()) {
            case WAITING ->
                    Optional.of(
                            "until of %s %s"
                                    .formatted(
                                            String.join(
                                                    ", ",
                                                    task.after().stream()
                                                            .map(TaskName::value)
                                                            .toList()),
                                            task.rule().words()));
            case HELD ->
                    Optional.of(
                            "a decision: %s; `tarn job approve %s %s` releases it"
                                    .formatted(state.message().orElse(""), run.id(), task.name()));
            case READY -> Optional.of(whyNotBegun(task, state, pools, servers, now));
            default -> Optional.empty();
        };
    }

    private String whyNotBegun(
            JobTask task,
            TaskRun state,
            Map<String, Integer> pools,
            List<ServerBeat> servers,
            Instant now) {
        if (state.notBefore().isAfter(now)) {
            return state.code().isPresent()
                    ? "its next try at %s (%d of %d), after %s"
                            .formatted(
                                    state.notBefore(),
                                    state.failures(),
                                    task.retry().times(),
                                    state.code().get())
                    : "%s; looks again at %s"
                            .formatted(state.message().orElse("its time"), state.notBefore());
        }
        if (servers.stream().noneMatch(s -> isThere(s, now))) {
            return "a server; `tarn serve` releases it";
        }
        Optional<String> pool = task.pool();
        if (pool.isPresent()) {
            int slots = definitions.current().pools().getOrDefault(pool.get(), 1);
            int taken = pools.getOrDefault(pool.get(), 0);
            if (taken >= slots) {
                return "a slot of pool %s: %d of %d are taken".formatted(pool.get(), taken, slots);
            }
        }
        return "a server with room for it";
    }

    private static boolean isThere(ServerBeat server, Instant now) {
        return !server.lost()
                && Duration.between(server.beatAt(), now)
                                .compareTo(Scheduler.Settings.DEFAULT.lease())
                        < 0;
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

    public List<Backfill> backfills() {
        return store.read(JobTables::backfills);
    }

    /** The servers that work on jobs just now, as far as they said so lately. */
    public List<ServerBeat> servers() {
        Instant now = clock.instant();
        return store.read(JobTables::servers).stream().filter(s -> isThere(s, now)).toList();
    }
}
