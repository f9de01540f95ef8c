package dev.tarn.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Turns delimited text with a header into JSON objects. A column whose every field is written as a
 * number has numbers, all others texts; an empty field is null, in quotes it is an empty text.
 */
final class CsvPage {
    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9]\\d{0,17})(\\.\\d{1,15})?|true|false");

    private final String text;
    private final char delimiter;
    private int at;

    private CsvPage(String text, char delimiter) {
        this.text = text;
        this.delimiter = delimiter;
    }

    /** A field, and whether it stood in quotes. */
    private record Field(String text, boolean quoted) {
        boolean isNull() {
            return text.isEmpty() && !quoted;
        }

        boolean isPlain() {
            return isNull() || (!quoted && NUMBER.matcher(text).matches());
        }
    }

    /**
     * The rows as objects.
     *
     * @param delimiter 0 for whichever of comma, semicolon, tab and pipe the header has most
     */
    static List<Line> read(String text, char delimiter) {
        String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
        CsvPage page = new CsvPage(body, delimiter == 0 ? guessed(body) : delimiter);
        List<List<Field>> rows = new ArrayList<>();
        while (page.at < body.length()) {
            List<Field> row = page.row();
            if (row.size() > 1 || !row.getFirst().isNull()) {
                rows.add(row);
            }
        }
        return rows.isEmpty() ? List.of() : objects(rows);
    }

    /**
     * A row.
     *
     * @param object as JSON
     * @param problem why it is none; empty if it is one
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    record Line(byte[] object, String problem) {}

    private static List<Line> objects(List<List<Field>> rows) {
        List<String> names = rows.getFirst().stream().map(f -> f.text().strip()).toList();
        boolean[] plain = new boolean[names.size()];
        for (int c = 0; c < plain.length; c++) {
            int column = c;
            plain[c] =
                    rows.stream()
                            .skip(1)
                            .filter(r -> r.size() == names.size())
                            .allMatch(r -> r.get(column).isPlain());
        }
        List<Line> records = new ArrayList<>();
        for (List<Field> row : rows.subList(1, rows.size())) {
            String problem =
                    row.size() == names.size()
                            ? ""
                            : "has %d fields, and the header has %d"
                                    .formatted(row.size(), names.size());
            StringBuilder json = new StringBuilder("{");
            for (int c = 0; c < Math.min(names.size(), row.size()); c++) {
                Field field = row.get(c);
                String name = names.get(c).isEmpty() ? "column_" + (c + 1) : names.get(c);
                json.append(c == 0 ? "" : ",").append(Quoted.json(name)).append(':');
                json.append(
                        field.isNull()
                                ? "null"
                                : plain[c] ? field.text() : Quoted.json(field.text()));
            }
            records.add(
                    new Line(
                            json.append('}').toString().getBytes(StandardCharsets.UTF_8), problem));
        }
        return records;
    }

    private static char guessed(String text) {
        String header = text.lines().findFirst().orElse("");
        char best = ',';
        long most = 0;
        for (char c : new char[] {',', ';', '\t', '|'}) {
            long count = header.chars().filter(x -> x == c).count();
            if (count > most) {
                best = c;
                most = count;
            }
        }
        return best;
    }

    private List<Field> row() {
        List<Field> row = new ArrayList<>();
        while (true) {
            row.add(field());
            if (at >= text.length()) {
                return row;
            }
            char c = text.charAt(at++);
            if (c != delimiter) {
                if (c == '\r' && at < text.length() && text.charAt(at) == '\n') {
                    at++;
                }
                return row;
            }
        }
    }

    private Field field() {
        if (at >= text.length() || text.charAt(at) != '"') {
            int from = at;
            while (at < text.length() && !isEnd(text.charAt(at))) {
                at++;
            }
            return new Field(text.substring(from, at), false);
        }
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                if (at < text.length() && text.charAt(at) == '"') {
                    at++;
                } else {
                    break;
                }
            }
            value.append(c);
        }
        while (at < text.length() && !isEnd(text.charAt(at))) {
            value.append(text.charAt(at++));
        }
        return new Field(value.toString(), true);
    }

    private boolean isEnd(char c) {
        return c == delimiter || c == '\n' || c == '\r';
    }
}
