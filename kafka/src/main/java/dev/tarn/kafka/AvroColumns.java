package dev.tarn.kafka;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** The columns that records of an Avro schema have, as far as their types are certain. */
final class AvroColumns {
    private AvroColumns() {}

    /** The fields whose values are all of one type; of others the values tell. */
    static dev.tarn.model.table.Schema of(Schema avro) {
        List<Field> fields = new ArrayList<>();
        if (avro.getType() == Schema.Type.RECORD) {
            for (Schema.Field field : avro.getFields()) {
                type(field.schema())
                        .ifPresent(type -> fields.add(Field.of(AvroNames.column(field), type)));
            }
        }
        return new dev.tarn.model.table.Schema(fields);
    }

    /** The names of the columns of whose types the values tell. */
    static Set<String> untold(Schema avro) {
        return avro.getType() != Schema.Type.RECORD
                ? Set.of()
                : avro.getFields().stream()
                        .filter(f -> f.schema().getType() != Schema.Type.NULL)
                        .filter(f -> type(f.schema()).isEmpty())
                        .map(AvroNames::column)
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** The row that an envelope is around; something else than a record if there is none. */
    static Schema row(Schema envelope) {
        Schema.Field after =
                envelope.getType() == Schema.Type.RECORD ? envelope.getField("after") : null;
        if (after == null) {
            return Schema.create(Schema.Type.NULL);
        }
        return !after.schema().isUnion()
                ? after.schema()
                : after.schema().getTypes().stream()
                        .filter(t -> t.getType() == Schema.Type.RECORD)
                        .findFirst()
                        .orElse(Schema.create(Schema.Type.NULL));
    }

    private static Optional<Type> type(Schema given) {
        Schema avro = given;
        if (avro.getType() == Schema.Type.UNION) {
            List<Schema> present =
                    avro.getTypes().stream().filter(t -> t.getType() != Schema.Type.NULL).toList();
            if (present.size() != 1) {
                return Optional.empty();
            }
            avro = present.getFirst();
        }
        LogicalType logical = avro.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal d) {
            return d.getPrecision() > 38
                    ? Optional.of(Primitive.VARCHAR)
                    : Optional.of(new Type.Decimal(d.getPrecision(), d.getScale()));
        }
        String name = logical == null ? "" : logical.getName();
        return switch (avro.getType()) {
            case BOOLEAN -> Optional.of(Primitive.BOOLEAN);
            case INT ->
                    Optional.of(
                            switch (name) {
                                case "date" -> Primitive.DATE;
                                case "time-millis" -> Primitive.TIME;
                                default -> Primitive.INTEGER;
                            });
            case LONG ->
                    Optional.of(
                            switch (name) {
                                case "time-micros" -> Primitive.TIME;
                                case "timestamp-millis", "timestamp-micros", "timestamp-nanos" ->
                                        Primitive.TIMESTAMPTZ;
                                case "local-timestamp-millis", "local-timestamp-micros" ->
                                        Primitive.TIMESTAMP;
                                case "local-timestamp-nanos" -> Primitive.TIMESTAMP_NS;
                                default -> Primitive.BIGINT;
                            });
            case FLOAT -> Optional.of(Primitive.FLOAT);
            case DOUBLE -> Optional.of(Primitive.DOUBLE);
            case STRING, FIXED ->
                    Optional.of(name.equals("uuid") ? Primitive.UUID : Primitive.VARCHAR);
            case ENUM, BYTES -> Optional.of(Primitive.VARCHAR);
            case ARRAY, MAP, RECORD, UNION, NULL -> Optional.empty();
        };
    }
}
