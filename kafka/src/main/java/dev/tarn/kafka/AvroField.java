package dev.tarn.kafka;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * How the values of one field stand in Avro's binary form.
 *
 * @param nothing which branch of its union stands for no value; -1 if it is no union
 * @param branches the last branch
 * @param size of values that all have the same
 * @param scale of decimals
 * @param symbols of an enum
 */
record AvroField(Kind kind, int nothing, int branches, int size, int scale, List<String> symbols) {

    enum Kind {
        TRUTH,
        INT,
        LONG,
        FLOAT,
        DOUBLE,
        DATE,
        TIME_MILLIS,
        TIME_MICROS,
        MILLIS,
        MICROS,
        NANOS,
        TEXT,
        SYMBOL,
        BYTES,
        FIXED,
        UUID,
        DECIMAL,
        FIXED_DECIMAL
    }

    /** Empty for what is no scalar, and for moments that no type keeps whole. */
    static Optional<AvroField> of(Schema given) {
        if (given.getType() != Schema.Type.UNION) {
            return kind(given).map(kind -> of(kind, -1, 0, given));
        }
        List<Schema> types = given.getTypes();
        for (int i = 0; i < types.size(); i++) {
            Schema value = types.get(types.size() - 1 - i);
            if (types.size() == 2 && types.get(i).getType() == Schema.Type.NULL) {
                int nothing = i;
                return kind(value).map(kind -> of(kind, nothing, 1, value));
            }
        }
        return Optional.empty();
    }

    private static AvroField of(Kind kind, int nothing, int branches, Schema avro) {
        return new AvroField(
                kind,
                nothing,
                branches,
                avro.getType() == Schema.Type.FIXED ? avro.getFixedSize() : -1,
                avro.getLogicalType() instanceof LogicalTypes.Decimal d ? d.getScale() : 0,
                avro.getType() == Schema.Type.ENUM ? avro.getEnumSymbols() : List.of());
    }

    private static Optional<Kind> kind(Schema avro) {
        LogicalType logical = avro.getLogicalType();
        String name = logical == null ? "" : logical.getName();
        if (logical instanceof LogicalTypes.Decimal) {
            return Optional.of(
                    avro.getType() == Schema.Type.FIXED ? Kind.FIXED_DECIMAL : Kind.DECIMAL);
        }
        return switch (avro.getType()) {
            case BOOLEAN -> Optional.of(Kind.TRUTH);
            case INT ->
                    Optional.of(
                            switch (name) {
                                case "date" -> Kind.DATE;
                                case "time-millis" -> Kind.TIME_MILLIS;
                                default -> Kind.INT;
                            });
            case LONG ->
                    switch (name) {
                        case "time-micros" -> Optional.of(Kind.TIME_MICROS);
                        case "timestamp-millis", "local-timestamp-millis" ->
                                Optional.of(Kind.MILLIS);
                        case "timestamp-micros", "local-timestamp-micros" ->
                                Optional.of(Kind.MICROS);
                        case "local-timestamp-nanos" -> Optional.of(Kind.NANOS);
                        case "timestamp-nanos" -> Optional.empty();
                        default -> Optional.of(Kind.LONG);
                    };
            case FLOAT -> Optional.of(Kind.FLOAT);
            case DOUBLE -> Optional.of(Kind.DOUBLE);
            case STRING -> Optional.of(Kind.TEXT);
            case ENUM -> Optional.of(Kind.SYMBOL);
            case BYTES -> Optional.of(Kind.BYTES);
            case FIXED -> Optional.of(name.equals("uuid") ? Kind.UUID : Kind.FIXED);
            case ARRAY, MAP, RECORD, UNION, NULL -> Optional.empty();
        };
    }

    /**
     * Writes a value that is told as the text that JSON has, in quotes.
     *
     * @param value a number, or where the bytes begin
     * @param end where the bytes end
     */
    void write(byte[] message, long value, int end, JsonBytes out) {
        int from = (int) value;
        switch (kind) {
            case TIME_MILLIS -> AvroReader.time(value * 1_000_000, out);
            case TIME_MICROS -> AvroReader.time(value * 1_000, out);
            case NANOS -> Times.write(value, 1_000_000_000, false, out);
            case SYMBOL -> out.text(symbols.get(from));
            case BYTES, FIXED -> Bytes.text(message, from, end - from, out);
            case UUID -> AvroReader.uuid(Arrays.copyOfRange(message, from, end), out);
            case DECIMAL, FIXED_DECIMAL ->
                    AvroReader.decimal(Arrays.copyOfRange(message, from, end), scale, out);
            case TRUTH, INT, LONG, FLOAT, DOUBLE, DATE, MILLIS, MICROS, TEXT ->
                    throw new IllegalStateException(kind + " is not told as a text");
        }
    }
}
