package dev.tarn.iceberg;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/** Types and columns in both languages. */
public final class IcebergTypes {
    private IcebergTypes() {}

    /** Columns of a table that is to be made; ids are given in the order of the columns. */
    public static org.apache.iceberg.Schema toIceberg(Schema schema, int formatVersion) {
        int[] last = {0};
        requireDistinct(schema.fields(), "");
        return new org.apache.iceberg.Schema(
                fields(schema.fields(), "", formatVersion, field -> ++last[0]));
    }

    /** Columns that have their ids already. */
    static org.apache.iceberg.Schema withGivenIds(Schema schema, int formatVersion) {
        requireDistinct(schema.fields(), "");
        return new org.apache.iceberg.Schema(fields(schema.fields(), "", formatVersion, Field::id));
    }

    /** A type for a new column; its parts get throw-away ids. */
    static org.apache.iceberg.types.Type toIceberg(Type type, String column, int formatVersion) {
        int[] last = {1_000_000};
        return type(type, column, formatVersion, field -> ++last[0]);
    }

    private static List<NestedField> fields(
            List<Field> fields, String parent, int formatVersion, ToIntFunction<Field> ids) {
        List<NestedField> converted = new ArrayList<>();
        for (Field field : fields) {
            converted.add(field(field, parent, formatVersion, ids));
        }
        return converted;
    }

    private static NestedField field(
            Field field, String parent, int formatVersion, ToIntFunction<Field> ids) {
        String path = parent + field.name();
        int id = ids.applyAsInt(field);
        org.apache.iceberg.types.Type type = type(field.type(), path, formatVersion, ids);
        NestedField.Builder builder =
                NestedField.builder()
                        .withId(id)
                        .withName(field.name())
                        .ofType(type)
                        .isOptional(!field.required());
        field.doc().ifPresent(builder::withDoc);
        if (field.initialDefault().isPresent()) {
            Literal<?> value =
                    defaultLiteral(field.initialDefault().get(), type, path, formatVersion);
            builder.withInitialDefault(value).withWriteDefault(value);
        }
        return builder.build();
    }

    /** The default of a column as Iceberg keeps it. */
    static Literal<?> defaultLiteral(
            String text, org.apache.iceberg.types.Type type, String column, int formatVersion) {
        if (formatVersion < 3) {
            throw IcebergErrors.defaultNeedsV3(column);
        }
        if (!type.isPrimitiveType()
                || type.typeId() == org.apache.iceberg.types.Type.TypeID.VARIANT) {
            throw IcebergErrors.defaultOfNested(column);
        }
        return Values.literal(type, Values.unquoted(text))
                .orElseThrow(() -> IcebergErrors.defaultUnfit(column, text, sql(type)));
    }

    private static org.apache.iceberg.types.Type type(
            Type type, String path, int formatVersion, ToIntFunction<Field> ids) {
        return switch (type) {
            case Type.Primitive p -> primitive(p, path, formatVersion);
            case Type.Decimal d -> Types.DecimalType.of(d.precision(), d.scale());
            case Type.Struct s -> {
                requireDistinct(s.fields(), path + ".");
                yield Types.StructType.of(fields(s.fields(), path + ".", formatVersion, ids));
            }
            case Type.ListOf l -> {
                int id = ids.applyAsInt(l.element());
                var element = type(l.element().type(), path + ".element", formatVersion, ids);
                yield l.element().required()
                        ? Types.ListType.ofRequired(id, element)
                        : Types.ListType.ofOptional(id, element);
            }
            case Type.MapOf m -> {
                int keyId = ids.applyAsInt(m.key());
                int valueId = ids.applyAsInt(m.value());
                var key = type(m.key().type(), path + ".key", formatVersion, ids);
                var value = type(m.value().type(), path + ".value", formatVersion, ids);
                yield m.value().required()
                        ? Types.MapType.ofRequired(keyId, valueId, key, value)
                        : Types.MapType.ofOptional(keyId, valueId, key, value);
            }
        };
    }

