package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.Type;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code alter table}: columns come, go and change; tables and views get other names. */
final class AlterTable {
    private final TaskContext context;
    private final SqlText sql;
    private final SqlWords words;

    AlterTable(TaskContext context, SqlText sql, SqlWords words) {
        this.context = context;
        this.sql = sql;
        this.words = words;
    }

    long execute() {
        int at = words.have(2, "if", "exists") ? 4 : 2;
        StatementExecutor.Named target = StatementExecutor.Named.read(words, at, context, sql);
        int i = target.next();
        String verb = word(i);
        int column = words.have(i + 1, "column") ? i + 2 : i + 1;
        switch (verb) {
            case "add" -> {
                int name = words.have(column, "if", "not", "exists") ? column + 3 : column;
                evolve(
                        target.name(),
                        new SchemaChange.Add(
                                words.at(name).name(), type(name + 1), Optional.empty()));
            }
            case "drop" -> {
                int name = words.have(column, "if", "exists") ? column + 2 : column;
                evolve(target.name(), new SchemaChange.Drop(words.at(name).name()));
            }
            case "rename" -> {
                if (words.have(i + 1, "to")) {
                    rename(target.name(), words.at(i + 2).name());
                } else {
                    evolve(
                            target.name(),
                            new SchemaChange.Rename(
                                    words.at(column).name(), words.at(column + 2).name()));
                }
            }
            case "alter" -> {
                int type = words.find("type", column);
                if (type < 0) {
                    throw StatementErrors.unknown(sql, "alter table " + verb);
                }
                evolve(
                        target.name(),
                        new SchemaChange.Widen(words.at(column).name(), type(type + 1)));
            }
            default -> throw StatementErrors.unknown(sql, "alter table " + verb);
        }
        return 0;
    }

    private Type type(int from) {
        String type = words.text(from, words.size());
        return context.session()
                .describe(SqlText.of("select cast(null as " + type + ") as c"))
                .fields()
                .getFirst()
                .type();
    }

    private void evolve(TableName name, SchemaChange change) {
        StatementExecutor.Found found = StatementExecutor.Found.of(context, sql, name);
        found.replace(context, context.writer().evolve(found.pointer(), List.of(change)));
    }

    private void rename(TableName name, String newName) {
        Versioned there =
                context.view()
                        .find(EntryKey.of(name))
                        .orElseThrow(() -> StatementErrors.missing(sql, name));
        TableName next = new TableName(name.schema(), newName);
        context.commit(
                List.of(
                        Change.drop(EntryKey.of(name), Expected.of(Optional.of(there))),
                        Change.put(
                                EntryKey.of(next),
                                there.entry(),
                                Expected.of(context.view().find(EntryKey.of(next))))),
                "rename " + name);
    }

    private String word(int index) {
        return index < words.size() ? words.at(index).text().toLowerCase(Locale.ROOT) : "";
    }
}
