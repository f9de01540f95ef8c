package dev.tarn.duckdb;

import dev.tarn.model.table.DeletedRows;
import java.util.Arrays;

/**
 * The deleted rows of one file, for a look at each of its rows: a bit for every position, made when
 * it is first asked for. Positions beyond what fits are looked up where they came from.
 */
final class GoneRows {
    /** 16 MiB of bits. */
    private static final long MOST_BITS = 1L << 27;

    private static final int FIRST_WORDS = 1024;

    private final DeletedRows rows;
    private volatile long[] words = {};
    private volatile boolean made;

    GoneRows(DeletedRows rows) {
        this.rows = rows;
    }

    boolean contains(long position) {
        if (!made) {
            make();
        }
        if (position >= MOST_BITS) {
            return rows.contains(position);
        }
        long[] bits = words;
        int word = (int) (position >>> 6);
        return word < bits.length && (bits[word] & (1L << position)) != 0;
    }

    private synchronized void make() {
        if (made) {
            return;
        }
        long[][] bits = {new long[FIRST_WORDS]};
        rows.forEach(position -> {
            if (position < MOST_BITS) {
                int word = (int) (position >>> 6);
                if (word >= bits[0].length) {
                    bits[0] = Arrays.copyOf(bits[0], Math.max(word + 1, bits[0].length * 2));
                }
                bits[0][word] |= 1L << position;
            }
        });
        words = bits[0];
        made = true;
    }
}
