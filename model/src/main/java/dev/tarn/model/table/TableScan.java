package dev.tarn.model.table;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files to read for one state of a table, all of them on local disk.
 *
 * @param schema what the reader sees: current names, with the ids to look up in the files
 * @param totalFiles files the table has, of which {@code files} are those that can hold wanted rows
 * @param uniform whether every file is known to have just these columns under these names, so that
 *     a reader need not look them up by id
 * @param lineage for a scan that tells the identity of rows, what the identity of each file's rows
 *     begins with, in the order of the files; the schema then ends with {@link RowLineage#FIELDS}
 */
public record TableScan(
        Schema schema,
        List<DataFile> files,
        int totalFiles,
        boolean uniform,
        List<RowLineage> lineage) {
    public TableScan {
        files = List.copyOf(files);
        lineage = List.copyOf(lineage);
        if (!lineage.isEmpty() && lineage.size() != files.size()) {
            throw new IllegalArgumentException("Row lineage is of all files or of none");
        }
    }

    /** A scan that does not tell the identity of rows. */
    public TableScan(Schema schema, List<DataFile> files, int totalFiles, boolean uniform) {
        this(schema, files, totalFiles, uniform, List.of());
    }

    /** A scan of files whose columns may have other names, or may be missing. */
    public TableScan(Schema schema, List<DataFile> files, int totalFiles) {
        this(schema, files, totalFiles, false);
    }

    /**
     * One file of rows.
     *
     * @param location its name in the table's metadata; {@code path} is where it can be read
     * @param rows negative when nobody knows without a look into the file
     * @param deleted positions of rows that are no longer there
     * @param foreign what else must be known to read it; empty for a file with all columns of the
     *     table under their ids
     */
    public record DataFile(
            String location,
            Path path,
            long rows,
            long bytes,
            Optional<DeletedRows> deleted,
            Optional<ForeignFile> foreign) {

        public DataFile(
                String location, Path path, long rows, long bytes, Optional<DeletedRows> deleted) {
            this(location, path, rows, bytes, deleted, Optional.empty());
        }
    }
}
