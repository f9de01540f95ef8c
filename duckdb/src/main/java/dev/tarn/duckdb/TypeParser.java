package dev.tarn.duckdb;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads DuckDB's text of a type, such as {@code STRUCT(a INTEGER, "b c" VARCHAR[])}. */
final class TypeParser {
    private final String text;
    private int at;

    private TypeParser(String text) {
        this.text = text;
    }

    /** The type a table stores it as; empty when no table can store it. */
    static Optional<Type> parse(String text) {
        TypeParser parser = new TypeParser(text);
        try {
            Type type = parser.type();
            return parser.at == text.length() ? Optional.of(type) : Optional.empty();
        } catch (Unstorable e) {
            return Optional.empty();
        }
    }

    private Type type() throws Unstorable {
        Type type = base();
        while (peek() == '[') {
            int close = text.indexOf(']', at);
            if (close < 0) {
                throw new Unstorable();
            }
            at = close + 1;
            type = Type.ListOf.of(type);
        }
        return type;
    }

    private Type base() throws Unstorable {
        String word = word();
        return switch (word) {
            case "STRUCT" -> new Type.Struct(fields());
            case "MAP" -> map();
            case "DECIMAL" -> decimal();
            case "UNION" -> throw new Unstorable();
            case "TIME", "TIMESTAMP" -> {
                String rest = " WITH TIME ZONE";
                if (text.startsWith(rest, at)) {
                    at += rest.length();
                    yield word.equals("TIME") ? Primitive.VARCHAR : Primitive.TIMESTAMPTZ;
                }
                yield word.equals("TIME") ? Primitive.TIME : Primitive.TIMESTAMP;
            }
            default -> {
                if (peek() == '(') {
                    skipParentheses();
                }
                yield named(word);
            }
        };
    }

    private static Type named(String word) throws Unstorable {
        return switch (word) {
            case "BOOLEAN" -> Primitive.BOOLEAN;
            // DuckDB makes integers of a NULL without a type when it makes a table.
            case "TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "NULL" ->
                    Primitive.INTEGER;
            case "BIGINT", "UINTEGER" -> Primitive.BIGINT;
            case "UBIGINT" -> new Type.Decimal(20, 0);
            case "HUGEINT", "UHUGEINT" -> new Type.Decimal(38, 0);
            case "FLOAT" -> Primitive.FLOAT;
            case "DOUBLE" -> Primitive.DOUBLE;
            case "DATE" -> Primitive.DATE;
            case "TIME_NS" -> Primitive.TIME;
            case "TIMESTAMP_S", "TIMESTAMP_MS" -> Primitive.TIMESTAMP;
            case "TIMESTAMP_NS" -> Primitive.TIMESTAMP_NS;
            case "VARCHAR", "JSON", "ENUM", "INTERVAL", "BIT", "BIGNUM", "GEOMETRY" ->
                    Primitive.VARCHAR;
            case "UUID" -> Primitive.UUID;
            case "BLOB" -> Primitive.BINARY;
            case "VARIANT" -> Primitive.VARIANT;
            default -> throw new Unstorable();
        };
    }

    private List<Field> fields() throws Unstorable {
        List<Field> fields = new ArrayList<>();
        expect('(');
        do {
            skipSpaces();
            String name = name();
            skipSpaces();
            fields.add(Field.of(name, type()));
        } while (next(','));
        expect(')');
        return fields;
    }

    private Type map() throws Unstorable {
        expect('(');
        Type key = type();
        expect(',');
        skipSpaces();
        Type value = type();
        expect(')');
        return Type.MapOf.of(key, value);
    }

    private Type decimal() throws Unstorable {
        expect('(');
        int precision = number();
        expect(',');
        int scale = number();
        expect(')');
        return new Type.Decimal(precision, scale);
    }

    private int number() {
        int start = at;
        while (Character.isDigit(peek())) {
            at++;
        }
        return Integer.parseInt(text.substring(start, at));
    }

    private String word() {
        if (peek() == '"') {
            return name();
        }
        int start = at;
        while (Character.isLetterOrDigit(peek()) || peek() == '_') {
            at++;
        }
        return text.substring(start, at).toUpperCase(Locale.ROOT);
    }

    private String name() {
        if (peek() != '"') {
            int start = at;
            while (peek() != ' ' && peek() != 0) {
                at++;
            }
            return text.substring(start, at);
        }
        StringBuilder name = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                if (peek() != '"') {
                    break;
                }
                at++;
            }
            name.append(c);
        }
        return name.toString();
    }

    private void skipParentheses() {
        int depth = 0;
        boolean quoted = false;
        do {
            char c = text.charAt(at++);
            if (c == '\'') {
                quoted = !quoted;
            } else if (!quoted && c == '(') {
                depth++;
            } else if (!quoted && c == ')') {
                depth--;
            }
        } while (depth > 0 && at < text.length());
    }

    private void skipSpaces() {
        while (peek() == ' ') {
            at++;
        }
    }

    private boolean next(char c) {
        if (peek() == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) throws Unstorable {
        if (!next(c)) {
            throw new Unstorable();
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    /** No table has such a type. */
    private static final class Unstorable extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
