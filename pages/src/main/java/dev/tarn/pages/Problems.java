package dev.tarn.pages;

import static dev.tarn.pages.Html.a;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.each;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.span;
import static dev.tarn.pages.Html.text;

import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.graph.Node;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Errors with code, place and way out. */
final class Problems {
    private static final Pattern RECORDED =
            Pattern.compile(
                    "(?s)(?:([^\\s:][^:\\n]*?\\.[A-Za-z]{1,5}):(\\d+)(?::(\\d+))?: )?(.*?)(?: \\[([A-Z_]+)\\])?");

    private Problems() {}

    /**
     * A problem as a run wrote it down.
     *
     * @param code empty where the text has none
     */
    record Told(Optional<Place> place, String message, String code) {
        /** Takes {@code place: message [CODE]} apart again. */
        static Told parse(String text) {
            Matcher matcher = RECORDED.matcher(text.strip());
            if (!matcher.matches()) {
                return new Told(Optional.empty(), text, "");
            }
            String file = matcher.group(1);
            Optional<Place> place =
                    file == null
                            ? Optional.empty()
                            : Optional.of(
                                    new Place(
                                            file,
                                            number(matcher.group(2)),
                                            matcher.group(3) == null
                                                    ? 0
                                                    : number(matcher.group(3))));
            String code = matcher.group(5);
            return new Told(place, matcher.group(4), code == null ? "" : code);
        }

        private static int number(String digits) {
            return digits.length() > 9 ? 0 : Integer.parseInt(digits);
        }

        Told orAt(Optional<Place> other) {
            return place.isPresent() ? this : new Told(other, message, code);
        }
    }

    static Html show(Problem problem) {
        return show(new Told(problem.place(), problem.message(), problem.code().name()));
    }

    static Html show(Told problem) {
        return div(
                "problem",
                el(
                        "div",
                        cls("row"),
                        problem.place().map(Problems::place).orElse(Html.NOTHING),
                        Html.when(!problem.code().isEmpty(), span("chip", problem.code()))),
                el("p", cls("what"), text(problem.message())));
    }

    /** Why a task is not as it should be. */
    static Html of(Task task, Optional<Node> node) {
        String message = task.message().orElse("No message was recorded.");
        Optional<Place> place = node.map(n -> n.common().place());
        if (node.isPresent()
                && node.get() instanceof Node.Check check
                && message.endsWith("failing row" + (message.startsWith("1 ") ? "" : "s"))) {
            String where =
                    check.attachedTo()
                            .map(id -> " in " + ProjectMap.shortName(id.value()))
                            .orElse("");
            return show(
                    new Told(
                            place,
                            "The check found " + message + where + ".",
                            task.status() == TaskStatus.FAILED ? "CHECK_FAILED" : ""));
        }
        return show(Told.parse(message).orAt(place));
    }

    static Html all(List<Problem> problems, int most) {
        return Html.all(
                each(problems.stream().limit(most).toList(), Problems::show),
                problems.size() > most
                        ? Html.p("… and " + Show.count(problems.size() - (long) most) + " more.")
                        : Html.NOTHING);
    }

    /** A place to click on. */
    static Html place(Place place) {
        return a(link(place), cls("place"), text(place.toString()));
    }

    static Link link(Place place) {
        Link link = Link.to("files");
        for (String part : place.file().split("/", -1)) {
            link = link.below(part);
        }
        return place.line() == 0 ? link : link.with("line", Integer.toString(place.line()));
    }
}
