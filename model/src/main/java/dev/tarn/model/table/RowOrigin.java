package dev.tarn.model.table;

/**
 * What the rows of a data file are, where they do not say it themselves.
 *
 * @param firstRowId the id of the row at position 0; those after it have the ids after it
 * @param sequence the number of the change that brought the file
 */
public record RowOrigin(long firstRowId, long sequence) {
    /**
     * The id of a row, which stays when the row is changed or moved. Files that rows were moved
     * into have it as a column.
     */
    public static final Field ROW_ID = reserved(2_147_483_540, "_row_id");

    /** The number of the change that last changed a row. */
    public static final Field LAST_UPDATED =
            reserved(2_147_483_539, "_last_updated_sequence_number");

    private static Field reserved(int id, String name) {
        return new Field(
                id,
                name,
                Type.Primitive.BIGINT,
                false,
                java.util.Optional.empty(),
                java.util.Optional.empty());
    }
}
