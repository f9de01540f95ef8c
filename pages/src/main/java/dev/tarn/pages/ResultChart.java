package dev.tarn.pages;

import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.each;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.span;
import static dev.tarn.pages.Html.text;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a query as a drawing: bars for each value of the first column that is no number, or lines
 * if that is a time; one colour and shape for each column of numbers.
 */
final class ResultChart implements ResultGrid.Watch {
    private static final int ROWS = 500;
    private static final int BARS = 60;
    private static final int SERIES = 4;
    private static final int WIDTH = 900;
    private static final int HEIGHT = 260;
    private static final int LEFT = 70;
    private static final int BOTTOM = 30;
    private static final int STEPS = 4;

    private final List<List<@Nullable Object>> rows = new ArrayList<>();
    private List<Field> fields = List.of();

    @Override
    public void fields(List<Field> all) {
        fields = List.copyOf(all);
    }

    @Override
    public void row(List<@Nullable Object> values) {
        if (rows.size() < ROWS) {
            rows.add(values);
        }
    }

    /** What the rows come to, or why they cannot be drawn. */
    Html draw() {
        List<Integer> numbers =
                IntStream.range(0, fields.size())
                        .filter(i -> ResultGrid.isNumber(fields.get(i).type()))
                        .boxed()
                        .toList();
        int name =
                IntStream.range(0, fields.size())
                        .filter(i -> !ResultGrid.isNumber(fields.get(i).type()))
                        .findFirst()
                        .orElse(numbers.size() > 1 ? numbers.getFirst() : -1);
        List<Integer> drawn = numbers.stream().filter(i -> i != name).limit(SERIES).toList();
        if (drawn.isEmpty() || rows.isEmpty()) {
            return Shell.empty(
                    rows.isEmpty()
                            ? "There are no rows to draw."
                            : "A chart needs a column of numbers, such as the second of",
                    rows.isEmpty() ? "" : "select day, count(*) from … group by day order by day");
        }
        boolean lines = name >= 0 && (isTime(fields.get(name).type()) || numbers.contains(name));
        List<List<@Nullable Object>> shown =
                lines ? rows : rows.subList(0, Math.min(BARS, rows.size()));
        return div(
                "card",
                el(
                        "h2",
                        "%s by %s"
                                .formatted(
                                        String.join(
                                                ", ",
                                                drawn.stream()
                                                        .map(i -> fields.get(i).name())
                                                        .toList()),
                                        name < 0 ? "row" : fields.get(name).name())),
                drawing(shown, name, drawn, lines),
                legend(drawn),
                shown.size() < rows.size() || rows.size() == ROWS
                        ? el(
                                "p",
                                cls("soft small"),
                                text(
                                        "The first %s rows are drawn."
                                                .formatted(Show.count(shown.size()))))
                        : Html.NOTHING);
    }

    private static boolean isTime(Type type) {
        return type == Type.Primitive.DATE
                || type == Type.Primitive.TIMESTAMP
                || type == Type.Primitive.TIMESTAMPTZ;
    }

    private Html drawing(
            List<List<@Nullable Object>> shown, int name, List<Integer> drawn, boolean lines) {
        double least = 0;
        double most = 0;
        for (List<@Nullable Object> row : shown) {
            for (int i : drawn) {
                least = Math.min(least, number(row.get(i)));
                most = Math.max(most, number(row.get(i)));
            }
        }
        Scale scale = new Scale(least, most == least ? least + 1 : most, shown.size());
        List<Html> pieces = new ArrayList<>();
        pieces.add(cls("chart"));
        pieces.add(attr("viewBox", "0 0 %d %d".formatted(WIDTH, HEIGHT)));
        pieces.add(attr("role", "img"));
        pieces.add(
                attr(
                        "aria-label",
                        "Chart of %s rows; the rows are in the table below"
                                .formatted(Show.count(shown.size()))));
        axis(scale, pieces);
        names(shown, name, scale, pieces);
        for (int s = 0; s < drawn.size(); s++) {
            if (lines) {
                pieces.add(line(shown, drawn.get(s), s, scale));
            } else {
                bars(shown, drawn.get(s), s, drawn.size(), scale, pieces);
            }
        }
        return div("scroll", el("svg", pieces.toArray(Html[]::new)));
    }

    private record Scale(double least, double most, int rows) {
        double y(double value) {
            return (HEIGHT - BOTTOM) - (value - least) / (most - least) * (HEIGHT - BOTTOM - 12);
        }

