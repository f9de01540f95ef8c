package dev.tarn.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the JSON of case files into the values of templates. */
final class JsonReader {
    private final String text;
    private int position;

    JsonReader(String text) {
        this.text = text;
    }

    @Nullable Object read() {
        blanks();
        return switch (text.charAt(position)) {
            case '{' -> object();
            case '[' -> list();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private void blanks() {
        while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
    }

    private boolean skip(char wanted) {
        blanks();
        boolean found = text.charAt(position) == wanted;
        if (found) {
            position++;
        }
        return found;
    }

    private @Nullable Object word(String word, @Nullable Object value) {
        position += word.length();
        return value;
    }

    private Map<String, Object> object() {
        Map<String, Object> object = new LinkedHashMap<>();
        position++;
        while (!skip('}')) {
            blanks();
            String key = string();
            skip(':');
            object.put(key, read());
            skip(',');
        }
        return object;
    }

    private List<Object> list() {
        List<Object> list = new ArrayList<>();
        position++;
        while (!skip(']')) {
            list.add(read());
            skip(',');
        }
        return list;
    }

    private Object number() {
        int start = position;
        while (position < text.length() && "+-.eE0123456789".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
        String digits = text.substring(start, position);
        return digits.matches("-?\\d+")
                ? Numbers.normal(new BigInteger(digits))
                : (Object) Double.valueOf(digits);
    }

    private String string() {
        StringBuilder value = new StringBuilder();
        position++;
        while (text.charAt(position) != '"') {
            char c = text.charAt(position++);
            if (c != '\\') {
                value.append(c);
                continue;
            }
            char escaped = text.charAt(position++);
            switch (escaped) {
                case 'n' -> value.append('\n');
                case 't' -> value.append('\t');
                case 'r' -> value.append('\r');
                case 'b' -> value.append('\b');
                case 'f' -> value.append('\f');
                case 'u' -> {
                    value.append((char) Integer.parseInt(text, position, position + 4, 16));
                    position += 4;
                }
                default -> value.append(escaped);
            }
        }
        position++;
        return value.toString();
    }
}
