package dev.tarn.spi;

import java.util.function.Function;

/**
 * The record of jobs and their runs, in the catalog's database. Safe for use by many threads and
 * processes.
 */
public interface JobStore {
    /** Looks at what is there. Only what one question reads is consistent. */
    <T> T read(Function<JobTables, T> work);

    /**
     * Changes it: everything the work does or, when it throws, nothing. Changes happen one after
     * the other, whichever process makes them, so that what a change reads holds until it is done.
     *
     * @throws dev.tarn.model.TarnException {@code CATALOG_BUSY} when others were at it for too
     *     long, and what else a database has to say
     */
    <T> T change(Function<JobTables, T> work);
}
