package dev.tarn.duckdb;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Objects;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBLogicalType;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBWritableVector;
import org.jspecify.annotations.Nullable;

/** The values of one column in some rows, on their way to the engine. */
sealed interface RowLane {
    /** As many rows as the engine takes at once. */
    int ROWS = 2048;

    /** Puts the first values into a vector. */
    void write(DuckDBWritableVector vector, int rows);

    /** Says that a row has no value. */
    void nothing(int row);

    /** A lane for values of a column. */
    static RowLane of(Field field) {
        return switch (field.type()) {
            case Primitive p ->
                    switch (p) {
                        case BOOLEAN, INTEGER, BIGINT, DATE, TIME, TIMESTAMP, TIMESTAMPTZ ->
                                new Wholes(width(p));
                        case TIMESTAMP_NS -> new Wholes(DuckDBColumnType.BIGINT);
                        case FLOAT -> new Numbers(true);
                        case DOUBLE -> new Numbers(false);
                        case VARCHAR, UUID, VARIANT -> new Texts(false);
                        case BINARY -> new Texts(true);
                    };
            case Type.Decimal d -> new Decimals();
            case Type.Struct s -> new Texts(false);
            case Type.ListOf l -> new Texts(false);
            case Type.MapOf m -> new Texts(false);
        };
    }

    private static DuckDBColumnType width(Primitive type) {
        return switch (type) {
            case BOOLEAN -> DuckDBColumnType.BOOLEAN;
            case INTEGER, DATE -> DuckDBColumnType.INTEGER;
            default -> DuckDBColumnType.BIGINT;
        };
    }

    /** Names the column under which {@link #taken} finds what the lane has. */
    static void announce(DuckDBTableFunctionBindInfo info, String name, Field field)
            throws SQLException {
        switch (of(field)) {
            case Wholes w -> info.addResultColumn(name, w.width);
            case Numbers n ->
                    info.addResultColumn(
                            name, n.single ? DuckDBColumnType.FLOAT : DuckDBColumnType.DOUBLE);
            case Texts t -> info.addResultColumn(name, DuckDBColumnType.VARCHAR);
            case Decimals d -> {
                Type.Decimal type = (Type.Decimal) field.type();
                try (DuckDBLogicalType known =
                        DuckDBLogicalType.decimal(type.precision(), type.scale())) {
                    info.addResultColumn(name, known);
                }
            }
        }
    }

    /** The expression that makes a value of the column of what its lane has. */
    static String taken(String name, Field field) {
        if (!(field.type() instanceof Primitive type)) {
            return name;
        }
        return switch (type) {
            case DATE -> "DATE '1970-01-01' + " + name;
            case TIME -> "CAST(make_timestamp(" + name + ") AS TIME)";
            case TIMESTAMP -> "make_timestamp(" + name + ")";
            case TIMESTAMPTZ -> "make_timestamptz(" + name + ")";
            case TIMESTAMP_NS -> "make_timestamp_ns(" + name + ")";
            case UUID -> "CAST(" + name + " AS UUID)";
            case BINARY -> "from_base64(" + name + ")";
            case BOOLEAN, INTEGER, BIGINT, FLOAT, DOUBLE, VARCHAR, VARIANT -> name;
        };
    }

    /** Whole numbers, and what is counted in them. */
    final class Wholes implements RowLane {
        private final DuckDBColumnType width;
        private final long[] values = new long[ROWS];
        private final boolean[] missing = new boolean[ROWS];

        private Wholes(DuckDBColumnType width) {
            this.width = width;
        }

        void put(int row, long value) {
            values[row] = value;
            missing[row] = false;
        }

        @Override
        public void nothing(int row) {
            missing[row] = true;
        }

        @Override
        public void write(DuckDBWritableVector vector, int rows) {
            for (int i = 0; i < rows; i++) {
                if (missing[i]) {
                    vector.setNull(i);
                } else if (width == DuckDBColumnType.BIGINT) {
                    vector.setLong(i, values[i]);
                } else if (width == DuckDBColumnType.INTEGER) {
                    vector.setInt(i, (int) values[i]);
                } else {
                    vector.setBoolean(i, values[i] != 0);
                }
            }
        }
    }

    /** Numbers with a floating point. */
    final class Numbers implements RowLane {
        private final boolean single;
        private final double[] values = new double[ROWS];
        private final boolean[] missing = new boolean[ROWS];

        private Numbers(boolean single) {
            this.single = single;
        }

        void put(int row, double value) {
            values[row] = value;
            missing[row] = false;
        }

        @Override
        public void nothing(int row) {
            missing[row] = true;
        }

        @Override
        public void write(DuckDBWritableVector vector, int rows) {
            for (int i = 0; i < rows; i++) {
                if (missing[i]) {
                    vector.setNull(i);
                } else if (single) {
                    vector.setFloat(i, (float) values[i]);
                } else {
                    vector.setDouble(i, values[i]);
                }
            }
        }
    }

    /** Texts in UTF-8, and bytes as such. */
    final class Texts implements RowLane {
        private final boolean binary;
        private final byte[] @Nullable [] values = new byte[ROWS] @Nullable [];

        private Texts(boolean binary) {
            this.binary = binary;
        }

        void put(int row, byte[] value) {
            values[row] = binary ? Base64.getEncoder().encode(value) : value;
        }

        @Override
        public void nothing(int row) {
            values[row] = null;
        }

        @Override
        public void write(DuckDBWritableVector vector, int rows) {
            byte[][] first = new byte[rows][];
            System.arraycopy(values, 0, first, 0, rows);
            vector.setStringUtf8Batch(0, first);
            java.util.Arrays.fill(values, 0, rows, null);
        }
    }

    /** Decimals of the column's scale. */
    final class Decimals implements RowLane {
        private final @Nullable BigDecimal[] values = new @Nullable BigDecimal[ROWS];

        private Decimals() {}

        void put(int row, BigDecimal value) {
            values[row] = value;
        }

        @Override
        public void nothing(int row) {
            values[row] = null;
        }

        @Override
        public void write(DuckDBWritableVector vector, int rows) {
            for (int i = 0; i < rows; i++) {
                if (values[i] == null) {
                    vector.setNull(i);
                } else {
                    vector.setBigDecimal(i, Objects.requireNonNull(values[i]));
                }
            }
        }
    }
}
