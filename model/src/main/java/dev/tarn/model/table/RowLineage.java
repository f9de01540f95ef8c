package dev.tarn.model.table;

import java.util.List;
import java.util.Optional;

/**
 * Where the identity of the rows of one file begins: a row keeps its id and the number of its last
 * change however often it is copied from file to file. Rows that were copied carry both in two
 * columns; for the others they follow from the file.
 *
 * @param firstRowId the id of the first row
 * @param changedIn the sequence number of the snapshot that brought the file
 */
public record RowLineage(long firstRowId, long changedIn) {
    /** The id of a row. */
    public static final Field ROW_ID = reserved(2_147_483_540, "_row_id");

    /** The number of the change that last changed a row. */
    public static final Field LAST_UPDATED =
            reserved(2_147_483_539, "_last_updated_sequence_number");

    /** The columns of files, with the ids that the table format reserves for them. */
    public static final List<Field> FIELDS = List.of(ROW_ID, LAST_UPDATED);

    private static Field reserved(int id, String name) {
        return new Field(
                id, name, Type.Primitive.BIGINT, false, Optional.empty(), Optional.empty());
    }

    /** Whether a column is one of these, by its id. */
    public static boolean isReserved(int id) {
        return FIELDS.stream().anyMatch(f -> f.id() == id);
    }
}
