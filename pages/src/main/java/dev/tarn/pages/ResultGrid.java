package dev.tarn.pages;

import static dev.tarn.pages.Html.attr;
import static dev.tarn.pages.Html.cls;
import static dev.tarn.pages.Html.div;
import static dev.tarn.pages.Html.each;
import static dev.tarn.pages.Html.el;
import static dev.tarn.pages.Html.span;
import static dev.tarn.pages.Html.text;

import dev.tarn.app.Answer;
import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.run.Cancellation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The rows of a query as a table, bounded in rows, in characters and in time. */
final class ResultGrid {
    private static final int CELL_MAX = 400;
    private static final int CHARACTERS_MAX = 3_000_000;
    private static final long SECONDS_MAX = 60;

    private final Tarn tarn;

    ResultGrid(Tarn tarn) {
        this.tarn = tarn;
    }

    Html show(SqlText sql, At at, int most) {
        try {
            return show(sql, at, most, new Cancellation());
        } catch (TarnException e) {
            return div("pager", Problems.all(e.problems(), 5));
        }
    }

    /**
     * @throws TarnException as the query does; {@code TIMEOUT} when it takes too long for a page
     */
    Html show(SqlText sql, At at, int most, Cancellation cancellation) {
        return show(sql, at, most, cancellation, Watch.NOBODY);
    }

    /** Sees what the table shows. */
    interface Watch {
        Watch NOBODY =
                new Watch() {
                    @Override
                    public void fields(List<Field> all) {}

                    @Override
                    public void row(List<@Nullable Object> values) {}
                };

        void fields(List<Field> all);

        void row(List<@Nullable Object> values);
    }

    Html show(SqlText sql, At at, int most, Cancellation cancellation, Watch watch) {
        long begin = System.nanoTime();
        CompletableFuture<Boolean> clock =
                CompletableFuture.supplyAsync(
                        () -> {
                            cancellation.cancel();
                            return true;
                        },
                        CompletableFuture.delayedExecutor(SECONDS_MAX, TimeUnit.SECONDS));
        try (Answer answer = tarn.query(sql, at, cancellation)) {
            List<Field> fields = answer.schema().fields();
            watch.fields(fields);
            List<Html> rows = new ArrayList<>();
            long characters = 0;
            boolean more = false;
            while (answer.next()) {
                if (rows.size() >= most || characters > CHARACTERS_MAX) {
                    more = true;
                    break;
                }
                List<Html> cells = new ArrayList<>(fields.size());
                List<@Nullable Object> values = new ArrayList<>(fields.size());
                for (int i = 0; i < fields.size(); i++) {
                    @Nullable Object value = answer.value(i);
                    values.add(value);
                    String shown = Show.value(value, CELL_MAX);
                    characters += shown.length() + 10L;
                    cells.add(cell(value, shown, fields.get(i).type()));
                }
                rows.add(el("tr", Html.all(cells)));
                watch.row(values);
            }
            return table(fields, rows, more, Duration.ofNanos(System.nanoTime() - begin));
        } catch (TarnException e) {
            if (e.code() == ErrorCode.INTERRUPTED && clock.isDone()) {
                throw new TarnException(
                        ErrorCode.TIMEOUT,
                        "It took longer than %d seconds, which is the most for a page. `tarn query` waits longer."
                                .formatted(SECONDS_MAX),
                        e);
            }
            throw e;
        } finally {
            clock.cancel(false);
        }
    }

    private static Html cell(@Nullable Object value, String shown, Type type) {
        if (value == null) {
            return el("td", cls("null"), text("NULL"));
        }
        return isNumber(type)
                ? el("td", cls("num"), text(shown))
                : el("td", shown.length() > 50 ? cls("long") : Html.NOTHING, text(shown));
    }

    static boolean isNumber(Type type) {
        return type instanceof Type.Decimal
                || type == Type.Primitive.INTEGER
                || type == Type.Primitive.BIGINT
                || type == Type.Primitive.FLOAT
                || type == Type.Primitive.DOUBLE;
    }

    private static Html table(List<Field> fields, List<Html> rows, boolean more, Duration took) {
        String says =
                more
                        ? "The first %s; there are more. Say `limit`, or fetch all with `tarn query -o csv`."
                                .formatted(Show.count(rows.size(), "row", "rows"))
                        : Show.count(rows.size(), "row", "rows");
        return Html.all(
                div("pager", attr("role", "status"), text(says + " in " + Show.duration(took))),
                div(
                        "scroll",
                        attr("tabindex", "0"),
                        attr("role", "region"),
                        attr("aria-label", "Rows"),
                        el(
                                "table",
                                cls("grid"),
                                el(
                                        "thead",
                                        el(
                                                "tr",
                                                each(
                                                        fields,
                                                        f ->
                                                                el(
                                                                        "th",
                                                                        attr("scope", "col"),
                                                                        isNumber(f.type())
                                                                                ? cls("num")
                                                                                : Html.NOTHING,
                                                                        text(f.name()),
                                                                        text(" "),
                                                                        span(
                                                                                "soft small",
                                                                                f.type()
                                                                                                        .sql()
                                                                                                        .length()
                                                                                                > 30
                                                                                        ? "…"
                                                                                        : f.type()
                                                                                                .sql()))))),
                                el("tbody", Html.all(rows)))));
    }
}