    private static org.apache.iceberg.types.Type primitive(
            Type.Primitive type, String path, int formatVersion) {
        return switch (type) {
            case BOOLEAN -> Types.BooleanType.get();
            case INTEGER -> Types.IntegerType.get();
            case BIGINT -> Types.LongType.get();
            case FLOAT -> Types.FloatType.get();
            case DOUBLE -> Types.DoubleType.get();
            case DATE -> Types.DateType.get();
            case TIME -> Types.TimeType.get();
            case TIMESTAMP -> Types.TimestampType.withoutZone();
            case TIMESTAMPTZ -> Types.TimestampType.withZone();
            case TIMESTAMP_NS ->
                    ofV3(Types.TimestampNanoType.withoutZone(), type, path, formatVersion);
            case VARCHAR -> Types.StringType.get();
            case UUID -> Types.UUIDType.get();
            case BINARY -> Types.BinaryType.get();
            case VARIANT -> ofV3(Types.VariantType.get(), type, path, formatVersion);
        };
    }

    private static org.apache.iceberg.types.Type ofV3(
            org.apache.iceberg.types.Type type, Type.Primitive asked, String path, int version) {
        if (version < 3) {
            throw IcebergErrors.typeNeedsV3(path, asked.sql());
        }
        return type;
    }

    private static void requireDistinct(List<Field> fields, String parent) {
        Set<String> seen = new HashSet<>();
        for (Field field : fields) {
            if (!seen.add(field.name().toLowerCase(Locale.ROOT))) {
                throw IcebergErrors.duplicateColumn(parent + field.name());
            }
        }
    }

    public static Schema fromIceberg(org.apache.iceberg.Schema schema) {
        return new Schema(schema.columns().stream().map(f -> fromIceberg(f, f.name())).toList());
    }

    static Field fromIceberg(NestedField field, String path) {
        @Nullable Object initial = field.initialDefault();
        return new Field(
                field.fieldId(),
                field.name(),
                fromIceberg(field.type(), path),
                field.isRequired(),
                initial == null
                        ? Optional.empty()
                        : Optional.of(Values.sqlLiteral(field.type(), initial)),
                Optional.ofNullable(field.doc()));
    }

    static Type fromIceberg(org.apache.iceberg.types.Type type, String path) {
        return switch (type.typeId()) {
            case BOOLEAN -> Type.Primitive.BOOLEAN;
            case INTEGER -> Type.Primitive.INTEGER;
            case LONG -> Type.Primitive.BIGINT;
            case FLOAT -> Type.Primitive.FLOAT;
            case DOUBLE -> Type.Primitive.DOUBLE;
            case DATE -> Type.Primitive.DATE;
            case TIME -> Type.Primitive.TIME;
            case TIMESTAMP ->
                    ((Types.TimestampType) type).shouldAdjustToUTC()
                            ? Type.Primitive.TIMESTAMPTZ
                            : Type.Primitive.TIMESTAMP;
            case TIMESTAMP_NANO -> {
                if (((Types.TimestampNanoType) type).shouldAdjustToUTC()) {
                    throw IcebergErrors.typeUnsupported(path, type.toString());
                }
                yield Type.Primitive.TIMESTAMP_NS;
            }
            case STRING -> Type.Primitive.VARCHAR;
            case UUID -> Type.Primitive.UUID;
            case BINARY, FIXED -> Type.Primitive.BINARY;
            case VARIANT -> Type.Primitive.VARIANT;
            case DECIMAL -> {
                Types.DecimalType decimal = (Types.DecimalType) type;
                yield new Type.Decimal(decimal.precision(), decimal.scale());
            }
            case STRUCT ->
                    new Type.Struct(
                            type.asStructType().fields().stream()
                                    .map(f -> fromIceberg(f, path + "." + f.name()))
                                    .toList());
            case LIST ->
                    new Type.ListOf(
                            fromIceberg(type.asListType().fields().get(0), path + ".element"));
            case MAP ->
                    new Type.MapOf(
                            fromIceberg(type.asMapType().fields().get(0), path + ".key"),
                            fromIceberg(type.asMapType().fields().get(1), path + ".value"));
            default -> throw IcebergErrors.typeUnsupported(path, type.toString());
        };
    }

    /** The type as the house dialect writes it, or as Iceberg does where the house has no name. */
    static String sql(org.apache.iceberg.types.Type type) {
        try {
            return fromIceberg(type, "").sql();
        } catch (dev.tarn.model.TarnException e) {
            return type.toString();
        }
    }
}
