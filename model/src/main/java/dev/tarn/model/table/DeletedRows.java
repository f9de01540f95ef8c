package dev.tarn.model.table;

import java.util.function.LongConsumer;

/** The positions of deleted rows in one file. Safe for use by many threads. */
public interface DeletedRows {
    boolean contains(long position);

    long count();

    /** Visits all positions in ascending order. */
    void forEach(LongConsumer action);
}
