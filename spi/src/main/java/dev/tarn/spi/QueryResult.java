package dev.tarn.spi;

import dev.tarn.model.table.Schema;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a query, read once, forwards, without ever holding all of them. */
public interface QueryResult extends AutoCloseable {
    Schema schema();

    /**
     * Moves to the next row.
     *
     * @return false after the last one
     */
    boolean next();

    /**
     * A value of the current row: null, Boolean, Integer, Long, Float, Double, BigDecimal, String,
     * byte[], LocalDate, LocalTime, LocalDateTime, Instant, UUID, List, or Map.
     *
     * @param column from 0
     */
    @Nullable Object value(int column);

    /** The current row. */
    default List<@Nullable Object> row() {
        List<@Nullable Object> values = new java.util.ArrayList<>();
        for (int i = 0; i < schema().fields().size(); i++) {
            values.add(value(i));
        }
        return java.util.Collections.unmodifiableList(values);
    }

    /** Writes all rows as an Arrow IPC stream, before any was read; returns how many. */
    long writeArrow(OutputStream out);

    @Override
    void close();
}
