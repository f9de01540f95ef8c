package dev.tarn.cli;

import dev.tarn.app.At;
import dev.tarn.cli.output.Amounts;
import dev.tarn.cli.output.Json;
import dev.tarn.cli.output.Listing;
import dev.tarn.model.TableName;
import dev.tarn.refs.Difference;
import dev.tarn.refs.Difference.ColumnChange;
import dev.tarn.refs.Difference.Side;
import dev.tarn.refs.RowDifferences;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Shows what two states do not have alike. */
final class DiffView {
    private final Console console;

    DiffView(Console console) {
        this.console = console;
    }

    static boolean hasRows(Difference difference) {
        return difference.before().orElse(null) instanceof Side.Table
                && difference.after().orElse(null) instanceof Side.Table;
    }

    void tables(List<Difference> differences, boolean json, At before, At after) {
        if (json) {
            Json.print(differences.stream().map(DiffView::object).toList(), console.out());
        } else if (differences.isEmpty()) {
            console.err().printf("%s and %s are alike.%n", before, after);
        } else {
            listing()
                    .lines(differences, console.outPaint(), console.outColumns())
                    .forEach(console.out()::println);
        }
    }

    void same(TableName name, At before, At after, boolean json) {
        if (json) {
            console.out().println("null");
        } else {
            console.err().printf("%s is the same at %s and at %s.%n", name, before, after);
        }
    }

    void table(Difference difference, Optional<RowDifferences> rows, boolean json) {
        PrintStream out = console.out();
        if (json) {
            Map<String, @Nullable Object> object = object(difference);
            rows.ifPresent(r -> object.put("rows", object(r)));
            Json.print(object, out);
            return;
        }
        listing()
                .lines(List.of(difference), console.outPaint(), console.outColumns())
                .forEach(out::println);
        rows.ifPresent(this::rows);
    }

    private void rows(RowDifferences rows) {
        PrintStream out = console.out();
        out.println();
        out.printf(
                "%s added, %s removed, %s changed; %s read, %s shared and not read%n",
                Amounts.count(rows.added(), "row", "rows"),
                Amounts.count(rows.removed()),
                Amounts.count(rows.changed()),
                Amounts.count(rows.filesRead(), "file", "files"),
                Amounts.count(rows.filesShared()));
        rows.byColumn()
                .forEach((column, count) ->
                        out.printf(
                                "  %s differs in %s%n",
                                column, Amounts.count(count, "row", "rows")));
        if (!rows.sample().isEmpty()) {
            out.println();
            new Listing<RowDifferences.Sample>()
                    .left("WHAT", "what", RowDifferences.Sample::what)
                    .left("ROW", "row", RowDifferences.Sample::row)
                    .lines(rows.sample(), console.outPaint(), console.outColumns())
                    .forEach(out::println);
        }
    }

    private static Map<String, @Nullable Object> object(Difference difference) {
        Map<String, @Nullable Object> object =
                new LinkedHashMap<>(listing().objects(List.of(difference)).getFirst());
        object.put("columns", difference.columns().stream().map(DiffView::object).toList());
        return object;
    }

    private static Map<String, @Nullable Object> object(ColumnChange change) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("before", change.before().map(DiffView::object));
        object.put("after", change.after().map(DiffView::object));
        return object;
    }

    private static Map<String, String> object(ColumnChange.Column column) {
        Map<String, String> object = new LinkedHashMap<>();
        object.put("name", column.name());
        object.put("type", column.type().toString());
        return object;
    }

    private static Map<String, Object> object(RowDifferences rows) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("added", rows.added());
        object.put("removed", rows.removed());
        object.put("changed", rows.changed());
        object.put("changedByColumn", rows.byColumn());
        object.put("filesRead", rows.filesRead());
        object.put("filesShared", rows.filesShared());
        object.put(
                "sample",
                rows.sample().stream().map(s -> Map.of("what", s.what(), "row", s.row())).toList());
        return object;
    }

    private static Listing<Difference> listing() {
        return new Listing<Difference>()
                .left("TABLE", "table", d -> d.name().toString())
                .left("WHAT", "what", d -> d.kind().name().toLowerCase(Locale.ROOT))
                .right("ROWS BEFORE", "rowsBefore", d -> d.before().flatMap(DiffView::count))
                .right("ROWS AFTER", "rowsAfter", d -> d.after().flatMap(DiffView::count))
                .left("COLUMNS", "columns", DiffView::columns);
    }

    private static Optional<Long> count(Side side) {
        return side instanceof Side.Table table ? Optional.of(table.rows()) : Optional.empty();
    }

    private static String columns(Difference difference) {
        return difference.columns().stream()
                .map(DiffView::column)
                .collect(Collectors.joining(", "));
    }

    private static String column(ColumnChange change) {
        if (change.before().isEmpty()) {
            return "+" + change.after().map(ColumnChange.Column::name).orElseThrow();
        }
        ColumnChange.Column was = change.before().get();
        if (change.after().isEmpty()) {
            return "-" + was.name();
        }
        ColumnChange.Column is = change.after().get();
        String name = was.name().equals(is.name()) ? is.name() : was.name() + "→" + is.name();
        return was.type().withoutIds().equals(is.type().withoutIds())
                ? name
                : "%s: %s→%s".formatted(name, was.type(), is.type());
    }
}
