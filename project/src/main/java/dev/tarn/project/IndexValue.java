package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import dev.tarn.jinja.Values;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a setting says of an index, for templates that ask; tables of files have none. */
record IndexValue(List<Object> columns, boolean unique) implements PyObject {
    /** From a mapping with {@code columns} and {@code unique}. */
    static @Nullable Object parse(Arguments a) {
        Object raw = a.require(0, "raw_index");
        if (raw == null) {
            return null;
        }
        if (!(raw instanceof Map<?, ?> map)
                || !(map.get("columns") instanceof List<?> columns)
                || !List.of("columns", "unique").containsAll(map.keySet())) {
            throw TemplateErrors.badArguments(
                    "adapter.parse_index()", "a mapping with a list 'columns' and maybe 'unique'");
        }
        return new IndexValue(
                List.copyOf(columns),
                Values.truthy(Optional.<Object>ofNullable(map.get("unique")).orElse(false)));
    }

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "columns" -> columns;
            case "unique" -> unique;
            case "render" ->
                    (PyCallable)
                            a ->
                                    Functions.md5(
                                            columns
                                                    + "_"
                                                    + Values.text(a.require(0, "relation"))
                                                    + "_"
                                                    + unique);
            default -> Missing.VALUE;
        };
    }

    @Override
    public String representation() {
        return "DuckDBIndexConfig(columns=%s, unique=%s)"
                .formatted(Values.representation(columns), Values.representation(unique));
    }
}
