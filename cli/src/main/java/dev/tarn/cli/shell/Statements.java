package dev.tarn.cli.shell;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts what somebody types into statements at the semicolons that end them: those outside quotes
 * and comments.
 *
 * @param complete statements, without their semicolons
 * @param rest what follows the last semicolon
 */
record Statements(List<String> complete, String rest) {
    Statements {
        complete = List.copyOf(complete);
    }

    static Statements split(String text) {
        List<String> complete = new ArrayList<>();
        int start = 0;
        int i = 0;
        while (i < text.length()) {
            if (text.charAt(i) == ';') {
                String statement = text.substring(start, i).strip();
                if (!statement.isEmpty()) {
                    complete.add(statement);
                }
                i++;
                start = i;
            } else {
                i = next(text, i);
            }
        }
        return new Statements(complete, text.substring(start));
    }

    /** Whether nothing waits to be completed: a command with a backslash, or a final semicolon. */
    static boolean isWhole(String text) {
        String start = text.stripLeading();
        return start.isEmpty() || start.startsWith("\\") || split(text).rest().isBlank();
    }

    /** Just after the quoted text, comment or character at {@code i}. */
    private static int next(String text, int i) {
        char c = text.charAt(i);
        if (c == '\'' || c == '"') {
            return after(text, String.valueOf(c), i + 1);
        }
        if (text.startsWith("--", i)) {
            return after(text, "\n", i + 2);
        }
        if (text.startsWith("/*", i)) {
            return after(text, "*/", i + 2);
        }
        if (c == '$') {
            int end = text.indexOf('$', i + 1);
            if (end > 0 && isTag(text.substring(i + 1, end))) {
                return after(text, text.substring(i, end + 1), end + 1);
            }
        }
        return i + 1;
    }

    private static int after(String text, String end, int from) {
        int found = text.indexOf(end, from);
        return found < 0 ? text.length() : found + end.length();
    }

    private static boolean isTag(String text) {
        return text.chars().allMatch(c -> c == '_' || Character.isLetter(c));
    }
}
