package dev.tarn.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Formatting with braces: {@code '{:>5} {name}'.format(x, name=y)}. */
final class BraceFormat {
    private final Arguments arguments;
    private int automatic;
    private boolean numbered;

    private BraceFormat(Arguments arguments) {
        this.arguments = arguments;
    }

    static String format(String format, Arguments arguments) {
        return new BraceFormat(arguments).expand(format, 0);
    }

    private String expand(String format, int depth) {
        if (depth > 2) {
            throw ValueErrors.value("Max string recursion exceeded");
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '{' && c != '}') {
                out.append(c);
            } else if (i + 1 < format.length() && format.charAt(i + 1) == c) {
                out.append(c);
                i++;
            } else if (c == '}') {
                throw ValueErrors.value("Single '}' encountered in format string");
            } else {
                int end = end(format, i + 1);
                out.append(field(format.substring(i + 1, end), depth));
                i = end;
            }
        }
        return out.toString();
    }

    private static int end(String format, int start) {
        int depth = 1;
        for (int i = start; i < format.length(); i++) {
            char c = format.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw ValueErrors.value(
                start == format.length()
                        ? "Single '{' encountered in format string"
                        : "expected '}' before end of string");
    }

    private String field(String field, int depth) {
        int colon = outside(field, ':');
        String name = colon < 0 ? field : field.substring(0, colon);
        String spec = colon < 0 ? "" : field.substring(colon + 1);
        int bang = outside(name, '!');
        char conversion = 0;
        if (bang >= 0) {
            if (bang + 2 != name.length()) {
                throw ValueErrors.value("unmatched '{' in format spec");
            }
            conversion = name.charAt(bang + 1);
            name = name.substring(0, bang);
        }
        Object value = lookUp(name);
        value =
                switch (conversion) {
                    case 0 -> value;
                    case 's' -> Values.text(value);
                    case 'r', 'a' -> Values.representation(value);
                    default ->
                            throw ValueErrors.value(
                                    "Unknown conversion specifier '" + conversion + "'");
                };
        return FormatSpec.apply(value, spec.indexOf('{') < 0 ? spec : expand(spec, depth + 1));
    }

    private static int outside(String text, char wanted) {
        int brackets = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            brackets += c == '[' ? 1 : c == ']' ? -1 : 0;
            if (c == wanted && brackets == 0) {
                return i;
            }
        }
        return -1;
    }

    private @Nullable Object lookUp(String path) {
        int i = 0;
        while (i < path.length() && path.charAt(i) != '.' && path.charAt(i) != '[') {
            i++;
        }
        Object value = first(path.substring(0, i));
        while (i < path.length()) {
            int start = i + 1;
            if (path.charAt(i) == '.') {
                i = start;
                while (i < path.length() && path.charAt(i) != '.' && path.charAt(i) != '[') {
                    i++;
                }
                value = member(value, path.substring(start, i));
            } else {
                i = path.indexOf(']', start);
                if (i < 0) {
                    throw ValueErrors.value("expected '}' before end of string");
                }
                value = member(value, path.substring(start, i));
                i++;
            }
        }
        return value;
    }

    private static @Nullable Object member(@Nullable Object value, String name) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        Object found =
                number(name)
                        ? Access.itemThenAttribute(value, Long.parseLong(name))
                        : Access.attributeThenItem(value, name);
        if (found == Missing.VALUE) {
            throw new Undefined(Undefined.Origin.member(value, name)).error();
        }
        return found;
    }

    private static boolean number(String text) {
        return !text.isEmpty()
                && text.length() < 10
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private @Nullable Object first(String name) {
        if (name.isEmpty() || number(name)) {
            if (name.isEmpty() ? numbered : automatic > 0) {
                throw ValueErrors.value(
                        "cannot switch between automatic field numbering and manual field"
                                + " specification");
            }
            numbered |= !name.isEmpty();
            int index = name.isEmpty() ? automatic++ : Integer.parseInt(name);
            List<Object> positional = arguments.positional();
            if (index >= positional.size()) {
                throw ValueErrors.index(
                        "Replacement index %d out of range for positional args tuple"
                                .formatted(index));
            }
            return positional.get(index);
        }
        Map<String, Object> keywords = arguments.keywords();
        if (!keywords.containsKey(name)) {
            throw ValueErrors.key(name);
        }
        return keywords.get(name);
    }
}
