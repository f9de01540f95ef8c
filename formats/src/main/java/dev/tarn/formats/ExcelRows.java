package dev.tarn.formats;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.RowReaders.RowReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellType;
import org.dhatim.fastexcel.reader.ExcelReaderException;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.ReadingOptions;
import org.dhatim.fastexcel.reader.Row;
import org.dhatim.fastexcel.reader.Sheet;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one sheet of a workbook, the first row naming the columns. A column's type is what
 * all its cells have: true or false, whole numbers, numbers, dates, or text for a mixture. Empty
 * rows are passed over.
 */
final class ExcelRows implements RowReader {
    private final Path file;
    private final ReadableWorkbook workbook;
    private final Stream<Row> stream;
    private final Iterator<Row> rows;
    private final Schema schema;

    private ExcelRows(Path file, ReadableWorkbook workbook, Stream<Row> stream, Schema schema) {
        this.file = file;
        this.workbook = workbook;
        this.stream = stream;
        this.rows = stream.iterator();
        this.schema = schema;
        if (rows.hasNext()) {
            rows.next();
        }
    }

    static ExcelRows open(Path file, Map<String, String> options) {
        Schema schema = schema(file, options);
        try {
            ReadableWorkbook workbook = workbook(file);
            return new ExcelRows(
                    file, workbook, sheet(file, workbook, options).openStream(), schema);
        } catch (IOException | ExcelReaderException e) {
            throw FormatErrors.corrupt(file, "Excel", e);
        }
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public @Nullable List<@Nullable Object> next() {
        try {
            while (rows.hasNext()) {
                Row row = rows.next();
                if (row.stream().anyMatch(c -> kind(c) != null)) {
                    return values(row);
                }
            }
            return null;
        } catch (ExcelReaderException e) {
            throw FormatErrors.corrupt(file, "Excel", e);
        }
    }

    @Override
    public void close() {
        try {
            stream.close();
            workbook.close();
        } catch (IOException e) {
            throw FormatErrors.corrupt(file, "Excel", e);
        }
    }

    private List<@Nullable Object> values(Row row) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < schema.fields().size(); i++) {
            Cell cell = cell(row, i);
            values.add(cell == null ? null : value(cell, schema.fields().get(i).type()));
        }
        return values;
    }

    private static @Nullable Cell cell(Row row, int index) {
        return index < row.getCellCount() ? row.getCell(index) : null;
    }

    private static ReadableWorkbook workbook(Path file) throws IOException {
        return new ReadableWorkbook(file.toFile(), new ReadingOptions(true, false));
    }

    private static Sheet sheet(Path file, ReadableWorkbook workbook, Map<String, String> options) {
        String wanted = options.get("sheet");
        if (wanted == null) {
            return workbook.getFirstSheet();
        }
        return workbook.findSheet(wanted)
                .orElseThrow(() ->
                        FormatErrors.noSheet(
                                file, wanted, workbook.getSheets().map(Sheet::getName).toList()));
    }

    private static Schema schema(Path file, Map<String, String> options) {
        try (ReadableWorkbook workbook = workbook(file);
                Stream<Row> rows = sheet(file, workbook, options).openStream()) {
            Iterator<Row> all = rows.iterator();
            if (!all.hasNext()) {
                return new Schema(List.of());
            }
            Row header = all.next();
            List<@Nullable Type> types = new ArrayList<>();
            for (int i = 0; i < header.getCellCount(); i++) {
                types.add(null);
            }
            while (all.hasNext()) {
                Row row = all.next();
                for (int i = 0; i < types.size(); i++) {
                    types.set(i, union(types.get(i), kind(cell(row, i))));
                }
            }
            List<Field> fields = new ArrayList<>();
            for (int i = 0; i < types.size(); i++) {
                Type type = types.get(i);
                Cell cell = cell(header, i);
                fields.add(
                        Field.of(
                                cell == null ? "" : text(cell),
                                type == null ? Primitive.VARCHAR : type));
            }
            return new Schema(fields);
        } catch (IOException | ExcelReaderException e) {
            throw FormatErrors.corrupt(file, "Excel", e);
        }
    }

    private static @Nullable Type union(@Nullable Type left, @Nullable Type right) {
        if (left == null || right == null || left.equals(right)) {
            return left == null ? right : left;
        }
        boolean numbers =
                (left == Primitive.BIGINT || left == Primitive.DOUBLE)
                        && (right == Primitive.BIGINT || right == Primitive.DOUBLE);
        return numbers ? Primitive.DOUBLE : Primitive.VARCHAR;
    }

    /** The type of a cell's value; null for nothing. */
    private static @Nullable Type kind(@Nullable Cell cell) {
        if (cell == null || cell.getType() == CellType.EMPTY || text(cell).isEmpty()) {
            return null;
        }
        return switch (cell.getType()) {
            case BOOLEAN -> Primitive.BOOLEAN;
            case NUMBER -> isDate(cell) ? Primitive.TIMESTAMP : number(cell);
            default -> Primitive.VARCHAR;
        };
    }

    private static Type number(Cell cell) {
        BigDecimal value = cell.asNumber();
        boolean whole = value.stripTrailingZeros().scale() <= 0 && value.precision() <= 18;
        return whole ? Primitive.BIGINT : Primitive.DOUBLE;
    }

    private static boolean isDate(Cell cell) {
        String format = cell.getDataFormatString();
        return format != null
                && format.replaceAll("\"[^\"]*\"|\\[[^\\]]*\\]", "").matches(".*[ymdhs].*")
                && !format.equalsIgnoreCase("general");
    }

    private static String text(Cell cell) {
        String text = cell.getText();
        return text == null ? "" : text;
    }

    private static @Nullable Object value(Cell cell, Type type) {
        if (kind(cell) == null) {
            return null;
        }
        if (type == Primitive.BOOLEAN) {
            return cell.asBoolean();
        }
        if (type == Primitive.BIGINT) {
            return cell.asNumber().longValueExact();
        }
        if (type == Primitive.DOUBLE) {
            return cell.asNumber().doubleValue();
        }
        return type == Primitive.TIMESTAMP ? cell.asDate() : text(cell);
    }
}
