package dev.tarn.project;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Patterns of Python's {@code re} as patterns of Java. */
final class PythonPattern {
    static final long IGNORECASE = 2;
    static final long MULTILINE = 8;
    static final long DOTALL = 16;
    static final long VERBOSE = 64;

    private final String source;
    private final boolean verbose;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private PythonPattern(String source, boolean verbose) {
        this.source = source;
        this.verbose = verbose;
    }

    /**
     * @param flags as Python numbers them
     */
    static Pattern compile(String source, long flags) {
        int java = 0;
        java |= (flags & IGNORECASE) != 0 ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
        java |= (flags & MULTILINE) != 0 ? Pattern.MULTILINE : 0;
        java |= (flags & DOTALL) != 0 ? Pattern.DOTALL : 0;
        java |= (flags & VERBOSE) != 0 ? Pattern.COMMENTS : 0;
        boolean verbose =
                (flags & VERBOSE) != 0 || source.matches("(?s)\\(\\?[a-wyz]*x[a-z]*\\).*");
        String translated = new PythonPattern(source, verbose).translate();
        try {
            return Pattern.compile(translated, java);
        } catch (PatternSyntaxException e) {
            throw TemplateErrors.failed(
                    "'%s' is not a pattern: %s.".formatted(source.strip(), e.getDescription()));
        }
    }

    private String translate() {
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == '\\') {
                escape();
            } else if (c == '[') {
                characterClass();
            } else if (c == '#' && verbose) {
                comment();
            } else if (c == '{') {
                brace();
            } else if (source.startsWith("(?P<", at)) {
                out.append("(?<");
                at += 4;
                groupName('>');
            } else if (source.startsWith("(?P=", at)) {
                out.append("\\k<");
                at += 4;
                groupName(')');
                out.setCharAt(out.length() - 1, '>');
            } else {
                out.append(c);
                at++;
            }
        }
        return out.toString();
    }

    /** Java's names of groups have no underscores. */
    private void groupName(char end) {
        while (at < source.length() && source.charAt(at) != end) {
            out.append(groupName(String.valueOf(source.charAt(at))));
            at++;
        }
        if (at < source.length()) {
            out.append(source.charAt(at));
            at++;
        }
    }

    /** The name of a group as Java can have it. */
    static String groupName(String python) {
        return python.replace("_", "UNDERSCORE");
    }

    private void escape() {
        char next = at + 1 < source.length() ? source.charAt(at + 1) : '\\';
        out.append('\\').append(next == 'Z' ? 'z' : next);
        at += 2;
    }

    private void comment() {
        while (at < source.length() && source.charAt(at) != '\n') {
            at++;
        }
    }

    /** A brace that does not say how often is only a brace. */
    private void brace() {
        int end = source.indexOf('}', at);
        boolean count =
                end > 0 && source.substring(at, end + 1).matches("\\{(?:\\d+(?:,\\d*)?|,\\d+)\\}");
        if (!count) {
            out.append("\\{");
            at++;
            return;
        }
        out.append(source.substring(at, end + 1).replace("{,", "{0,"));
        at = end + 1;
    }

    private void characterClass() {
        out.append('[');
        at++;
        if (at < source.length() && source.charAt(at) == '^') {
            out.append('^');
            at++;
        }
        boolean first = true;
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == ']' && !first) {
                out.append(']');
                at++;
                return;
            }
            first = false;
            if (c == '\\') {
                escape();
                continue;
            }
            boolean special =
                    c == '[' || c == ']' || c == '&' || c == '#' || Character.isWhitespace(c);
            out.append(special ? "\\" + c : String.valueOf(c));
            at++;
        }
    }
}
