package dev.tarn.model.table;

/**
 * Rows to delete from one data file.
 *
 * @param location the file as {@link TableScan.DataFile#location()} names it
 * @param positions ascending, without doubles
 */
@SuppressWarnings("ArrayRecordComponent") // Millions of positions: boxing them would cost 16x.
public record RowPositions(String location, long[] positions) {}
