package dev.tarn.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A word, a quoted name, a text or a sign of a query; blanks and comments are left out.
 *
 * @param start index of its first character
 */
record SqlToken(String text, int start) {
    private static final Pattern TOKEN =
            Pattern.compile(
                    "(?<skip>\\s+|--[^\\n]*|/\\*.*?\\*/)|'(?:[^']++|'')*+'|\"(?:[^\"]++|\"\")*+\""
                            + "|[\\p{L}_][\\p{L}\\p{N}_$]*|\\d[\\w.]*|.",
                    Pattern.DOTALL);

    int end() {
        return start + text.length();
    }

    boolean is(String other) {
        return text.equalsIgnoreCase(other);
    }

    /** Whether it can name something. */
    boolean isName() {
        return text.startsWith("\"") || Character.isJavaIdentifierStart(text.charAt(0));
    }

    /** The name it stands for, in lower case and without quotes. */
    String name() {
        String bare =
                text.startsWith("\"") && text.length() > 1
                        ? text.substring(1, text.length() - 1).replace("\"\"", "\"")
                        : text;
        return bare.toLowerCase(Locale.ROOT);
    }

    static List<SqlToken> of(String sql, int from, int to) {
        List<SqlToken> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(sql).region(from, to);
        while (matcher.lookingAt()) {
            if (matcher.group("skip") == null) {
                tokens.add(new SqlToken(matcher.group(), matcher.start()));
            }
            matcher.region(matcher.end(), to);
        }
        return tokens;
    }

    /** The index of the parenthesis that closes the one at an index; the last one if none does. */
    static int closing(List<SqlToken> tokens, int open) {
        int depth = 0;
        for (int i = open; i < tokens.size(); i++) {
            if (tokens.get(i).is("(")) {
                depth++;
            } else if (tokens.get(i).is(")") && --depth == 0) {
                return i;
            }
        }
        return tokens.size() - 1;
    }

    /** What stands between commas inside of parentheses: indexes of first and last tokens. */
    static List<int[]> list(List<SqlToken> tokens, int open, int close) {
        List<int[]> items = new ArrayList<>();
        int depth = 0;
        int first = open + 1;
        for (int i = open + 1; i <= close; i++) {
            SqlToken token = tokens.get(i);
            if (token.is("(") || token.is("[") || token.is("{")) {
                depth++;
            } else if (i < close && (token.is(")") || token.is("]") || token.is("}"))) {
                depth--;
            } else if (i == close || (depth == 0 && token.is(","))) {
                if (i > first) {
                    items.add(new int[] {first, i - 1});
                }
                first = i + 1;
            }
        }
        return items;
    }
}
