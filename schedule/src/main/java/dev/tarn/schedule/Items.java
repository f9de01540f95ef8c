package dev.tarn.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lists of texts as a JSON array or, where people write them, a line each. */
final class Items {
    private final String text;
    private int at;

    private Items(String text) {
        this.text = text;
    }

    /**
     * What a text lists. Values of an array that are no texts are given as they are written.
     *
     * @throws dev.tarn.model.TarnException {@code TEMPLATE_FAILED} for an array that has no end
     */
    static List<String> parse(String text) {
        return text.stripLeading().startsWith("[")
                ? new Items(text.strip()).array()
                : text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
    }

    static String write(List<String> items) {
        StringBuilder out = new StringBuilder("[");
        for (String item : items) {
            out.append(out.length() == 1 ? "\"" : ",\"");
            for (int i = 0; i < item.length(); i++) {
                char c = item.charAt(i);
                switch (c) {
                    case '"', '\\' -> out.append('\\').append(c);
                    case '\n' -> out.append("\\n");
                    default -> {
                        if (c < ' ') {
                            out.append("\\u%04x".formatted((int) c));
                        } else {
                            out.append(c);
                        }
                    }
                }
            }
            out.append('"');
        }
        return out.append(']').toString();
    }

    private List<String> array() {
        List<String> items = new ArrayList<>();
        at = 1;
        skip();
        while (peek() != ']') {
            items.add(peek() == '"' || peek() == '\'' ? string() : raw());
            skip();
            if (peek() == ',') {
                at++;
                skip();
            } else if (peek() != ']') {
                throw ScheduleErrors.notList(text);
            }
        }
        at++;
        skip();
        if (at < text.length()) {
            throw ScheduleErrors.notList(text);
        }
        return items;
    }

    private char peek() {
        if (at >= text.length()) {
            throw ScheduleErrors.notList(text);
        }
        return text.charAt(at);
    }

    private void skip() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    /** Also in single quotes: so templates write lists. */
    private String string() {
        char quote = text.charAt(at++);
        StringBuilder out = new StringBuilder();
        while (peek() != quote) {
            char c = text.charAt(at++);
            if (c == '\\') {
                char escaped = peek();
                at++;
                out.append(escaped(escaped));
            } else {
                out.append(c);
            }
        }
        at++;
        return out.toString();
    }

    private char escaped(char c) {
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                Optional<Integer> code =
                        at + 4 <= text.length()
                                ? hex(text.substring(at, at + 4))
                                : Optional.empty();
                at += 4;
                yield (char) (int) code.orElseThrow(() -> ScheduleErrors.notList(text));
            }
            default -> c;
        };
    }

    private static Optional<Integer> hex(String digits) {
        return digits.matches("[0-9a-fA-F]{4}")
                ? Optional.of(Integer.parseInt(digits, 16))
                : Optional.empty();
    }

    /** A number, a word, or an array or object with all that is in it. */
    private String raw() {
        int from = at;
        int depth = 0;
        boolean quoted = false;
        while (true) {
            char c = peek();
            if (quoted) {
                at += c == '\\' ? 1 : 0;
                quoted = c != '"';
            } else if (c == '"') {
                quoted = true;
            } else if (c == '[' || c == '{') {
                depth++;
            } else if (depth > 0 && (c == ']' || c == '}')) {
                depth--;
            } else if (depth == 0 && (c == ',' || c == ']')) {
                String value = text.substring(from, at).strip();
                if (value.isEmpty()) {
                    throw ScheduleErrors.notList(text);
                }
                return value;
            }
            at++;
        }
    }
}