        double x(double row) {
            return LEFT + (row + 0.5) * (WIDTH - LEFT - 8) / rows;
        }

        double slot() {
            return (WIDTH - LEFT - 8) / (double) rows;
        }
    }

    private static void axis(Scale scale, List<Html> pieces) {
        for (int i = 0; i <= STEPS; i++) {
            double value = scale.least() + (scale.most() - scale.least()) * i / STEPS;
            double y = scale.y(value);
            pieces.add(
                    el(
                            "line",
                            cls("axis"),
                            attr("x1", LEFT),
                            attr("x2", WIDTH - 8),
                            attr("y1", at(y)),
                            attr("y2", at(y))));
            pieces.add(
                    el(
                            "text",
                            cls("soft"),
                            attr("x", LEFT - 6),
                            attr("y", at(y + 4)),
                            attr("text-anchor", "end"),
                            text(brief(value))));
        }
    }

    private static String brief(double value) {
        double size = Math.abs(value);
        return size >= 1e9
                ? String.format(Locale.ROOT, "%.1f G", value / 1e9)
                : size >= 1e6
                        ? String.format(Locale.ROOT, "%.1f M", value / 1e6)
                        : size >= 1e4
                                ? String.format(Locale.ROOT, "%.0f k", value / 1e3)
                                : size >= 100 || value == Math.rint(value)
                                        ? String.format(Locale.ROOT, "%.0f", value)
                                        : String.format(Locale.ROOT, "%.2f", value);
    }

    private static void names(
            List<List<@Nullable Object>> shown, int name, Scale scale, List<Html> pieces) {
        int room = Math.max(1, (int) Math.ceil(shown.size() / 9.0));
        for (int r = 0; r < shown.size(); r += room) {
            String word = name < 0 ? Integer.toString(r + 1) : Show.value(shown.get(r).get(name));
            pieces.add(
                    el(
                            "text",
                            cls("soft"),
                            attr("x", at(scale.x(r))),
                            attr("y", HEIGHT - 10),
                            attr("text-anchor", "middle"),
                            text(word.length() > 14 ? word.substring(0, 13) + "…" : word)));
        }
    }

    private static Html line(
            List<List<@Nullable Object>> shown, int column, int series, Scale scale) {
        StringBuilder points = new StringBuilder();
        for (int r = 0; r < shown.size(); r++) {
            if (shown.get(r).get(column) != null) {
                points.append(at(scale.x(r)))
                        .append(',')
                        .append(at(scale.y(number(shown.get(r).get(column)))))
                        .append(' ');
            }
        }
        return el("polyline", cls("line s" + series), attr("points", points.toString().strip()));
    }

    private static void bars(
            List<List<@Nullable Object>> shown,
            int column,
            int series,
            int of,
            Scale scale,
            List<Html> pieces) {
        double width = Math.max(1, scale.slot() * 0.8 / of);
        for (int r = 0; r < shown.size(); r++) {
            double value = number(shown.get(r).get(column));
            double top = Math.min(scale.y(value), scale.y(0));
            pieces.add(
                    el(
                            "rect",
                            cls("fill s" + series),
                            attr("x", at(scale.x(r) - scale.slot() * 0.4 + series * width)),
                            attr("y", at(top)),
                            attr("width", at(width)),
                            attr("height", at(Math.abs(scale.y(value) - scale.y(0))))));
        }
    }

    private Html legend(List<Integer> drawn) {
        if (drawn.size() < 2) {
            return Html.NOTHING;
        }
        return div(
                "legend",
                each(
                        IntStream.range(0, drawn.size()).boxed().toList(),
                        s ->
                                span(
                                        "st",
                                        el(
                                                "svg",
                                                cls("mark"),
                                                attr("viewBox", "0 0 16 16"),
                                                attr("aria-hidden", "true"),
                                                el(
                                                        "rect",
                                                        cls("fill s" + s),
                                                        attr("x", 1),
                                                        attr("y", 4),
                                                        attr("width", 14),
                                                        attr("height", 8))),
                                        text(fields.get(drawn.get(s)).name()))));
    }

    private static String at(double place) {
        return String.format(Locale.ROOT, "%.1f", place);
    }

    private static double number(@Nullable Object value) {
        return switch (value) {
            case BigDecimal d -> d.doubleValue();
            case Number n when Double.isFinite(n.doubleValue()) -> n.doubleValue();
            case null, default -> 0;
        };
    }
}
