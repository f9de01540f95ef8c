package dev.tarn.project;

import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.SortField;
import dev.tarn.model.table.Transform;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how a project writes partitions ({@code day(ordered_at)}) and sort orders. */
final class TableLayout {
    private static final String COLUMN = "([A-Za-z_][A-Za-z0-9_.]*|\"[^\"]+\")";
    private static final Pattern PLAIN = Pattern.compile("\\s*" + COLUMN + "\\s*");
    private static final Pattern UNARY =
            Pattern.compile("\\s*([A-Za-z]+)\\s*\\(\\s*" + COLUMN + "\\s*\\)\\s*");
    private static final Pattern NUMBER_FIRST =
            Pattern.compile(
                    "\\s*([A-Za-z]+)\\s*\\(\\s*(\\d{1,9})\\s*,\\s*" + COLUMN + "\\s*\\)\\s*");
    private static final Pattern NUMBER_LAST =
            Pattern.compile(
                    "\\s*([A-Za-z]+)\\s*\\(\\s*" + COLUMN + "\\s*,\\s*(\\d{1,9})\\s*\\)\\s*");
    private static final Pattern SORT =
            Pattern.compile(
                    "\\s*" + COLUMN + "(?:\\s+(asc|desc))?(?:\\s+nulls\\s+(first|last))?\\s*",
                    Pattern.CASE_INSENSITIVE);

    private TableLayout() {}

    /** A column, or {@code year|month|day|hour(column)}, {@code bucket|truncate(n, column)}. */
    static Optional<PartitionField> partition(String text) {
        Matcher plain = PLAIN.matcher(text);
        if (plain.matches()) {
            return Optional.of(PartitionField.of(name(plain.group(1)), new Transform.Identity()));
        }
        Matcher unary = UNARY.matcher(text);
        if (unary.matches()) {
            return unary(unary.group(1)).map(t -> PartitionField.of(name(unary.group(2)), t));
        }
        Matcher first = NUMBER_FIRST.matcher(text);
        if (first.matches()) {
            return numbered(first.group(1), first.group(2))
                    .map(t -> PartitionField.of(name(first.group(3)), t));
        }
        Matcher last = NUMBER_LAST.matcher(text);
        if (last.matches()) {
            return numbered(last.group(1), last.group(3))
                    .map(t -> PartitionField.of(name(last.group(2)), t));
        }
        return Optional.empty();
    }

    /** {@code column [asc|desc] [nulls first|last]}; nulls come last unless it is said. */
    static Optional<SortField> sort(String text) {
        Matcher m = SORT.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                new SortField(
                        name(m.group(1)),
                        new Transform.Identity(),
                        "desc".equalsIgnoreCase(m.group(2)),
                        "first".equalsIgnoreCase(m.group(3))));
    }

    private static Optional<Transform> unary(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "identity" -> Optional.of(new Transform.Identity());
            case "year", "years" -> Optional.of(new Transform.Year());
            case "month", "months" -> Optional.of(new Transform.Month());
            case "day", "days" -> Optional.of(new Transform.Day());
            case "hour", "hours" -> Optional.of(new Transform.Hour());
            default -> Optional.empty();
        };
    }

    private static Optional<Transform> numbered(String word, String number) {
        int n = Integer.parseInt(number);
        if (n == 0) {
            return Optional.empty();
        }
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "bucket" -> Optional.of(new Transform.Bucket(n));
            case "truncate" -> Optional.of(new Transform.Truncate(n));
            default -> Optional.empty();
        };
    }

    private static String name(String column) {
        return column.startsWith("\"") ? column.substring(1, column.length() - 1) : column;
    }
}
