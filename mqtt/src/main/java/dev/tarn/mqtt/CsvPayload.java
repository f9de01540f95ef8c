package dev.tarn.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The lines of a message as JSON objects. What is written as a number is one, an empty field is
 * null, and in quotes it is a text.
 */
final class CsvPayload {
    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9]\\d{0,17})(\\.\\d{1,15})?|true|false");

    private final String text;
    private final char delimiter;
    private int at;

    private CsvPayload(String text, char delimiter) {
        this.text = text;
        this.delimiter = delimiter;
    }

    /**
     * A line.
     *
     * @param object as JSON
     * @param problem why it is none; empty if it is one
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    record Line(byte[] object, String problem) {}

    private record Field(String text, boolean quoted) {
        String json() {
            if (!quoted && text.isEmpty()) {
                return "null";
            }
            return !quoted && NUMBER.matcher(text).matches() ? text : Texts.quoted(text);
        }
    }

    static List<Line> read(MqttSettings settings, byte[] payload) {
        String text = new String(payload, StandardCharsets.UTF_8);
        CsvPayload csv =
                new CsvPayload(
                        text.startsWith("\uFEFF") ? text.substring(1) : text, settings.delimiter());
        List<String> names = settings.names();
        List<Line> lines = new ArrayList<>();
        while (csv.at < csv.text.length()) {
            List<Field> fields = csv.line();
            if (fields.size() == 1 && fields.getFirst().text().isEmpty()) {
                continue;
            }
            if (names.isEmpty()) {
                names = fields.stream().map(f -> f.text().strip()).toList();
            } else {
                lines.add(object(names, fields));
            }
        }
        return lines;
    }

    private static Line object(List<String> names, List<Field> fields) {
        if (fields.size() != names.size()) {
            return new Line(
                    new byte[0],
                    "a line has %d fields, and there are %d columns"
                            .formatted(fields.size(), names.size()));
        }
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i).isEmpty() ? "column_" + (i + 1) : names.get(i);
            json.append(i == 0 ? "" : ",").append(Texts.quoted(name)).append(':');
            json.append(fields.get(i).json());
        }
        return new Line(json.append('}').toString().getBytes(StandardCharsets.UTF_8), "");
    }

    private List<Field> line() {
        List<Field> fields = new ArrayList<>();
        while (true) {
            fields.add(field());
            if (at >= text.length()) {
                return fields;
            }
            char c = text.charAt(at++);
            if (c != delimiter) {
                if (c == '\r' && at < text.length() && text.charAt(at) == '\n') {
                    at++;
                }
                return fields;
            }
        }
    }

    private Field field() {
        if (at >= text.length() || text.charAt(at) != '"') {
            int from = at;
            while (at < text.length() && !isEnd(text.charAt(at))) {
                at++;
            }
            return new Field(text.substring(from, at).strip(), false);
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
