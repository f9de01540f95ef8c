package dev.tarn.spi;

import java.util.function.Function;

/**
 * The record of alerts and of the messages about them, in the catalog's database. Safe for use by
 * many threads and processes.
 */
public interface AlertStore {
    /** Looks at what is there. Only what one question reads is consistent. */
    <T> T read(Function<AlertTables, T> work);

    /**
     * Changes it: everything the work does or, when it throws, nothing. Changes happen one after
     * the other, whichever process makes them.
     *
     * @throws dev.tarn.model.TarnException {@code CATALOG_BUSY} when others were at it for too
     *     long, and what else a database has to say
     */
    <T> T change(Function<AlertTables, T> work);
}
