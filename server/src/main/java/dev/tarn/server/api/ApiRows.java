package dev.tarn.server.api;

import dev.tarn.model.table.Field;
import dev.tarn.spi.QueryResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows as far as an answer has room for them. */
final class ApiRows {
    private static final long CHARACTERS_MAX = 8L << 20;

    private ApiRows() {}

    /** Columns, rows, and whether there are more. */
    static Map<String, @Nullable Object> of(QueryResult answer, int most) {
        List<Field> fields = answer.schema().fields();
        List<List<@Nullable Object>> rows = new ArrayList<>();
        long characters = 0;
        boolean more = false;
        while (answer.next()) {
            if (rows.size() >= most || characters > CHARACTERS_MAX) {
                more = true;
                break;
            }
            List<@Nullable Object> row = new ArrayList<>(fields.size());
            for (int i = 0; i < fields.size(); i++) {
                @Nullable Object value = TableFacts.value(answer.value(i));
                characters += value instanceof String text ? text.length() : 10;
                row.add(value);
            }
            rows.add(row);
        }
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("columns", fields.stream().map(TableFacts::column).toList());
        all.put("rows", rows);
        all.put("more", more);
        return all;
    }
}
