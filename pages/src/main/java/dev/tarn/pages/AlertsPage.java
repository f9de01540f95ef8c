package dev.tarn.pages;

import static dev.tarn.pages.Html.a;
import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.each;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.span;
import static dev.tarn.pages.Html.text;
import static dev.tarn.pages.Html.when;

import dev.tarn.alert.AlertControl;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.alert.Alert;
import dev.tarn.model.alert.AlertKind;
import dev.tarn.model.alert.Notice;
import dev.tarn.model.alert.Severity;
import dev.tarn.model.alert.Silence;
import dev.tarn.model.job.Durations;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is red, of what nobody hears, what was, and messages that did not arrive. */
final class AlertsPage {
    private static final String BY = "page";
    private static final int PAST = 100;
    private static final int LOST = 50;
    private static final int BLAST = 5;
    private static final int REFRESH_SECONDS = 10;

    private final Ground ground;

    AlertsPage(Ground ground) {
        this.ground = ground;
    }

    private AlertControl control() {
        return ground.tarn().alerts().control();
    }

    Shell.Content show(Ask ask) {
        List<Alert> open = control().open();
        List<Silence> silences = control().silences();
        List<Alert> past = control().all(PAST).stream().filter(alert -> !alert.isOpen()).toList();
        List<Notice> lost = control().notices(Notice.Status.DEAD, LOST);
        List<Problem> wrong = ground.tarn().alerts().problems();
        long waiting = control().count(Notice.Status.WAITING);
        long silent = open.stream().filter(alert -> isSilenced(alert, silences)).count();
        return Shell.Content.of(
                        "Alerts",
                        Shell.ALERTS,
                        "What is red by the rules of alerts.yml, and who has heard of it.",
                        when(!wrong.isEmpty(), Problems.all(wrong, 20)),
                        div(
                                "tiles",
                                tile(Show.count(open.size()), "open"),
                                tile(Show.count(silent), "of them silenced"),
                                tile(Show.count(waiting), "messages waiting"),
                                tile(Show.count(lost.size()), "messages given up")),
                        open(open, silences),
                        silences(silences),
                        lost(lost),
                        past(past))
                .refreshing(REFRESH_SECONDS);
    }

    /** Does what a form says; tells where to go then. */
    Link post(Ask ask) {
        String id = ask.form().getOrDefault("id", "");
        String what = ask.form().getOrDefault("do", "");
        switch (what) {
            case "ack" -> control().ack(id, BY);
            case "silence" ->
                    control()
                            .silence(
                                    ask.formText("kind").flatMap(AlertKind::of),
                                    ask.formText("subject"),
                                    ask.formText("owner"),
                                    time(ask),
                                    BY,
                                    ask.formText("reason").orElse(""));
            case "end" -> control().endSilence(id);
            case "again" -> control().again(id);
            default ->
                    throw new TarnException(
                            ErrorCode.USAGE,
                            "The form asks for '%s', which means nothing.".formatted(what));
        }
        return Shell.ALERTS.link();
    }

    private static Duration time(Ask ask) {
        String text = ask.formText("for").orElse("2h");
        return Durations.parse(text)
                .orElseThrow(() ->
                        new TarnException(
                                ErrorCode.USAGE,
                                "'%s' is no length of time. Write it as 30m, 2h or 1d."
                                        .formatted(text)));
    }

    private static Html tile(String number, String what) {
        return div("tile", el("b", number), span("", what));
    }

    private static boolean isSilenced(Alert alert, List<Silence> silences) {
        return silences.stream().anyMatch(s -> s.concerns(alert));
    }

    private Html open(List<Alert> open, List<Silence> silences) {
        if (open.isEmpty()) {
            return Shell.empty(
                    "Nothing is red by the rules of alerts.yml. A rule says what counts, a route who hears of it.",
                    "tarn alert test CHANNEL");
        }
        return div(
                "card flush",
                el("h2", "Open"),
                div(
                        "scroll",
                        el(
                                "table",
                                Shell.heads("Severity", "About", "What is wrong", "Since", "Do"),
                                el("tbody", each(open, alert -> row(alert, silences))))));
    }

    private Html row(Alert alert, List<Silence> silences) {
        return el(
                "tr",
                el("td", severity(alert.severity())),
                el(
                        "td",
                        cls("name"),
                        a(link(alert.finding().path()), Show.name(alert.finding().subject())),
                        el(
                                "div",
                                cls("soft small"),
                                text(
                                        words(alert.finding().kind())
                                                + alert.finding()
                                                        .owner()
                                                        .map(o -> " · " + o)
                                                        .orElse("")))),
                el("td", what(alert)),
                el(
                        "td",
                        Show.time(alert.finding().since()),
                        el(
                                "div",
                                cls("soft small"),
                                text(Show.ago(alert.finding().since(), ground.now())))),
                el("td", state(alert, silences)));
    }

    private static Html what(Alert alert) {
        List<String> blast = alert.finding().blast();
        String held =
                String.join(", ", blast.subList(0, Math.min(BLAST, blast.size())))
                        + (blast.size() > BLAST
                                ? " and %d more".formatted(blast.size() - BLAST)
                                : "");
        return Html.all(
                text(alert.finding().message()),
                alert.finding()
                        .place()
                        .map(p -> div("small", Problems.place(p)))
                        .orElse(Html.NOTHING),
                when(!blast.isEmpty(), div("soft small", text("Held or stale: " + held))),
                alert.finding()
                        .lastGood()
                        .map(g -> div("soft small", text("Last right: " + g)))
                        .orElse(Html.NOTHING));
    }

