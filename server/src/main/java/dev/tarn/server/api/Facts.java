package dev.tarn.server.api;

import dev.tarn.app.RunDetails;
import dev.tarn.model.Problem;
import dev.tarn.model.job.Attempt;
import dev.tarn.model.job.Backfill;
import dev.tarn.model.job.Breaker;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobTask;
import dev.tarn.model.job.Trigger;
import dev.tarn.model.run.Run;
import dev.tarn.run.RunReport;
import dev.tarn.schedule.JobViews;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the API tells of things, by name. */
final class Facts {
    private Facts() {}

    static Map<String, @Nullable Object> job(JobViews.Listing l) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("name", l.job().name().value());
        all.put("description", l.job().description());
        all.put("owner", l.job().owner());
        all.put("file", l.job().place().toString());
        all.put("triggers", l.job().triggers().stream().map(Trigger::words).toList());
        all.put("params", l.job().params());
        all.put("tasks", l.job().tasks().stream().map(Facts::task).toList());
        all.put("pausedBy", l.pausedBy());
        all.put("restsUntil", l.rest().flatMap(Breaker::openUntil));
        all.put("nextDue", l.nextDue());
        all.put("lastRun", l.last().map(Facts::run));
        all.put("trouble", l.trouble());
        return all;
    }

    private static Map<String, @Nullable Object> task(JobTask task) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("name", task.name().value());
        all.put("kind", task.kind().word());
        all.put("after", task.after());
        return all;
    }

    static Map<String, @Nullable Object> run(JobRun run) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("id", run.id().value());
        all.put("job", run.job().value());
        all.put("status", run.status());
        all.put("cause", run.cause());
        all.put("by", run.by());
        all.put("intervalStart", run.interval().start());
        all.put("intervalEnd", run.interval().end());
        all.put("dueAt", run.dueAt());
        all.put("createdAt", run.createdAt());
        all.put("startedAt", run.startedAt());
        all.put("finishedAt", run.finishedAt());
        all.put("late", run.late());
        all.put("params", run.params());
        all.put("backfill", run.backfill());
        all.put("message", run.message());
        return all;
    }

    static Map<String, @Nullable Object> details(
            JobViews.Details details, Optional<String> waitsFor) {
        Map<String, @Nullable Object> all = run(details.run());
        all.put("waitsFor", waitsFor);
        all.put("tasks", details.steps().stream().map(Facts::step).toList());
        all.put("attempts", details.attempts().stream().map(Facts::attempt).toList());
        return all;
    }

    static Map<String, @Nullable Object> step(JobViews.Step step) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("task", step.task().task().value());
        all.put("kind", step.task().kind());
        all.put("after", step.after());
        all.put("status", step.task().status());
        all.put("attempt", step.task().attempt());
        all.put("startedAt", step.task().startedAt());
        all.put("finishedAt", step.task().finishedAt());
        all.put("run", step.task().work());
        all.put("code", step.task().code().map(Enum::name));
        all.put("message", step.task().message());
        all.put("waitsFor", step.waitsFor());
        all.put("output", step.task().output());
        return all;
    }

    private static Map<String, @Nullable Object> attempt(Attempt attempt) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("task", attempt.task().value());
        all.put("attempt", attempt.attempt());
        all.put("outcome", attempt.outcome());
        all.put("server", attempt.server().value());
        all.put("startedAt", attempt.startedAt());
        all.put("finishedAt", attempt.finishedAt());
        all.put("run", attempt.work());
        all.put("code", attempt.code().map(Enum::name));
        all.put("message", attempt.message());
        return all;
    }

    static Map<String, @Nullable Object> interval(JobRun.Interval interval) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("from", interval.start());
        all.put("to", interval.end());
        return all;
    }

    static Map<String, @Nullable Object> backfill(Backfill backfill) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("id", backfill.id());
        all.put("job", backfill.job().value());
        all.put("status", backfill.status());
        all.put("from", backfill.range().start());
        all.put("to", backfill.range().end());
        all.put("next", backfill.next());
        all.put("parallel", backfill.parallel());
        all.put("by", backfill.by());
        all.put("createdAt", backfill.createdAt());
        all.put("branch", backfill.branch());
        all.put("partitions", backfill.partitions());
        return all;
    }

    static Map<String, @Nullable Object> projectRun(Run run) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("id", run.id().value());
        all.put("command", run.command());
        all.put("target", run.target());
        all.put("status", run.status());
        all.put("startedAt", run.startedAt());
        all.put("finishedAt", run.finishedAt());
        all.put("error", run.error());
        return all;
    }

    static Map<String, @Nullable Object> projectRun(RunDetails details) {
        Map<String, @Nullable Object> all = projectRun(details.run());
        all.put(
                "tasks",
                details.tasks().stream()
                        .map(t -> {
                            Map<String, @Nullable Object> task = new LinkedHashMap<>();
                            task.put("node", t.node());
                            task.put("attempt", t.attempt());
                            task.put("status", t.status());
                            task.put("startedAt", t.startedAt());
                            task.put("finishedAt", t.finishedAt());
                            task.put("message", t.message());
                            return task;
                        })
                        .toList());
        return all;
    }

    /** Empty lists where nothing is known of a run any more. */
    static Map<String, @Nullable Object> report(Optional<RunReport> report) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("known", report.isPresent());
        all.put(
                "findings",
                report.map(RunReport::findings).orElse(List.of()).stream()
                        .map(Facts::finding)
                        .toList());
        all.put("problems", problems(report.map(RunReport::problems).orElse(List.of())));
        return all;
    }

    private static Map<String, @Nullable Object> finding(RunReport.Finding finding) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("check", finding.check());
        all.put("node", finding.verdict().check());
        all.put("columns", finding.columns());
        all.put(
                "rows",
                finding.rows().stream()
                        .map(row -> row.stream().map(TableFacts::value).toList())
                        .toList());
        return all;
    }

    /** An error as RFC 9457 has it. */
    static Map<String, @Nullable Object> problem(int status, String title, List<Problem> problems) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("type", "about:blank");
        all.put("title", title);
        all.put("status", status);
        all.put("detail", problems.getFirst().message());
        all.put("code", problems.getFirst().code().name());
        all.put("problems", problems(problems));
        return all;
    }

    private static List<Map<String, @Nullable Object>> problems(List<Problem> problems) {
        return problems.stream()
                .map(p -> {
                    Map<String, @Nullable Object> one = new LinkedHashMap<>();
                    one.put("code", p.code().name());
                    one.put("place", p.place());
                    one.put("message", p.message());
                    return one;
                })
                .toList();
    }
}
