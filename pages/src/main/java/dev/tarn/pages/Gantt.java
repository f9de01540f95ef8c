package dev.tarn.pages;

import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.text;

import dev.tarn.model.graph.Node;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The tasks of a run as bars over time. */
final class Gantt {
    /** A bar is seen however short it is. */
    private static final double LEAST_PERCENT = 0.25;

    /** What is left of here has room for its time at the right. */
    private static final double ROOM_PERCENT = 93;

    private static final int ROW = 20;
    private static final int TOP = 26;
    private static final int BARS = 250;
    private static final int NAME_LENGTH = 44;
    private static final int STEPS = 6;
    private static final double[] ROUND = {1, 2, 5};

    private final List<Task> tasks;
    private final int left;
    private final Optional<ProjectMap> map;
    private final Instant begin;
    private final Instant now;
    private final double millis;

    Gantt(Run run, List<Task> all, Optional<ProjectMap> map, Instant now) {
        this.map = map;
        this.now = now;
        List<Task> begun = all.stream().filter(t -> t.startedAt().isPresent()).toList();
        tasks = longest(begun);
        left = begun.size() - tasks.size();
        begin = run.startedAt();
        Instant end = run.finishedAt().orElse(now);
        millis = Math.max(1, Duration.between(begin, end).toMillis());
    }

    /** The longest ones, in the order in which they began; what failed is always among them. */
    private List<Task> longest(List<Task> begun) {
        if (begun.size() <= BARS) {
            return begun;
        }
        return begun.stream()
                .sorted(
                        Comparator.comparing((Task t) -> t.status() != TaskStatus.FAILED)
                                .thenComparing(this::took, Comparator.reverseOrder()))
                .limit(BARS)
                .sorted(Comparator.comparing(t -> t.startedAt().orElseThrow()))
                .toList();
    }

    private Duration took(Task task) {
        return Duration.between(task.startedAt().orElseThrow(), task.finishedAt().orElse(now));
    }

    /** Names beside bars: bars grow with the window, text does not. */
    Html draw() {
        int height = TOP + tasks.size() * ROW + 6;
        List<Html> names = new ArrayList<>();
        List<Html> bars = axis(height);
        names.add(cls("names"));
        names.add(attr("height", height));
        for (int i = 0; i < tasks.size(); i++) {
            row(names, bars, tasks.get(i), i);
        }
        Html chart =
                el(
                        "div",
                        cls("gantt"),
                        attr("role", "group"),
                        attr("aria-label", "When each task ran; the table below says the same"),
                        el("svg", names.toArray(Html[]::new)),
                        el("svg", bars.toArray(Html[]::new)));
        return left == 0
                ? chart
                : Html.all(
                        chart,
                        Html.p(
                                "The %d longest; %s shorter tasks are in the table."
                                        .formatted(tasks.size(), Show.count(left))));
    }

    private List<Html> axis(int height) {
        List<Html> lines = new ArrayList<>();
        lines.add(cls("bars"));
        lines.add(attr("height", height));
        lines.add(attr("aria-hidden", "true"));
        double step = step(millis / STEPS);
        for (double at = 0; at <= millis; at += step) {
            lines.add(
                    el(
                            "line",
                            cls("axis"),
                            attr("x1", percent(x(at))),
                            attr("x2", percent(x(at))),
                            attr("y1", "18"),
                            attr("y2", height)));
            lines.add(
                    el(
                            "text",
                            cls("soft"),
                            attr("x", percent(x(at))),
                            attr("y", "12"),
                            attr("text-anchor", "middle"),
                            text(Show.duration(Duration.ofMillis((long) at)))));
        }
        return lines;
    }

    private static double step(double wanted) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, wanted))));
        for (double round : ROUND) {
            if (round * power >= wanted) {
                return round * power;
            }
        }
        return 10 * power;
    }

    private void row(List<Html> names, List<Html> bars, Task task, int row) {
        double y = TOP + row * ROW;
        Mark mark = Mark.of(task.status());
        Optional<Node> node = map.flatMap(m -> m.node(task.node()));
        String title =
                node.map(ProjectMap::title).orElseGet(() -> ProjectMap.shortName(task.node()));
        String label = "%s: %s, %s".formatted(title, mark.word(), Show.duration(took(task)));
        if (row % 2 == 1) {
            names.add(stripe(y));
            bars.add(stripe(y));
        }
        Html name = name(title, mark, y);
        names.add(
                node.map(n -> Html.a(Ground.page(n), attr("aria-label", label), name))
                        .orElseGet(() -> el("g", name)));
        bars.add(bar(task, mark, label, y));
    }

    private static Html stripe(double y) {
        return el(
                "rect",
                cls("stripe"),
                attr("x", "0"),
                attr("y", number(y)),
                attr("width", "100%"),
                attr("height", ROW));
    }

    private static Html name(String title, Mark mark, double y) {
        return Html.all(
                el(
                        "svg",
                        attr("x", "0"),
                        attr("y", number(y + 4)),
                        attr("width", "12"),
                        attr("height", "12"),
                        attr("viewBox", "0 0 16 16"),
                        el(
                                "path",
                                cls("b-" + mark.colour()),
                                attr("fill-rule", "evenodd"),
                                attr("d", mark.path()))),
                el(
                        "text",
                        attr("x", "17"),
                        attr("y", number(y + 14)),
                        text(
                                title.length() > NAME_LENGTH
                                        ? title.substring(0, NAME_LENGTH - 1) + "…"
                                        : title)));
    }

    private Html bar(Task task, Mark mark, String label, double y) {
        Instant from = task.startedAt().orElseThrow();
        double x = x((double) Duration.between(begin, from).toMillis());
        double width =
                Math.max(
                        LEAST_PERCENT,
                        x((double) Duration.between(begin, from.plus(took(task))).toMillis()) - x);
        boolean roomRight = x + width < ROOM_PERCENT;
        return Html.all(
                el(
                        "rect",
                        cls("b-" + mark.colour()),
                        attr("x", percent(x)),
                        attr("y", number(y + 4)),
                        attr("width", percent(width)),
                        attr("height", ROW - 8),
                        attr("rx", "2"),
                        el("title", label)),
                el(
                        "text",
                        cls("soft"),
                        attr("x", percent(roomRight ? x + width : x)),
                        attr("dx", roomRight ? "4" : "-4"),
                        attr("y", number(y + 14)),
                        attr("text-anchor", roomRight ? "start" : "end"),
                        text(Show.duration(took(task)))));
    }

    /** In percent of the room for bars, which grows with the window while text does not. */
    private double x(double at) {
        return at / millis * 100;
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.3f%%", value);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
