package dev.tarn.duckdb;

/** Where rows go that have been gathered, load by load. Used by one thread. */
interface RowTaker {
    /** Takes a full load, and gives room for the next rows. */
    RowLoad take(RowLoad full);

    /** Takes the last rows, perhaps none. Nothing comes behind them. */
    void end(RowLoad rest);
}
