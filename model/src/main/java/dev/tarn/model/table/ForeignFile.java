package dev.tarn.model.table;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a data file is read that somebody else's writer made.
 *
 * @param columnsBy how the table's columns are found in the file
 * @param names what columns, and fields inside them, are called in the file, by field id; several
 *     names where any of them will do. A field that is not in here goes by the table's own name
 * @param constants what columns read as whatever the file itself holds, by field id: a text that is
 *     cast to the column's type, or empty for null
 * @param positionDeletes Parquet files of {@code file_path} and {@code pos} that tell which rows of
 *     this file, and of others, are gone
 * @param keyDeletes rows that are gone because of what is in them
 */
public record ForeignFile(
        ColumnsBy columnsBy,
        Map<Integer, List<String>> names,
        Map<Integer, Optional<String>> constants,
        List<Path> positionDeletes,
        List<KeyDeletes> keyDeletes) {
    public ForeignFile {
        names = Map.copyOf(names);
        constants = Map.copyOf(constants);
        positionDeletes = List.copyOf(positionDeletes);
        keyDeletes = List.copyOf(keyDeletes);
    }

    /** A file of columns that are found in one way, without any deletes. */
    public static ForeignFile of(
            ColumnsBy columnsBy,
            Map<Integer, List<String>> names,
            Map<Integer, Optional<String>> constants) {
        return new ForeignFile(columnsBy, names, constants, List.of(), List.of());
    }

    /** What leads from a column of the table to one of the file. */
    public enum ColumnsBy {
        ID,
        NAME,
        /** By id, unless the file has no ids at all. */
        ID_ELSE_NAME
    }

    /**
     * Rows that are gone because their keys are equal to those of a row in one of some files; null
     * equals null.
     *
     * @param keys columns with their ids, which the table itself may have no more
     * @param files Parquet files of keys, all with their own {@link TableScan.DataFile#foreign()}
     */
    public record KeyDeletes(List<Field> keys, List<TableScan.DataFile> files) {
        public KeyDeletes {
            keys = List.copyOf(keys);
            files = List.copyOf(files);
        }
    }
}
