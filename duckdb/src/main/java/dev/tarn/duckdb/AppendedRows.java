package dev.tarn.duckdb;

import dev.tarn.model.TarnException;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.RowSink;
import dev.tarn.spi.Utf8;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows that are gathered column by column, as the engine has them in memory. */
final class AppendedRows implements RowSink {
    /** What a value that is no text takes, about. */
    private static final int VALUE_BYTES = 8;

    private static final long[] POWERS = new long[19];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private final LoadFunction loads;
    private final BroughtLoads brought;
    private Field[] fields = {};
    private RowLoad load;
    private RowLane[] lanes = {};
    private int column;
    private int place;
    private int size;
    private long rows;
    private boolean open = true;

    /**
     * @param brought where loads of them go
     */
    AppendedRows(LoadFunction loads, BroughtLoads brought, Schema schema) {
        this.loads = loads;
        this.brought = brought;
        this.load = loads.load(schema.fields());
        take(schema.fields());
    }

    private void take(List<Field> all) {
        fields = all.toArray(Field[]::new);
        load.free();
        load = loads.load(all);
        lanes = load.lanes();
    }

    @Override
    public void hold() {
        if (rows == 0) {
            brought.hold();
        }
    }

    @Override
    public void widen(Schema columns) {
        if (rows > 0 || column > 0) {
            throw new IllegalStateException("Rows have been told already.");
        }
        List<Field> all = new ArrayList<>(List.of(fields));
        all.addAll(columns.fields());
        brought.widen(new Schema(all));
        take(all);
    }

    @Override
    public void nothing() {
        RowLane lane = next();
        lane.nothing(place);
    }

    @Override
    public void truth(boolean value) {
        integer(value ? 1 : 0);
    }

    @Override
    public void integer(long value) {
        Field field = field();
        RowLane lane = next();
        if (lane instanceof RowLane.Texts texts) {
            text(texts, Long.toString(value));
            return;
        }
        RowLane.Fixed fixed = (RowLane.Fixed) lane;
        if (fixed.asTold) {
            fixed.put(place, value);
            return;
        }
        if (field.type() instanceof Type.Decimal) {
            decimal(fixed, field, BigDecimal.valueOf(value));
        } else if (field.type() == Primitive.INTEGER && (int) value != value) {
            throw misfit(field, value, new ArithmeticException("integer overflow"));
        } else if (field.type() == Primitive.TIMESTAMP_NS) {
            fixed.put(place, Math.multiplyExact(value, 1000L));
        } else if (isNumber(field)) {
            fixed.put(place, (double) value);
        } else if (field.type() == Primitive.UUID) {
            throw misfit(field, value, null);
        } else {
            fixed.put(place, value);
        }
    }

    @Override
    public void number(double value) {
        Field field = field();
        if (isNumber(field) && next() instanceof RowLane.Fixed fixed) {
            fixed.put(place, value);
        } else {
            throw misfit(field, value, null);
        }
    }

    private static boolean isNumber(Field field) {
        return field.type() == Primitive.FLOAT || field.type() == Primitive.DOUBLE;
    }

    @Override
    public void decimal(BigDecimal value) {
        Field field = field();
        switch (next()) {
            case RowLane.Texts texts -> text(texts, value.toString());
            case RowLane.Fixed fixed -> {
                if (isNumber(field)) {
                    fixed.put(place, value.doubleValue());
                } else if (field.type() instanceof Type.Decimal) {
                    decimal(fixed, field, value);
                } else if (field.type() == Primitive.UUID) {
                    throw misfit(field, value, null);
                } else {
                    whole(fixed, field, value);
                }
            }
        }
    }

    private void whole(RowLane.Fixed fixed, Field field, BigDecimal value) {
        try {
            fixed.put(place, value.longValueExact());
        } catch (ArithmeticException e) {
            throw misfit(field, value, e);
        }
    }

    private void decimal(RowLane.Fixed fixed, Field field, BigDecimal value) {
        Type.Decimal type = (Type.Decimal) field.type();
        try {
            BigDecimal scaled = value.setScale(type.scale(), RoundingMode.UNNECESSARY);
            if (scaled.precision() > type.precision()) {
                throw misfit(field, value, null);
            }
            fixed.put(place, scaled.unscaledValue());
        } catch (ArithmeticException e) {
            throw misfit(field, value, e);
        }
    }

    @Override
    public void decimal(long unscaled, int scale) {
        Field field = field();
        if (field.type() instanceof Type.Decimal type
                && type.scale() == scale
                && isWithin(unscaled, type.precision())
                && next() instanceof RowLane.Fixed fixed) {
            fixed.put(place, unscaled);
        } else {
            decimal(BigDecimal.valueOf(unscaled, scale));
        }
    }

    private static boolean isWithin(long value, int digits) {
        return digits > 18 || (-POWERS[digits] < value && value < POWERS[digits]);
    }

