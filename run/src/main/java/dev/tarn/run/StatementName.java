package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import java.util.ArrayList;
import java.util.List;

/** A name as a statement writes it, and the index of the word after it. */
record StatementName(TableName name, int next) {
    static StatementName read(SqlWords words, int at, TaskContext context, SqlText statement) {
        List<String> parts = new ArrayList<>();
        int i = at;
        while (i < words.size()) {
            parts.add(words.at(i).name());
            i++;
            if (i >= words.size() || !words.at(i).text().equals(".")) {
                break;
            }
            i++;
        }
        if (parts.isEmpty() || parts.size() > 3) {
            throw StatementErrors.noName(statement, words.offset(at));
        }
        String table = parts.getLast();
        String schema =
                parts.size() == 1 ? context.project().defaultSchema() : parts.get(parts.size() - 2);
        return new StatementName(new TableName(schema, table), i);
    }
}
