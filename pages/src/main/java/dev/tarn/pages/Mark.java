package dev.tarn.pages;

import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.span;
import static dev.tarn.pages.Html.text;

import dev.tarn.model.job.Attempt;
import dev.tarn.model.job.Backfill;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.TaskRun;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.model.run.Verdict;

/** How a status looks: a colour, a shape and a word, so that none of them is needed alone. */
enum Mark {
    OK(
            "ok",
            "ok",
            "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM7 11.2 3.9 8.1l1.2-1.2L7 8.8l3.9-3.9 1.2 1.2z"),
    PUBLISHED("published", "ok", OK.path),
    PASSED("passed", "ok", OK.path),
    UNCHANGED(
            "unchanged",
            "ok",
            "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 2a5 5 0 1 1 0 10A5 5 0 0 1 8 3z"),
    WARNED("warned", "warn", "M8 .8 15.8 15H.2zM7.1 5.6v4.6h1.8V5.6zm0 5.8v1.8h1.8v-1.8z"),
    FAILED(
            "failed",
            "fail",
            "M4.9 1h6.2L15 4.9v6.2L11.1 15H4.9L1 11.1V4.9zM5.5 4.3 4.3 5.5 6.8 8l-2.5 2.5 1.2 1.2L8"
                    + " 9.2l2.5 2.5 1.2-1.2L9.2 8l2.5-2.5-1.2-1.2L8 6.8z"),
    RUNNING("running", "run", "M8 1a7 7 0 1 0 7 7h-2a5 5 0 1 1-5-5z"),
    WAITING("waiting", "idle", "M3 1h10v2.2L9.4 8 13 12.8V15H3v-2.2L6.6 8 3 3.2z"),
    SKIPPED("skipped", "idle", "M2 3l5 5-5 5zm6 0 5 5-5 5z"),
    CANCELLED("cancelled", "idle", "M2 2h12v12H2z"),
    QUEUED("queued", "idle", WAITING.path),
    READY("ready", "idle", "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM7 4h2v3.6l2.6 2.6-1.4 1.4L7 8.4z"),
    HELD(
            "held",
            "warn",
            "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM5.4 6.2c0-3.4 5.2-3.4 5.2-.2 0 1.9-1.8 1.9-1.8 3.2H7.2c0-2.2 1.8-2.4 1.8-3.2 0-1.2-2-1.2-2 .2zM7.1 10.6h1.8v1.8H7.1z"),
    PAUSED("paused", "warn", "M3 1h4v14H3zm6 0h4v14H9z"),
    EXPANDED("in parts", "run", "M2 2h5v5H2zm7 0h5v5H9zM2 9h5v5H2zm7 0h5v5H9z"),
    UPSTREAM_FAILED("held back", "fail", "M2 7h8L7 4l1.4-1.4L14 8l-5.6 5.4L7 12l3-3H2z"),
    DONE("done", "ok", OK.path),
    LOST("lost", "fail", "M8 1l7 7-7 7-7-7zM7.1 4.4v4.4h1.8V4.4zm0 5.6v1.8h1.8V10z"),
    NONE("never run", "idle", "M3 7h10v2H3z");

    private final String word;
    private final String colour;
    private final String path;

    Mark(String word, String colour, String path) {
        this.word = word;
        this.colour = colour;
        this.path = path;
    }

    static Mark of(RunStatus status) {
        return switch (status) {
            case RUNNING -> RUNNING;
            case PUBLISHED -> PUBLISHED;
            case UNCHANGED -> UNCHANGED;
            case FAILED -> FAILED;
            case CANCELLED -> CANCELLED;
            case LOST -> LOST;
        };
    }

    static Mark of(TaskStatus status) {
        return switch (status) {
            case WAITING -> WAITING;
            case RUNNING -> RUNNING;
            case SUCCEEDED -> OK;
            case WARNED -> WARNED;
            case UNCHANGED -> UNCHANGED;
            case FAILED -> FAILED;
            case SKIPPED -> SKIPPED;
            case CANCELLED -> CANCELLED;
        };
    }

    static Mark of(JobRun.Status status) {
        return switch (status) {
            case QUEUED -> QUEUED;
            case RUNNING -> RUNNING;
            case SUCCEEDED -> OK;
            case FAILED -> FAILED;
            case CANCELLED -> CANCELLED;
        };
    }

    static Mark of(TaskRun.Status status) {
        return switch (status) {
            case WAITING -> WAITING;
            case READY -> READY;
            case RUNNING -> RUNNING;
            case EXPANDED -> EXPANDED;
            case HELD -> HELD;
            case SUCCEEDED -> OK;
            case FAILED -> FAILED;
            case SKIPPED -> SKIPPED;
            case UPSTREAM_FAILED -> UPSTREAM_FAILED;
            case CANCELLED -> CANCELLED;
        };
    }

    static Mark of(Attempt.Outcome outcome) {
        return switch (outcome) {
            case SUCCEEDED -> OK;
            case FAILED -> FAILED;
            case SKIPPED -> SKIPPED;
            case CANCELLED -> CANCELLED;
            case LOST -> LOST;
        };
    }

    static Mark of(Backfill.Status status) {
        return switch (status) {
            case RUNNING, PUBLISHING -> RUNNING;
            case PAUSED -> PAUSED;
            case DONE -> DONE;
            case FAILED -> FAILED;
            case CANCELLED -> CANCELLED;
        };
    }

    static Mark of(Verdict.Outcome outcome) {
        return switch (outcome) {
            case PASSED -> PASSED;
            case WARNED -> WARNED;
            case FAILED -> FAILED;
        };
    }

    String word() {
        return word;
    }

    String colour() {
        return colour;
    }

    String path() {
        return path;
    }

    /** The shape alone; whoever uses it says the word elsewhere. */
    Html shape() {
        return el(
                "svg",
                cls("mark " + colour + (this == RUNNING ? " spin" : "")),
                attr("viewBox", "0 0 16 16"),
                attr("aria-hidden", "true"),
                el(
                        "path",
                        attr("fill", "currentColor"),
                        attr("fill-rule", "evenodd"),
                        attr("d", path)));
    }

    /** Shape, colour and word. */
    Html badge() {
        return span("st " + colour, shape(), text(word));
    }
}
