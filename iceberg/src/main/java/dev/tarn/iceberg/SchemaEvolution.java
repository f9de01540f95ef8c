package dev.tarn.iceberg;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.SchemaChange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * Applies steps to a schema one after another, each to what the one before left. What may not be is
 * told with its reason; all steps are looked at.
 */
final class SchemaEvolution {
    private final ScratchTable scratch;

    private SchemaEvolution(TableMetadata table) {
        this.scratch = new ScratchTable(table);
    }

    /** The table with the changed schema. */
    static TableMetadata apply(TableMetadata table, List<SchemaChange> changes) {
        SchemaEvolution evolution = new SchemaEvolution(table);
        List<Problem> problems = new ArrayList<>();
        for (SchemaChange change : changes) {
            evolution.refusal(change).ifPresent(problems::add);
        }
        if (!problems.isEmpty()) {
            throw new TarnException(problems);
        }
        return evolution.scratch.result();
    }

    private Optional<Problem> refusal(SchemaChange change) {
        try {
            UpdateSchema update = scratch.table().updateSchema();
            switch (change) {
                case SchemaChange.Add add -> add(update, add);
                case SchemaChange.Drop drop -> drop(update, drop);
                case SchemaChange.Rename rename -> rename(update, rename);
                case SchemaChange.Widen widen -> widen(update, widen);
                case SchemaChange.Move move -> move(update, move);
                case SchemaChange.MakeOptional optional ->
                        update.makeColumnOptional(path(change, optional.column()));
                case SchemaChange.Require require ->
                        update.allowIncompatibleChanges()
                                .requireColumn(path(change, require.column()));
                case SchemaChange.Describe describe ->
                        update.updateColumnDoc(path(change, describe.column()), describe.doc());
            }
            update.commit();
            return Optional.empty();
        } catch (TarnException e) {
            Problem first = e.problems().getFirst();
            return Optional.of(
                    first.code() == ErrorCode.SCHEMA_CHANGE_REFUSED
                            ? first
                            : IcebergErrors.changeRefused(change, first.message())
                                    .problems()
                                    .getFirst());
        } catch (RuntimeException e) {
            String reason = e.getMessage() == null ? e.toString() : e.getMessage() + ".";
            return Optional.of(IcebergErrors.changeRefused(change, reason).problems().getFirst());
        }
    }

    private Schema schema() {
        return scratch.current().schema();
    }

    private void add(UpdateSchema update, SchemaChange.Add add) {
        int dot = add.column().lastIndexOf('.');
        String name = add.column().substring(dot + 1);
        @Nullable String parent = dot < 0 ? null : path(add, add.column().substring(0, dot));
        requireFree(add, parent, name, -1);
        int version = scratch.current().formatVersion();
        Type type = IcebergTypes.toIceberg(add.type(), add.column(), version);
        if (add.initialDefault().isEmpty()) {
            update.addColumn(parent, name, type);
        } else {
            update.addColumn(
                    parent,
                    name,
                    type,
                    IcebergTypes.defaultLiteral(
                            add.initialDefault().get(), type, add.column(), version));
        }
    }

    private void drop(UpdateSchema update, SchemaChange.Drop drop) {
        NestedField field = field(drop, drop.column());
        Set<Integer> gone = new HashSet<>(TypeUtil.getProjectedIds(field.type()));
        gone.add(field.fieldId());
        for (org.apache.iceberg.PartitionField used : scratch.current().spec().fields()) {
            if (gone.contains(used.sourceId()) && !used.transform().isVoid()) {
                throw IcebergErrors.changeRefused(
                        drop, "the table is partitioned by it. Change the partitioning first.");
            }
        }
        for (org.apache.iceberg.SortField used : scratch.current().sortOrder().fields()) {
            if (gone.contains(used.sourceId())) {
                throw IcebergErrors.changeRefused(
                        drop, "the table is sorted by it. Change the sort order first.");
            }
        }
        if (schema().columns().size() == 1
                && schema().columns().getFirst().fieldId() == field.fieldId()) {
            throw IcebergErrors.changeRefused(drop, "it is the only column.");
        }
        update.deleteColumn(schema().findColumnName(field.fieldId()));
    }

    private void rename(UpdateSchema update, SchemaChange.Rename rename) {
        NestedField field = field(rename, rename.column());
        String path = schema().findColumnName(field.fieldId());
        if (isPartOfCollection(field.fieldId())) {
            throw IcebergErrors.changeRefused(
                    rename, "elements of lists, keys and values of maps have no other name.");
        }
        requireFree(rename, parentOf(path, field), rename.newName(), field.fieldId());
        update.renameColumn(path, rename.newName());
    }

    private void widen(UpdateSchema update, SchemaChange.Widen widen) {
        NestedField field = field(widen, widen.column());
        Type wider =
                IcebergTypes.toIceberg(
                        widen.type(), widen.column(), scratch.current().formatVersion());
        boolean allowed =
                wider.isPrimitiveType()
                        && field.type().isPrimitiveType()
                        && TypeUtil.isPromotionAllowed(field.type(), wider.asPrimitiveType());
        if (!allowed) {
            throw IcebergErrors.changeRefused(
                    widen,
                    "not every %s fits. Possible are INTEGER to BIGINT, FLOAT to DOUBLE, and a DECIMAL with more digits before the point."
                            .formatted(IcebergTypes.sql(field.type())));
        }
        update.updateColumn(schema().findColumnName(field.fieldId()), wider.asPrimitiveType());
    }

    private void move(UpdateSchema update, SchemaChange.Move move) {
        NestedField field = field(move, move.column());
        String path = schema().findColumnName(field.fieldId());
        if (move.after().isEmpty()) {
            update.moveFirst(path);
            return;
        }
        @Nullable String parent = parentOf(path, field);
        String after = move.after().get();
        String sibling = parent == null || after.contains(".") ? after : parent + "." + after;
        update.moveAfter(path, path(move, sibling));
    }

    private NestedField field(SchemaChange change, String column) {
        return Columns.find(schema(), column)
                .orElseThrow(
                        () -> IcebergErrors.changeOfUnknown(change, column, Columns.all(schema())));
    }

    private String path(SchemaChange change, String column) {
        return schema().findColumnName(field(change, column).fieldId());
    }

    private static @Nullable String parentOf(String path, NestedField field) {
        int length = path.length() - field.name().length() - 1;
        return length < 0 ? null : path.substring(0, length);
    }

    private boolean isPartOfCollection(int fieldId) {
        @Nullable Integer parent = TypeUtil.indexParents(schema().asStruct()).get(fieldId);
        return parent != null && !schema().findType(parent).isStructType();
    }

    /** Siblings must differ by more than case. */
    private void requireFree(
            SchemaChange change, @Nullable String parent, String name, int except) {
        List<NestedField> siblings;
        if (parent == null) {
            siblings = schema().columns();
        } else {
            Type type = schema().findType(parent);
            if (type.isListType()) {
                type = type.asListType().elementType();
            } else if (type.isMapType()) {
                type = type.asMapType().valueType();
            }
            if (!type.isStructType()) {
                throw IcebergErrors.changeRefused(
                        change,
                        "'%s' is %s and has no parts.".formatted(parent, IcebergTypes.sql(type)));
            }
            siblings = type.asStructType().fields();
        }
        for (NestedField sibling : siblings) {
            if (sibling.name().equalsIgnoreCase(name) && sibling.fieldId() != except) {
                throw IcebergErrors.changeRefused(
                        change, "there is a column '%s' already.".formatted(sibling.name()));
            }
        }
    }
}
