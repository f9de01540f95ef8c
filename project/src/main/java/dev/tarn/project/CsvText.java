package dev.tarn.project;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows written as CSV with a header; an empty value is null. */
final class CsvText {
    private CsvText() {}

    static List<Map<String, @Nullable Object>> rows(String text) {
        List<List<@Nullable String>> lines = lines(text);
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        if (lines.isEmpty()) {
            return rows;
        }
        List<@Nullable String> header = lines.getFirst();
        for (List<@Nullable String> line : lines.subList(1, lines.size())) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            for (int i = 0; i < header.size(); i++) {
                row.put(
                        String.valueOf(header.get(i)).strip(),
                        i < line.size() ? line.get(i) : null);
            }
            rows.add(row);
        }
        return rows;
    }

    private static List<List<@Nullable String>> lines(String text) {
        List<List<@Nullable String>> lines = new ArrayList<>();
        List<@Nullable String> line = new ArrayList<>();
        StringBuilder value = new StringBuilder();
        boolean quoted = false;
        boolean wasQuoted = false;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '\n';
            if (quoted && i < text.length()) {
                if (c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    value.append('"');
                    i++;
                } else if (c == '"') {
                    quoted = false;
                } else {
                    value.append(c);
                }
            } else if (c == '"' && value.toString().isBlank()) {
                value.setLength(0);
                quoted = true;
                wasQuoted = true;
            } else if (c == ',' || c == '\n') {
                String found = wasQuoted ? value.toString() : value.toString().strip();
                line.add(found.isEmpty() && !wasQuoted ? null : found);
                value.setLength(0);
                wasQuoted = false;
                if (c == '\n') {
                    if (line.size() > 1 || line.getFirst() != null) {
                        lines.add(line);
                    }
                    line = new ArrayList<>();
                }
            } else if (c != '\r') {
                value.append(c);
            }
        }
        return lines;
    }
}
