package dev.tarn.cli;

import dev.tarn.app.Jobs;
import dev.tarn.app.Tarn;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import dev.tarn.schedule.JobViews;
import dev.tarn.schedule.Scheduler;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Commands that see a run through to its end. Where a server works on jobs it does the work; where
 * there is none, the command does.
 */
abstract class JobRunning extends JobCommand {
    private static final long LOOK_MILLIS = 200;

    @Option(names = "--detach", description = "Do not wait for its end; a server does the work.")
    boolean detach;

    JobRunning(Invocation invocation) {
        super(invocation);
    }

    final int follow(Jobs jobs, JobRun run) {
        if (detach) {
            printRun(run);
            return DONE;
        }
        CountDownLatch stop = new CountDownLatch(1);
        boolean served = !jobs.servers().isEmpty();
        if (served) {
            return follow(jobs, run.id(), stop);
        }
        try (Scheduler unused = jobs.work(run.id())) {
            return follow(jobs, run.id(), stop);
        }
    }

    private int follow(Jobs jobs, JobRunId id, CountDownLatch stop) {
        if (!json) {
            invocation.console().err().println("Run " + id);
        }
        return invocation.interrupts().during(stop::countDown, () -> watch(jobs, id, stop));
    }

    private int watch(Jobs jobs, JobRunId id, CountDownLatch stop) {
        Map<TaskName, TaskRun.Status> told = new HashMap<>();
        try {
            while (true) {
                JobViews.Details details = jobs.run(id);
                details.steps().forEach(step -> tell(step, told));
                if (details.run().status().isEnd()) {
                    printRun(details.run());
                    return details.run().status() == JobRun.Status.SUCCEEDED ? DONE : 1;
                }
                if (stop.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    printRun(jobs.cancel(id, who()));
                    return 130;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 130;
        }
    }

    private void tell(JobViews.Step step, Map<TaskName, TaskRun.Status> told) {
        TaskRun task = step.task();
        if (told.put(task.task(), task.status()) == task.status() || json) {
            return;
        }
        String why = step.waitsFor().or(task::message).map(m -> ": " + m).orElse("");
        if (task.status() != TaskRun.Status.WAITING) {
            invocation
                    .console()
                    .err()
                    .printf("  %s %s%s%n", task.task(), JobListings.word(task.status()), why);
        }
    }

    @Command(
            name = "run",
            description = "Start a job now and see it through.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  tarn job run nightly",
                "  tarn job run nightly --param country=CH --detach",
                "  tarn job run nightly --from 2026-11-20 --to 2026-11-21"
            })
    static final class Start extends JobRunning {
        @Parameters(paramLabel = "JOB", description = "The job.")
        String name = "";

        @Option(
                names = {"-p", "--param"},
                paramLabel = "NAME=VALUE",
                description = "A parameter of the job. May be given several times.")
        Map<String, String> params = new LinkedHashMap<>();

        @Option(
                names = "--from",
                paramLabel = "TIME",
                description = "The data it is about begins here, as a date or a time.")
        Optional<String> from = Optional.empty();

        @Option(names = "--to", paramLabel = "TIME", description = "The data ends before this.")
        Optional<String> to = Optional.empty();

        @Option(
                names = "--key",
                paramLabel = "KEY",
                description = "Asked for twice with the same key, it runs once.")
        Optional<String> key = Optional.empty();

        Start(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            Jobs jobs = tarn.jobs();
            jobs.requireRight();
            Optional<JobRun.Interval> interval =
                    from.isEmpty() && to.isEmpty()
                            ? Optional.empty()
                            : Optional.of(JobTimes.interval(from, to));
            return follow(jobs, jobs.start(new JobName(name), params, interval, key, who()));
        }
    }

    @Command(
            name = "rerun",
            description = {
                "Do a run that is over again: what did not succeed, or a task and all after it.",
                "",
                "It uses the job and the project as they are now."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  tarn job rerun j261121-101500-k3xq7a2b",
                "  tarn job rerun j261121-101500-k3xq7a2b --task load"
            })
    static final class Again extends JobRunning {
        @Parameters(paramLabel = "RUN", description = "The run.")
        String id = "";

        @Option(
                names = "--task",
                paramLabel = "TASK",
                description = "Do this task and all that come after it.")
        Optional<String> task = Optional.empty();

        Again(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            Jobs jobs = tarn.jobs();
            jobs.requireRight();
            return follow(jobs, jobs.rerun(new JobRunId(id), task.map(TaskName::new), who()));
        }
    }

    /** Times as people type them. */
    static final class JobTimes {
        private JobTimes() {}

        static JobRun.Interval interval(Optional<String> from, Optional<String> to) {
            Instant start = moment("--from", from);
            Instant end = moment("--to", to);
            if (!end.isAfter(start)) {
                throw CliErrors.emptyInterval();
            }
            return new JobRun.Interval(start, end);
        }

        private static Instant moment(String option, Optional<String> text) {
            if (text.isEmpty()) {
                throw CliErrors.missingTime(option);
            }
            return dev.tarn.model.job.Moments.parse(text.get())
                    .orElseThrow(() -> CliErrors.notTime(option, text.get()));
        }
    }
}
