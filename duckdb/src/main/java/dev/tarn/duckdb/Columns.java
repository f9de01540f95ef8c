package dev.tarn.duckdb;

import dev.tarn.model.Place;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The columns of a bound query.
 *
 * @param types DuckDB's own texts of the types, by column
 */
record Columns(Schema schema, List<String> types) {
    Columns {
        types = List.copyOf(types);
    }

    static Columns of(ResultSetMetaData meta, Optional<Place> place) throws SQLException {
        List<Field> fields = new ArrayList<>();
        List<String> types = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            String name = meta.getColumnName(i);
            String text = meta.getColumnTypeName(i);
            Type type =
                    TypeParser.parse(text)
                            .orElseThrow(() -> EngineErrors.unstorable(name, text, place));
            fields.add(Field.of(name, type));
            types.add(text);
        }
        return new Columns(new Schema(fields), types);
    }
}
