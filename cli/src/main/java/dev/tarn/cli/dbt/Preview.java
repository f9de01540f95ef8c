package dev.tarn.cli.dbt;

import dev.tarn.cli.output.Values;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows as dbt shows them: texts begin at the left, all that is counted or compared ends right. */
final class Preview {
    private final List<Boolean> toTheRight;
    private final List<List<String>> lines = new ArrayList<>();

    Preview(Schema schema, List<List<@Nullable Object>> rows) {
        toTheRight = schema.fields().stream().map(Preview::isToTheRight).toList();
        lines.add(schema.names());
        rows.forEach(r -> lines.add(r.stream().map(Preview::cell).toList()));
    }

    private static boolean isToTheRight(Field field) {
        return switch (field.type()) {
            case Type.Decimal d -> true;
            case Type.Primitive p ->
                    switch (p) {
                        case VARCHAR, UUID, BINARY, VARIANT -> false;
                        default -> true;
                    };
            default -> false;
        };
    }

    private static String cell(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Boolean flag -> flag ? "True" : "False";
            default -> Values.oneLine(Values.text(value));
        };
    }

    String text() {
        int[] widths = new int[toTheRight.size()];
        lines.forEach(line -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        });
        StringBuilder text = new StringBuilder();
        for (int r = 0; r < lines.size(); r++) {
            text.append(line(lines.get(r), widths));
            if (r == 0) {
                List<String> rule = new ArrayList<>();
                for (int width : widths) {
                    rule.add("-".repeat(width));
                }
                text.append(line(rule, widths));
            }
        }
        return text.toString();
    }

    private String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < widths.length; i++) {
            String room = " ".repeat(widths[i] - cells.get(i).length());
            line.append(' ')
                    .append(toTheRight.get(i) ? room + cells.get(i) : cells.get(i) + room)
                    .append(" |");
        }
        return line.append('\n').toString();
    }
}
