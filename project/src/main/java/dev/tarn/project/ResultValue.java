package dev.tarn.project;

import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The result of a query as templates hold it: {@code rows}, {@code columns[0].values()}. */
final class ResultValue implements PyObject {
    private final CompileDatabase.Rows rows;

    ResultValue(CompileDatabase.Rows rows) {
        this.rows = rows;
    }

    /** Rows as lists. */
    List<Object> data() {
        List<Object> data = new ArrayList<>();
        rows.rows().forEach(r -> data.add(new ArrayList<>(r)));
        return data;
    }

    private List<Object> rowValues() {
        List<Object> values = new ArrayList<>();
        rows.rows().forEach(r -> values.add(new Row(rows.names(), r)));
        return values;
    }

    private List<Object> columnValues() {
        List<Object> columns = new ArrayList<>();
        for (int i = 0; i < rows.names().size(); i++) {
            columns.add(new Column(rows, i));
        }
        return columns;
    }

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "rows" -> rowValues();
            case "columns" -> new Columns();
            case "column_names" -> new ArrayList<Object>(rows.names());
            case "print_table" -> (PyCallable) a -> "";
            default -> Missing.VALUE;
        };
    }

    @Override
    public Iterator<Object> iterate() {
        return rowValues().iterator();
    }

    @Override
    public int length() {
        return rows.rows().size();
    }

    /** All columns: by position, or by name. */
    private final class Columns implements PyObject {
        @Override
        public @Nullable Object attribute(String name) {
            if (name.equals("get")) {
                return (PyCallable) a -> item(a.require(0, "key"));
            }
            if (name.equals("values")) {
                return (PyCallable) a -> columnValues();
            }
            return Missing.VALUE;
        }

        @Override
        public @Nullable Object item(@Nullable Object key) {
            int index =
                    key instanceof Number n
                            ? n.intValue()
                            : rows.names().indexOf(String.valueOf(key));
            return index >= 0 && index < rows.names().size()
                    ? new Column(rows, index)
                    : Missing.VALUE;
        }

        @Override
        public Iterator<Object> iterate() {
            return columnValues().iterator();
        }

        @Override
        public int length() {
            return rows.names().size();
        }
    }

    /** One column. */
    private record Column(CompileDatabase.Rows rows, int index) implements PyObject {
        private List<@Nullable Object> values() {
            List<@Nullable Object> values = new ArrayList<>();
            rows.rows().forEach(r -> values.add(r.get(index)));
            return values;
        }

        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "name" -> rows.names().get(index);
                case "values" -> (PyCallable) a -> values();
                default -> Missing.VALUE;
            };
        }

        @Override
        public @Nullable Object item(@Nullable Object key) {
            return key instanceof Number n && n.intValue() >= 0 && n.intValue() < values().size()
                    ? values().get(n.intValue())
                    : Missing.VALUE;
        }

        @Override
        @SuppressWarnings("unchecked")
        public Iterator<Object> iterate() {
            return (Iterator<Object>) (Iterator<?>) values().iterator();
        }
    }

    /** One row: by position, or by name. */
    private record Row(List<String> names, List<@Nullable Object> row) implements PyObject {
        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "values" -> (PyCallable) a -> new ArrayList<>(row);
                case "keys" -> (PyCallable) a -> new ArrayList<Object>(names);
                default -> names.contains(name) ? row.get(names.indexOf(name)) : Missing.VALUE;
            };
        }

        @Override
        public @Nullable Object item(@Nullable Object key) {
            if (key instanceof Number n) {
                int index = n.intValue() < 0 ? row.size() + n.intValue() : n.intValue();
                return index >= 0 && index < row.size() ? row.get(index) : Missing.VALUE;
            }
            int index = names.indexOf(String.valueOf(key));
            return index >= 0 ? row.get(index) : Missing.VALUE;
        }

        @Override
        @SuppressWarnings("unchecked")
        public Iterator<Object> iterate() {
            return (Iterator<Object>) (Iterator<?>) row.iterator();
        }

        @Override
        public int length() {
            return row.size();
        }
    }
}
