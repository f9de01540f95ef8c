package dev.tarn.pages;

import dev.tarn.alert.AlertControl;
import dev.tarn.app.Jobs;
import dev.tarn.app.RequestCounts;
import dev.tarn.model.alert.Alert;
import dev.tarn.model.alert.Notice;
import dev.tarn.model.alert.Severity;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Numbers about what waits and works: jobs, alerts, requests. */
final class WorkMetrics {
    private final Ground ground;

    WorkMetrics(Ground ground) {
        this.ground = ground;
    }

    void write(Exposition out) {
        jobs(out);
        alerts(out);
        requests(out);
    }

    private void jobs(Exposition out) {
        Jobs.Queue queue = ground.tarn().jobs().queue();
        out.gauge("tarn_job_runs", "Runs of jobs that are not over, by status.")
                .sample("tarn_job_runs", queue.queued(), "status", "queued")
                .sample("tarn_job_runs", queue.running(), "status", "running");
        out.gauge("tarn_job_runs_late", "Of these, those that should be over by now.")
                .sample("tarn_job_runs_late", queue.late());
        out.gauge(
                        "tarn_job_tasks_ready",
                        "Tasks that could begin if there were room; at most 10,000 are counted.")
                .sample("tarn_job_tasks_ready", queue.ready());
        out.gauge("tarn_job_servers", "Servers that work on jobs.")
                .sample("tarn_job_servers", ground.tarn().jobs().servers().size());
    }

    private void alerts(Exposition out) {
        AlertControl control = ground.tarn().alerts().control();
        List<Alert> open = control.open();
        out.gauge("tarn_alerts", "Open alerts, by severity.");
        for (Severity severity : Severity.values()) {
            out.sample(
                    "tarn_alerts",
                    open.stream().filter(a -> a.severity() == severity).count(),
                    "severity",
                    severity.word());
        }
        out.gauge("tarn_alert_messages", "Messages about alerts that wait or were given up.");
        for (Notice.Status status : List.of(Notice.Status.WAITING, Notice.Status.DEAD)) {
            out.sample(
                    "tarn_alert_messages",
                    control.count(status),
                    "status",
                    status.name().toLowerCase(Locale.ROOT));
        }
    }

    private void requests(Exposition out) {
        Map<String, RequestCounts.Count> counts = ground.tarn().requests().now();
        out.counter("tarn_http_requests_total", "Requests, by where they came in and status.");
        counts.forEach((mount, count) ->
                count.byClass()
                        .forEach((digit, times) ->
                                out.sample(
                                        "tarn_http_requests_total",
                                        times,
                                        "mount",
                                        mount,
                                        "status",
                                        digit)));
        out.counter("tarn_http_seconds_total", "Time spent answering them.");
        counts.forEach((mount, count) ->
                out.sample("tarn_http_seconds_total", count.seconds(), "mount", mount));
    }
}
