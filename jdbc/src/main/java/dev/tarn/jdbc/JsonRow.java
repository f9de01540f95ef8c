package dev.tarn.jdbc;

import dev.tarn.spi.RowSink;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.StringJoiner;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One row as a JSON object. */
final class JsonRow implements RowSink {
    private final StringJoiner parts = new StringJoiner(", ", "{", "}");
    private String name = "";

    void name(String next) {
        name = next;
    }

    private void put(String json) {
        parts.add(BinaryRows.quoted(name) + ": " + json);
    }

    @Override
    public void nothing() {
        put("null");
    }

    @Override
    public void truth(boolean value) {
        put(Boolean.toString(value));
    }

    @Override
    public void integer(long value) {
        put(Long.toString(value));
    }

    @Override
    public void number(double value) {
        put(Double.isFinite(value) ? Double.toString(value) : "\"" + value + "\"");
    }

    @Override
    public void decimal(BigDecimal value) {
        put(value.toPlainString());
    }

    @Override
    public void text(String value) {
        put(BinaryRows.quoted(value));
    }

    @Override
    public void bytes(byte[] value) {
        String text = new String(value, StandardCharsets.UTF_8);
        boolean isText = java.util.Arrays.equals(text.getBytes(StandardCharsets.UTF_8), value);
        put(BinaryRows.quoted(isText ? text : "\\x" + HexFormat.of().formatHex(value)));
    }

    @Override
    public void date(int epochDays) {
        text(LocalDate.ofEpochDay(epochDays).toString());
    }

    @Override
    public void time(long micros) {
        text(LocalTime.ofNanoOfDay(micros * 1_000).toString());
    }

    @Override
    public void timestamp(long epochMicros) {
        text(
                LocalDateTime.ofEpochSecond(
                                Math.floorDiv(epochMicros, 1_000_000L),
                                (int) Math.floorMod(epochMicros, 1_000_000L) * 1_000,
                                ZoneOffset.UTC)
                        .toString());
    }

    @Override
    public void uuid(long mostSignificant, long leastSignificant) {
        text(new UUID(mostSignificant, leastSignificant).toString());
    }

    @Override
    public void json(String value) {
        put(value);
    }

    @Override
    public void value(@Nullable Object value) {
        if (value == null) {
            nothing();
        } else {
            text(value.toString());
        }
    }

    @Override
    public void endRow() {}

    @Override
    public void dropRow() {}

    @Override
    public long rows() {
        return 0;
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return parts.toString();
    }
}
