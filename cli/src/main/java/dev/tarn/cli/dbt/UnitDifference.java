package dev.tarn.cli.dbt;

import dev.tarn.cli.output.Values;
import dev.tarn.run.RunReport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows in which a unit test's model and what was expected differ, as users of dbt know them:
 * {@code +++} before what the model gave, {@code ---} before what it should have given.
 */
final class UnitDifference {
    private static final int MARK = 3;

    private UnitDifference() {}

    /**
     * @param finding its first column says where a row is missing
     */
    static String of(RunReport.Finding finding) {
        List<List<String>> lines = new ArrayList<>();
        List<String> head = new ArrayList<>(finding.columns());
        head.set(0, "@@ ");
        lines.add(head);
        for (List<@Nullable Object> row : finding.rows()) {
            List<String> line = new ArrayList<>();
            for (Object value : row) {
                line.add(value == null ? "NULL" : Values.text(value));
            }
            line.set(0, line.getFirst().startsWith("expected") ? "---" : "+++");
            lines.add(line);
        }
        if (finding.verdict().failures() > finding.rows().size()) {
            lines.add(List.of("...", "..."));
        }
        StringBuilder text = new StringBuilder("actual differs from expected:\n");
        lines.forEach(line -> text.append('\n').append(padded(line, lines)));
        return text.toString();
    }

    private static String padded(List<String> line, List<List<String>> all) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < line.size(); i++) {
            int column = i;
            int width =
                    all.stream()
                            .filter(l -> l.size() > column)
                            .mapToInt(l -> l.get(column).length())
                            .max()
                            .orElse(MARK);
            boolean last = i == line.size() - 1;
            text.append(i > 0 ? "," : "").append(line.get(i));
            text.append(" ".repeat(last ? 0 : width - line.get(i).length()));
        }
        return text.toString();
    }
}
