package dev.tarn.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** What types of Arrow become here, and their values as JSON. */
final class ArrowTypes {
    private static final int MOST_DIGITS = 38;
    private static final int UNSIGNED_DIGITS = 20;
    private static final long DAY_MILLIS = 86_400_000;

    private ArrowTypes() {}

    /** Whether values of a column can become some of ours. */
    static boolean isRead(Field field) {
        return switch (field.getFieldType().getType()) {
            case ArrowType.Int unused -> true;
            case ArrowType.FloatingPoint unused -> true;
            case ArrowType.Bool unused -> true;
            case ArrowType.Utf8 unused -> true;
            case ArrowType.LargeUtf8 unused -> true;
            case ArrowType.Binary unused -> true;
            case ArrowType.LargeBinary unused -> true;
            case ArrowType.FixedSizeBinary unused -> true;
            case ArrowType.Date unused -> true;
            case ArrowType.Time unused -> true;
            case ArrowType.Timestamp unused -> true;
            case ArrowType.Null unused -> true;
            case ArrowType.Decimal decimal ->
                    decimal.getPrecision() <= MOST_DIGITS && decimal.getScale() >= 0;
            case ArrowType.List unused -> isReadInside(field);
            case ArrowType.LargeList unused -> isReadInside(field);
            case ArrowType.FixedSizeList unused -> isReadInside(field);
            case ArrowType.Struct unused -> isReadInside(field);
            default -> false;
        };
    }

    private static boolean isReadInside(Field field) {
        return field.getChildren().stream().allMatch(ArrowTypes::isRead);
    }

    /** The type of a column; empty where its values tell it. */
    static Optional<Type> of(Field field) {
        if (field.getDictionary() != null) {
            return Optional.empty();
        }
        return switch (field.getFieldType().getType()) {
            case ArrowType.Bool unused -> Optional.of(Primitive.BOOLEAN);
            case ArrowType.Int whole -> Optional.of(whole(whole));
            case ArrowType.FloatingPoint number ->
                    Optional.of(
                            switch (number.getPrecision()) {
                                case HALF, SINGLE -> Primitive.FLOAT;
                                case DOUBLE -> Primitive.DOUBLE;
                            });
            case ArrowType.Decimal decimal ->
                    Optional.of(new Type.Decimal(decimal.getPrecision(), decimal.getScale()));
            case ArrowType.Date unused -> Optional.of(Primitive.DATE);
            case ArrowType.Time unused -> Optional.of(Primitive.TIME);
            case ArrowType.Timestamp time ->
                    Optional.of(
                            time.getTimezone() == null
                                    ? Primitive.TIMESTAMP
                                    : Primitive.TIMESTAMPTZ);
            case ArrowType.Utf8 unused -> Optional.of(Primitive.VARCHAR);
            case ArrowType.LargeUtf8 unused -> Optional.of(Primitive.VARCHAR);
            default -> Optional.empty();
        };
    }

    private static Type whole(ArrowType.Int whole) {
        int bits = whole.getBitWidth() + (whole.getIsSigned() ? 0 : 1);
        if (bits <= Integer.SIZE) {
            return Primitive.INTEGER;
        }
        return bits <= Long.SIZE ? Primitive.BIGINT : new Type.Decimal(UNSIGNED_DIGITS, 0);
    }

    static void write(FieldVector vector, int row, JsonGenerator json) throws IOException {
        if (vector.isNull(row)) {
            json.writeNull();
            return;
        }
        switch (vector) {
            case BitVector truth -> json.writeBoolean(truth.get(row) != 0);
            case UInt1Vector whole -> json.writeNumber(whole.getValueAsLong(row));
            case UInt2Vector whole -> json.writeNumber(whole.getValueAsLong(row));
            case UInt4Vector whole -> json.writeNumber(Integer.toUnsignedLong(whole.get(row)));
            case UInt8Vector whole -> json.writeNumber(whole.getObjectNoOverflow(row));
            case DateDayVector day ->
                    json.writeString(LocalDate.ofEpochDay(day.get(row)).toString());
            case DateMilliVector day ->
                    json.writeString(
                            LocalDate.ofEpochDay(Math.floorDiv(day.get(row), DAY_MILLIS))
                                    .toString());
            case TimeSecVector time -> json.writeString(time(time.get(row) * 1_000_000_000L));
            case TimeMilliVector time -> json.writeString(time(time.get(row) * 1_000_000L));
            case TimeMicroVector time -> json.writeString(time(time.get(row) * 1_000L));
            case TimeNanoVector time -> json.writeString(time(time.get(row)));
            case TimeStampVector time -> json.writeString(timestamp(time, row));
            default -> write(vector.getObject(row), json);
        }
    }

    private static String time(long nanos) {
        return LocalTime.ofNanoOfDay(nanos).truncatedTo(ChronoUnit.MICROS).toString();
    }

    /** To the microsecond. */
    private static String timestamp(TimeStampVector vector, int row) {
        ArrowType.Timestamp type = (ArrowType.Timestamp) vector.getField().getType();
        ChronoUnit unit = unit(type.getUnit());
        Instant at = Instant.EPOCH.plus(vector.get(row), unit).truncatedTo(ChronoUnit.MICROS);
        return type.getTimezone() == null
                ? at.atOffset(ZoneOffset.UTC).toLocalDateTime().toString()
                : at.toString();
    }

    private static ChronoUnit unit(TimeUnit unit) {
        return switch (unit) {
            case SECOND -> ChronoUnit.SECONDS;
            case MILLISECOND -> ChronoUnit.MILLIS;
            case MICROSECOND -> ChronoUnit.MICROS;
            case NANOSECOND -> ChronoUnit.NANOS;
        };
    }

    private static void write(@Nullable Object value, JsonGenerator json) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case Boolean truth -> json.writeBoolean(truth);
            case BigDecimal number -> json.writeNumber(number.toPlainString());
            case Double number -> number(number, json);
            case Float number -> number(number, json);
            case Number number -> json.writeNumber(number.toString());
            case byte[] bytes -> json.writeString(Base64.getEncoder().encodeToString(bytes));
            case Map<?, ?> parts -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> part : parts.entrySet()) {
                    json.writeFieldName(String.valueOf(part.getKey()));
                    write(part.getValue(), json);
                }
                json.writeEndObject();
            }
            case List<?> items -> {
                json.writeStartArray();
                for (Object item : items) {
                    write(item, json);
                }
                json.writeEndArray();
            }
            default -> json.writeString(value.toString());
        }
    }

    /** JSON has no word for what is no finite number; a text becomes one again. */
    private static void number(Number number, JsonGenerator json) throws IOException {
        if (Double.isFinite(number.doubleValue())) {
            json.writeNumber(number.toString());
        } else {
            json.writeString(number.toString());
        }
    }
}
