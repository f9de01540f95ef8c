package dev.tarn.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code str.maketrans} and {@code str.translate}: characters that become others. */
final class Translation {
    private Translation() {}

    /** What characters become, by their numbers: out of a dict, or of texts of the same length. */
    static Map<Object, Object> table(Signature.Given given) {
        Map<Object, Object> table = new LinkedHashMap<>();
        Object first = given.get(0);
        if (given.get(1) == null) {
            if (!(first instanceof Map<?, ?> map)) {
                throw ValueErrors.type(
                        "if you give only one argument to maketrans it must be a dict");
            }
            map.forEach((key, value) -> table.put(number(key), value));
            return table;
        }
        int[] from = given.text(0).codePoints().toArray();
        int[] to = given.text(1).codePoints().toArray();
        if (from.length != to.length) {
            throw ValueErrors.value("the first two maketrans arguments must have equal length");
        }
        for (int i = 0; i < from.length; i++) {
            table.put((long) from[i], (long) to[i]);
        }
        if (given.get(2) != null) {
            given.text(2).codePoints().forEach(c -> table.put((long) c, null));
        }
        return table;
    }

    private static Object number(@Nullable Object key) {
        if (key instanceof String text) {
            if (text.codePointCount(0, text.length()) != 1) {
                throw ValueErrors.value("string keys in translate table must be of length 1");
            }
            return (long) text.codePointAt(0);
        }
        if (key == null || !Numbers.isInt(key)) {
            throw ValueErrors.type("keys in translate table must be strings or integers");
        }
        return key;
    }

    /** A text with each character as the table has it; None leaves one out. */
    static String of(String text, @Nullable Object table) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> put(out, c, become(table, c)));
        return out.toString();
    }

    private static void put(StringBuilder out, int was, @Nullable Object becomes) {
        switch (becomes) {
            case null -> {}
            case String other -> out.append(other);
            case Missing m -> out.appendCodePoint(was);
            default -> {
                long code = Numbers.isInt(becomes) ? ((Number) becomes).longValue() : -1;
                if (!Character.isValidCodePoint((int) code) || code != (int) code) {
                    throw ValueErrors.type("character mapping must be in range(0x110000)");
                }
                out.appendCodePoint((int) code);
            }
        }
    }

    private static @Nullable Object become(@Nullable Object table, int c) {
        return switch (table) {
            case Map<?, ?> map -> Dicts.find(map, (long) c);
            case List<?> list -> c < list.size() ? list.get(c) : Missing.VALUE;
            case String chars ->
                    c < chars.codePointCount(0, chars.length())
                            ? Character.toString(chars.codePointAt(chars.offsetByCodePoints(0, c)))
                            : Missing.VALUE;
            case null, default ->
                    throw ValueErrors.type(
                            "'%s' object is not subscriptable".formatted(Values.typeName(table)));
        };
    }
}
