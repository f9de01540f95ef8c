package dev.tarn.duckdb;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table that a statement names and that is none of its own common table expressions.
 *
 * @param path the parts of its name as written, without quotes
 * @param position bytes before the name in the statement, -1 when unknown
 */
record TableReference(List<String> path, int position) {
    private static final Pattern PART = Pattern.compile("\"((?:[^\"]++|\"\")*+)\"|[^\".\\s]+");

    TableReference {
        path = List.copyOf(path);
    }

    /** Takes a dotted name apart, quotes and all. */
    static TableReference parse(String written, int position) {
        List<String> parts = new ArrayList<>();
        Matcher matcher = PART.matcher(written);
        while (matcher.find()) {
            String quoted = matcher.group(1);
            parts.add(quoted == null ? matcher.group() : quoted.replace("\"\"", "\""));
        }
        return new TableReference(parts, position);
    }

    String table() {
        return path.getLast();
    }

    boolean qualified() {
        return path.size() > 1;
    }

    String schema() {
        return path.get(path.size() - 2);
    }
}
