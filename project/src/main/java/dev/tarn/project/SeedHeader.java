package dev.tarn.project;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The columns that a seed's first line names. */
record SeedHeader(List<String> columns) {
    private static final int LETTERS = 26;
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
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
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
        return new SeedHeader(distinct(columns));
    }

    /** As dbt names columns without a name, by letters, and those of a name that is taken. */
    private static List<String> distinct(List<String> said) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < said.size(); i++) {
            String letter = String.valueOf((char) ('a' + i % LETTERS)).repeat(i / LETTERS + 1);
            String wanted = said.get(i).isEmpty() ? letter : said.get(i);
            String name = wanted;
            for (int n = 2; names.contains(name); n++) {
                name = wanted + "_" + n;
            }
            names.add(name);
        }
        return List.copyOf(names);
    }

    /** The first name that is no name unless it is in quotes. */
    Optional<String> odd() {
        return columns.stream().filter(SqlNames::needsQuotes).findFirst();
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
