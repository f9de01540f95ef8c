package dev.tarn.duckdb;

/**
 * What all workspaces of an engine share to read the files of tables.
 *
 * @param deletedRows which rows are gone
 * @param feeds texts from outside
 * @param loads rows from outside
 * @param shapes which columns files have
 * @param empty a file to plan with
 */
record Reading(
        DeletedRowsFunction deletedRows,
        FileShapes shapes,
        EmptyFile empty,
        FeedFunction feeds,
        LoadFunction loads) {}
