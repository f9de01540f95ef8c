package dev.tarn.duckdb;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.SQLException;
import java.util.Base64;
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
                        case BOOLEAN -> new Fixed(1);
                        case INTEGER, DATE, FLOAT -> new Fixed(4);
                        case BIGINT, TIME, TIMESTAMP, TIMESTAMPTZ, TIMESTAMP_NS, DOUBLE ->
                                new Fixed(8);
                        case UUID -> new Fixed(16);
                        case VARCHAR, VARIANT -> new Texts(false);
                        case BINARY -> new Texts(true);
                    };
            case Type.Decimal d -> new Fixed(width(d));
            case Type.Struct s -> new Texts(false);
            case Type.ListOf l -> new Texts(false);
            case Type.MapOf m -> new Texts(false);
        };
    }

    /** How many bytes the engine takes for a decimal. */
    private static int width(Type.Decimal type) {
        int digits = type.precision();
        return digits <= 4 ? 2 : digits <= 9 ? 4 : digits <= 18 ? 8 : 16;
    }

    /** Names the column under which {@link #taken} finds what the lane has. */
    static void announce(DuckDBTableFunctionBindInfo info, String name, Field field)
            throws SQLException {
        switch (field.type()) {
            case Primitive p -> info.addResultColumn(name, given(p));
            case Type.Decimal d -> {
                try (DuckDBLogicalType known =
                        DuckDBLogicalType.decimal(d.precision(), d.scale())) {
                    info.addResultColumn(name, known);
                }
            }
            case Type.Struct s -> info.addResultColumn(name, DuckDBColumnType.VARCHAR);
            case Type.ListOf l -> info.addResultColumn(name, DuckDBColumnType.VARCHAR);
            case Type.MapOf m -> info.addResultColumn(name, DuckDBColumnType.VARCHAR);
        }
    }

    private static DuckDBColumnType given(Primitive type) {
        return switch (type) {
            case BOOLEAN -> DuckDBColumnType.BOOLEAN;
            case INTEGER -> DuckDBColumnType.INTEGER;
            case BIGINT, TIME -> DuckDBColumnType.BIGINT;
            case FLOAT -> DuckDBColumnType.FLOAT;
            case DOUBLE -> DuckDBColumnType.DOUBLE;
            case DATE -> DuckDBColumnType.DATE;
            case TIMESTAMP -> DuckDBColumnType.TIMESTAMP;
            case TIMESTAMPTZ -> DuckDBColumnType.TIMESTAMP_WITH_TIME_ZONE;
            case TIMESTAMP_NS -> DuckDBColumnType.TIMESTAMP_NS;
            case UUID -> DuckDBColumnType.UHUGEINT;
            case VARCHAR, VARIANT, BINARY -> DuckDBColumnType.VARCHAR;
        };
    }

    /** The expression that makes a value of the column of what its lane has. */
    static String taken(String name, Field field) {
        if (!(field.type() instanceof Primitive type)) {
            return name;
        }
        return switch (type) {
            case TIME -> "CAST(make_timestamp(" + name + ") AS TIME)";
            case UUID -> "CAST(" + name + " AS UUID)";
            case BINARY -> "from_base64(" + name + ")";
            default -> name;
        };
    }

    /** Values that are all of the same width, as the engine has them in memory. */
    final class Fixed implements RowLane {
        private final int width;
        private final ByteBuffer values;
        private final long[] valid = new long[ROWS / Long.SIZE];

        private Fixed(int width) {
            this.width = width;
            this.values = ByteBuffer.allocate(ROWS * width).order(ByteOrder.nativeOrder());
        }

        /** A whole number that fits the width. */
        void put(int row, long value) {
            switch (width) {
                case 1 -> values.put(row, (byte) value);
                case 2 -> values.putShort(row * 2, (short) value);
                case 4 -> values.putInt(row * 4, (int) value);
                case 8 -> values.putLong(row * 8, value);
                default -> put(row, value < 0 ? -1L : 0L, value);
            }
            known(row);
        }

        void put(int row, double value) {
            if (width == 4) {
                values.putFloat(row * 4, (float) value);
            } else {
                values.putDouble(row * 8, value);
            }
            known(row);
        }

        /** A whole number that fits the width. */
        void put(int row, BigInteger value) {
            if (width <= 8) {
                put(row, value.longValueExact());
                return;
            }
            put(row, value.shiftRight(Long.SIZE).longValueExact(), value.longValue());
        }

        /** A whole number by its upper and its lower half. */
        void put(int row, long high, long low) {
            boolean lowFirst = values.order() == ByteOrder.LITTLE_ENDIAN;
            values.putLong(row * 16, lowFirst ? low : high);
            values.putLong(row * 16 + 8, lowFirst ? high : low);
            known(row);
        }

        private void known(int row) {
            valid[row >> 6] |= 1L << row;
        }

        @Override
        public void nothing(int row) {
            valid[row >> 6] &= ~(1L << row);
        }

        @Override
        public void write(DuckDBWritableVector vector, int rows) {
            VectorMemory.write(vector, values, valid, rows * width);
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
}
