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
 */
public record TableScan(Schema schema, List<DataFile> files, int totalFiles, boolean uniform) {
    public TableScan {
        files = List.copyOf(files);
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
     * @param lineage where the identity of its rows begins; empty when they have none
     */
    public record DataFile(
            String location,
            Path path,
            long rows,
            long bytes,
            Optional<DeletedRows> deleted,
            Optional<ForeignFile> foreign,
            Optional<RowLineage> lineage) {

        /** A file whose rows have no identity. */
        public DataFile(
                String location,
                Path path,
                long rows,
                long bytes,
                Optional<DeletedRows> deleted,
                Optional<ForeignFile> foreign) {
            this(location, path, rows, bytes, deleted, foreign, Optional.empty());
        }

        public DataFile(
                String location, Path path, long rows, long bytes, Optional<DeletedRows> deleted) {
            this(location, path, rows, bytes, deleted, Optional.empty());
        }

        /** The same file with other rows deleted. */
        public DataFile withDeleted(Optional<DeletedRows> rowsGone) {
            return new DataFile(location, path, rows, bytes, rowsGone, foreign, lineage);
        }
    }
}
