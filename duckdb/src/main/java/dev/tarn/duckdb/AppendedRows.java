package dev.tarn.duckdb;

import dev.tarn.model.TableName;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.RowSink;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Rows on their way into a table, over a connection of their own. A row is kept until it is whole,
 * because the appender cannot take values back.
 */
final class AppendedRows implements RowSink {
    private enum Told {
        NOTHING,
        LONG,
        DOUBLE,
        OBJECT,
        UUID
    }

    private final DuckDBConnection connection;
    private final String database;
    private final TableName table;
    private @Nullable DuckDBAppender appender;
    private final Field[] fields;
    private final Told[] told;
    private final long[] longs;
    private final long[] lowLongs;
    private final double[] doubles;
    private final @Nullable Object[] objects;
    private int column;
    private long rows;
    private boolean open = true;

    /**
     * @param table one that is there, with texts in the place of what is told as JSON
     */
    AppendedRows(DuckDBConnection session, String database, TableName table, Schema schema) {
        this.database = database;
        this.table = table;
        fields = schema.fields().toArray(Field[]::new);
        told = new Told[fields.length];
        longs = new long[fields.length];
        lowLongs = new long[fields.length];
        doubles = new double[fields.length];
        objects = new @Nullable Object[fields.length];
        try {
            connection = session.duplicate();
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.OURS);
        }
    }

    @Override
    public void nothing() {
        next(Told.NOTHING);
    }

    @Override
    public void truth(boolean value) {
        longs[next(Told.LONG)] = value ? 1 : 0;
    }

    @Override
    public void integer(long value) {
        longs[next(Told.LONG)] = value;
    }

    @Override
    public void number(double value) {
        doubles[next(Told.DOUBLE)] = value;
    }

    @Override
    public void decimal(BigDecimal value) {
        objects[next(Told.OBJECT)] = value;
    }

    @Override
    public void text(String value) {
        objects[next(Told.OBJECT)] = value;
    }

    @Override
    public void bytes(byte[] value) {
        objects[next(Told.OBJECT)] = value;
    }

    @Override
    public void date(int epochDays) {
        longs[next(Told.LONG)] = epochDays;
    }

    @Override
    public void time(long micros) {
        longs[next(Told.LONG)] = micros;
    }

    @Override
    public void timestamp(long epochMicros) {
        longs[next(Told.LONG)] = epochMicros;
    }

    @Override
    public void uuid(long mostSignificant, long leastSignificant) {
        longs[column] = mostSignificant;
        lowLongs[next(Told.UUID)] = leastSignificant;
    }

    @Override
    public void json(String value) {
        objects[next(Told.OBJECT)] = value;
    }

    @Override
    public void value(@Nullable Object value) {
        if (value == null) {
            nothing();
            return;
        }
        Field field = fields[Math.min(column, fields.length - 1)];
        objects[next(Told.OBJECT)] = RowStager.isTold(field.type()) ? RowStager.json(value) : value;
    }

    private int next(Told how) {
        if (column == fields.length) {
            throw EngineErrors.rowWidth(column + 1, fields.length);
        }
        told[column] = how;
        return column++;
    }

    @Override
    public void dropRow() {
        column = 0;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public void endRow() {
        if (column != fields.length) {
            throw EngineErrors.rowWidth(column, fields.length);
        }
        try {
            DuckDBAppender to = appender();
            to.beginRow();
            for (int i = 0; i < fields.length; i++) {
                append(to, i);
            }
            to.endRow();
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.OURS);
        }
        column = 0;
        rows++;
    }

    /** The appender belongs to the thread that asks for it first. */
    private DuckDBAppender appender() throws SQLException {
        DuckDBAppender known = appender;
        if (known == null) {
            known = connection.createAppender(database, table.schema(), table.table());
            appender = known;
        }
        return known;
    }

    private void append(DuckDBAppender appender, int i) throws SQLException {
        switch (told[i]) {
            case NOTHING -> appender.appendNull();
            case LONG -> appendLong(appender, i, longs[i]);
            case DOUBLE -> {
                if (fields[i].type() == Primitive.FLOAT) {
                    appender.append((float) doubles[i]);
                } else {
                    appender.append(doubles[i]);
                }
            }
            case UUID -> appender.appendUUID(longs[i], lowLongs[i]);
            case OBJECT -> {
                Object value = java.util.Objects.requireNonNull(objects[i]);
                objects[i] = null;
                appendObject(appender, fields[i], value);
            }
        }
    }

    private void appendLong(DuckDBAppender appender, int i, long value) throws SQLException {
        Field field = fields[i];
        if (field.type() instanceof Primitive primitive) {
            switch (primitive) {
                case BOOLEAN -> appender.append(value != 0);
                case INTEGER -> appender.append(Math.toIntExact(value));
                case DATE -> appender.appendEpochDays((int) value);
                case TIME -> appender.appendDayMicros(value);
                case TIMESTAMP, TIMESTAMPTZ -> appender.appendEpochMicros(value);
                case TIMESTAMP_NS -> appender.appendEpochNanos(value * 1000);
                case DOUBLE -> appender.append((double) value);
                case FLOAT -> appender.append((float) value);
                case VARCHAR -> appender.append(Long.toString(value));
                case BIGINT, UUID, BINARY, VARIANT -> appender.append(value);
            }
            return;
        }
        appendObject(appender, field, BigDecimal.valueOf(value));
    }

    private static void appendObject(DuckDBAppender appender, Field field, Object value)
            throws SQLException {
        try {
            if (value instanceof byte[] bytes) {
                appender.append(bytes);
            } else if (value instanceof String text) {
                appender.append(text);
            } else if (field.type() instanceof Type.Decimal decimal
                    && value instanceof BigDecimal number) {
                appender.append(number.setScale(decimal.scale(), RoundingMode.UNNECESSARY));
            } else {
                RowStager.append(appender, field, value);
            }
        } catch (ClassCastException | ArithmeticException e) {
            throw EngineErrors.badValue(field.name(), field.type().sql(), value, e);
        }
    }

    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        try {
            if (appender != null) {
                appender.close();
            }
            connection.commit();
            connection.close();
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.OURS);
        }
    }

    /** The columns of the table that takes what is told: JSON as text. */
    static Schema columnsTold(Schema schema) {
        List<Field> columns =
                schema.fields().stream()
                        .map(f -> RowStager.isTold(f.type()) ? f.withType(Primitive.VARCHAR) : f)
                        .toList();
        return new Schema(columns);
    }
}
