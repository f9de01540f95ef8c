package dev.tarn.duckdb;

import dev.tarn.model.table.Field;
import java.util.ArrayList;
import java.util.List;

/** Rows that are brought to the engine together, and then the room for others. */
final class RowLoad {
    private static final int MOST_CHUNKS = 30;
    private static final long MOST_BYTES = 8 << 20;

    private final List<Field> fields;
    private final List<RowLane[]> chunks = new ArrayList<>();
    private int full;
    private int row;
    private long bytes;

    RowLoad(List<Field> fields) {
        this.fields = List.copyOf(fields);
    }

    List<Field> fields() {
        return fields;
    }

    /** The lanes that take the next row. */
    RowLane[] lanes() {
        if (chunks.size() == full) {
            chunks.add(fields.stream().map(RowLane::of).toArray(RowLane[]::new));
        }
        return chunks.get(full);
    }

    /** The place of the next row in its lanes. */
    int row() {
        return row;
    }

    /** The next row is whole. */
    void endRow(int size) {
        bytes += size;
        if (++row == RowLane.ROWS) {
            row = 0;
            full++;
        }
    }

    /** Whether it is time to bring the rows to the engine. */
    boolean isFull() {
        return full >= MOST_CHUNKS || bytes >= MOST_BYTES;
    }

    boolean isEmpty() {
        return full == 0 && row == 0;
    }

    /** How many rows a chunk has; 0 behind the last one. */
    int rows(int chunk) {
        return chunk < full ? RowLane.ROWS : chunk == full ? row : 0;
    }

    RowLane[] lanes(int chunk) {
        return chunks.get(chunk);
    }

    /** Forgets the rows and keeps the room. */
    void clear() {
        full = 0;
        row = 0;
        bytes = 0;
    }
}
