package dev.tarn.duckdb;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.RowLineage;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableScan.DataFile;
import dev.tarn.spi.Relation.Places;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Lets the rows of a table tell their file, their position, their id and the change that last
 * changed them. Files into which rows were moved have the latter two as columns; in others they
 * follow from the file.
 */
record PlacedRows(FileNumbers numbers) {
    private static final String INDEX = "__tarn_index";
    private static final long UNKNOWN = -1;

    /** How rows of files that others wrote tell where they stand. */
    static final ForeignScan.Positions FOREIGN = new ForeignScan.Positions(INDEX, Places.POSITION);

    /** The columns to read from files. */
    static Schema read(Schema schema) {
        List<Field> fields = new ArrayList<>(schema.fields());
        fields.add(RowLineage.ROW_ID.withName(Places.ROW_ID));
        fields.add(RowLineage.LAST_UPDATED.withName(Places.LAST_UPDATED));
        return new Schema(fields);
    }

    /** What to select besides them. */
    String columns() {
        return ", file_index::BIGINT AS " + INDEX + ", file_row_number AS " + Places.POSITION;
    }

    /** The columns of the relation, from a scan of some files. */
    String select(Schema read, List<DataFile> files, String scan) {
        String file = perFile(files, f -> numbers.of(f.location()));
        String first = perFile(files, f -> f.lineage().map(RowLineage::firstRowId).orElse(UNKNOWN));
        String sequence =
                perFile(files, f -> f.lineage().map(RowLineage::changedIn).orElse(UNKNOWN));
        return "SELECT "
                + own(read)
                + ", "
                + file
                + " AS "
                + Places.FILE
                + ", "
                + Places.POSITION
                + ", coalesce("
                + Places.ROW_ID
                + ", "
                + first
                + " + "
                + Places.POSITION
                + ") AS "
                + Places.ROW_ID
                + ", coalesce("
                + Places.LAST_UPDATED
                + ", "
                + sequence
                + ") AS "
                + Places.LAST_UPDATED
                + " FROM ("
                + scan
                + ")";
    }

    /** The columns of the relation, without rows. */
    static String none(Schema schema, String empty) {
        return "SELECT "
                + Sql.names(schema.names())
                + ", 0::BIGINT AS "
                + Places.FILE
                + ", 0::BIGINT AS "
                + Places.POSITION
                + ", "
                + Places.ROW_ID
                + ", "
                + Places.LAST_UPDATED
                + " FROM ("
                + empty
                + ")";
    }

    private static String own(Schema read) {
        List<String> names = read.names();
        return Sql.names(names.subList(0, names.size() - 2));
    }

    private static String perFile(List<DataFile> files, ToLongFunction<DataFile> value) {
        List<String> values =
                files.stream()
                        .mapToLong(value)
                        .mapToObj(v -> v == UNKNOWN ? "NULL" : Long.toString(v))
                        .toList();
        return values.stream().distinct().count() == 1
                ? values.getFirst() + "::BIGINT"
                : values.stream().collect(Collectors.joining(",", "([", "]::BIGINT[])"))
                        + "["
                        + INDEX
                        + " + 1]";
    }
}
