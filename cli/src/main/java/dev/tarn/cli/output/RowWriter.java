package dev.tarn.cli.output;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.spi.QueryResult;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes all rows of a result in a format, holding one row at a time; returns how many. */
public final class RowWriter {
    private RowWriter() {}

    /** RFC 4180 with line feeds: a header, nulls as nothing, empty texts as {@code ""}. */
    public static long csv(QueryResult result, OutputStream out) throws IOException {
        Writer writer =
                new OutputStreamWriter(new BufferedOutputStream(out), StandardCharsets.UTF_8);
        List<Field> fields = result.schema().fields();
        for (int i = 0; i < fields.size(); i++) {
            writer.append(i == 0 ? "" : ",").append(quoted(fields.get(i).name()));
        }
        writer.append('\n');
        long rows = 0;
        while (result.next()) {
            for (int i = 0; i < fields.size(); i++) {
                Object value = result.value(i);
                writer.append(i == 0 ? "" : ",")
                        .append(value == null ? "" : quoted(Values.text(value)));
            }
            writer.append('\n');
            rows++;
        }
        writer.flush();
        return rows;
    }

    /** One array of objects, one object a line. */
    public static long json(QueryResult result, OutputStream out) throws IOException {
        return objects(result, out, "[\n", ",\n", "\n]\n", "[]\n");
    }

    /** One object a line. */
    public static long ndjson(QueryResult result, OutputStream out) throws IOException {
        return objects(result, out, "", "\n", "\n", "");
    }

    /** A table for people. Rows that are not shown are counted. */
    public static long table(QueryResult result, OutputStream out, TableStyle style) {
        PrintStream print = new PrintStream(out, false, StandardCharsets.UTF_8);
        TextTable table =
                new TextTable(
                        result.schema().fields().stream()
                                .map(f -> new TextTable.Column(f.name(), align(f.type())))
                                .toList());
        long rows = 0;
        while (result.next()) {
            rows++;
            if (rows <= style.shown()) {
                List<@Nullable String> row = new ArrayList<>();
                for (Object value : result.row()) {
                    row.add(value == null ? null : Values.text(value));
                }
                table.add(row);
            }
        }
        Paint paint = style.paint();
        List<String> lines =
                style.expanded() ? table.expanded(paint) : table.box(paint, style.columns());
        lines.forEach(print::println);
        String count = Amounts.count(rows, "row", "rows");
        long hidden = rows - style.shown();
        print.println(
                paint.dim(hidden > 0 ? count + ", … " + Amounts.count(hidden) + " more" : count));
        print.flush();
        return rows;
    }

    /**
     * How a table for people looks.
     *
     * @param shown rows at most
     * @param columns of the terminal; 0 for any width
     * @param expanded one value a line
     */
    public record TableStyle(Paint paint, long shown, int columns, boolean expanded) {}

    private static long objects(
            QueryResult result,
            OutputStream out,
            String start,
            String between,
            String end,
            String none)
            throws IOException {
        OutputStream buffered = new BufferedOutputStream(out);
        List<Field> fields = result.schema().fields();
        long rows = 0;
        try (JsonGenerator json = Json.generator(buffered)) {
            json.setRootValueSeparator(null);
            while (result.next()) {
                json.writeRaw(rows == 0 ? start : between);
                json.writeStartObject();
                for (int i = 0; i < fields.size(); i++) {
                    json.writeFieldName(fields.get(i).name());
                    Json.write(json, result.value(i));
                }
                json.writeEndObject();
                rows++;
            }
            json.writeRaw(rows == 0 ? none : end);
        }
        buffered.flush();
        return rows;
    }

    private static TextTable.Align align(Type type) {
        return switch (type) {
            case Type.Primitive p ->
                    switch (p) {
                        case INTEGER, BIGINT, FLOAT, DOUBLE -> TextTable.Align.RIGHT;
                        case BOOLEAN,
                                DATE,
                                TIME,
                                TIMESTAMP,
                                TIMESTAMPTZ,
                                TIMESTAMP_NS,
                                VARCHAR,
                                UUID,
                                BINARY,
                                VARIANT ->
                                TextTable.Align.LEFT;
                    };
            case Type.Decimal d -> TextTable.Align.RIGHT;
            case Type.Struct s -> TextTable.Align.LEFT;
            case Type.ListOf l -> TextTable.Align.LEFT;
            case Type.MapOf m -> TextTable.Align.LEFT;
        };
    }

    private static String quoted(String text) {
        boolean plain =
                !text.isEmpty()
                        && text.chars()
                                .noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                        && text.charAt(0) != ' '
                        && text.charAt(text.length() - 1) != ' ';
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
