package dev.tarn.model.table;

import java.util.Map;
import java.util.Optional;

/**
 * One data file of a table's state and what the table knows about it without opening it.
 *
 * @param rows rows in the file, deleted ones included
 * @param columns by field id; columns of which nothing is known are missing
 * @param deleted where the positions of its deleted rows are
 * @param firstRowId the id of its first row; the others follow in order. Empty where rows have none
 * @param sequence grows with every change of the table; that of the change that brought the file
 */
public record TableFile(
        String location,
        long bytes,
        long rows,
        Map<Integer, Bounds> columns,
        Optional<Vector> deleted,
        Optional<Long> firstRowId,
        long sequence) {
    public TableFile {
        columns = Map.copyOf(columns);
    }

    /**
     * What is known of one column in one file.
     *
     * @param nulls how many nulls; empty if unknown
     * @param lower no value is below; the text as the house dialect prints it, strings may be cut
     *     off
     * @param upper no value is above; a string may be a short one that comes after all values
     */
    public record Bounds(Optional<Long> nulls, Optional<String> lower, Optional<String> upper) {}

    /**
     * A deletion vector: a blob in a Puffin file.
     *
     * @param offset where the blob begins
     * @param bytes of the whole blob
     * @param rows how many rows it deletes
     */
    public record Vector(String location, long offset, long bytes, long rows) {}
}
