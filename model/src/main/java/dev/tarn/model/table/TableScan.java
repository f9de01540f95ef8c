package dev.tarn.model.table;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files to read for one state of a table, all of them on local disk.
 *
 * @param schema what the reader sees: current names, with the ids to look up in the files
 * @param totalFiles files the table has, of which {@code files} are those that can hold wanted rows
 */
public record TableScan(Schema schema, List<DataFile> files, int totalFiles) {
    public TableScan {
        files = List.copyOf(files);
    }

    /**
     * One file of rows.
     *
     * @param location its name in the table's metadata; {@code path} is where it can be read
     * @param deleted positions of rows that are no longer there
     */
    public record DataFile(
            String location, Path path, long rows, long bytes, Optional<DeletedRows> deleted) {}
}
