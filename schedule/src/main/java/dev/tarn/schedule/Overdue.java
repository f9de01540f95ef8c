package dev.tarn.schedule;

import dev.tarn.model.TarnException;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobRun;
import dev.tarn.spi.JobTables;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What becomes of runs that take too long. */
final class Overdue {
    private final JobTables tables;
    private final RunLogic logic;
    private final Instant now;

    Overdue(JobTables tables, RunLogic logic, Instant now) {
        this.tables = tables;
        this.logic = logic;
        this.now = now;
    }

    void handle(JobRun run) {
        JobRun open = run;
        if (run.deadlineAt().filter(at -> !at.isAfter(now)).isPresent()) {
            open = run.toldLate();
            tables.put(open);
        }
        if (run.timeoutAt().filter(at -> !at.isAfter(now)).isPresent()) {
            open = open.started(now, Optional.empty(), open.deadlineAt());
            tables.put(open);
            TarnException late = ScheduleErrors.runTimeout(timeout(run));
            logic.cancel(open, late.problems().getFirst().message(), Optional.of(late.code()));
        }
    }

    private Duration timeout(JobRun run) {
        try {
            Job job = logic.job(run);
            return job.timeout().orElse(Duration.ZERO);
        } catch (TarnException e) {
            return Duration.ZERO;
        }
    }
}
