package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.SchemaChange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code comment on}: what people say about tables, views and their columns. */
final class CommentStatement {
    private final TaskContext context;
    private final SqlText sql;
    private final SqlWords words;

    CommentStatement(TaskContext context, SqlText sql, SqlWords words) {
        this.context = context;
        this.sql = sql;
        this.words = words;
    }

    long execute() {
        boolean column = words.have(2, "column");
        int is = words.find("is", 3);
        if (!words.have(1, "on")
                || is < 0
                || !(column || words.have(2, "table") || words.have(2, "view"))) {
            // Comments on schemas, databases and the like have nothing to be kept at.
            return 0;
        }
        String text = words.have(is + 1, "null") ? "" : literal(words.at(is + 1).text());
        if (column) {
            String name = words.at(is - 1).name();
            Versioned there = found(tableOf(is));
            describe(there, name, text);
        } else {
            Versioned there = found(StatementName.read(words, 3, context, sql).name());
            Map<String, String> attributes = new HashMap<>(there.entry().attributes());
            attributes.put("description", text);
            put(there, signed(there.entry(), attributes));
        }
        return 0;
    }

    /** The table before the last part of a column's name. */
    private TableName tableOf(int is) {
        int last = is - 2;
        String table = words.at(last - 1).name();
        String schema =
                last - 3 > 2 ? words.at(last - 3).name() : context.project().defaultSchema();
        return new TableName(schema, table);
    }

    private void describe(Versioned there, String column, String text) {
        if (there.entry() instanceof Entry.Table table) {
            put(
                    there,
                    new Entry.Table(
                            context.writer()
                                    .evolve(
                                            table.pointer(),
                                            List.of(new SchemaChange.Describe(column, text))),
                            table.attributes()));
        } else if (there.entry() instanceof Entry.View view) {
            Schema documented =
                    new Schema(
                            view.schema().fields().stream()
                                    .map(f ->
                                            f.name().equalsIgnoreCase(column) ? f.withDoc(text) : f)
                                    .toList());
            put(there, new Entry.View(view.sql(), documented, view.attributes()));
        }
    }

    static Entry signed(Entry entry, Map<String, String> attributes) {
        return switch (entry) {
            case Entry.Table t -> new Entry.Table(t.pointer(), attributes);
            case Entry.View v -> new Entry.View(v.sql(), v.schema(), attributes);
            default -> entry;
        };
    }

    private Versioned found(TableName name) {
        return context.view()
                .find(EntryKey.of(name))
                .orElseThrow(() -> StatementErrors.missing(sql, name));
    }

    private void put(Versioned there, Entry next) {
        context.commit(
                List.of(Change.put(there.key(), next, Expected.of(Optional.of(there)))),
                "comment on " + there.key().name());
    }

    /** The text inside quotes. */
    private static String literal(String text) {
        return text.startsWith("'") && text.length() > 1
                ? text.substring(1, text.length() - 1).replace("''", "'")
                : text;
    }
}
