package dev.tarn.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * SQL cut into words, quoted names, texts and signs, without comments: as much as is needed to see
 * what a statement does.
 */
final class SqlWords {
    private final String sql;
    private final List<Word> words;

    /**
     * One piece.
     *
     * @param text as written
     * @param start index of its first character in the SQL
     */
    record Word(String text, int start) {
        int end() {
            return start + text.length();
        }

        boolean is(String word) {
            return text.equalsIgnoreCase(word);
        }

        /** The name it stands for: without quotes. */
        String name() {
            return text.startsWith("\"") && text.length() > 1
                    ? text.substring(1, text.length() - 1).replace("\"\"", "\"")
                    : text;
        }
    }

    private SqlWords(String sql, List<Word> words) {
        this.sql = sql;
        this.words = words;
    }

    static SqlWords of(String sql) {
        List<Word> words = new ArrayList<>();
        int at = 0;
        while (at < sql.length()) {
            int end = pieceEnd(sql, at);
            char c = sql.charAt(at);
            boolean comment = sql.startsWith("--", at) || sql.startsWith("/*", at);
            if (!Character.isWhitespace(c) && !comment) {
                words.add(new Word(sql.substring(at, end), at));
            }
            at = end;
        }
        return new SqlWords(sql, List.copyOf(words));
    }

    /** The statements of a text, split at semicolons; empty ones are left out. */
    static List<int[]> statements(String sql) {
        List<int[]> parts = new ArrayList<>();
        int start = 0;
        List<Word> words = of(sql).words;
        boolean something = false;
        for (Word word : words) {
            if (word.text().equals(";")) {
                if (something) {
                    parts.add(new int[] {start, word.start()});
                }
                start = word.end();
                something = false;
            } else {
                something = true;
            }
        }
        if (something) {
            parts.add(new int[] {start, sql.length()});
        }
        return parts;
    }

    private static int pieceEnd(String sql, int at) {
        char c = sql.charAt(at);
        if (sql.startsWith("--", at)) {
            int end = sql.indexOf('\n', at);
            return end < 0 ? sql.length() : end + 1;
        }
        if (sql.startsWith("/*", at)) {
            int end = sql.indexOf("*/", at + 2);
            return end < 0 ? sql.length() : end + 2;
        }
        if (c == '\'' || c == '"') {
            return quoteEnd(sql, at, c);
        }
        if (Character.isJavaIdentifierPart(c)) {
            int end = at + 1;
            while (end < sql.length() && Character.isJavaIdentifierPart(sql.charAt(end))) {
                end++;
            }
            return end;
        }
        return at + 1;
    }

    private static int quoteEnd(String sql, int at, char quote) {
        int end = at + 1;
        while (end < sql.length()) {
            if (sql.charAt(end) == quote) {
                if (end + 1 < sql.length() && sql.charAt(end + 1) == quote) {
                    end += 2;
                    continue;
                }
                return end + 1;
            }
            end++;
        }
        return sql.length();
    }

    int size() {
        return words.size();
    }

    Word at(int index) {
        return words.get(index);
    }

    /** Whether these words stand at an index. */
    boolean have(int index, String... expected) {
        for (int i = 0; i < expected.length; i++) {
            if (index + i >= words.size() || !words.get(index + i).is(expected[i])) {
                return false;
            }
        }
        return true;
    }

    /**
     * The index of a word outside of parentheses, from an index on; negative when there is none.
     */
    int find(String word, int from) {
        int depth = 0;
        for (int i = from; i < words.size(); i++) {
            String text = words.get(i).text();
            switch (text) {
                case "(" -> depth++;
                case ")" -> depth--;
                default -> {
                    if (depth == 0 && text.equalsIgnoreCase(word)) {
                        return i;
                    }
                }
            }
        }
        return -1;
    }

    /** The index of the parenthesis that closes the one at an index. */
    int closing(int open) {
        int depth = 0;
        for (int i = open; i < words.size(); i++) {
            switch (words.get(i).text()) {
                case "(" -> depth++;
                case ")" -> {
                    if (--depth == 0) {
                        return i;
                    }
                }
                default -> {}
            }
        }
        return words.size() - 1;
    }

    /**
     * The text from the start of one word to the start of another; to the end for an index past it.
     */
    String text(int from, int to) {
        if (from >= words.size()) {
            return "";
        }
        int end = to >= words.size() ? sql.length() : words.get(to).start();
        return sql.substring(words.get(from).start(), end);
    }

    int offset(int index) {
        return index >= words.size() ? sql.length() : words.get(index).start();
    }

    String first() {
        return words.isEmpty() ? "" : words.getFirst().text().toLowerCase(Locale.ROOT);
    }
}
