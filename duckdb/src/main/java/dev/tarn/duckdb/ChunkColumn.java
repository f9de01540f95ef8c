package dev.tarn.duckdb;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBReadableVector;
import org.jspecify.annotations.Nullable;

/** Reads one column of DuckDB's chunks. */
interface ChunkColumn {
    Object read(DuckDBReadableVector vector, long row);

    default @Nullable Object value(DuckDBReadableVector vector, long row) {
        return vector.isNull(row) ? null : read(vector, row);
    }

    /** A reader for each column; none at all when chunks cannot hand out one of them. */
    static List<ChunkColumn> of(List<String> types) {
        List<ChunkColumn> readers = new ArrayList<>();
        for (String type : types) {
            ChunkColumn reader = of(type);
            if (reader == null) {
                return List.of();
            }
            readers.add(reader);
        }
        return readers;
    }

    private static @Nullable ChunkColumn of(String type) {
        return switch (type) {
            case "BOOLEAN" -> DuckDBReadableVector::getBoolean;
            case "TINYINT" -> (v, row) -> (int) v.getByte(row);
            case "SMALLINT" -> (v, row) -> (int) v.getShort(row);
            case "INTEGER" -> DuckDBReadableVector::getInt;
            case "BIGINT" -> DuckDBReadableVector::getLong;
            case "UTINYINT" -> (v, row) -> (int) v.getUint8(row);
            case "USMALLINT" -> DuckDBReadableVector::getUint16;
            case "UINTEGER" -> DuckDBReadableVector::getUint32;
            case "UBIGINT" -> (v, row) -> new BigDecimal(v.getUint64(row));
            case "HUGEINT" -> (v, row) -> new BigDecimal(v.getHugeInt(row));
            case "UHUGEINT" -> (v, row) -> new BigDecimal(v.getUHugeInt(row));
            case "FLOAT" -> DuckDBReadableVector::getFloat;
            case "DOUBLE" -> DuckDBReadableVector::getDouble;
            case "DATE" -> DuckDBReadableVector::getLocalDate;
            case "TIMESTAMP" -> DuckDBReadableVector::getLocalDateTime;
            case "TIMESTAMP WITH TIME ZONE" -> (v, row) -> v.getOffsetDateTime(row).toInstant();
            case "VARCHAR" -> DuckDBReadableVector::getString;
            default -> type.startsWith("DECIMAL(") ? decimal(type) : null;
        };
    }

    private static @Nullable ChunkColumn decimal(String type) {
        return type.endsWith(")") ? DuckDBReadableVector::getBigDecimal : null;
    }
}
