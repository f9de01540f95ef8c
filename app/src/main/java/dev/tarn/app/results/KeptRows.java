package dev.tarn.app.results;

import dev.tarn.model.table.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows a query gave, in their order. */
public record KeptRows(Schema schema, List<List<@Nullable Object>> rows) {
    public KeptRows {
        rows = List.copyOf(rows);
    }
}
