package dev.tarn.duckdb;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.function.ToIntFunction;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBReadableVector;

/** The functions for SQL that partition transforms need and DuckDB does not have. */
final class BucketFunctions {
    static final String HASH_LONG = "tarn_hash_long";
    static final String HASH_TEXT = "tarn_hash_text";
    static final String HASH_DECIMAL = "tarn_hash_decimal";
    static final String HASH_HEX = "tarn_hash_hex";
    static final String TRUNCATE_DECIMAL = "tarn_truncate_decimal";

    private BucketFunctions() {}

    static void register(DuckDBConnection connection) throws SQLException {
        DuckDBFunctions.scalarFunction()
                .withName(HASH_LONG)
                .withParameter(Long.class)
                .withReturnType(Integer.class)
                .withVectorizedFunction((in, out) -> {
                    DuckDBReadableVector values = in.vector(0);
                    long rows = in.rowCount();
                    for (long row = 0; row < rows; row++) {
                        if (values.isNull(row)) {
                            out.setNull(row);
                        } else {
                            out.setInt(row, Murmur3.ofLong(values.getLong(row)));
                        }
                    }
                })
                .register(connection);
        textHash(connection, HASH_TEXT, Murmur3::ofText);
        textHash(connection, HASH_DECIMAL, text -> Murmur3.ofDecimal(new BigDecimal(text)));
        textHash(connection, HASH_HEX, text -> Murmur3.ofBytes(HexFormat.of().parseHex(text)));
        DuckDBFunctions.scalarFunction()
                .withName(TRUNCATE_DECIMAL)
                .withParameters(String.class, Long.class)
                .withReturnType(String.class)
                .withVectorizedFunction((in, out) -> {
                    DuckDBReadableVector values = in.vector(0);
                    DuckDBReadableVector widths = in.vector(1);
                    long rows = in.rowCount();
                    for (long row = 0; row < rows; row++) {
                        if (values.isNull(row)) {
                            out.setNull(row);
                        } else {
                            BigDecimal value = new BigDecimal(values.getString(row));
                            out.setString(row, truncate(value, widths.getLong(row)).toString());
                        }
                    }
                })
                .register(connection);
    }

    private static void textHash(
            DuckDBConnection connection, String name, ToIntFunction<String> hash)
            throws SQLException {
        DuckDBFunctions.scalarFunction()
                .withName(name)
                .withParameter(String.class)
                .withReturnType(Integer.class)
                .withVectorizedFunction((in, out) -> {
                    DuckDBReadableVector values = in.vector(0);
                    long rows = in.rowCount();
                    for (long row = 0; row < rows; row++) {
                        if (values.isNull(row)) {
                            out.setNull(row);
                        } else {
                            out.setInt(row, hash.applyAsInt(values.getString(row)));
                        }
                    }
                })
                .register(connection);
    }

    /** Down to a multiple of {@code width} units of the last digit. */
    private static BigDecimal truncate(BigDecimal value, long width) {
        BigInteger unscaled = value.unscaledValue();
        BigInteger below = unscaled.mod(BigInteger.valueOf(width));
        return new BigDecimal(unscaled.subtract(below), value.scale());
    }
}
