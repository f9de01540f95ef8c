package dev.tarn.ingest;

import dev.tarn.spi.RowSink;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Counts what comes, and lets nobody tell more than is paid for. */
final class BudgetedSink implements RowSink {
    private static final int VALUE_BYTES = 8;
    private static final int MOST_ROWS_UNPAID = 64;
    private static final long MOST_BYTES_UNPAID = 64 << 10;

    private final RowSink sink;
    private final Spending spending;
    private long rows;
    private long bytes;

    BudgetedSink(RowSink sink, Spending spending) {
        this.sink = sink;
        this.spending = spending;
    }

    /** Pays for what has come. */
    void settle() {
        long unpaidRows = rows;
        long unpaidBytes = bytes;
        rows = 0;
        bytes = 0;
        spending.spend(unpaidRows, unpaidBytes);
    }

    @Override
    public void nothing() {
        sink.nothing();
    }

    @Override
    public void truth(boolean value) {
        bytes++;
        sink.truth(value);
    }

    @Override
    public void integer(long value) {
        bytes += VALUE_BYTES;
        sink.integer(value);
    }

    @Override
    public void number(double value) {
        bytes += VALUE_BYTES;
        sink.number(value);
    }

    @Override
    public void decimal(BigDecimal value) {
        bytes += VALUE_BYTES;
        sink.decimal(value);
    }

    @Override
    public void text(String value) {
        bytes += value.length();
        sink.text(value);
    }

    @Override
    public void bytes(byte[] value) {
        bytes += value.length;
        sink.bytes(value);
    }

    @Override
    public void date(int epochDays) {
        bytes += VALUE_BYTES;
        sink.date(epochDays);
    }

    @Override
    public void time(long micros) {
        bytes += VALUE_BYTES;
        sink.time(micros);
    }

    @Override
    public void timestamp(long epochMicros) {
        bytes += VALUE_BYTES;
        sink.timestamp(epochMicros);
    }

    @Override
    public void uuid(long mostSignificant, long leastSignificant) {
        bytes += 2 * VALUE_BYTES;
        sink.uuid(mostSignificant, leastSignificant);
    }

    @Override
    public void json(String value) {
        bytes += value.length();
        sink.json(value);
    }

    @Override
    public void value(@Nullable Object value) {
        bytes += value instanceof CharSequence text ? text.length() : VALUE_BYTES;
        sink.value(value);
    }

    @Override
    public void endRow() {
        sink.endRow();
        rows++;
        if (rows >= MOST_ROWS_UNPAID || bytes >= MOST_BYTES_UNPAID) {
            settle();
        }
    }

    @Override
    public void dropRow() {
        sink.dropRow();
    }

    @Override
    public long rows() {
        return sink.rows();
    }

    @Override
    public void close() {
        sink.close();
    }
}
