package dev.tarn.jinja;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's json.dumps(). */
final class JsonText {
    private static final int DEEPEST = 200;

    private final int indent;
    private final boolean sortKeys;
    private final StringBuilder out = new StringBuilder();

    JsonText(int indent, boolean sortKeys) {
        this.indent = indent;
        this.sortKeys = sortKeys;
    }

    String write(@Nullable Object value) {
        write(value, 0);
        return out.toString();
    }

    private void write(@Nullable Object value, int depth) {
        if (depth > DEEPEST) {
            throw ValueErrors.value("Circular reference detected");
        }
        switch (value) {
            case null -> out.append("null");
            case Boolean b -> out.append(b.booleanValue());
            case String s -> quote(s);
            case Double d -> out.append(real(d));
            case Float f -> out.append(real(f));
            case BigDecimal d -> throw notSerialisable(d);
            case Number n -> out.append(n);
            case Map<?, ?> map -> map(map, depth);
            case List<?> list when !(list instanceof Range) -> list(list, depth);
            default -> throw notSerialisable(value);
        }
    }

    private static JinjaException notSerialisable(Object value) {
        return value instanceof Undefined undefined
                ? undefined.error()
                : ValueErrors.type(
                        "Object of type " + Values.typeName(value) + " is not JSON serializable");
    }

    private static String real(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        return Double.isInfinite(value)
                ? value > 0 ? "Infinity" : "-Infinity"
                : FloatText.shortest(value);
    }

    private void list(List<?> list, int depth) {
        if (list.isEmpty()) {
            out.append("[]");
            return;
        }
        out.append('[');
        boolean first = true;
        for (Object item : list) {
            separate(first, depth + 1);
            first = false;
            write(item, depth + 1);
        }
        line(depth);
        out.append(']');
    }

    private void map(Map<?, ?> map, int depth) {
        if (map.isEmpty()) {
            out.append("{}");
            return;
        }
        List<Object> keys = new ArrayList<>(map.keySet());
        if (sortKeys) {
            keys.sort((x, y) -> Comparison.compare(x, y, "<"));
        }
        out.append('{');
        boolean first = true;
        for (Object key : keys) {
            separate(first, depth + 1);
            first = false;
            quote(key(key));
            out.append(": ");
            write(map.get(key), depth + 1);
        }
        line(depth);
        out.append('}');
    }

    private static String key(@Nullable Object key) {
        return switch (key) {
            case null -> "null";
            case String s -> s;
            case Boolean b -> b.toString();
            case Number n -> Values.text(n);
            default ->
                    throw ValueErrors.type(
                            "keys must be str, int, float, bool or None, not "
                                    + Values.typeName(key));
        };
    }

    private void separate(boolean first, int depth) {
        if (!first) {
            out.append(indent >= 0 ? "," : ", ");
        }
        line(depth);
    }

    private void line(int depth) {
        if (indent >= 0) {
            out.append('\n').repeat(" ", indent * depth);
        }
    }

    private void quote(String s) {
        out.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c >= 32 && c < 127) {
                        out.append(c);
                    } else {
                        String hex = Integer.toHexString(c);
                        out.append("\\u").append("0".repeat(4 - hex.length())).append(hex);
                    }
                }
            }
        }
        out.append('"');
    }
}
