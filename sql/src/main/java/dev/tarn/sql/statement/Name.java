package dev.tarn.sql.statement;

import dev.tarn.model.graph.SqlText;
import java.util.List;

/**
 * The name of a relation as a statement writes it.
 *
 * @param parts without quotes: the table, before it the schema, before it the catalog
 * @param written where it stands
 */
public record Name(List<String> parts, SqlText written) {
    public Name {
        parts = List.copyOf(parts);
    }

    /** The last part. */
    public String table() {
        return parts.getLast();
    }

    @Override
    public String toString() {
        return String.join(".", parts);
    }
}
