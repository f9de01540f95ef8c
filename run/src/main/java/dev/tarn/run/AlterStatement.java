package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.SortField;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableState;
import dev.tarn.model.table.Type;
import dev.tarn.spi.Relation;
import dev.tarn.spi.Tables;
import dev.tarn.sql.statement.Name;
import dev.tarn.sql.statement.Statement;
import dev.tarn.sql.statement.Statement.Alteration;
import dev.tarn.sql.statement.Statement.ColumnRef;
import dev.tarn.sql.statement.Statement.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Changes what a table is: all steps, or none. */
final class AlterStatement {
    private static final TableName ALTERED = new TableName("tarn_target", "altered");

    private final StatementGround ground;
    private final Statement.Alter alter;

    AlterStatement(StatementGround ground, Statement.Alter alter) {
        this.ground = ground;
        this.alter = alter;
    }

    StatementOutcome execute() {
        TableName name = ground.resolve(alter.name());
        Optional<Versioned> there = ground.find(name);
        if (there.isEmpty() && alter.ifExists()) {
            return StatementOutcome.of("alter", name);
        }
        Versioned before = ground.existing(alter.name());
        Entry entry = before.entry();
        NameStatements.requireKind(alter.name(), name, before, alter.kind());
        TableName renamed = name;
        for (Alteration step : alter.steps()) {
            if (step instanceof Alteration.RenameTo rename) {
                renamed = renamed(name, rename.name());
            } else if (entry instanceof Entry.Table table) {
                if (MaterializedView.is(table) && changesColumns(step)) {
                    throw StatementErrors.materialized(alter.name(), name);
                }
                Entry.Table moved = MaterializedView.moved(table, altered(table.pointer(), step));
                boolean same = !changesColumns(step) || moved.pointer().equals(table.pointer());
                entry = same ? moved : Provenance.changed(moved);
            } else {
                throw StatementErrors.onlyForTables(alter.name().written(), name);
            }
        }
        commit(name, renamed, before, entry);
        return StatementOutcome.of("alter", renamed);
    }

    private static boolean changesColumns(Alteration step) {
        return switch (step) {
            case Alteration.AddColumn s -> true;
            case Alteration.DropColumn s -> true;
            case Alteration.RenameColumn s -> true;
            case Alteration.Retype s -> true;
            case Alteration.SetRequired s -> true;
            case Alteration.Move s -> true;
            case Alteration.Describe s -> false;
            case Alteration.RenameTo s -> false;
            case Alteration.PartitionBy s -> false;
            case Alteration.AddPartition s -> false;
            case Alteration.DropPartition s -> false;
            case Alteration.SortBy s -> false;
            case Alteration.SetProperties s -> false;
            case Alteration.UnsetProperties s -> false;
        };
    }

    /** A new name without a schema stays in the schema. */
    private TableName renamed(TableName name, Name next) {
        TableName wanted =
                next.parts().size() > 1
                        ? ground.resolve(next)
                        : new TableName(name.schema(), next.table());
        if (ground.find(wanted).isPresent()) {
            throw StatementErrors.exists(next.written(), wanted);
        }
        return StatementGround.creatable(next, wanted);
    }

    private void commit(TableName name, TableName renamed, Versioned before, Entry entry) {
        if (!renamed.equals(name)) {
            ground.context()
                    .commit(
                            List.of(
                                    Change.drop(
                                            EntryKey.of(name), Expected.of(Optional.of(before))),
                                    Change.put(EntryKey.of(renamed), entry, new Expected.Absent())),
                            "rename " + name);
        } else if (!entry.equals(before.entry())) {
            ground.put(name, Optional.of(before), entry, "alter");
        }
    }

    private Tables tables() {
        return ground.context().tables();
    }

    private TablePointer altered(TablePointer pointer, Alteration step) {
        return switch (step) {
            case Alteration.AddColumn add -> added(pointer, add);
            case Alteration.DropColumn drop ->
                    drop.ifExists() && find(pointer, drop.column()).isEmpty()
                            ? pointer
                            : evolve(
                                    pointer,
                                    drop.column(),
                                    new SchemaChange.Drop(drop.column().name()));
            case Alteration.RenameColumn rename ->
                    evolve(
                            pointer,
                            rename.column(),
                            new SchemaChange.Rename(rename.column().name(), rename.newName()));
            case Alteration.Retype retype ->
                    evolve(
                            pointer,
                            retype.column(),
                            new SchemaChange.Widen(
                                    retype.column().name(), ground.type(retype.type())));
            case Alteration.SetRequired set -> required(pointer, set);
            case Alteration.Describe describe ->
                    evolve(
                            pointer,
                            describe.column(),
                            new SchemaChange.Describe(
                                    describe.column().name(), describe.comment()));
            case Alteration.Move move -> evolve(pointer, move.column(), moved(move));
            case Alteration.RenameTo rename -> pointer;
            case Alteration.PartitionBy by -> partitioned(pointer, by.fields());
            case Alteration.AddPartition add -> {
                List<PartitionField> fields = new ArrayList<>(definition(pointer).partitioning());
                fields.add(add.field());
                yield partitioned(pointer, fields);
            }
            case Alteration.DropPartition drop -> dropped(pointer, drop.field());
            case Alteration.SortBy by -> sorted(pointer, by.fields());
            case Alteration.SetProperties set -> {
                Map<String, String> properties = new HashMap<>(definition(pointer).properties());
                properties.putAll(set.properties());
                boolean delta = set.properties().getOrDefault("tarn.formats", "").contains("delta");
                yield withProperties(
                        delta ? new FilesOfOthers(ground.context()).renewed(pointer) : pointer,
                        properties);
            }
            case Alteration.UnsetProperties unset -> {
                Map<String, String> properties = new HashMap<>(definition(pointer).properties());
                unset.names().forEach(properties::remove);
                yield withProperties(pointer, properties);
            }
        };
    }

