package dev.tarn.jdbc;

import dev.tarn.jdbc.Column.Form;
import dev.tarn.jdbc.Dialect.Reading;
import dev.tarn.spi.RowSink;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Tells the rows of a result set whose values are texts, as {@link TextValues} reads them. */
final class TextRows {
    private final Reading reading;
    private final ResultSet rows;
    private long bytes;

    TextRows(Reading reading, ResultSet rows) {
        this.reading = reading;
        this.rows = rows;
    }

    /** Returns about how many bytes came. */
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
                value(sink, column, i + 1);
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

    private void value(RowSink sink, Column column, int index) throws SQLException {
        if (column.form() == Form.BYTES) {
            byte[] value = rows.getBytes(index);
            if (value == null) {
                sink.nothing();
            } else {
                bytes += value.length;
                sink.bytes(value);
            }
            return;
        }
        String text = rows.getString(index);
        if (text == null) {
            sink.nothing();
            return;
        }
        bytes += text.length();
        if (column.form() == Form.TEXT) {
            sink.text(text);
        } else {
            TextValues.tell(column, text, sink);
        }
    }

    private String shown() throws SQLException {
        JsonRow row = new JsonRow();
        for (int i = 0; i < reading.columns().size(); i++) {
            Column column = reading.columns().get(i);
            row.name(column.name());
            row.value(shown(column, i + 1));
        }
        return row.toString();
    }

    private @Nullable String shown(Column column, int index) throws SQLException {
        if (column.form() != Form.BYTES) {
            return rows.getString(index);
        }
        byte[] value = rows.getBytes(index);
        return value == null ? null : new String(value, StandardCharsets.ISO_8859_1);
    }
}
