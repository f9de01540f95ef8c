package dev.tarn.storage;

import java.util.regex.Pattern;

/**
 * A pattern for locations. {@code *} and {@code ?} stay inside one folder, {@code **} as a whole
 * part crosses folders, {@code [a-z]} and {@code [!a-z]} stand for one character, {@code {a,b}} for
 * one of several texts. A literal special character is written in brackets: {@code [*]}.
 *
 * <p>Wildcards do not match names that start with {@code .} or {@code _}: those are other people's
 * temporary and bookkeeping files. A pattern that writes the first character out does.
 *
 * @param root the folder above the first special character, without a slash at its end
 * @param pattern for whole locations
 * @param depth how many folders below the root a match can be, the file included
 */
record Glob(String root, Pattern pattern, int depth) {
    private static final String VISIBLE = "(?![._])";

    static boolean isGlob(String location) {
        return firstSpecial(location) >= 0;
    }

    static Glob of(String location) {
        int special = firstSpecial(location);
        int slash = location.lastIndexOf('/', special < 0 ? location.length() : special);
        String root = slash < 0 ? "" : location.substring(0, slash);
        String below = location.substring(slash + 1);
        boolean bounded = !below.contains("**") && !below.contains("{");
        int depth = bounded ? below.split("/").length : Integer.MAX_VALUE;
        return new Glob(root, Pattern.compile(new Translation(location).translate()), depth);
    }

    boolean matches(String location) {
        return pattern.matcher(location).matches();
    }

    /** Whether any part of a path relative to a listed folder is hidden. */
    static boolean isHidden(String relativePath) {
        for (String part : relativePath.split("/")) {
            if (part.startsWith(".") || part.startsWith("_")) {
                return true;
            }
        }
        return false;
    }

    private static int firstSpecial(String location) {
        for (int i = 0; i < location.length(); i++) {
            if ("*?[{".indexOf(location.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /** Turns a glob into a regular expression, one character after the other. */
    private static final class Translation {
        private final String glob;
        private final StringBuilder regex = new StringBuilder();
        private int at;
        private int braces;

        Translation(String glob) {
            this.glob = glob;
        }

        String translate() {
            while (at < glob.length()) {
                char c = glob.charAt(at);
                boolean partStart = at == 0 || glob.charAt(at - 1) == '/';
                switch (c) {
                    case '*' -> star(partStart);
                    case '?' -> wildcard(partStart, "[^/]", 1);
                    case '[' -> bracket(partStart);
                    case '{' -> brace("(?:", 1);
                    case '}' -> closeOr(c, ")", -1);
                    case ',' -> closeOr(c, "|", 0);
                    default -> literal(c);
                }
            }
            regex.append(")".repeat(braces));
            return regex.toString();
        }

        private void star(boolean partStart) {
            int end = at;
            while (end < glob.length() && glob.charAt(end) == '*') {
                end++;
            }
            boolean wholePart = partStart && (end == glob.length() || glob.charAt(end) == '/');
            if (end - at < 2 || !wholePart) {
                wildcard(partStart, "[^/]*", end - at);
            } else if (end == glob.length()) {
                regex.append("(?:").append(VISIBLE).append("[^/]+/)*");
                regex.append(VISIBLE).append("[^/]+");
                at = end;
            } else {
                regex.append("(?:").append(VISIBLE).append("[^/]+/)*");
                at = end + 1;
            }
        }

        private void wildcard(boolean partStart, String expression, int length) {
            regex.append(partStart ? VISIBLE : "").append(expression);
            at += length;
        }

        private void bracket(boolean partStart) {
            int from = at + 1;
            boolean negated = from < glob.length() && "!^".indexOf(glob.charAt(from)) >= 0;
            int content = negated ? from + 1 : from;
            int end = glob.indexOf(']', content + 1);
            if (end < 0) {
                literal('[');
                return;
            }
            StringBuilder characters = new StringBuilder();
            for (int i = content; i < end; i++) {
                char c = glob.charAt(i);
                boolean range = c == '-' && i > content && i < end - 1;
                characters.append(range || Character.isLetterOrDigit(c) ? "" : "\\").append(c);
            }
            String set = (negated ? "[^/" : "[") + characters + "]";
            boolean spelledOut = !negated && end == content + 1;
            wildcard(partStart && !spelledOut, set, end + 1 - at);
        }

        private void brace(String expression, int change) {
            regex.append(expression);
            braces += change;
            at++;
        }

        private void closeOr(char c, String expression, int change) {
            if (braces > 0) {
                brace(expression, change);
            } else {
                literal(c);
            }
        }

        private void literal(char c) {
            regex.append(Pattern.quote(String.valueOf(c)));
            at++;
        }
    }
}
