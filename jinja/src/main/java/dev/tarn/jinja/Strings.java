package dev.tarn.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's view of text: a sequence of code points. */
final class Strings {
    private Strings() {}

    /** Says whether every code point is one char, which makes positions simple. */
    static boolean simple(String s) {
        for (int i = 0; i < s.length(); i++) {
            if (Character.isSurrogate(s.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    static int length(String s) {
        return s.codePointCount(0, s.length());
    }

    static int compare(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean high = Character.isSurrogate(x);
                return high == Character.isSurrogate(y) ? x - y : high ? 1 : -1;
            }
        }
        return a.length() - b.length();
    }

    /** Returns the code point at a position as text. */
    static String at(String s, int index) {
        if (simple(s)) {
            return String.valueOf(s.charAt(index));
        }
        int offset = s.offsetByCodePoints(0, index);
        return Character.toString(s.codePointAt(offset));
    }

    static List<Object> characters(String s) {
        List<Object> characters = new ArrayList<>(s.length());
        s.codePoints().forEach(c -> characters.add(Character.toString(c)));
        return characters;
    }

    static boolean space(int c) {
        return c == ' '
                || (c >= 9 && c <= 13)
                || (c >= 0x1c && c <= 0x1f)
                || c == 0x85
                || c == 0xa0
                || (c > 255 && (Character.isWhitespace(c) || Character.isSpaceChar(c)));
    }

    static boolean printable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR ->
                    c == ' ';
            default -> true;
        };
    }

    /** Strips white space, or the given characters, from one or both ends. */
    static String strip(String s, @Nullable Object characters, boolean left, boolean right) {
        String set = characters == null ? null : text(characters);
        int start = 0;
        int end = s.length();
        while (left && start < end && strips(set, s.charAt(start))) {
            start++;
        }
        while (right && end > start && strips(set, s.charAt(end - 1))) {
            end--;
        }
        return s.substring(start, end);
    }

    private static boolean strips(@Nullable String set, char c) {
        return set == null ? space(c) : set.indexOf(c) >= 0;
    }

    /** Returns the value if it is a str, as methods of str need it. */
    static String text(@Nullable Object value) {
        if (value instanceof String s) {
            return s;
        }
        throw ValueErrors.mustBeText(value);
    }

    /** Replaces at most count occurrences; a negative count means all. */
    static String replace(String s, String old, String replacement, long count) {
        if (old.isEmpty()) {
            return interleave(s, replacement, count);
        }
        StringBuilder out = new StringBuilder();
        int from = 0;
        for (long left = count; left != 0; left--) {
            int at = s.indexOf(old, from);
            if (at < 0) {
                break;
            }
            Values.checkSize(out.length() + (long) replacement.length());
            out.append(s, from, at).append(replacement);
            from = at + old.length();
        }
        return from == 0 ? s : out.append(s, from, s.length()).toString();
    }

    private static String interleave(String s, String replacement, long count) {
        Values.checkSize(replacement.length() * (s.length() + 1L));
        StringBuilder out = new StringBuilder();
        long left = count;
        int i = 0;
        while (true) {
            if (left != 0) {
                out.append(replacement);
                left--;
            }
            if (i >= s.length()) {
                return out.toString();
            }
            int c = s.codePointAt(i);
            out.appendCodePoint(c);
            i += Character.charCount(c);
        }
    }

    static List<Object> split(String s, @Nullable Object separator, long most, boolean fromRight) {
        if (separator == null) {
            return fromRight ? wordsFromRight(s, most) : words(s, most);
        }
        String by = text(separator);
        if (by.isEmpty()) {
            throw ValueErrors.value("empty separator");
        }
        List<Object> parts = new ArrayList<>();
        if (fromRight) {
            int end = s.length();
            for (long left = most; left != 0; left--) {
                int at = end < by.length() ? -1 : s.lastIndexOf(by, end - by.length());
                if (at < 0) {
                    break;
                }
                parts.addFirst(s.substring(at + by.length(), end));
                end = at;
            }
            parts.addFirst(s.substring(0, end));
            return parts;
        }
        int start = 0;
        for (long left = most; left != 0; left--) {
            int at = s.indexOf(by, start);
            if (at < 0) {
                break;
            }
            parts.add(s.substring(start, at));
            start = at + by.length();
        }
        parts.add(s.substring(start));
        return parts;
    }

    private static List<Object> words(String s, long most) {
        List<Object> words = new ArrayList<>();
        int i = 0;
        for (long left = most; ; left--) {
            while (i < s.length() && space(s.charAt(i))) {
                i++;
            }
            if (i >= s.length()) {
                return words;
            }
            if (left == 0) {
                words.add(s.substring(i));
                return words;
            }
            int start = i;
            while (i < s.length() && !space(s.charAt(i))) {
                i++;
            }
            words.add(s.substring(start, i));
        }
    }

    private static List<Object> wordsFromRight(String s, long most) {
        List<Object> words = new ArrayList<>();
        int i = s.length();
        for (long left = most; ; left--) {
            while (i > 0 && space(s.charAt(i - 1))) {
                i--;
            }
            if (i == 0) {
                return words;
            }
            if (left == 0) {
                words.addFirst(s.substring(0, i));
                return words;
            }
            int end = i;
            while (i > 0 && !space(s.charAt(i - 1))) {
                i--;
            }
            words.addFirst(s.substring(i, end));
        }
    }

    static List<Object> lines(String s, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (lineEnd(c)) {
                int end = i;
                if (c == '\r' && i + 1 < s.length() && s.charAt(i + 1) == '\n') {
                    i++;
                }
                lines.add(s.substring(start, keepEnds ? i + 1 : end));
                start = i + 1;
            }
        }
        if (start < s.length()) {
            lines.add(s.substring(start));
        }
        return lines;
    }

    private static boolean lineEnd(char c) {
        return (c >= 10 && c <= 13)
                || (c >= 0x1c && c <= 0x1e)
                || c == 0x85
                || c == 0x2028
                || c == 0x2029;
    }

    static String pad(String s, int width, String fill, char align) {
        if (length(fill) != 1) {
            throw ValueErrors.type("The fill character must be exactly one character long");
        }
        int padding = width - length(s);
        if (padding <= 0) {
            return s;
        }
        Values.checkSize(width);
        int left =
                switch (align) {
                    case '<' -> 0;
                    case '>' -> padding;
                    default -> padding / 2 + (padding & width & 1);
                };
        return fill.repeat(left) + s + fill.repeat(padding - left);
    }
}
