package dev.tarn.ingest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Makes the names in a file names of columns: without white space around them, {@code column_N} for
 * empty ones, and {@code _1}, {@code _2}, … behind those that were there before. Case does not
 * distinguish names. The names of the metadata columns are taken.
 */
final class ColumnNames {
    static final String FILE = "_file";
    static final String ROW = "_row";
    static final String INGESTED_AT = "_ingested_at";

    private ColumnNames() {}

    static List<String> of(List<String> header) {
        Set<String> taken = new HashSet<>(Set.of(FILE, ROW, INGESTED_AT));
        List<String> names = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            String base = cleaned(header.get(i));
            String wanted = base.isEmpty() ? "column_" + (i + 1) : base;
            String name = wanted;
            for (int n = 1; !taken.add(name.toLowerCase(Locale.ROOT)); n++) {
                name = wanted + "_" + n;
            }
            names.add(name);
        }
        return List.copyOf(names);
    }

    /** The name of one column, whatever others there are. */
    static String of(String name) {
        return of(List.of(name)).getFirst();
    }

    private static String cleaned(String name) {
        return name.strip().replaceAll("[\\x00-\\x1f]+", " ");
    }
}
