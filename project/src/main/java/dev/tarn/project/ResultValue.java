package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import dev.tarn.jinja.Tuple;
import dev.tarn.jinja.Values;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The result of a query as templates hold it, after Python's {@code agate.Table}: {@code rows},
 * {@code columns[0].values()}, {@code print_table()}.
 */
final class ResultValue implements PyObject {
    private static final int PRINTED_ROWS = 20;
    private static final int PRINTED_COLUMNS = 6;
    private static final int PRINTED_WIDTH = 20;

    private final List<String> names;
    private final List<Row> rows;
    private final Consumer<String> printer;

    /**
     * @param printer takes what {@code print_table()} prints
     */
    private ResultValue(List<String> names, List<Row> rows, Consumer<String> printer) {
        this.names = names;
        this.rows = rows;
        this.printer = printer;
    }

    static ResultValue of(CompileDatabase.Rows result, Consumer<String> printer) {
        List<String> names = ResultCell.names(result.names());
        List<Row> rows = new ArrayList<>();
        for (List<@Nullable Object> row : result.rows()) {
            List<@Nullable Object> values = new ArrayList<>();
            row.forEach(v -> values.add(ResultCell.of(v)));
            rows.add(new Row(names, values));
        }
        return new ResultValue(names, rows, printer);
    }

    /** A table from the values of a template: rows are mappings or lists. */
    static ResultValue of(List<?> given, List<String> columns, Consumer<String> printer) {
        List<Row> rows = new ArrayList<>();
        for (Object row : given) {
            List<@Nullable Object> values = new ArrayList<>();
            if (row instanceof Map<?, ?> map) {
                columns.forEach(c -> values.add(map.get(c)));
            } else {
                values.addAll(Values.list(row));
            }
            rows.add(new Row(columns, values));
        }
        return new ResultValue(columns, rows, printer);
    }

