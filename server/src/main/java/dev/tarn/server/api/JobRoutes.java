package dev.tarn.server.api;

import dev.tarn.app.Jobs;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.JobState;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import dev.tarn.schedule.JobViews;
import dev.tarn.spi.HttpProtocol.Answer;
import dev.tarn.spi.JobTables.RunFilter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What can be asked about jobs and their runs. */
final class JobRoutes {
    private static final List<String> NONE = List.of();

    private final Jobs jobs;

    JobRoutes(Jobs jobs) {
        this.jobs = jobs;
    }

    List<Route> all() {
        return List.of(
                get(
                        "/jobs",
                        "All jobs.",
                        NONE,
                        a -> Api.json(200, jobs.list().stream().map(Facts::job).toList())),
                get("/jobs/{job}", "A job.", NONE, a -> Api.json(200, Facts.job(jobs.job(job(a))))),
                get(
                        "/jobs/{job}/runs",
                        "The runs of a job, newest first.",
                        List.of("limit", "status"),
                        a -> {
                            JobViews.Listing job = jobs.job(job(a));
                            return runs(a, Optional.of(job.job().name()));
                        }),
                post(
                        "/jobs/{job}/runs",
                        "Start a job. With an Idempotency-Key it is started once.",
                        List.of("params", "from", "to"),
                        this::start),
                post(
                        "/jobs/{job}/pause",
                        "Let nothing start a job but people.",
                        NONE,
                        a -> state(jobs.pause(job(a), a.by()))),
                post(
                        "/jobs/{job}/resume",
                        "Let a paused job start by itself again.",
                        NONE,
                        a -> state(jobs.resume(job(a)))),
                get(
                        "/job-runs",
                        "The runs of all jobs, newest first.",
                        List.of("limit", "status"),
                        a -> runs(a, Optional.empty())),
                get("/job-runs/{run}", "A run with its tasks.", NONE, a -> details(run(a))),
                get(
                        "/job-runs/{run}/events",
                        "What happens to a run until its end, as server-sent events.",
                        NONE,
                        a -> {
                            JobViews.Details details = jobs.run(run(a));
                            return RunEvents.answer(jobs, details.run().id());
                        }),
                post(
                        "/job-runs/{run}/cancel",
                        "Stop a run.",
                        NONE,
                        a -> Api.json(202, Facts.run(jobs.cancel(run(a), a.by())))),
                post(
                        "/job-runs/{run}/rerun",
                        "Do what did not succeed again, or a task and all after it.",
                        List.of("task"),
                        a ->
                                Api.json(
                                        202,
                                        Facts.run(
                                                jobs.rerun(
                                                        run(a),
                                                        a.text("task").map(TaskName::new),
                                                        a.by())))),
                get(
                        "/job-runs/{run}/tasks/{task}/log",
                        "What a task printed.",
                        List.of("attempt"),
                        this::log),
                post(
                        "/job-runs/{run}/tasks/{task}/mark",
                        "Say how a task ended, whatever it did. With 'seen', a status, only if it still has that.",
                        List.of("as", "seen"),
                        this::mark),
                post(
                        "/job-runs/{run}/tasks/{task}/decide",
                        "Answer a task that waits for a decision.",
                        List.of("approve"),
                        a ->
                                Api.json(
                                        200,
                                        Facts.run(
                                                jobs.decide(
                                                        run(a),
                                                        task(a),
                                                        a.flag("approve"),
                                                        a.by())))));
    }

    private Answer start(Asked a) {
        Optional<JobRun.Interval> interval = Optional.empty();
        if (a.moment("from").isPresent() || a.moment("to").isPresent()) {
            interval = Optional.of(interval(a));
        }
        JobRun run = jobs.start(job(a), a.texts("params"), interval, a.key(), a.by());
        return Api.json(201, Facts.run(run));
    }

    static JobRun.Interval interval(Asked a) {
        return new JobRun.Interval(
                a.moment("from")
                        .orElseThrow(() -> ApiErrors.wrongField("from", "there beside 'to'")),
                a.moment("to")
                        .filter(to -> a.moment("from").filter(to::isAfter).isPresent())
                        .orElseThrow(() -> ApiErrors.wrongField("to", "later than 'from'")));
    }

    private Answer runs(Asked a, Optional<JobName> job) {
        Set<JobRun.Status> statuses =
                a.query("status")
                        .map(s -> Set.of(status(JobRun.Status.class, "status", s)))
                        .orElse(Set.of());
        return Api.json(
                200,
                jobs.runs(new RunFilter(job, statuses, Optional.empty(), a.limit())).stream()
                        .map(Facts::run)
                        .toList());
    }

    private Answer details(JobRunId id) {
        JobViews.Details details = jobs.run(id);
        return Api.json(200, Facts.details(details, jobs.waitsFor(details.run())));
    }

    private Answer log(Asked a) {
        Map<String, @Nullable Object> log = new LinkedHashMap<>();
        log.put(
                "log",
                jobs.log(
                        run(a),
                        task(a),
                        a.query("attempt").map(n -> Asked.number("attempt", n, 1_000_000))));
        return Api.json(200, log);
    }

    private Answer mark(Asked a) {
        TaskRun.Status as = status(TaskRun.Status.class, "as", a.text("as").orElse("succeeded"));
        if (as != TaskRun.Status.SUCCEEDED
                && as != TaskRun.Status.FAILED
                && as != TaskRun.Status.SKIPPED) {
            throw ApiErrors.wrongField("as", "succeeded, failed or skipped");
        }
        return Api.json(200, Facts.run(jobs.mark(run(a), task(a), as, a.text("seen"), a.by())));
    }

    private static <E extends Enum<E>> E status(Class<E> type, String name, String text) {
        try {
            return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw ApiErrors.wrongParameter(name, text, "the name of a status");
        }
    }

    private static Answer state(JobState state) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("name", state.job().value());
        all.put("pausedBy", state.pausedBy());
        return Api.json(200, all);
    }

    private static JobName job(Asked a) {
        return new JobName(a.name("job"));
    }

    private static JobRunId run(Asked a) {
        return new JobRunId(a.name("run"));
    }

    private static TaskName task(Asked a) {
        return new TaskName(a.name("task"));
    }

    static Route get(String path, String summary, List<String> query, Route.Handler handler) {
        return new Route("GET", path, summary, NONE, query, handler);
    }

    static Route post(String path, String summary, List<String> body, Route.Handler handler) {
        return new Route("POST", path, summary, body, NONE, handler);
    }
}
