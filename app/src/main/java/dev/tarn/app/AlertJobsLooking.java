package dev.tarn.app;

import dev.tarn.model.alert.AlertKind;
import dev.tarn.model.alert.AlertRule;
import dev.tarn.model.alert.Finding;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobRun;
import dev.tarn.schedule.JobViews;
import dev.tarn.spi.JobTables.RunFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is wrong with jobs. */
final class AlertJobsLooking {
    private static final int RUNS = 1_000;

    private final Jobs jobs;

    AlertJobsLooking(Jobs jobs) {
        this.jobs = jobs;
    }

    /** Runs that should be done by now. */
    List<Finding> late() {
        List<Finding> findings = new ArrayList<>();
        for (JobViews.Listing listing : jobs.list()) {
            jobs
                    .runs(
                            RunFilter.of(
                                    listing.job().name(),
                                    JobRun.Status.QUEUED,
                                    JobRun.Status.RUNNING))
                    .stream()
                    .filter(JobRun::late)
                    .min(java.util.Comparator.comparing(JobRun::dueAt))
                    .ifPresent(run -> findings.add(late(listing.job(), run)));
        }
        return findings;
    }

    private static Finding late(Job job, JobRun run) {
        Instant deadline = run.dueAt().plus(job.deadline().orElse(java.time.Duration.ZERO));
        return finding(
                AlertKind.DEADLINE_MISSED,
                job,
                run,
                deadline,
                "Run %s of job %s was due at %s and was to be done by %s. It is %s."
                        .formatted(
                                run.id(),
                                job.name(),
                                run.dueAt(),
                                deadline,
                                run.status() == JobRun.Status.QUEUED
                                        ? "not begun"
                                        : "still running"));
    }

    /** Jobs whose newest runs failed, so many in a row. */
    List<Finding> failed(AlertRule rule) {
        List<Finding> findings = new ArrayList<>();
        for (JobViews.Listing listing : jobs.list()) {
            Job job = listing.job();
            if (!rule.concerns(job.name().value())) {
                continue;
            }
            List<JobRun> ended =
                    jobs.runs(
                            new RunFilter(
                                    Optional.of(job.name()),
                                    Set.of(JobRun.Status.SUCCEEDED, JobRun.Status.FAILED),
                                    Optional.empty(),
                                    RUNS));
            List<JobRun> bad =
                    ended.stream().takeWhile(r -> r.status() == JobRun.Status.FAILED).toList();
            if (bad.size() >= rule.times()) {
                JobRun newest = bad.getFirst();
                JobRun first = bad.getLast();
                findings.add(
                        finding(
                                AlertKind.JOB_FAILED,
                                job,
                                newest,
                                first.finishedAt().orElse(first.createdAt()),
                                "Run %s of job %s failed%s.%s"
                                        .formatted(
                                                newest.id(),
                                                job.name(),
                                                bad.size() > 1
                                                        ? ", as did %d before it"
                                                                .formatted(bad.size() - 1)
                                                        : "",
                                                newest.message().map(m -> " " + m).orElse(""))));
            }
        }
        return findings;
    }

    private static Finding finding(
            AlertKind kind, Job job, JobRun run, Instant since, String message) {
        return new Finding(
                kind,
                job.name().value(),
                job.owner(),
                since,
                message,
                Optional.of(job.place()),
                List.of(),
                Optional.empty(),
                "/job-runs/" + run.id());
    }
}
