package dev.tarn.pages;

import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.text;

import dev.tarn.app.Jobs;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.Backfill;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.Moments;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything about jobs: which page an address means, and what its forms do. */
final class JobPages {
    /** The first parts of their addresses. */
    static final List<String> PARTS = List.of("jobs", "job-runs");

    /** Who did what forms ask for, as the record of runs has it. */
    static final String BY = "the pages";

    private static final String PARAM = "param.";
    private static final int PARALLEL_MAX = 1_000;

    private final Ground ground;
    private final JobList list;
    private final JobPage one;
    private final JobRunPage run;
    private final BackfillPage backfill;

    JobPages(Ground ground) {
        this.ground = ground;
        this.list = new JobList(ground);
        this.one = new JobPage(ground);
        this.run = new JobRunPage(ground);
        this.backfill = new BackfillPage(ground);
    }

    Optional<Shell.Content> content(Ask ask) {
        List<String> path = ask.path();
        if (path.getFirst().equals("job-runs")) {
            return switch (path.size()) {
                case 1 -> Optional.of(list.runs(ask));
                case 2 -> Optional.of(run.show(ask, new JobRunId(path.get(1))));
                default -> Optional.empty();
            };
        }
        return switch (path.size()) {
            case 1 -> Optional.of(list.show(ask));
            case 2 -> Optional.of(one.show(ask, new JobName(path.get(1))));
            case 3 ->
                    path.get(2).equals("backfill")
                            ? Optional.of(backfill.show(ask, new JobName(path.get(1))))
                            : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** Does what a form says; tells where to go then. */
    Optional<Link> post(Ask ask) {
        List<String> path = ask.path();
        if (path.getFirst().equals("job-runs")) {
            return path.size() == 2
                    ? Optional.of(changeRun(ask, new JobRunId(path.get(1))))
                    : Optional.empty();
        }
        if (path.size() != 3) {
            return Optional.empty();
        }
        JobName name = new JobName(path.get(1));
        Link back = job(name);
        switch (path.get(2)) {
            case "run" -> {
                return Optional.of(run(start(ask, name).id()));
            }
            case "pause" -> jobs().pause(name, BY);
            case "resume" -> jobs().resume(name);
            case "backfill" -> {
                Backfill begun =
                        jobs().backfill(
                                        name,
                                        BackfillPage.request(ask.form()),
                                        count(ask.formText("parallel").orElse("1")),
                                        BY);
                back = back.with("backfill", begun.id());
            }
            case "backfills" -> changeBackfill(ask);
            default -> {
                return Optional.empty();
            }
        }
        return Optional.of(back);
    }

    private JobRun start(Ask ask, JobName name) {
        Map<String, String> params = new HashMap<>();
        ask.form()
                .forEach((field, value) -> {
                    if (field.startsWith(PARAM)) {
                        params.put(field.substring(PARAM.length()), value);
                    }
                });
        Optional<JobRun.Interval> interval =
                ask.formText("from").isPresent() || ask.formText("to").isPresent()
                        ? Optional.of(interval(ask.form()))
                        : Optional.empty();
        return jobs().start(name, params, interval, ask.formText("key").map(k -> "page " + k), BY);
    }

    private Link changeRun(Ask ask, JobRunId id) {
        String what = ask.form().getOrDefault("do", "");
        switch (what) {
            case "cancel" -> jobs().cancel(id, BY);
            case "again" -> jobs().rerun(id, ask.formText("task").map(TaskName::new), BY);
            case "approve" -> jobs().decide(id, task(ask), true, BY);
            case "refuse" -> jobs().decide(id, task(ask), false, BY);
            case "succeeded" -> mark(ask, id, TaskRun.Status.SUCCEEDED);
            case "skipped" -> mark(ask, id, TaskRun.Status.SKIPPED);
            case "failed" -> mark(ask, id, TaskRun.Status.FAILED);
            default -> throw unknown(what);
        }
        return run(id);
    }

    /** Only if the task is still as the page showed it. */
    private void mark(Ask ask, JobRunId id, TaskRun.Status as) {
        JobRun unused = jobs().mark(id, task(ask), as, ask.formText("seen"), BY);
    }

    private void changeBackfill(Ask ask) {
        String id = ask.form().getOrDefault("id", "");
        String what = ask.form().getOrDefault("do", "");
        switch (what) {
            case "pause" -> jobs().pauseBackfill(id);
            case "resume" -> jobs().resumeBackfill(id);
            case "cancel" -> jobs().cancelBackfill(id, BY);
            default -> throw unknown(what);
        }
    }

    private Jobs jobs() {
        return ground.tarn().jobs();
    }

    private static TaskName task(Ask ask) {
        return new TaskName(ask.form().getOrDefault("task", ""));
    }

    static int count(String text) {
        if (text.matches("\\d{1,4}")) {
            int count = Integer.parseInt(text);
            if (count >= 1 && count <= PARALLEL_MAX) {
                return count;
            }
        }
        throw new TarnException(
                ErrorCode.USAGE,
                "'%s' cannot be how many runs work at a time. It must be a whole number from 1 to %,d."
                        .formatted(text, PARALLEL_MAX));
    }

    static JobRun.Interval interval(Map<String, String> fields) {
        Instant from = moment(fields, "from");
        Instant to = moment(fields, "to");
        if (!to.isAfter(from)) {
            throw new TarnException(
                    ErrorCode.USAGE,
                    "The time ends at %s, which is not after its begin at %s."
                            .formatted(Show.second(to), Show.second(from)));
        }
        return new JobRun.Interval(from, to);
    }

    private static Instant moment(Map<String, String> fields, String name) {
        String text = fields.getOrDefault(name, "");
        return Moments.parse(text)
                .orElseThrow(() ->
                        new TarnException(
                                ErrorCode.USAGE,
                                "'%s' is not a time to be put under '%s'. Write it as 2026-11-21 or 2026-11-21T06:00:00Z."
                                        .formatted(text, name)));
    }

    private static TarnException unknown(String what) {
        return new TarnException(
                ErrorCode.USAGE, "The form asks for '%s', which means nothing.".formatted(what));
    }

    static Link job(JobName name) {
        return Link.to("jobs", name.value());
    }

    static Link run(JobRunId id) {
        return Link.to("job-runs", id.value());
    }

    /** A form that is one button. */
    static Html button(Link where, String label, boolean main, Map<String, String> fields) {
        return el(
                "form",
                attr("method", "post"),
                Html.action(where),
                Html.each(
                        List.copyOf(new java.util.TreeMap<>(fields).entrySet()),
                        f -> hidden(f.getKey(), f.getValue())),
                el(
                        "button",
                        main ? cls("main") : Html.NOTHING,
                        attr("type", "submit"),
                        text(label)));
    }

    static Html hidden(String name, String value) {
        return el("input", attr("type", "hidden"), attr("name", name), attr("value", value));
    }

    /** A field with its name beside it. */
    static Html field(String label, String name, String value, String hint) {
        return el(
                "label",
                cls("field"),
                text(label),
                el(
                        "input",
                        attr("type", "text"),
                        attr("name", name),
                        attr("value", value),
                        attr("placeholder", hint)));
    }
}
