package dev.tarn.model.table;

import java.util.List;

/**
 * What the rows of a table are made of, told from its metadata alone.
 *
 * @param files the data files of the current snapshot
 * @param manifests the lists that name them and their deletions
 * @param manifestBytes what these take
 * @param metadataBytes what the metadata file itself takes: it is written anew with each change
 */
public record Inventory(
        List<DataFile> files, int manifests, long manifestBytes, long metadataBytes) {
    public Inventory {
        files = List.copyOf(files);
    }

    /**
     * One file of rows.
     *
     * @param partition the values that its rows share, as a path; empty without partitioning
     * @param currentLayout whether it was written under the table's partitioning of today
     * @param ordered whether its rows are in the table's sort order, if there is one
     * @param cluster the mark of the columns by which its rows were gathered; empty if they were
     *     not
     * @param deletedRows rows in it that are no longer there
     */
    public record DataFile(
            String location,
            String partition,
            boolean currentLayout,
            boolean ordered,
            String cluster,
            long rows,
            long bytes,
            long deletedRows) {}

    /**
     * A short mark for columns by which rows are gathered, for the names of files: nothing else
     * says of a file how its rows are laid out.
     */
    public static String clusterMark(String columns) {
        return columns.isEmpty() ? "" : "z%08x".formatted(columns.hashCode());
    }

    public long bytes() {
        return files.stream().mapToLong(DataFile::bytes).sum();
    }

    public long deletedRows() {
        return files.stream().mapToLong(DataFile::deletedRows).sum();
    }

    public long rows() {
        return files.stream().mapToLong(DataFile::rows).sum();
    }
}
