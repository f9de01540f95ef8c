package dev.tarn.jinja;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Python's str() and repr(). */
final class Representation {
    private final StringBuilder out = new StringBuilder();
    private final IdentityHashMap<Object, Object> open = new IdentityHashMap<>();

    private Representation() {}

    static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "None";
            case String s -> s;
            case Long l -> Long.toString(l);
            case Undefined u -> u.text();
            case PyObject o -> o.text();
            case BigDecimal d -> decimal(d);
            default -> of(value);
        };
    }

    static String of(@Nullable Object value) {
        Representation representation = new Representation();
        representation.write(value);
        return representation.out.toString();
    }

    private void write(@Nullable Object value) {
        switch (value) {
            case null -> out.append("None");
            case String s -> quote(s);
            case Boolean b -> out.append(b ? "True" : "False");
            case Double d -> out.append(FloatText.shortest(d));
            case Float f -> out.append(FloatText.shortest(f));
            case BigDecimal d -> out.append("Decimal('").append(decimal(d)).append("')");
            case Number n -> out.append(n);
            case Undefined u -> out.append("Undefined");
            case PyObject o -> out.append(o.representation());
            case Range r -> out.append(r);
            case Map<?, ?> map -> nested(map, "{...}", () -> map(map));
            case Tuple t -> nested(t, "(...)", () -> items("(", t, t.size() == 1 ? ",)" : ")"));
            case DictView v -> items(v.typeName() + "([", v, "])");
            case Set<?> s -> {
                if (s.isEmpty()) {
                    out.append("set()");
                } else {
                    nested(s, "{...}", () -> items("{", s, "}"));
                }
            }
            case Collection<?> c -> nested(c, "[...]", () -> items("[", c, "]"));
            case Generator g -> out.append(g);
            case Bytes b -> out.append(b);
            case BoundMethod m -> out.append(m);
            case PyCallable c -> out.append("<function>");
            default -> out.append(value);
        }
    }

    private void nested(Object container, String inside, Runnable writer) {
        if (open.put(container, container) != null) {
            out.append(inside);
            return;
        }
        writer.run();
        open.remove(container);
    }

    private void items(String start, Collection<?> items, String end) {
        out.append(start);
        String separator = "";
        for (Object item : items) {
            out.append(separator);
            write(item);
            separator = ", ";
        }
        out.append(end);
    }

    private void map(Map<?, ?> map) {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            write(entry.getKey());
            out.append(": ");
            write(entry.getValue());
            separator = ", ";
        }
        out.append('}');
    }

    private void quote(String s) {
        char quote = s.indexOf('\'') >= 0 && s.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        for (int i = 0; i < s.length(); ) {
            int c = s.codePointAt(i);
            i += Character.charCount(c);
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(quote);
                    } else if (c < 32 || c == 127) {
                        hex("\\x", c, 2);
                    } else if (c < 127 || Strings.printable(c)) {
                        out.appendCodePoint(c);
                    } else if (c < 256) {
                        hex("\\x", c, 2);
                    } else if (c < 65536) {
                        hex("\\u", c, 4);
                    } else {
                        hex("\\U", c, 8);
                    }
                }
            }
        }
        out.append(quote);
    }

    private void hex(String prefix, int value, int digits) {
        String hex = Integer.toHexString(value);
        out.append(prefix).append("0".repeat(digits - hex.length())).append(hex);
    }

    static String decimal(BigDecimal value) {
        return value.scale() < 0 ? value.toString() : value.toPlainString();
    }
}
