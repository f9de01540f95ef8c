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
 */
public record WriteTarget(
        Schema schema,
        List<PartitionField> partitioning,
        List<SortField> sortOrder,
        Path directory,
        long targetFileBytes) {
    public WriteTarget {
        partitioning = List.copyOf(partitioning);
        sortOrder = List.copyOf(sortOrder);
    }
}
