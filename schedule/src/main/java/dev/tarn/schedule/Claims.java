package dev.tarn.schedule;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.Backfill;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.JobTask;
import dev.tarn.model.job.ServerId;
import dev.tarn.model.job.TaskKind;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import dev.tarn.spi.JobTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gives tasks out to a server: the most urgent first, as far as there is room for them. */
final class Claims {
    private static final int LOOKED_AT = 1_000;
    private static final int SPARE = 64;
    private static final Set<String> HEAVY =
            Set.of("build", "ingest", "seed", "run", "test", "snapshot", "sql");

    private final JobTables tables;
    private final RunLogic logic;
    private final Definitions.Current current;
    private final ServerId server;
    private final Optional<JobRunId> only;
    private final Instant now;
    private final Map<JobRunId, Optional<JobRun>> runs = new HashMap<>();
    private final Map<JobRunId, List<TaskRun>> tasks = new HashMap<>();
    private final Map<String, Optional<Backfill>> backfills = new HashMap<>();

    Claims(
            JobTables tables,
            RunLogic logic,
            Definitions.Current current,
            ServerId server,
            Optional<JobRunId> only,
            Instant now) {
        this.tables = tables;
        this.logic = logic;
        this.current = current;
        this.server = server;
        this.only = only;
        this.now = now;
    }

    /** Whether it uses the engine. To make a list of it does not. */
    static boolean isHeavy(JobTask task, TaskName name) {
        boolean lists = task.each().isPresent() && !name.isPart();
        return !lists
                && (task.kind() instanceof TaskKind.Build
                        || task.kind() instanceof TaskKind.Sql
                        || task.kind() instanceof TaskKind.Maintain
                        || task.kind() instanceof TaskKind.Replay);
    }

    List<TaskWork.Order> take(int workers, int builds) {
        if (workers <= 0) {
            return List.of();
        }
        List<TaskWork.Order> orders = new ArrayList<>();
        List<TaskRun> given = new ArrayList<>();
        Map<JobRunId, List<TaskName>> stuck = new LinkedHashMap<>();
        Map<String, Integer> pools = new HashMap<>(tables.poolUse());
        int heavyLeft = builds;
        for (TaskRun task : candidates(workers)) {
            if (orders.size() >= workers) {
                break;
            }
            if (only.filter(id -> !id.equals(task.run())).isPresent()) {
                continue;
            }
            Optional<JobRun> run = runs.computeIfAbsent(task.run(), tables::run);
            Optional<Job> job = run.flatMap(this::job);
            Optional<JobTask> spec = job.flatMap(j -> j.task(task.task().whole()));
            if (run.isEmpty() || job.isEmpty() || spec.isEmpty()) {
                given.add(unknown(task));
                stuck.computeIfAbsent(task.run(), r -> new ArrayList<>()).add(task.task());
                continue;
            }
            if (task.losses() >= Membership.LOSSES_MAX || task.cancel()) {
                given.add(givenUp(task));
                stuck.computeIfAbsent(task.run(), r -> new ArrayList<>()).add(task.task());
                continue;
            }
            boolean heavy = isHeavy(spec.get(), task.task());
            if ((heavy && heavyLeft <= 0) || !hasSlot(task, pools)) {
                continue;
            }
            heavyLeft -= heavy ? 1 : 0;
            task.pool().ifPresent(pool -> pools.merge(pool, 1, Integer::sum));
            Optional<RunId> before = task.work();
            TaskRun running =
                    task.change()
                            .running(server, tables.token(), now)
                            .work(Optional.empty())
                            .done();
            given.add(running);
            orders.add(
                    new TaskWork.Order(
                            job.get(),
                            spec.get(),
                            run.get(),
                            running,
                            before,
                            others(spec.get(), task),
                            home(run.get())));
        }
        tables.put(given);
        stuck.forEach((id, names) ->
                runs.getOrDefault(id, Optional.empty())
                        .ifPresent(run -> job(run).ifPresent(job -> logic.goOn(run, job, names))));
        return orders;
    }

    /** Seldom are more looked at than can begin; what has no room must not hide what has. */
    private List<TaskRun> candidates(int workers) {
        List<TaskRun> first = tables.ready(now, workers + SPARE);
        boolean held =
                only.isPresent()
                        || first.stream().anyMatch(t -> t.pool().isPresent())
                        || first.stream().anyMatch(t -> HEAVY.contains(t.kind()));
        return held && first.size() == workers + SPARE ? tables.ready(now, LOOKED_AT) : first;
    }

    /** The other tasks of the run, as far as what the task says can name them. */
    private List<TaskRun> others(JobTask spec, TaskRun task) {
        if (task.task().isPart() && !Templates.names(spec, "tasks")) {
            return tables.tasks(task.run(), List.of(task.task().whole()));
        }
        return Templates.names(spec, "tasks")
                ? tasks.computeIfAbsent(task.run(), tables::tasks)
                : List.of();
    }

    private RefName home(JobRun run) {
        return run.backfill()
                .flatMap(id -> backfills.computeIfAbsent(id, tables::backfill))
                .flatMap(Backfill::branch)
                .orElse(RefName.MAIN);
    }

    private Optional<Job> job(JobRun run) {
        try {
            return Optional.of(logic.job(run));
        } catch (TarnException e) {
            return Optional.empty();
        }
    }

    private boolean hasSlot(TaskRun task, Map<String, Integer> pools) {
        if (task.pool().isEmpty()) {
            return true;
        }
        String pool = task.pool().get();
        int taken = pools.getOrDefault(pool, 0);
        return taken < current.pools().getOrDefault(pool, 1)
                && logic.breakers().resting(pool).isEmpty()
                && (taken == 0 || !logic.breakers().isTrying(pool));
    }

    private TaskRun unknown(TaskRun task) {
        return task.change()
                .now(TaskRun.Status.FAILED, now)
                .because(
                        Optional.of(ErrorCode.NODE_NOT_FOUND),
                        Optional.of("What the task does is known no more."))
                .done();
    }

    private TaskRun givenUp(TaskRun task) {
        return task.cancel()
                ? task.change().now(TaskRun.Status.CANCELLED, now).done()
                : task.change()
                        .now(TaskRun.Status.FAILED, now)
                        .because(
                                Optional.of(ErrorCode.RUN_LOST),
                                Optional.of(ScheduleErrors.lostTooOften(task.losses())))
                        .done();
    }
}
