package dev.tarn.jdbc;

import dev.tarn.spi.RowSink;
import java.math.BigDecimal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Puts further values behind each row. */
final class MarkedRows implements RowSink {
    private final RowSink rows;
    private final Consumer<RowSink> further;

    MarkedRows(RowSink rows, Consumer<RowSink> further) {
        this.rows = rows;
        this.further = further;
    }

    @Override
    public void nothing() {
        rows.nothing();
    }

    @Override
    public void truth(boolean value) {
        rows.truth(value);
    }

    @Override
    public void integer(long value) {
        rows.integer(value);
    }

    @Override
    public void number(double value) {
        rows.number(value);
    }

    @Override
    public void decimal(BigDecimal value) {
        rows.decimal(value);
    }

    @Override
    public void text(String value) {
        rows.text(value);
    }

    @Override
    public void bytes(byte[] value) {
        rows.bytes(value);
    }

    @Override
    public void date(int epochDays) {
        rows.date(epochDays);
    }

    @Override
    public void time(long micros) {
        rows.time(micros);
    }

    @Override
    public void timestamp(long epochMicros) {
        rows.timestamp(epochMicros);
    }

    @Override
    public void uuid(long mostSignificant, long leastSignificant) {
        rows.uuid(mostSignificant, leastSignificant);
    }

    @Override
    public void json(String value) {
        rows.json(value);
    }

    @Override
    public void value(@Nullable Object value) {
        rows.value(value);
    }

    @Override
    public void endRow() {
        further.accept(rows);
        rows.endRow();
    }

    @Override
    public void dropRow() {
        rows.dropRow();
    }

    @Override
    public long rows() {
        return rows.rows();
    }

    /** Whoever made the rows closes them. */
    @Override
    public void close() {}
}