    private Html state(Alert alert, List<Silence> silences) {
        Html known =
                alert.ackedBy()
                        .map(by -> div("soft small", text(by + " is at it")))
                        .orElse(Html.NOTHING);
        if (isSilenced(alert, silences)) {
            return Html.all(span("st idle", Mark.PAUSED.shape(), text("silenced")), known);
        }
        return Html.all(
                known,
                div(
                        "row no-print",
                        when(
                                alert.ackedBy().isEmpty(),
                                JobPages.button(
                                        Shell.ALERTS.link(),
                                        "I am at it",
                                        false,
                                        Map.of("do", "ack", "id", alert.id()))),
                        JobPages.button(
                                Shell.ALERTS.link(),
                                "Silence for 2 h",
                                false,
                                Map.of(
                                        "do",
                                        "silence",
                                        "for",
                                        "2h",
                                        "kind",
                                        alert.finding().kind().word(),
                                        "subject",
                                        alert.finding().subject()))));
    }

    private Html silences(List<Silence> silences) {
        return div(
                "card flush",
                el("h2", "Silences"),
                when(
                        silences.isEmpty(),
                        div("pager", text("None: whoever is on a route hears of everything."))),
                when(
                        !silences.isEmpty(),
                        div(
                                "scroll",
                                el(
                                        "table",
                                        Shell.heads("Of", "Until", "By", "Why", ""),
                                        el("tbody", each(silences, this::silence))))),
                el(
                        "form",
                        attr("method", "post"),
                        Html.action(Shell.ALERTS.link()),
                        cls("row pad no-print"),
                        JobPages.hidden("do", "silence"),
                        JobPages.field("About", "subject", "", "gold.*"),
                        JobPages.field("Owner", "owner", "", "anybody"),
                        JobPages.field("For", "for", "2h", "30m, 2h, 1d"),
                        JobPages.field("Why", "reason", "", "planned work"),
                        el("button", attr("type", "submit"), text("Silence"))));
    }

    private Html silence(Silence silence) {
        List<String> of = new ArrayList<>();
        silence.kind().map(AlertsPage::words).ifPresent(of::add);
        silence.subject().ifPresent(of::add);
        silence.owner().map(o -> "of " + o).ifPresent(of::add);
        return el(
                "tr",
                el("td", text(String.join(", ", of))),
                el("td", Show.time(silence.until())),
                el("td", text(silence.by())),
                el("td", text(silence.reason())),
                el(
                        "td",
                        div(
                                "no-print",
                                JobPages.button(
                                        Shell.ALERTS.link(),
                                        "End it",
                                        false,
                                        Map.of("do", "end", "id", silence.id())))));
    }

    private Html lost(List<Notice> lost) {
        return lost.isEmpty()
                ? Html.NOTHING
                : div(
                        "card flush",
                        el("h2", "Messages that did not arrive"),
                        div(
                                "scroll",
                                el(
                                        "table",
                                        Shell.heads("Channel", "Why", ">Tried", "Given up", ""),
                                        el("tbody", each(lost, AlertsPage::notice)))));
    }

    private static Html notice(Notice notice) {
        return el(
                "tr",
                el("td", cls("name"), text(notice.channel())),
                el("td", text(notice.error().orElse(""))),
                Shell.number(Show.count(notice.attempts())),
                el("td", notice.finishedAt().map(Show::time).orElse(Html.NOTHING)),
                el(
                        "td",
                        div(
                                "no-print",
                                JobPages.button(
                                        Shell.ALERTS.link(),
                                        "Send again",
                                        false,
                                        Map.of("do", "again", "id", notice.id())))));
    }

    private Html past(List<Alert> past) {
        return past.isEmpty()
                ? Html.NOTHING
                : div(
                        "card flush",
                        el("h2", "What was red"),
                        div(
                                "scroll",
                                el(
                                        "table",
                                        Shell.heads(
                                                "Severity",
                                                "About",
                                                "What was wrong",
                                                "Since",
                                                "Over",
                                                ">For"),
                                        el("tbody", each(past, this::over)))));
    }

    private Html over(Alert alert) {
        return el(
                "tr",
                el("td", severity(alert.severity())),
                el(
                        "td",
                        cls("name"),
                        a(link(alert.finding().path()), Show.name(alert.finding().subject())),
                        el("div", cls("soft small"), text(words(alert.finding().kind())))),
                el("td", text(alert.finding().message())),
                el("td", Show.time(alert.finding().since())),
                el("td", alert.resolvedAt().map(Show::time).orElse(Html.NOTHING)),
                Shell.number(Show.duration(alert.age(ground.now()))));
    }

    private static Html severity(Severity severity) {
        Mark mark =
                switch (severity) {
                    case CRITICAL, ERROR -> Mark.FAILED;
                    case WARNING -> Mark.WARNED;
                    case INFO -> Mark.NONE;
                };
        return span(
                "st " + mark.colour(),
                mark.shape(),
                text(severity.name().toLowerCase(Locale.ROOT)));
    }

    private static String words(AlertKind kind) {
        return kind.word().replace('_', ' ');
    }

    /** A page of this server, as messages name it. */
    private static Link link(String path) {
        List<String> segments = new ArrayList<>();
        for (String part : path.replaceFirst("[?#].*$", "").split("/")) {
            if (!part.isEmpty()) {
                segments.add(URLDecoder.decode(part, StandardCharsets.UTF_8));
            }
        }
        return Link.to(segments.toArray(String[]::new));
    }
}
