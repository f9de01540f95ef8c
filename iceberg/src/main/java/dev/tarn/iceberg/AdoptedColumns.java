package dev.tarn.iceberg;

import java.util.Map;
import org.apache.iceberg.Schema;
import org.apache.iceberg.mapping.NameMapping;
import org.apache.iceberg.parquet.ParquetSchemaUtil;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** Finds out whether readers of Iceberg will find the table's columns in a file of others. */
final class AdoptedColumns {
    private final String file;
    private final Schema table;

    AdoptedColumns(String file, Schema table) {
        this.file = file;
        this.table = table;
    }

    /**
     * @param byName whether ids in the file, if it has some, mean nothing where it comes from
     */
    void require(MessageType parquet, NameMapping mapping, boolean byName) {
        boolean ids = hasIds(parquet);
        MessageType named = ParquetSchemaUtil.applyNameMapping(parquet, mapping);
        if (ids && byName && !convert(parquet, parquet).sameSchema(convert(named, parquet))) {
            throw IcebergErrors.adoptedIds(file);
        }
        if (ids && !allIds(parquet)) {
            throw IcebergErrors.adoptedIds(file);
        }
        Map<Integer, NestedField> actual =
                TypeUtil.indexById(convert(ids ? parquet : named, parquet).asStruct());
        Map<Integer, NestedField> wanted = TypeUtil.indexById(table.asStruct());
        for (NestedField column : actual.values()) {
            @Nullable NestedField expected = wanted.get(column.fieldId());
            if (expected != null && !fits(column.type(), expected.type())) {
                throw IcebergErrors.adoptedType(
                        file,
                        table.findColumnName(column.fieldId()),
                        column.type().toString(),
                        IcebergTypes.sql(expected.type()));
            }
        }
    }

    private static boolean fits(Type actual, Type wanted) {
        if (!wanted.isPrimitiveType() || !actual.isPrimitiveType()) {
            return actual.typeId() == wanted.typeId();
        }
        // Files of old writers keep points in time without saying that they are in UTC.
        return actual.equals(wanted)
                || (actual.typeId() == wanted.typeId() && wanted.typeId() == Type.TypeID.TIMESTAMP)
                || TypeUtil.isPromotionAllowed(actual, wanted.asPrimitiveType());
    }

    /** What has no id is left out. */
    private Schema convert(MessageType parquet, MessageType original) {
        try {
            return ParquetSchemaUtil.convertAndPrune(parquet);
        } catch (RuntimeException e) {
            throw IcebergErrors.adoptedUnknown(file, original.getName(), e);
        }
    }

    private static boolean hasIds(GroupType group) {
        return group.getFields().stream()
                .anyMatch(f -> f.getId() != null || (!f.isPrimitive() && hasIds(f.asGroupType())));
    }

    /** Whether all that a reader needs has one; the groups that only make a list do not count. */
    private static boolean allIds(GroupType group) {
        return group.getFields().stream()
                .allMatch(f ->
                        (f.getId() != null
                                        || f.isRepetition(
                                                org.apache.parquet.schema.Type.Repetition.REPEATED))
                                && (f.isPrimitive() || allIds(f.asGroupType())));
    }
}