    @Override
    public void text(String value) {
        bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void bytes(byte[] value, int from, int to) {
        Field field = field();
        if (field.type() != Primitive.UUID && lanes[column] instanceof RowLane.Texts texts) {
            column++;
            put(texts, field, value, from, to);
        } else {
            bytes(Arrays.copyOfRange(value, from, to));
        }
    }

    @Override
    public void later(Writing writing, byte[] bytes, int from, int to) {
        if (field().type() == Primitive.VARCHAR && next() instanceof RowLane.Texts texts) {
            texts.put(place, writing, bytes, from, to - from);
            size += to - from;
        } else {
            throw misfit(field(), "a text", null);
        }
    }

    private void text(RowLane.Texts texts, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        texts.put(place, utf8, 0, utf8.length);
        size += utf8.length;
    }

    private void put(RowLane.Texts texts, Field field, byte[] value, int from, int to) {
        // The engine takes the bytes as they are.
        if (field.type() != Primitive.BINARY && !Utf8.isText(value, from, to)) {
            throw EngineErrors.notUtf8(field.name());
        }
        texts.put(place, value, from, to - from);
        size += to - from;
    }

    @Override
    public void bytes(byte[] value) {
        Field field = field();
        if (field.type() == Primitive.UUID) {
            uuid(new String(value, StandardCharsets.UTF_8));
        } else if (next() instanceof RowLane.Texts texts) {
            put(texts, field, value, 0, value.length);
        } else {
            throw misfit(field, new String(value, StandardCharsets.UTF_8), null);
        }
    }

    @Override
    public void date(int epochDays) {
        integer(epochDays);
    }

    @Override
    public void time(long micros) {
        integer(micros);
    }

    @Override
    public void timestamp(long epochMicros) {
        integer(epochMicros);
    }

    @Override
    public void uuid(long mostSignificant, long leastSignificant) {
        Field field = field();
        switch (next()) {
            case RowLane.Texts texts ->
                    text(texts, new UUID(mostSignificant, leastSignificant).toString());
            case RowLane.Fixed fixed -> {
                if (field.type() != Primitive.UUID) {
                    throw misfit(field, new UUID(mostSignificant, leastSignificant), null);
                }
                fixed.put(place, mostSignificant, leastSignificant);
            }
        }
    }

    private void uuid(String text) {
        try {
            UUID id = UUID.fromString(text);
            uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
        } catch (IllegalArgumentException e) {
            throw misfit(field(), text, e);
        }
    }

    @Override
    public void json(String value) {
        text(value);
    }

    @Override
    public void value(@Nullable Object value) {
        Field field = field();
        if (value != null && RowStager.isTold(field.type())) {
            json(RowStager.json(value));
            return;
        }
        switch (value) {
            case null -> nothing();
            case Boolean truth -> truth(truth);
            case Long whole -> integer(whole);
            case Integer whole -> integer(whole);
            case Double number when !(field.type() instanceof Type.Decimal) -> number(number);
            case Float number when !(field.type() instanceof Type.Decimal) -> number(number);
            case BigDecimal number -> decimal(number);
            case Number number -> decimal(new BigDecimal(number.toString()));
            case byte[] bytes -> bytes(bytes);
            case LocalDate day -> date(Math.toIntExact(day.toEpochDay()));
            case LocalTime time -> time(time.toNanoOfDay() / 1000);
            case LocalDateTime time -> moment(time.toInstant(ZoneOffset.UTC), field);
            case Instant time -> moment(time, field);
            case UUID id -> uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
            default -> {
                if (field.type() != Primitive.VARCHAR) {
                    throw misfit(field, value, null);
                }
                text(value.toString());
            }
        }
    }

    private void moment(Instant time, Field field) {
        if (field.type() == Primitive.TIMESTAMP_NS && next() instanceof RowLane.Fixed fixed) {
            fixed.put(place, ChronoUnit.NANOS.between(Instant.EPOCH, time));
        } else {
            timestamp(ChronoUnit.MICROS.between(Instant.EPOCH, time));
        }
    }

    private static TarnException misfit(Field field, Object value, @Nullable Throwable cause) {
        return EngineErrors.badValue(
                field.name(),
                field.type().sql(),
                value,
                cause == null ? new ClassCastException(value.getClass().getName()) : cause);
    }

    /** The column of the next value. */
    private Field field() {
        if (column == fields.length) {
            throw EngineErrors.rowWidth(column + 1, fields.length);
        }
        return fields[column];
    }

    private RowLane next() {
        if (column == fields.length) {
            throw EngineErrors.rowWidth(column + 1, fields.length);
        }
        return lanes[column++];
    }

    @Override
    public void dropRow() {
        column = 0;
        size = 0;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public void endRow() {
        if (column != fields.length) {
            throw EngineErrors.rowWidth(column, fields.length);
        }
        load.endRow(size + VALUE_BYTES * fields.length);
        column = 0;
        size = 0;
        rows++;
        if (load.isFull()) {
            RowLoad ready = load;
            load = loads.load(List.of(fields));
            brought.bring(ready);
        }
        lanes = load.lanes();
        place = load.row();
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            brought.close(load);
        }
    }

    /** The columns of the table that takes what is told: JSON as text. */
    static Schema columnsTold(Schema schema) {
        List<Field> columns =
                schema.fields().stream()
                        .map(f -> RowStager.isTold(f.type()) ? f.withType(Primitive.VARCHAR) : f)
                        .toList();
        return new Schema(columns);
    }
}
