package dev.tarn.project.imports;

import java.util.List;
import java.util.Map;

/** Writes maps, lists and plain values as YAML that people like to read. */
final class YamlText {
    private YamlText() {}

    static String of(Map<String, Object> root) {
        StringBuilder out = new StringBuilder();
        map(root, 0, out, false);
        return out.toString();
    }

    private static void map(Map<?, ?> map, int indent, StringBuilder out, boolean begun) {
        boolean first = begun;
        for (Map.Entry<?, ?> e : map.entrySet()) {
            if (!first) {
                out.append("  ".repeat(indent));
            }
            first = false;
            out.append(text(String.valueOf(e.getKey()))).append(':');
            value(e.getValue(), indent, out);
        }
    }

    private static void value(Object value, int indent, StringBuilder out) {
        switch (value) {
            case Map<?, ?> map when !map.isEmpty() -> {
                out.append('\n');
                map(map, indent + 1, out, false);
            }
            case List<?> list when list.stream().anyMatch(Map.class::isInstance) -> {
                out.append('\n');
                for (Object item : list) {
                    out.append("  ".repeat(indent + 1)).append("- ");
                    map((Map<?, ?>) item, indent + 2, out, true);
                }
            }
            case List<?> list ->
                    out.append(" [")
                            .append(
                                    String.join(
                                            ", ",
                                            list.stream()
                                                    .map(i -> text(String.valueOf(i)))
                                                    .toList()))
                            .append("]\n");
            case String text when text.contains("\n") && isBlock(text) -> {
                out.append(" |-\n");
                text.lines()
                        .forEach(l ->
                                out.append(l.isEmpty() ? "" : "  ".repeat(indent + 1) + l)
                                        .append('\n'));
            }
            case String text -> out.append(' ').append(text(text)).append('\n');
            default -> out.append(' ').append(value).append('\n');
        }
    }

    /** Blocks keep neither spaces before the first letter nor what is no text. */
    private static boolean isBlock(String text) {
        return !text.startsWith(" ")
                && !text.startsWith("\n")
                && !text.endsWith("\n")
                && text.chars().allMatch(c -> (c >= 0x20 && c != 0x7f) || c == '\n');
    }

    static String text(String text) {
        if (text.matches("[A-Za-z_/][A-Za-z0-9_./ @-]*")
                && !text.matches("(?i)true|false|yes|no|on|off|null|y|n|~|.* ")) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default ->
                        quoted.append(c < 0x20 ? "\\x%02x".formatted((int) c) : String.valueOf(c));
            }
        }
        return quoted.append('"').toString();
    }
}
