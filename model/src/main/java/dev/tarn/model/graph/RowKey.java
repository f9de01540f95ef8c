package dev.tarn.model.graph;

import dev.tarn.model.Place;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * By what a new row finds the old ones it takes the place of.
 *
 * @param parts columns that both have or, where one stands alone, an expression over those of each
 * @param written where the project says so
 */
public record RowKey(List<String> parts, Optional<Place> written) {
    private static final Pattern COLUMN = Pattern.compile("\\w+|\"((?:[^\"]++|\"\")++)\"");

    public static final RowKey NONE = new RowKey(List.of(), Optional.empty());

    public RowKey {
        parts = List.copyOf(parts);
    }

    public static RowKey of(String... columns) {
        return new RowKey(List.of(columns), Optional.empty());
    }

    public boolean isEmpty() {
        return parts.isEmpty();
    }

    /** The column that a part is; empty for an expression. */
    public static Optional<String> column(String part) {
        Matcher matcher = COLUMN.matcher(part.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                matcher.group(1) == null ? part.strip() : matcher.group(1).replace("\"\"", "\""));
    }
}
