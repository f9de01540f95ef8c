package dev.tarn.schedule;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.RunId;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.JobTask;
import dev.tarn.model.job.ServerId;
import dev.tarn.model.job.TaskKind;
import dev.tarn.model.job.TaskRun;
import dev.tarn.spi.JobTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gives tasks out to a server: the most urgent first, as far as there is room for them. */
final class Claims {
    private static final int LOOKED_AT = 1_000;

    private final JobTables tables;
    private final RunLogic logic;
    private final Definitions.Current current;
    private final ServerId server;
    private final Optional<JobRunId> only;
    private final Instant now;
    private final Map<JobRunId, Optional<JobRun>> runs = new HashMap<>();
    private final Map<JobRunId, List<TaskRun>> tasks = new HashMap<>();

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

    static boolean isHeavy(TaskKind kind) {
        return kind instanceof TaskKind.Build || kind instanceof TaskKind.Sql;
    }

    List<TaskWork.Order> take(int workers, int builds) {
        if (workers <= 0) {
            return List.of();
        }
        List<TaskWork.Order> orders = new ArrayList<>();
        List<TaskRun> given = new ArrayList<>();
        Set<JobRunId> stuck = new LinkedHashSet<>();
        Map<String, Integer> pools = new HashMap<>(tables.poolUse());
        int heavyLeft = builds;
        for (TaskRun task : tables.ready(now, LOOKED_AT)) {
            if (orders.size() >= workers) {
                break;
            }
            if (only.filter(id -> !id.equals(task.run())).isPresent()) {
                continue;
            }
            Optional<JobRun> run = runs.computeIfAbsent(task.run(), tables::run);
            Optional<Job> job = run.flatMap(this::job);
            Optional<JobTask> spec = job.flatMap(j -> j.task(task.task()));
            if (run.isEmpty() || job.isEmpty() || spec.isEmpty()) {
                given.add(unknown(task));
                stuck.add(task.run());
                continue;
            }
            if (task.losses() >= Membership.LOSSES_MAX || task.cancel()) {
                given.add(givenUp(task));
                stuck.add(task.run());
                continue;
            }
            boolean heavy = isHeavy(spec.get().kind());
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
                            tasks.computeIfAbsent(task.run(), tables::tasks)));
        }
        tables.put(given);
        for (JobRunId id : stuck) {
            runs.getOrDefault(id, Optional.empty())
                    .ifPresent(run -> job(run).ifPresent(job -> logic.goOn(run, job)));
        }
        return orders;
    }

    private Optional<Job> job(JobRun run) {
        try {
            return Optional.of(logic.job(run));
        } catch (TarnException e) {
            return Optional.empty();
        }
    }

    private boolean hasSlot(TaskRun task, Map<String, Integer> pools) {
        return task.pool().isEmpty()
                || pools.getOrDefault(task.pool().get(), 0)
                        < current.pools().getOrDefault(task.pool().get(), 1);
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
