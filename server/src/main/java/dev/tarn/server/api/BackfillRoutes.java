package dev.tarn.server.api;

import dev.tarn.app.Jobs;
import dev.tarn.model.job.JobName;
import dev.tarn.schedule.JobControl;
import dev.tarn.spi.HttpProtocol.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can be asked about runs for a time that is past. */
final class BackfillRoutes {
    private static final int PARALLEL_MAX = 1_000;

    private final Jobs jobs;

    BackfillRoutes(Jobs jobs) {
        this.jobs = jobs;
    }

    List<Route> all() {
        return List.of(
                JobRoutes.get(
                        "/backfills",
                        "All backfills, newest first.",
                        List.of(),
                        a ->
                                Api.json(
                                        200,
                                        jobs.backfills().stream().map(Facts::backfill).toList())),
                JobRoutes.post(
                        "/jobs/{job}/backfills",
                        "Run a job for each interval of a past time, or only list them.",
                        List.of("from", "to", "parallel", "partitions", "atOnce", "dryRun"),
                        this::start),
                JobRoutes.post(
                        "/backfills/{backfill}/pause",
                        "Let the queued runs of a backfill wait.",
                        List.of(),
                        a -> Api.json(200, Facts.backfill(jobs.pauseBackfill(a.name("backfill"))))),
                JobRoutes.post(
                        "/backfills/{backfill}/resume",
                        "Let a paused backfill go on.",
                        List.of(),
                        a ->
                                Api.json(
                                        200,
                                        Facts.backfill(jobs.resumeBackfill(a.name("backfill"))))),
                JobRoutes.post(
                        "/backfills/{backfill}/cancel",
                        "Stop a backfill and its runs.",
                        List.of(),
                        a ->
                                Api.json(
                                        200,
                                        Facts.backfill(
                                                jobs.cancelBackfill(a.name("backfill"), a.by())))));
    }

    private Answer start(Asked a) {
        JobName job = new JobName(a.name("job"));
        int parallel =
                a.text("parallel").map(n -> Asked.number("parallel", n, PARALLEL_MAX)).orElse(1);
        Map<String, List<String>> partitions = a.lists("partitions");
        boolean timeless =
                !partitions.isEmpty() && a.text("from").isEmpty() && a.text("to").isEmpty();
        JobControl.BackfillRequest request =
                new JobControl.BackfillRequest(
                        timeless ? Optional.empty() : Optional.of(JobRoutes.interval(a)),
                        parallel,
                        Optional.empty(),
                        partitions,
                        a.by());
        if (a.flag("dryRun")) {
            return Api.json(
                    200,
                    jobs.planBackfill(job, request).intervals().stream()
                            .map(Facts::interval)
                            .toList());
        }
        return Api.json(201, Facts.backfill(jobs.backfill(job, request, a.flag("atOnce"))));
    }
}
