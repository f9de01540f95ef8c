package dev.tarn.project;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The columns that a seed's first line names. */
record SeedHeader(List<String> columns) {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    static SeedHeader of(byte[] file, char delimiter) {
        int end = 0;
        while (end < file.length && file[end] != '\n' && file[end] != '\r') {
            end++;
        }
        String line = new String(file, 0, end, StandardCharsets.UTF_8);
        List<String> columns = new ArrayList<>();
        StringBuilder column = new StringBuilder();
        boolean quoted = false;
        for (char c : line.toCharArray()) {
            if (c == '"') {
                quoted = !quoted;
            } else if (c == delimiter && !quoted) {
                columns.add(column.toString().strip());
                column.setLength(0);
            } else if (c != BYTE_ORDER_MARK) {
                column.append(c);
            }
        }
        columns.add(column.toString().strip());
        return new SeedHeader(List.copyOf(columns));
    }

    /** The types of columns that are there, under the names they have there. */
    Map<String, String> only(Map<String, String> types) {
        Map<String, String> kept = new LinkedHashMap<>();
        types.forEach((name, type) ->
                columns.stream()
                        .filter(c -> c.equalsIgnoreCase(name))
                        .findFirst()
                        .ifPresent(c -> kept.put(c, type)));
        return kept;
    }
}
