package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Type;
import dev.tarn.sql.statement.Token;
import dev.tarn.sql.statement.Tokens;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the tables that a run reads in the place of others into a query that outlives the run: a
 * view.
 */
final class StandIns {
    private final Map<TableName, TableName> instead = new HashMap<>();

    StandIns(TaskContext context) {
        RunRequest.Substitutes substitutes = context.substitutes();
        substitutes
                .instead()
                .forEach((name, other) -> {
                    if (substitutes.always() || context.view().find(EntryKey.of(name)).isEmpty()) {
                        instead.put(name, other);
                    }
                });
    }

    SqlText named(SqlText query) {
        if (instead.isEmpty()) {
            return query;
        }
        List<Token> tokens = Tokens.of(query);
        StringBuilder sql = new StringBuilder();
        int done = 0;
        for (int i = 0; i + 2 < tokens.size(); i++) {
            boolean begins = i == 0 || !tokens.get(i - 1).is(".");
            if (!begins
                    || !tokens.get(i).isName()
                    || !tokens.get(i + 1).is(".")
                    || !tokens.get(i + 2).isName()) {
                continue;
            }
            TableName other =
                    instead.get(new TableName(tokens.get(i).name(), tokens.get(i + 2).name()));
            if (other != null) {
                sql.append(query.sql(), done, tokens.get(i).start())
                        .append(Type.quoted(other.schema()))
                        .append('.')
                        .append(Type.quoted(other.table()));
                done = tokens.get(i + 2).end();
            }
        }
        return SqlText.of(sql.append(query.sql(), done, query.sql().length()).toString());
    }
}
