package dev.tarn.spi;

import dev.tarn.model.table.Schema;
import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes rows value by value, in the order of the columns: for rows that come in great numbers. Each
 * value is told by the method for its column's type, or is null. A row that does not reach {@link
 * #endRow} is not taken, and {@link #dropRow} forgets one that was begun. Used and closed by one
 * thread.
 */
public interface RowSink extends AutoCloseable {
    void nothing();

    void truth(boolean value);

    /** For {@code INTEGER} and {@code BIGINT}. */
    void integer(long value);

    /** For {@code FLOAT} and {@code DOUBLE}. */
    void number(double value);

    /** For decimals; its scale must fit without a loss. */
    void decimal(BigDecimal value);

    /** The same by the digits and how many of them stand behind the point. */
    default void decimal(long unscaled, int scale) {
        decimal(BigDecimal.valueOf(unscaled, scale));
    }

    /** For {@code VARCHAR}. */
    void text(String value);

    /** For {@code VARCHAR}: UTF-8; and for {@code BINARY}. Kept by the caller. */
    void bytes(byte[] value);

    /** The same for a part of the bytes, which are copied. */
    default void bytes(byte[] value, int from, int to) {
        bytes(Arrays.copyOfRange(value, from, to));
    }

    /** Days since 1970. */
    void date(int epochDays);

    /** Microseconds since midnight. */
    void time(long micros);

    /** Microseconds since 1970; for {@code TIMESTAMP} and {@code TIMESTAMPTZ}. */
    void timestamp(long epochMicros);

    void uuid(long mostSignificant, long leastSignificant);

    /** For nested types and {@code VARIANT}: JSON. */
    void json(String value);

    /**
     * For a column of JSON objects: one in another form, which has read it last.
     *
     * @param bytes kept by the caller
     */
    default void object(ObjectForm form, byte[] bytes, int from, int to) {
        bytes(form.json(bytes, from, to));
    }

    /** Makes a text of bytes; several threads may ask at a time. */
    interface Writing {
        byte[] text(byte[] bytes, int from, int to);
    }

    /** For {@code VARCHAR}: a text that is made of bytes, which are copied, once it is read. */
    default void later(Writing writing, byte[] bytes, int from, int to) {
        bytes(writing.text(bytes, from, to));
    }

    /** Any value, as {@link EngineSession#stage} takes it. */
    void value(@Nullable Object value);

    /**
     * Adds columns behind those there are, before the first row is begun. Not every sink can: the
     * one that a session makes does.
     */
    default void widen(Schema columns) {
        throw new IllegalStateException("The columns of these rows are fixed.");
    }

    /**
     * Lets rows stay where they are gathered, if they are not too many, before the first one is
     * begun: queries then read them there, with one thread, and no table is made of them.
     */
    default void hold() {}

    void endRow();

    /** Forgets the values since the last row. */
    void dropRow();

    /** How many rows it has taken. */
    long rows();

    /** Makes its rows readable. Whoever gives up does not care whether that happens. */
    @Override
    void close();
}
