package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Statements that make and drop tables and views on the run's ref. */
final class RelationStatements {
    private final TaskContext context;
    private final SqlText sql;
    private final SqlWords words;

    RelationStatements(TaskContext context, SqlText sql, SqlWords words) {
        this.context = context;
        this.sql = sql;
        this.words = words;
    }

    long create() {
        int i = words.have(1, "or", "replace") ? 3 : 1;
        boolean orReplace = i == 3;
        boolean temporary = words.have(i, "temp") || words.have(i, "temporary");
        if (temporary) {
            i++;
        }
        String kind = word(i).toLowerCase(Locale.ROOT);
        if (kind.equals("schema")) {
            return 0;
        }
        if (!kind.equals("table") && !kind.equals("view")) {
            throw StatementErrors.unknown(sql, "create " + kind);
        }
        boolean unlessThere = words.have(i + 1, "if", "not", "exists");
        StatementName target = StatementName.read(words, unlessThere ? i + 4 : i + 1, context, sql);
        Optional<Versioned> existing = context.view().find(EntryKey.of(target.name()));
        if (existing.isPresent() && unlessThere) {
            return 0;
        }
        if (existing.isPresent() && !orReplace) {
            throw StatementErrors.exists(sql, target.name());
        }
        if (temporary) {
            context.scope().temporary(target.name());
        }
        if (words.have(target.next(), "as")) {
            SqlText query = part(target.next() + 1, words.size());
            return kind.equals("view")
                    ? view(target.name(), existing, query)
                    : table(target.name(), existing, query);
        }
        if (kind.equals("view") || !words.have(target.next(), "(")) {
            throw StatementErrors.unknown(sql, "create " + kind);
        }
        return table(target.name(), existing, columns(target.next()));
    }

    /** An empty query with the columns that a list declares. */
    private SqlText columns(int open) {
        int close = words.closing(open);
        List<String> casts = new ArrayList<>();
        int i = open + 1;
        while (i < close) {
            int next = words.find(",", i);
            next = next < 0 || next > close ? close : next;
            String first = word(i);
            if (!Set.of("primary", "unique", "foreign", "check", "constraint")
                    .contains(first.toLowerCase(Locale.ROOT))) {
                int end = i + 1;
                while (end < next
                        && !Set.of(
                                        "not",
                                        "null",
                                        "primary",
                                        "unique",
                                        "default",
                                        "check",
                                        "references")
                                .contains(words.at(end).text().toLowerCase(Locale.ROOT))) {
                    end++;
                }
                casts.add(
                        "cast(null as %s) as %s"
                                .formatted(
                                        words.text(i + 1, end).strip(),
                                        Type.quoted(words.at(i).name())));
            }
            i = next + 1;
        }
        return SqlText.of("select " + String.join(", ", casts) + " where false");
    }

    private long table(TableName name, Optional<Versioned> existing, SqlText query) {
        Optional<TablePointer> pointer = existing.flatMap(Versioned::pointer);
        TableWriter.Written written =
                context.writer()
                        .replace(
                                name,
                                pointer,
                                TableDefinition.of(context.session().describe(query)),
                                query);
        put(name, existing, new Entry.Table(written.pointer(), origin()));
        return written.rows();
    }

    private long view(TableName name, Optional<Versioned> existing, SqlText query) {
        Schema schema = context.session().describe(query);
        put(name, existing, new Entry.View(query.sql(), schema, origin()));
        return 0;
    }

    long drop() {
        String kind = word(1).toLowerCase(Locale.ROOT);
        boolean ifThere = words.have(2, "if", "exists");
        int at = ifThere ? 4 : 2;
        if (kind.equals("schema")) {
            return dropSchema(words.at(Math.min(words.size() - 1, at)));
        }
        if (!kind.equals("table") && !kind.equals("view")) {
            throw StatementErrors.unknown(sql, "drop " + kind);
        }
        TableName name = StatementName.read(words, at, context, sql).name();
        Optional<Versioned> existing = context.view().find(EntryKey.of(name));
        if (existing.isEmpty()) {
            if (ifThere) {
                return 0;
            }
            throw StatementErrors.missing(sql, name);
        }
        context.commit(
                List.of(Change.drop(EntryKey.of(name), Expected.of(existing))), "drop " + name);
        return 0;
    }

    private long dropSchema(SqlWords.Word schema) {
        List<Change> drops =
                context
                        .view()
                        .list(EntryKey.Kind.RELATION, schema.name().toLowerCase(Locale.ROOT) + ".")
                        .stream()
                        .map(v -> Change.drop(v.key(), Expected.of(Optional.of(v))))
                        .toList();
        if (!drops.isEmpty()) {
            context.commit(drops, "drop schema " + schema.name());
        }
        return 0;
    }

    private Map<String, String> origin() {
        return Map.of("run", context.run().value());
    }

    private void put(TableName name, Optional<Versioned> existing, Entry entry) {
        context.commit(
                List.of(Change.put(EntryKey.of(name), entry, Expected.of(existing))),
                "make " + name);
    }

    private String word(int index) {
        return index < words.size() ? words.at(index).text() : "";
    }

    private SqlText part(int from, int to) {
        int offset = words.offset(from);
        return new SqlText(words.text(from, to), o -> sql.locate(offset + o));
    }
}
