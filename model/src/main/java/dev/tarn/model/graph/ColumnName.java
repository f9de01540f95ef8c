package dev.tarn.model.graph;

import dev.tarn.model.TableName;
import java.util.Comparator;
import java.util.Locale;

/** A column of a table or view. Case does not distinguish names, so they are in lower case. */
public record ColumnName(TableName table, String column) implements Comparable<ColumnName> {
    private static final Comparator<ColumnName> ORDER =
            Comparator.comparing(ColumnName::table).thenComparing(ColumnName::column);

    public ColumnName {
        column = column.toLowerCase(Locale.ROOT);
    }

    @Override
    public int compareTo(ColumnName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return table + "." + column;
    }
}