    private static SchemaChange moved(Alteration.Move move) {
        return new SchemaChange.Move(
                move.column().name(),
                switch (move.position()) {
                    case Position.First first -> Optional.empty();
                    case Position.After after -> Optional.of(after.column().name());
                });
    }

    private TableDefinition definition(TablePointer pointer) {
        return tables().state(pointer).definition();
    }

    private Optional<Field> find(TablePointer pointer, ColumnRef column) {
        return definition(pointer).schema().find(column.name());
    }

    private TablePointer evolve(TablePointer pointer, ColumnRef place, SchemaChange... changes) {
        try {
            return tables().evolve(pointer, List.of(changes));
        } catch (TarnException refused) {
            throw StatementErrors.at(place.written(), refused);
        }
    }

    private TablePointer added(TablePointer pointer, Alteration.AddColumn add) {
        ColumnRef name = add.column().name();
        if (add.ifNotExists() && find(pointer, name).isPresent()) {
            return pointer;
        }
        Field field = CreateStatement.field(ground, add.column());
        List<SchemaChange> changes = new ArrayList<>();
        changes.add(new SchemaChange.Add(name.name(), field.type(), field.initialDefault()));
        field.doc().ifPresent(doc -> changes.add(new SchemaChange.Describe(name.name(), doc)));
        add.position().ifPresent(p -> changes.add(moved(new Alteration.Move(name, p))));
        if (field.required()) {
            boolean rows =
                    tables().state(pointer).current().map(s -> s.totalRows() > 0).orElse(false);
            if (rows && field.initialDefault().isEmpty()) {
                throw StatementErrors.notOnlyValue(name.written(), name.name());
            }
            changes.add(new SchemaChange.Require(name.name()));
        }
        return evolve(pointer, name, changes.toArray(SchemaChange[]::new));
    }

    private TablePointer required(TablePointer pointer, Alteration.SetRequired set) {
        String column = set.column().name();
        if (!set.required()) {
            return evolve(pointer, set.column(), new SchemaChange.MakeOptional(column));
        }
        Optional<Field> field = find(pointer, set.column());
        if (field.isPresent()) {
            TableState state = tables().state(pointer);
            ground.session()
                    .define(
                            ALTERED,
                            new Relation.Table(
                                    state.definition().schema(),
                                    p -> tables().scan(pointer, Optional.empty(), p)));
            long nulls =
                    ground.count(
                            SqlText.of(
                                    "select count(*) from %s where %s is null"
                                            .formatted(ALTERED, Type.quoted(field.get().name()))));
            if (nulls > 0) {
                throw StatementErrors.hasNulls(
                        set.column().written(), ground.resolve(alter.name()), column, nulls);
            }
        }
        return evolve(pointer, set.column(), new SchemaChange.Require(column));
    }

    private TablePointer redefine(TablePointer pointer, TableDefinition definition) {
        try {
            return tables().redefine(pointer, definition);
        } catch (TarnException refused) {
            throw StatementErrors.at(alter.name().written(), refused);
        }
    }

    private TablePointer partitioned(TablePointer pointer, List<PartitionField> fields) {
        TableDefinition now = definition(pointer);
        return redefine(
                pointer,
                new TableDefinition(now.schema(), fields, now.sortOrder(), now.properties()));
    }

    private TablePointer dropped(TablePointer pointer, PartitionField field) {
        List<PartitionField> fields = new ArrayList<>(definition(pointer).partitioning());
        boolean found =
                fields.removeIf(f ->
                        (f.column().equalsIgnoreCase(field.column())
                                        && f.transform().equals(field.transform()))
                                || f.name().equalsIgnoreCase(field.column()));
        if (!found) {
            throw StatementErrors.notPartitionedBy(
                    alter.name().written(), ground.resolve(alter.name()), field, fields);
        }
        return partitioned(pointer, fields);
    }

    private TablePointer sorted(TablePointer pointer, List<SortField> fields) {
        TableDefinition now = definition(pointer);
        return redefine(
                pointer,
                new TableDefinition(now.schema(), now.partitioning(), fields, now.properties()));
    }

    private TablePointer withProperties(TablePointer pointer, Map<String, String> properties) {
        TableDefinition now = definition(pointer);
        return redefine(
                pointer,
                new TableDefinition(now.schema(), now.partitioning(), now.sortOrder(), properties));
    }
}
