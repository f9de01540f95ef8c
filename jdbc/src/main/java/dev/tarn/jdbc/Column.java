package dev.tarn.jdbc;

import dev.tarn.model.table.Type;

/**
 * A column as it is read.
 *
 * @param name in the source and in the table
 * @param expression what stands in the query's list for it
 * @param sourceType what the database calls its type
 * @param type what it becomes
 * @param form how its values come
 */
record Column(String name, String expression, String sourceType, Type type, Form form) {
    /** How values come over the wire, for those dialects that decode it themselves. */
    enum Form {
        TRUTH,
        INT2,
        INT4,
        INT8,
        OID,
        FLOAT4,
        FLOAT8,
        NUMERIC,
        NUMERIC_TEXT,
        TEXT,
        BYTES,
        DATE,
        TIME,
        TIMESTAMP,
        UUID,
        JSONB,
        ARRAY,
        GEOMETRY
    }
}
