package dev.tarn.duckdb;

import dev.tarn.spi.RowSink;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.duckdb.DuckDBWritableVector;
import org.jspecify.annotations.Nullable;

/**
 * The texts of some rows as the bytes that they are made of. Most are never read: then nobody makes
 * them.
 */
final class UnwrittenTexts {
    /** What a text takes that was made, in the times of its bytes, about. */
    private static final int GROWTH = 4;

    private final LoadMemory memory;
    private final RowSink.@Nullable Writing[] writings =
            new RowSink.@Nullable Writing[RowLane.ROWS];
    private final int[] from = new int[RowLane.ROWS];
    private final int[] to = new int[RowLane.ROWS];
    private byte[] bytes = new byte[RowLane.ROWS * 8];
    private int size;

    /**
     * @param memory counts what they take
     */
    UnwrittenTexts(LoadMemory memory) {
        this.memory = memory;
    }

    /** The bytes are copied. */
    void put(int row, RowSink.Writing writing, byte[] value, int start, int length) {
        if (bytes.length - size < length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, length)));
        }
        System.arraycopy(value, start, bytes, size, length);
        writings[row] = writing;
        from[row] = size;
        size += length;
        to[row] = size;
        memory.count((long) length * GROWTH);
    }

    /** The row has another value, or none. */
    void forget(int row) {
        writings[row] = null;
    }

    /** Makes those of the first rows, and puts them into a vector. */
    void write(DuckDBWritableVector vector, int rows) {
        for (int row = 0; row < rows; row++) {
            RowSink.Writing writing = writings[row];
            if (writing != null) {
                byte[] text = writing.text(bytes, from[row], to[row]);
                vector.setString(row, new String(text, StandardCharsets.UTF_8));
            }
        }
    }
}
