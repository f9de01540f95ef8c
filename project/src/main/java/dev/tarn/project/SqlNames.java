package dev.tarn.project;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** How names are written in SQL. */
final class SqlNames {
    private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");

    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*");

    /** Reserved words that can name a column all the same. */
    private static final Set<String> COLUMNS =
            Set.of("generated", "grant", "map", "row", "struct", "try_cast", "values");

    /** Words of the house dialect that cannot name a table without quotes. */
    private static final Set<String> RESERVED =
            Set.of(
                    ("all analyse analyze and anti any array as asc asof asymmetric authorization"
                                    + " binary both case cast check collate collation column concurrently"
                                    + " constraint create cross default deferrable desc describe distinct"
                                    + " do else end except false fetch for foreign freeze from full"
                                    + " generated glob grant group having ilike in initially inner"
                                    + " intersect into is isnull join lambda lateral leading left like"
                                    + " limit map natural not notnull null offset on only or order outer"
                                    + " overlaps pivot pivot_longer pivot_wider placing positional primary"
                                    + " qualify references returning right select semi show similar some"
                                    + " struct summarize symmetric table tablesample then to trailing true"
                                    + " try_cast union unique unpack unpivot using variadic verbose when"
                                    + " where window with at values row")
                            .split(" "));

    private SqlNames() {}

    /** The name, in quotes when it needs them. */
    static String quoted(String name) {
        return PLAIN.matcher(name).matches() && !RESERVED.contains(name) ? name : always(name);
    }

    /** Whether a column cannot have the name without quotes, in whatever case it is written. */
    static boolean needsQuotes(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !NAME.matcher(name).matches()
                || lower.equals("by")
                || (RESERVED.contains(lower) && !COLUMNS.contains(lower));
    }

    /** The name in quotes. */
    static String always(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
