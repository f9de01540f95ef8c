package dev.tarn.ingest;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one JSON text strictly, and says what each of an object's values is. */
final class JsonText {
    private static final int MOST_DEPTH = 200;

    private final String text;
    private int at;
    private int depth;

    private JsonText(String text) {
        this.text = text;
    }

    /**
     * A value of an object.
     *
     * @param text of a scalar, the JSON of anything else, or null
     * @param json how the value stands in the record, or null
     */
    record Value(@Nullable String text, @Nullable String json, JsonShape shape) {
        /** A value whose text is how it stands in the record. */
        Value(@Nullable String text, JsonShape shape) {
            this(text, text, shape);
        }
    }

    /** Why a text is no JSON object. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String reason) {
            super(reason, null, false, false);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /** The values of an object by name. */
    static Map<String, Value> object(String text) throws Refused {
        JsonText json = new JsonText(text);
        json.space();
        if (json.peek() != '{') {
            json.value();
            throw new Refused("is not an object");
        }
        Map<String, Value> values = json.members();
        json.space();
        if (json.at < text.length()) {
            throw json.broken("has something behind the object");
        }
        return values;
    }

    /** What a value is that stands in an object. */
    static JsonShape shape(String text) throws Refused {
        JsonText json = new JsonText(text);
        json.depth = 1;
        JsonShape shape = json.value().shape();
        if (json.at < text.length()) {
            throw json.broken("has something behind the value");
        }
        return shape;
    }

    private Map<String, Value> members() throws Refused {
        if (++depth > MOST_DEPTH) {
            throw broken("is nested too deeply");
        }
        Map<String, Value> values = new LinkedHashMap<>();
        at++;
        space();
        if (peek() == '}') {
            at++;
            depth--;
            return values;
        }
        while (true) {
            space();
            if (peek() != '"') {
                throw broken("lacks a name in quotes");
            }
            String name = string();
            space();
            expect(':');
            space();
            if (values.put(name, value()) != null) {
                throw broken("has the name '" + name + "' twice");
            }
            space();
            if (peek() != ',') {
                expect('}');
                depth--;
                return values;
            }
            at++;
        }
    }

    private Value value() throws Refused {
        int start = at;
        return switch (peek()) {
            case '{' -> {
                Map<String, JsonShape> fields = new LinkedHashMap<>();
                members().forEach((name, value) -> fields.put(name, value.shape()));
                yield new Value(text.substring(start, at), new JsonShape.Objects(fields));
            }
            case '[' -> {
                JsonShape element = elements();
                yield new Value(text.substring(start, at), new JsonShape.Lists(element));
            }
            case '"' -> {
                String string = string();
                yield new Value(string, text.substring(start, at), JsonShape.of(ofString(string)));
            }
            case 't' -> word("true", JsonShape.of(TextType.BOOLEAN));
            case 'f' -> word("false", JsonShape.of(TextType.BOOLEAN));
            case 'n' -> {
                word("null", JsonShape.Scalar.NOTHING);
                yield new Value(null, JsonShape.Scalar.NOTHING);
            }
            default -> number();
        };
    }

    private JsonShape elements() throws Refused {
        if (++depth > MOST_DEPTH) {
            throw broken("is nested too deeply");
        }
        JsonShape element = JsonShape.Scalar.NOTHING;
        at++;
        space();
        if (peek() == ']') {
            at++;
            depth--;
            return element;
        }
        while (true) {
            space();
            element = element.or(value().shape());
            space();
            if (peek() != ',') {
                expect(']');
                depth--;
                return element;
            }
            at++;
        }
    }

    /** What kind of value a string is: numbers and truths in quotes are text. */
    static TextType ofString(String string) {
        TextType kind = TextType.of(string);
        return switch (kind) {
            case DATE, TIME, TIMESTAMP, TIMESTAMPTZ -> kind;
            case NOTHING, BOOLEAN, INTEGER, DECIMAL, TEXT -> TextType.TEXT;
        };
    }

    private Value word(String word, JsonShape shape) throws Refused {
        if (!text.startsWith(word, at)) {
            throw broken("has an unknown word");
        }
        at += word.length();
        return new Value(word, shape);
    }

    private Value number() throws Refused {
        int start = at;
        at += peek() == '-' ? 1 : 0;
        int digits = at;
        digits();
        boolean leadingZero = at - digits > 1 && text.charAt(digits) == '0';
        if (at == digits || leadingZero) {
            throw broken("has something that is no value");
        }
        boolean whole = true;
        if (peek() == '.') {
            whole = false;
            at++;
            requireDigits();
        }
        if (peek() == 'e' || peek() == 'E') {
            whole = false;
            at++;
            at += peek() == '+' || peek() == '-' ? 1 : 0;
            requireDigits();
        }
        String number = text.substring(start, at);
        return new Value(number, JsonShape.of(kind(number, whole, at - digits)));
    }

    /** Numbers that would not be the same as a number of the engine stay text. */
    private static TextType kind(String number, boolean whole, int digits) {
        if (whole) {
            return digits <= 18 ? TextType.INTEGER : TextType.TEXT;
        }
        return Double.isInfinite(Double.parseDouble(number)) ? TextType.TEXT : TextType.DECIMAL;
    }

    private void requireDigits() throws Refused {
        int before = at;
        digits();
        if (at == before) {
            throw broken("has a number without digits");
        }
    }

    private void digits() {
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
    }

    private String string() throws Refused {
        int start = ++at;
        while (at < text.length() && text.charAt(at) >= ' ') {
            char c = text.charAt(at);
            if (c == '"') {
                return text.substring(start, at++);
            }
            if (c == '\\') {
                return escaped(start);
            }
            at++;
        }
        throw broken("has a string that is not closed");
    }

    private String escaped(int start) throws Refused {
        StringBuilder plain = new StringBuilder(text.substring(start, at));
        while (at < text.length() && text.charAt(at) >= ' ') {
            char c = text.charAt(at++);
            if (c == '"') {
                return whole(plain);
            }
            plain.append(c == '\\' ? escape() : c);
        }
        throw broken("has a string that is not closed");
    }

    /** Halves of characters have no place in a text: they become the sign for what is not known. */
    private static String whole(StringBuilder plain) {
        for (int i = 0; i < plain.length(); i++) {
            if (Character.isSurrogate(plain.charAt(i))) {
                if (Character.charCount(plain.codePointAt(i)) == 2) {
                    i++;
                } else {
                    plain.setCharAt(i, '\uFFFD');
                }
            }
        }
        return plain.toString();
    }

    private char escape() throws Refused {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw broken("has an unknown escape");
        };
    }

    private char unicode() throws Refused {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw broken("has an unknown escape");
            }
            code = code * 16 + digit;
            at++;
        }
        return (char) code;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private void expect(char c) throws Refused {
        if (peek() != c) {
            throw broken("lacks a '" + c + "'");
        }
        at++;
    }

    private Refused broken(String what) {
        return new Refused("is not valid JSON: it " + what + " at character " + (at + 1));
    }
}
