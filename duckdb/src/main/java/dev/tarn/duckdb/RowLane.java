package dev.tarn.duckdb;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.RowSink;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
    static RowLane of(Field field, LoadMemory memory) {
        return switch (field.type()) {
            case Primitive p ->
                    switch (p) {
                        case BOOLEAN -> new Fixed(1, true, memory);
                        case DATE -> new Fixed(4, true, memory);
                        case INTEGER, FLOAT -> new Fixed(4, false, memory);
                        case BIGINT, TIME, TIMESTAMP, TIMESTAMPTZ -> new Fixed(8, true, memory);
                        case TIMESTAMP_NS, DOUBLE -> new Fixed(8, false, memory);
                        case UUID -> new Fixed(16, false, memory);
                        case VARCHAR, VARIANT -> new Texts(false, memory);
                        case BINARY -> new Texts(true, memory);
                    };
            case Type.Decimal d -> new Fixed(width(d), false, memory);
            case Type.Struct s -> new Texts(false, memory);
            case Type.ListOf l -> new Texts(false, memory);
            case Type.MapOf m -> new Texts(false, memory);
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

    /** The same for all columns. */
    static String taken(List<Field> fields) {
        return IntStream.range(0, fields.size())
                .mapToObj(i -> taken(LoadFunction.column(i), fields.get(i)))
                .collect(Collectors.joining(", "));
    }

    /** Values that are all of the same width, as the engine has them in memory. */
    final class Fixed implements RowLane {
        /** Whether whole numbers are put as they are told. */
        final boolean asTold;

        private final int width;
        private final ByteBuffer values;
        private final long[] valid = new long[ROWS / Long.SIZE];

        private Fixed(int width, boolean asTold, LoadMemory memory) {
            this.width = width;
            this.asTold = asTold;
            this.values = memory.room(ROWS * width);
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

    /**
     * Texts in UTF-8, and bytes as such, as the engine has them in memory: four bytes say how long
     * a text is, twelve are the text itself, or its beginning and where it stands.
     */
    final class Texts implements RowLane {
        private static final int WIDTH = 16;
        private static final int MOST_INLINE = 12;

        private final boolean binary;
        private final LoadMemory memory;
        private final ByteBuffer values;
        private final long[] valid = new long[ROWS / Long.SIZE];
        private @Nullable UnwrittenTexts unwritten;

        private Texts(boolean binary, LoadMemory memory) {
            this.binary = binary;
            this.memory = memory;
            this.values = memory.room(ROWS * WIDTH);
        }

        /** The bytes are copied. */
        void put(int row, byte[] value, int from, int length) {
            if (binary) {
                byte[] text =
                        Base64.getEncoder().encode(Arrays.copyOfRange(value, from, from + length));
                set(row, text, 0, text.length);
            } else {
                set(row, value, from, length);
            }
        }

        /** A text that is made when it is read; the bytes are copied. */
        void put(int row, RowSink.Writing writing, byte[] value, int from, int length) {
            UnwrittenTexts texts = unwritten;
            if (texts == null) {
                texts = new UnwrittenTexts(memory);
                unwritten = texts;
            }
            nothing(row);
            texts.put(row, writing, value, from, length);
        }

        private void set(int row, byte[] text, int from, int length) {
            if (unwritten != null) {
                unwritten.forget(row);
            }
            int at = row * WIDTH;
            values.putInt(at, length);
            if (length <= MOST_INLINE) {
                // What is behind a short text is compared, too.
                values.putLong(at + 4, 0);
                values.putInt(at + 12, 0);
                values.put(at + 4, text, from, length);
            } else {
                values.put(at + 4, text, from, 4);
                values.putLong(at + 8, memory.copy(text, from, length));
            }
            valid[row >> 6] |= 1L << row;
        }

        @Override
        public void nothing(int row) {
            if (unwritten != null) {
                unwritten.forget(row);
            }
            int at = row * WIDTH;
            values.putLong(at, 0);
            values.putLong(at + 8, 0);
            valid[row >> 6] &= ~(1L << row);
        }

        @Override
        public void write(DuckDBWritableVector vector, int rows) {
            VectorMemory.write(vector, values, valid, rows * WIDTH);
            if (unwritten != null) {
                unwritten.write(vector, rows);
            }
        }
    }
}
