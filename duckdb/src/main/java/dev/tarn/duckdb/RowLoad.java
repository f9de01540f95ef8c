package dev.tarn.duckdb;

import dev.tarn.model.table.Field;
import java.util.ArrayList;
import java.util.List;

/** Rows that the engine can read as often as it likes, until they are forgotten. */
final class RowLoad {
    private static final int MOST_CHUNKS = 30;
    private static final long MOST_BYTES = 8 << 20;

    private final List<Field> fields;
    private final LoadMemory memory;
    private final List<RowLane[]> chunks = new ArrayList<>();
    private int full;
    private int row;
    private long bytes;

    RowLoad(List<Field> fields, LoadMemory memory) {
        this.fields = List.copyOf(fields);
        this.memory = memory;
    }

    /** The lanes that take the next row. */
    RowLane[] lanes() {
        if (chunks.size() == full) {
            chunks.add(fields.stream().map(f -> RowLane.of(f, memory)).toArray(RowLane[]::new));
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

    /** Whether others are to take the next rows. */
    boolean isFull() {
        return full >= MOST_CHUNKS || bytes >= MOST_BYTES;
    }

    boolean isEmpty() {
        return full == 0 && row == 0;
    }

    int chunks() {
        return row == 0 ? full : full + 1;
    }

    int rows(int chunk) {
        return chunk < full ? RowLane.ROWS : row;
    }

    RowLane[] lanes(int chunk) {
        return chunks.get(chunk);
    }

    /** How much memory the rows take. */
    long memory() {
        return memory.bytes();
    }

    /** Forgets the rows, and gives their memory back. */
    void free() {
        chunks.clear();
        full = 0;
        row = 0;
        bytes = 0;
        memory.free();
    }
}