    /** Rows as drivers of Python give them. */
    List<Object> data() {
        List<Object> data = new ArrayList<>();
        rows.forEach(r -> data.add(Tuple.copyOf(r.values)));
        return data;
    }

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "rows" -> new ArrayList<Object>(rows);
            case "columns" -> new Columns();
            case "column_names" -> Tuple.copyOf(names);
            case "column_types" -> ResultType.all(names.size(), this::valuesAt);
            case "print_table" -> (PyCallable) this::printTable;
            case "print_csv" -> (PyCallable) a -> printLines(csv());
            case "print_json" -> (PyCallable) a -> printLines(json());
            case "to_csv", "to_json", "print_structure" -> (PyCallable) a -> "";
            case "select" -> (PyCallable) a -> selected(texts(a.require(0, "key")));
            case "exclude" ->
                    (PyCallable)
                            a -> {
                                List<String> out = texts(a.require(0, "key"));
                                return selected(
                                        names.stream().filter(n -> !out.contains(n)).toList());
                            };
            case "rename" -> (PyCallable) this::renamed;
            case "limit" -> (PyCallable) this::limited;
            case "where" -> (PyCallable) this::where;
            case "order_by" -> (PyCallable) this::ordered;
            case "distinct" -> (PyCallable) a -> with(new ArrayList<>(new LinkedHashSet<>(rows)));
            default -> Missing.VALUE;
        };
    }

    /** The same with its moments, which have a clock, as texts. */
    ResultValue withTimesAsTexts() {
        List<Row> others = new ArrayList<>();
        for (Row row : rows) {
            List<@Nullable Object> values = new ArrayList<>();
            row.values.forEach(
                    v -> values.add(v instanceof Moment m && !m.dateOnly() ? Values.text(m) : v));
            others.add(new Row(names, values));
        }
        return with(others);
    }

    private ResultValue with(List<Row> others) {
        return new ResultValue(names, others, printer);
    }

    private static List<String> texts(@Nullable Object value) {
        return value instanceof String one
                ? List.of(one)
                : Values.list(value).stream().map(Values::text).toList();
    }

    private ResultValue selected(List<String> wanted) {
        List<Row> others = new ArrayList<>();
        for (Row row : rows) {
            List<@Nullable Object> values = new ArrayList<>();
            wanted.forEach(n -> values.add(row.byName(n)));
            others.add(new Row(wanted, values));
        }
        return new ResultValue(wanted, others, printer);
    }

    private ResultValue renamed(Arguments a) {
        Object given = a.get(0, "column_names", null);
        List<String> others = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String old = names.get(i);
            Object other =
                    given instanceof Map<?, ?> map
                            ? map.get(old)
                            : given instanceof List<?> list && i < list.size() ? list.get(i) : null;
            others.add(other == null ? old : Values.text(other));
        }
        return new ResultValue(
                others, rows.stream().map(r -> new Row(others, r.values)).toList(), printer);
    }

    private ResultValue limited(Arguments a) {
        long first = a.number(0, "start_or_stop", rows.size());
        boolean both = a.get(1, "stop", null) != null;
        long end = both ? a.number(1, "stop", rows.size()) : first;
        int from = both ? (int) Math.min(first, rows.size()) : 0;
        return with(rows.subList(from, Math.clamp(end, from, rows.size())));
    }

    private ResultValue where(Arguments a) {
        Object test = a.require(0, "test");
        return with(
                rows.stream()
                        .filter(r -> Values.truthy(Values.call(test, a.with(List.of(r), Map.of()))))
                        .toList());
    }

    private ResultValue ordered(Arguments a) {
        List<String> keys = texts(a.require(0, "key"));
        Comparator<Row> order =
                (x, y) -> {
                    for (String key : keys) {
                        Object left = x.byName(key);
                        Object right = y.byName(key);
                        if (left == null || right == null) {
                            if (left != right) {
                                return left == null ? 1 : -1;
                            }
                            continue;
                        }
                        int compared = Values.compare(left, right, "<");
                        if (compared != 0) {
                            return compared;
                        }
                    }
                    return 0;
                };
        List<Row> sorted = new ArrayList<>(rows);
        sorted.sort(a.flag(1, "reverse", false) ? order.reversed() : order);
        return with(sorted);
    }

    private @Nullable Object printLines(List<String> lines) {
        lines.forEach(printer);
        return null;
    }

    private @Nullable Object printTable(Arguments a) {
        int shownRows = count(a, 0, "max_rows", PRINTED_ROWS);
        int shownColumns = count(a, 1, "max_columns", PRINTED_COLUMNS);
        int width = count(a, 3, "max_column_width", PRINTED_WIDTH);
        List<List<String>> cells = new ArrayList<>();
        cells.add(shown(names, shownColumns, width));
        rows.stream()
                .limit(shownRows)
                .forEach(r ->
                        cells.add(
                                shown(
                                        r.values.stream()
                                                .map(v -> v == null ? "" : Values.text(v))
                                                .toList(),
                                        shownColumns,
                                        width)));
        if (rows.size() > shownRows) {
            cells.add(cells.getFirst().stream().map(c -> "...").toList());
        }
        int columns = cells.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : cells) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (int line = 0; line < cells.size(); line++) {
            StringBuilder text = new StringBuilder("|");
            for (int i = 0; i < columns; i++) {
                String cell = cells.get(line).get(i);
                text.append(' ').append(cell).append(" ".repeat(widths[i] - cell.length()));
                text.append(" |");
            }
            printer.accept(text.toString());
            if (line == 0) {
                StringBuilder rule = new StringBuilder("|");
                for (int w : widths) {
                    rule.append(' ').append("-".repeat(w)).append(" |");
                }
                printer.accept(rule.toString());
            }
        }
        return null;
    }

    private static int count(Arguments a, int index, String name, int otherwise) {
        Object value = a.get(index, name, (long) otherwise);
        return value == null ? Integer.MAX_VALUE : (int) a.number(index, name, otherwise);
    }

    private static List<String> shown(List<String> cells, int columns, int width) {
        List<String> shown = new ArrayList<>();
        for (String cell : cells.subList(0, Math.min(columns, cells.size()))) {
            shown.add(
                    cell.length() > width
                            ? cell.substring(0, Math.max(0, width - 3)) + "..."
                            : cell);
        }
        if (cells.size() > columns) {
            shown.add("...");
        }
        return shown;
    }

    private List<String> csv() {
        List<String> lines = new ArrayList<>();
        lines.add(String.join(",", names.stream().map(ResultValue::field).toList()));
        for (Row row : rows) {
            lines.add(
                    String.join(
                            ",",
                            row.values.stream()
                                    .map(v -> v == null ? "" : field(Values.text(v)))
                                    .toList()));
        }
        return lines;
    }

    private static String field(String text) {
        return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    private List<String> json() {
        List<Object> all = new ArrayList<>();
        rows.forEach(r -> all.add(r.dict()));
        return List.of(Values.json(all, -1, false));
    }

    @Override
    @SuppressWarnings("unchecked")
    public Iterator<Object> iterate() {
        return (Iterator<Object>) (Iterator<?>) rows.iterator();
    }

    @Override
    public int length() {
        return rows.size();
    }

    /** Short for its rows. */
    @Override
    public @Nullable Object item(@Nullable Object key) {
        return key instanceof String
                ? Missing.VALUE
                : Values.item(new ArrayList<Object>(rows), key);
    }

    @Override
    public String typeName() {
        return "Table";
    }

    @Override
    public boolean sequence() {
        return true;
    }

    /** All columns: by position, or by name. */
    private final class Columns implements PyObject {
        private List<Object> all() {
            List<Object> columns = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                columns.add(new ResultColumn(names.get(i), i, valuesAt(i)));
            }
            return columns;
        }

        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "get" ->
                        (PyCallable)
                                a -> {
                                    Object found = item(a.require(0, "key"));
                                    return found == Missing.VALUE
                                            ? a.get(1, "default", null)
                                            : found;
                                };
                case "keys" -> (PyCallable) a -> Tuple.copyOf(names);
                case "values" -> (PyCallable) a -> all();
                case "items" -> (PyCallable) a -> pairs(names, all());
                case "dict" -> (PyCallable) a -> mapped(names, all());
                default -> item(name);
            };
        }

        @Override
        public @Nullable Object item(@Nullable Object key) {
            int index =
                    key instanceof Number n
                            ? n.intValue() < 0 ? names.size() + n.intValue() : n.intValue()
                            : position(names, String.valueOf(key));
            return index >= 0 && index < names.size()
                    ? new ResultColumn(names.get(index), index, valuesAt(index))
                    : Missing.VALUE;
        }

        @Override
        public Iterator<Object> iterate() {
            return all().iterator();
        }

        @Override
        public int length() {
            return names.size();
        }

        @Override
        public boolean sequence() {
            return true;
        }
    }

    private List<@Nullable Object> valuesAt(int index) {
        List<@Nullable Object> values = new ArrayList<>();
        rows.forEach(r -> values.add(r.values.get(index)));
        return values;
    }

    private static int position(List<String> names, String name) {
        return names.indexOf(name);
    }

    private static List<Object> pairs(List<String> names, List<?> values) {
        List<Object> pairs = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            pairs.add(Tuple.of(names.get(i), values.get(i)));
        }
        return pairs;
    }

    private static Map<Object, @Nullable Object> mapped(List<String> names, List<?> values) {
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            map.put(names.get(i), values.get(i));
        }
        return map;
    }

    /** One row: by position, or by name. */
    private record Row(List<String> names, List<@Nullable Object> values) implements PyObject {
        private @Nullable Object byName(String name) {
            int index = position(names, name);
            return index < 0 ? null : values.get(index);
        }

        private Map<Object, @Nullable Object> dict() {
            return mapped(names, values);
        }

        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "values" -> (PyCallable) a -> Tuple.copyOf(values);
                case "keys" -> (PyCallable) a -> Tuple.copyOf(names);
                case "items" -> (PyCallable) a -> pairs(names, values);
                case "dict" -> (PyCallable) a -> dict();
                case "get" ->
                        (PyCallable)
                                a -> {
                                    Object found = item(a.require(0, "key"));
                                    return found == Missing.VALUE
                                            ? a.get(1, "default", null)
                                            : found;
                                };
                default -> item(name);
            };
        }

        @Override
        public @Nullable Object item(@Nullable Object key) {
            if (key instanceof Number n) {
                int index = n.intValue() < 0 ? values.size() + n.intValue() : n.intValue();
                return index >= 0 && index < values.size() ? values.get(index) : Missing.VALUE;
            }
            int index = position(names, String.valueOf(key));
            return index >= 0 ? values.get(index) : Missing.VALUE;
        }

        @Override
        public Iterator<Object> iterate() {
            return Tuple.copyOf(values).iterator();
        }

        @Override
        public int length() {
            return values.size();
        }

        @Override
        public boolean sequence() {
            return true;
        }

        @Override
        public String text() {
            return "<agate.Row: ("
                    + String.join(", ", values.stream().map(Values::representation).toList())
                    + ")>";
        }

        @Override
        public String representation() {
            return text();
        }
    }
}
