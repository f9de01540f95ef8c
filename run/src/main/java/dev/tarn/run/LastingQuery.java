package dev.tarn.run;

import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.spi.EngineSession;
import dev.tarn.sql.statement.MacroExpansion;
import java.util.List;
import java.util.stream.Collectors;

/** Makes of a query with macros one without, of the same columns. */
final class LastingQuery {
    private final EngineSession now;
    private final EngineSession later;

    /**
     * @param now knows the macros
     * @param later does not
     */
    LastingQuery(EngineSession now, EngineSession later) {
        this.now = now;
        this.later = later;
    }

    SqlText of(SqlText query, MacroExpansion macros) {
        Schema wanted = now.describe(query);
        SqlText expanded = macros.expand(query);
        Schema found;
        try {
            found = later.describe(expanded);
        } catch (TarnException e) {
            throw StatementErrors.needsWords(query, e);
        }
        if (!types(found).equals(types(wanted))) {
            throw StatementErrors.otherWithoutWords(query);
        }
        if (found.names().equals(wanted.names())) {
            return expanded;
        }
        // A column without a name is called as its expression is written.
        String names = wanted.names().stream().map(Type::quoted).collect(Collectors.joining(", "));
        return Sql.around("select * from (\n", expanded, "\n) as q(" + names + ")");
    }

    private static List<Type> types(Schema schema) {
        return schema.fields().stream().map(Field::type).toList();
    }
}
