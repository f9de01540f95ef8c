package dev.tarn.jdbc;

import dev.tarn.jdbc.Dialect.Reading;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.RowSink;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Tells the rows of a result set. */
final class ResultRows {
    private static final LocalDateTime EPOCH = LocalDateTime.of(1970, 1, 1, 0, 0);

    private final Reading reading;
    private final ResultSet rows;
    private final boolean loose;
    private long bytes;

    /**
     * @param loose whether a column's values can be of any type
     */
    ResultRows(Reading reading, ResultSet rows, boolean loose) {
        this.reading = reading;
        this.rows = rows;
        this.loose = loose;
    }

    long tell() throws SQLException {
        long number = 0;
        while (rows.next()) {
            number++;
            reading.pace().row(number);
            row(number);
        }
        return bytes;
    }

    private void row(long number) throws SQLException {
        RowSink sink = reading.rows();
        for (int i = 0; i < reading.columns().size(); i++) {
            Column column = reading.columns().get(i);
            try {
                value(sink, column.type(), i + 1);
            } catch (Unfit unfit) {
                if (reading.nullForImpossible()) {
                    sink.nothing();
                    continue;
                }
                sink.dropRow();
                reading.refusals()
                        .refuse(
                                reading.part(),
                                number,
                                "'%s': %s".formatted(column.name(), unfit.reason()),
                                shown());
                return;
            }
        }
        sink.endRow();
    }

    private String shown() throws SQLException {
        JsonRow row = new JsonRow();
        for (int i = 0; i < reading.columns().size(); i++) {
            row.name(reading.columns().get(i).name());
            row.value(text(i + 1));
        }
        return row.toString();
    }

    private String text(int column) {
        try {
            return rows.getString(column);
        } catch (SQLException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void value(RowSink sink, Type type, int column) throws SQLException {
        bytes += 8;
        switch (type) {
            case Primitive primitive -> value(sink, primitive, column);
            case Type.Decimal decimal -> decimal(sink, decimal, column);
            case Type.Struct s -> throw new IllegalStateException("No database has structs here");
            case Type.ListOf l -> throw new IllegalStateException("No database has lists here");
            case Type.MapOf m -> throw new IllegalStateException("No database has maps here");
        }
    }

    private void decimal(RowSink sink, Type.Decimal decimal, int column) throws SQLException {
        BigDecimal value = rows.getBigDecimal(column);
        if (value == null) {
            sink.nothing();
            return;
        }
        try {
            sink.decimal(value.setScale(decimal.scale(), RoundingMode.UNNECESSARY));
        } catch (ArithmeticException e) {
            throw new Unfit(value.toPlainString() + " has more digits than " + decimal.sql());
        }
    }

    private void value(RowSink sink, Primitive type, int column) throws SQLException {
        switch (type) {
            case BOOLEAN -> {
                requireWhole(column);
                boolean value = rows.getBoolean(column);
                orNothing(sink, () -> sink.truth(value));
            }
            case INTEGER, BIGINT -> {
                requireWhole(column);
                long value = rows.getLong(column);
                orNothing(sink, () -> sink.integer(value));
            }
            case FLOAT, DOUBLE -> {
                requireNumber(column);
                double value = rows.getDouble(column);
                orNothing(sink, () -> sink.number(value));
            }
            case DATE -> {
                LocalDate value = point(column, LocalDate.class);
                if (value == null) {
                    sink.nothing();
                } else {
                    sink.date(Math.toIntExact(value.toEpochDay()));
                }
            }
            case TIMESTAMP -> {
                LocalDateTime value = point(column, LocalDateTime.class);
                if (value == null) {
                    sink.nothing();
                } else {
                    sink.timestamp(micros(value));
                }
            }
            case TIMESTAMPTZ -> {
                OffsetDateTime value = point(column, OffsetDateTime.class);
                if (value == null) {
                    sink.nothing();
                } else {
                    sink.timestamp(
                            micros(value.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()));
                }
            }
            case BINARY -> {
                byte[] value = rows.getBytes(column);
                if (value == null) {
                    sink.nothing();
                } else {
                    bytes += value.length;
                    sink.bytes(value);
                }
            }
            case VARCHAR, TIME, TIMESTAMP_NS, UUID, VARIANT -> {
                String value = rows.getString(column);
                if (value == null) {
                    sink.nothing();
                } else {
                    bytes += value.length();
                    sink.text(value);
                }
            }
        }
    }

    private void orNothing(RowSink sink, Runnable told) throws SQLException {
        if (rows.wasNull()) {
            sink.nothing();
        } else {
            told.run();
        }
    }

    private <T> @org.jspecify.annotations.Nullable T point(int column, Class<T> type)
            throws SQLException {
        try {
            return rows.getObject(column, type);
        } catch (SQLException | java.time.DateTimeException e) {
            throw new Unfit("'" + text(column) + "' is no point in time");
        }
    }

    /** A column that may hold anything must hold a whole number here. */
    private void requireWhole(int column) throws SQLException {
        if (loose) {
            Object value = rows.getObject(column);
            if (value != null && !(value instanceof Integer) && !(value instanceof Long)) {
                throw new Unfit("'" + value + "' is no whole number");
            }
        }
    }

    private void requireNumber(int column) throws SQLException {
        if (loose) {
            Object value = rows.getObject(column);
            if (value != null && !(value instanceof Number)) {
                throw new Unfit("'" + value + "' is no number");
            }
        }
    }

    private static long micros(LocalDateTime time) {
        return ChronoUnit.MICROS.between(EPOCH, time);
    }
}
