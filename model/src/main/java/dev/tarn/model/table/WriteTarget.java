package dev.tarn.model.table;

import java.nio.file.Path;
import java.util.List;

/**
 * Where and how an engine writes the files of a table. The engine casts the query's columns to the
 * schema by name, sorts, splits by partition and puts field ids into the files.
 *
 * @param schema with ids
 * @param directory a local folder; the engine creates it
 * @param targetFileBytes roughly how large one file should become
 * @param options how files are written
 */
public record WriteTarget(
        Schema schema,
        List<PartitionField> partitioning,
        List<SortField> sortOrder,
        Path directory,
        long targetFileBytes,
        FileOptions options) {
    public WriteTarget {
        partitioning = List.copyOf(partitioning);
        sortOrder = List.copyOf(sortOrder);
    }

    /** With files as they are by default. */
    public WriteTarget(
            Schema schema,
            List<PartitionField> partitioning,
            List<SortField> sortOrder,
            Path directory,
            long targetFileBytes) {
        this(schema, partitioning, sortOrder, directory, targetFileBytes, FileOptions.DEFAULT);
    }

    /** The same place for other columns in another order. */
    public WriteTarget with(Schema otherSchema, List<SortField> otherOrder) {
        return new WriteTarget(
                otherSchema, partitioning, otherOrder, directory, targetFileBytes, options);
    }

    /** The same for files that are {@linkplain FileOptions#lightly() written lightly}. */
    public WriteTarget lightly() {
        return new WriteTarget(
                schema, partitioning, sortOrder, directory, targetFileBytes, options.lightly());
    }
}
