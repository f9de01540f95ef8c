package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.spi.CatalogView;
import dev.tarn.sql.statement.Name;
import dev.tarn.sql.statement.Statement;
import dev.tarn.sql.statement.Statement.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Statements that touch no rows: DROP, UNDROP and COMMENT. */
final class NameStatements {
    private final StatementGround ground;

    NameStatements(StatementGround ground) {
        this.ground = ground;
    }

    /** Refuses a view where a table is meant, and the other way round. */
    static void requireKind(Name written, TableName name, Versioned found, Kind kind) {
        boolean view = found.entry() instanceof Entry.View;
        if (view != (kind == Kind.VIEW)) {
            throw StatementErrors.otherKind(written, name, kind);
        }
    }

    StatementOutcome drop(Statement.Drop drop) {
        if (drop.kind() == Kind.SCHEMA) {
            return dropSchemas(drop);
        }
        List<Change> drops = new ArrayList<>();
        for (Name written : drop.names()) {
            TableName name = ground.resolve(written);
            if (ground.find(name).isEmpty() && drop.ifExists()) {
                continue;
            }
            Versioned found = ground.existing(written);
            requireKind(written, name, found, drop.kind());
            drops.add(Change.drop(found.key(), Expected.of(Optional.of(found))));
        }
        commit(drops, "drop");
        return drop.names().size() == 1
                ? StatementOutcome.of("drop", ground.resolve(drop.names().getFirst()))
                : StatementOutcome.of("drop");
    }

    private void commit(List<Change> changes, String message) {
        List<Change> distinct = changes.stream().distinct().toList();
        if (!distinct.isEmpty()) {
            ground.context().commit(distinct, message + " " + distinct.getFirst().key());
        }
    }

    private StatementOutcome dropSchemas(Statement.Drop drop) {
        List<Change> drops = new ArrayList<>();
        for (Name written : drop.names()) {
            String schema = TableName.folded(written.table());
            List<Versioned> held =
                    ground.context().view().list(EntryKey.Kind.RELATION, schema + ".");
            if (!held.isEmpty() && !drop.cascade()) {
                throw StatementErrors.schemaHolds(
                        written, held.stream().map(v -> v.key().name()).toList());
            }
            for (Versioned found : held) {
                drops.add(Change.drop(found.key(), Expected.of(Optional.of(found))));
            }
        }
        commit(drops, "drop");
        return StatementOutcome.of("drop schema");
    }

    /** What the relation was when it was dropped, with the positions that belong to it. */
    StatementOutcome undrop(Statement.Undrop undrop) {
        TableName name = ground.resolve(undrop.name());
        if (ground.find(name).isPresent()) {
            throw StatementErrors.notDropped(undrop.name(), name);
        }
        CatalogView then =
                ground.context()
                        .beforeDrop(name)
                        .orElseThrow(() -> StatementErrors.neverThere(undrop.name(), name));
        Versioned was =
                then.find(EntryKey.of(name))
                        .orElseThrow(() -> StatementErrors.neverThere(undrop.name(), name));
        List<Change> changes = new ArrayList<>();
        changes.add(Change.put(was.key(), was.entry(), new Expected.Absent()));
        for (Versioned position : then.list(EntryKey.Kind.POSITION, name + "/")) {
            changes.add(
                    Change.put(
                            position.key(),
                            position.entry(),
                            Expected.of(ground.context().view().find(position.key()))));
        }
        ground.context().commit(changes, "undrop " + name);
        return StatementOutcome.of("undrop", name);
    }

    StatementOutcome comment(Statement.Comment comment) {
        Versioned found = ground.existing(comment.name());
        TableName name = TableName.parse(found.key().name());
        Entry next =
                comment.column().isPresent()
                        ? column(comment, found.entry(), name)
                        : described(found.entry(), comment.comment());
        if (!next.equals(found.entry())) {
            ground.put(name, Optional.of(found), next, "comment on");
        }
        return StatementOutcome.of("comment", name);
    }

    private static Entry described(Entry entry, Optional<String> comment) {
        Map<String, String> attributes = new HashMap<>(entry.attributes());
        attributes.remove("description");
        comment.filter(c -> !c.isBlank()).ifPresent(c -> attributes.put("description", c));
        return signed(entry, attributes);
    }

    /** The same with other attributes, where it has any. */
    static Entry signed(Entry entry, Map<String, String> attributes) {
        return switch (entry) {
            case Entry.Table t -> new Entry.Table(t.pointer(), attributes);
            case Entry.View v -> new Entry.View(v.sql(), v.schema(), attributes);
            default -> entry;
        };
    }

    private Entry column(Statement.Comment comment, Entry entry, TableName name) {
        Statement.ColumnRef column = comment.column().orElseThrow();
        String doc = comment.comment().orElse("");
        return switch (entry) {
            case Entry.Table t -> {
                try {
                    yield new Entry.Table(
                            ground.context()
                                    .tables()
                                    .evolve(
                                            t.pointer(),
                                            List.of(new SchemaChange.Describe(column.name(), doc))),
                            t.attributes());
                } catch (TarnException refused) {
                    throw StatementErrors.at(column.written(), refused);
                }
            }
            case Entry.View v -> {
                if (v.schema().find(column.name()).isEmpty()) {
                    throw StatementErrors.noColumn(column, column.name(), name, v.schema().names());
                }
                List<Field> fields = new ArrayList<>();
                for (Field field : v.schema().fields()) {
                    boolean meant = field.name().equalsIgnoreCase(column.name());
                    fields.add(meant ? field.withDoc(doc) : field);
                }
                yield new Entry.View(v.sql(), new Schema(fields), v.attributes());
            }
            default -> entry;
        };
    }
}
