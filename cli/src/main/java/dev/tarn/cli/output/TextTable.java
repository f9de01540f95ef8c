package dev.tarn.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table of texts: columns as wide as their widest value, numbers to the right, and cut with an
 * ellipsis where a terminal is too narrow.
 */
public final class TextTable {
    private static final int NARROWEST = 6;

    private final List<Column> columns;
    private final List<List<@Nullable String>> rows = new ArrayList<>();

    /** One column. */
    public record Column(String header, Align align) {}

    /** Which side of a column its values stand on. */
    public enum Align {
        LEFT,
        RIGHT
    }

    public TextTable(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    /** Adds a row; null is a missing value. */
    public void add(List<? extends @Nullable String> row) {
        List<@Nullable String> safe = new ArrayList<>();
        for (String value : row) {
            safe.add(value == null ? null : Values.oneLine(value));
        }
        rows.add(safe);
    }

    public int size() {
        return rows.size();
    }

    /**
     * With lines around everything, missing values as {@code NULL}.
     *
     * @param limit columns of the terminal; 0 for any width
     */
    public List<String> box(Paint paint, int limit) {
        int[] widths = widths(limit, 3 * columns.size() + 1, Optional.of("NULL"));
        List<String> lines = new ArrayList<>();
        lines.add(paint.dim(border(widths, "┌", "┬", "┐")));
        StringBuilder head = new StringBuilder(paint.dim("│"));
        for (int i = 0; i < columns.size(); i++) {
            String header = padded(columns.get(i).header(), widths[i], columns.get(i).align());
            head.append(' ').append(paint.bold(header)).append(' ').append(paint.dim("│"));
        }
        lines.add(head.toString());
        lines.add(paint.dim(border(widths, "├", "┼", "┤")));
        for (List<@Nullable String> row : rows) {
            StringBuilder line = new StringBuilder(paint.dim("│"));
            for (int i = 0; i < columns.size(); i++) {
                String value = row.get(i);
                String cell =
                        padded(value == null ? "NULL" : value, widths[i], columns.get(i).align());
                line.append(' ')
                        .append(value == null ? paint.dim(cell) : cell)
                        .append(' ')
                        .append(paint.dim("│"));
            }
            lines.add(line.toString());
        }
        lines.add(paint.dim(border(widths, "└", "┴", "┘")));
        return lines;
    }

    /** Headers and values in columns with two spaces between, missing values empty. */
    public List<String> plain(Paint paint, int limit) {
        int[] widths = widths(limit, 2 * (columns.size() - 1), Optional.empty());
        List<String> lines = new ArrayList<>();
        List<String> head = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            head.add(padded(columns.get(i).header(), widths[i], columns.get(i).align()));
        }
        lines.add(paint.bold(String.join("  ", head).stripTrailing()));
        for (List<@Nullable String> row : rows) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                String value = row.get(i);
                cells.add(padded(value == null ? "" : value, widths[i], columns.get(i).align()));
            }
            lines.add(String.join("  ", cells).stripTrailing());
        }
        return lines;
    }

    /** One value a line, for rows wider than a terminal. */
    public List<String> expanded(Paint paint) {
        int width = columns.stream().mapToInt(c -> Width.of(c.header())).max().orElse(0);
        List<String> lines = new ArrayList<>();
        for (int r = 0; r < rows.size(); r++) {
            lines.add(paint.dim("─── row " + (r + 1) + " ───"));
            for (int i = 0; i < columns.size(); i++) {
                String value = rows.get(r).get(i);
                String header = padded(columns.get(i).header(), width, Align.LEFT);
                lines.add(paint.bold(header) + "  " + (value == null ? paint.dim("NULL") : value));
            }
        }
        return lines;
    }

    private int[] widths(int limit, int frame, Optional<String> missing) {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Width.of(columns.get(i).header());
            for (List<@Nullable String> row : rows) {
                String value = row.get(i);
                widths[i] =
                        Math.max(widths[i], Width.of(value == null ? missing.orElse("") : value));
            }
        }
        if (limit > 0) {
            // The first column of a list is what other commands want to be told: it stays whole.
            boolean isList = missing.isEmpty();
            narrow(widths, limit - frame, isList ? 1 : 0);
        }
        return widths;
    }

    /** Takes width from the widest column until all fit or none can give more. */
    private static void narrow(int[] widths, int room, int from) {
        int total = 0;
        for (int width : widths) {
            total += width;
        }
        while (total > room) {
            int widest = from;
            for (int i = from + 1; i < widths.length; i++) {
                if (widths[i] > widths[widest]) {
                    widest = i;
                }
            }
            if (widest >= widths.length || widths[widest] <= NARROWEST) {
                return;
            }
            widths[widest]--;
            total--;
        }
    }

    private static String padded(String text, int width, Align align) {
        String cut = Width.cut(text, width);
        String space = " ".repeat(Math.max(0, width - Width.of(cut)));
        return align == Align.RIGHT ? space + cut : cut + space;
    }

    private static String border(int[] widths, String left, String middle, String right) {
        List<String> parts = new ArrayList<>();
        for (int width : widths) {
            parts.add("─".repeat(width + 2));
        }
        return left + String.join(middle, parts) + right;
    }
}
