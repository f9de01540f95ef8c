package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what no Python would read: brackets and texts without an end, headers without a colon, and
 * lines that stand where no block begins. Whatever is not certain passes, for Python itself will
 * read the code.
 */
final class PythonSyntax {
    private static final Set<String> HEADERS =
            Set.of(
                    "def", "class", "if", "elif", "else", "for", "while", "try", "except",
                    "finally", "with");

    private final String file;
    private final String code;
    private final Deque<Bracket> open = new ArrayDeque<>();
    private final Deque<Integer> indents = new ArrayDeque<>();
    private boolean measured = true;
    private int at;

    // Of the logical line that is being read.
    private int begin = -1;
    private boolean colon;
    private char last;
    private @Nullable String header;
    private boolean block;

    private record Bracket(char sign, int offset) {}

    /** Thrown where the code is wrong. */
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Problem problem;

        Wrong(Problem problem) {
            this.problem = problem;
        }
    }

    /** Thrown where this reader does not know its way. */
    private static final class Lost extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private PythonSyntax(String file, String code) {
        this.file = file;
        this.code = code;
        indents.push(0);
    }

    /** The first thing that is certainly wrong. */
    static Optional<Problem> wrong(String file, String code) {
        String lines = code.replace("\r\n", "\n").replace('\r', '\n');
        PythonSyntax syntax =
                new PythonSyntax(file, lines.startsWith("\uFEFF") ? lines.substring(1) : lines);
        try {
            syntax.read();
            return Optional.empty();
        } catch (Wrong e) {
            return Optional.of(e.problem);
        } catch (Lost e) {
            return Optional.empty();
        }
    }

    private void read() throws Wrong, Lost {
        while (at < code.length()) {
            char c = code.charAt(at);
            if (c == '\n') {
                if (open.isEmpty()) {
                    endLine();
                }
                at++;
            } else if (c == '#') {
                skipComment();
            } else if (c == ' ' || c == '\t' || c == '\f') {
                at++;
            } else if (c == '\\') {
                skipContinuation();
            } else {
                if (begin < 0) {
                    beginLine();
                }
                token(c);
            }
        }
        if (!open.isEmpty()) {
            Bracket first = open.peekLast();
            throw new Wrong(PythonErrors.open(place(first.offset()), first.sign()));
        }
        endLine();
        if (block && measured) {
            throw new Wrong(PythonErrors.noBlock(place(code.stripTrailing().length())));
        }
    }

    private void skipComment() {
        int end = code.indexOf('\n', at);
        at = end < 0 ? code.length() : end;
    }

    private void skipContinuation() throws Lost {
        if (at + 1 >= code.length() || code.charAt(at + 1) != '\n') {
            throw new Lost();
        }
        if (begin < 0) {
            measured = false;
        }
        at += 2;
    }

    private void token(char c) throws Wrong, Lost {
        int start = at;
        int quote = quote(at);
        if (quote >= 0) {
            at = text(at, quote);
            last = '"';
        } else if (Character.isUnicodeIdentifierStart(code.codePointAt(at)) || c == '_') {
            while (at < code.length() && Character.isUnicodeIdentifierPart(code.codePointAt(at))) {
                at += Character.charCount(code.codePointAt(at));
            }
            word(start, code.substring(start, at));
            last = 'a';
        } else {
            sign(c);
            at += Character.charCount(code.codePointAt(at));
            last = c;
        }
    }

    private void word(int start, String word) {
        if (start == begin) {
            header = HEADERS.contains(word) ? word : null;
            if (word.equals("async")) {
                header = word;
            }
        } else if ("async".equals(header) && code.substring(begin, start).strip().equals("async")) {
            header = HEADERS.contains(word) ? word : null;
        }
    }

    private void sign(char c) throws Wrong {
        if (c == '(' || c == '[' || c == '{') {
            open.push(new Bracket(c, at));
        } else if (c == ')' || c == ']' || c == '}') {
            Bracket before = open.poll();
            if (before == null) {
                throw new Wrong(PythonErrors.closesNothing(place(at), c));
            }
            if (before.sign() != (c == ')' ? '(' : c == ']' ? '[' : '{')) {
                throw new Wrong(
                        PythonErrors.closesOther(
                                place(at), c, before.sign(), place(before.offset()).line()));
            }
        } else if (c == ':' && open.isEmpty()) {
            colon = true;
        }
    }

    private void beginLine() throws Wrong {
        begin = at;
        int start = code.lastIndexOf('\n', at - 1) + 1;
        String blank = code.substring(start, at);
        if (!blank.replace(" ", "").isEmpty()) {
            measured = false;
        }
        if (!measured) {
            return;
        }
        int indent = blank.length();
        int before = indents.getFirst();
        if (block) {
            if (indent <= before) {
                throw new Wrong(PythonErrors.noBlock(place(at)));
            }
            indents.push(indent);
        } else if (indent > before) {
            throw new Wrong(PythonErrors.indented(place(at)));
        }
        while (indents.getFirst() > indent) {
            indents.pop();
        }
        if (indents.getFirst() != indent) {
            throw new Wrong(PythonErrors.unaligned(place(at)));
        }
    }

    private void endLine() throws Wrong {
        if (begin < 0) {
            return;
        }
        if (header != null && !header.equals("async") && !colon) {
            throw new Wrong(PythonErrors.noColon(place(begin), header));
        }
        block = last == ':';
        begin = -1;
        header = null;
        colon = false;
    }

    /** Where the quotes of a text begin that begins here; negative when none does. */
    private int quote(int start) {
        int i = start;
        while (i < code.length() && i - start < 3 && "rRbBuUfFtT".indexOf(code.charAt(i)) >= 0) {
            i++;
        }
        boolean quotes =
                i - start < 3
                        && i < code.length()
                        && (code.charAt(i) == '"' || code.charAt(i) == '\'');
        return quotes ? i : -1;
    }

    /** The end of the text whose prefix and quotes are here. */
    private int text(int start, int quote) throws Wrong, Lost {
        String prefix = code.substring(start, quote).toLowerCase(java.util.Locale.ROOT);
        char sign = code.charAt(quote);
        String three = String.valueOf(sign).repeat(3);
        String end = code.startsWith(three, quote) ? three : String.valueOf(sign);
        boolean formatted = prefix.contains("f") || prefix.contains("t");
        int i = quote + end.length();
        while (i < code.length()) {
            char c = code.charAt(i);
            if (code.startsWith(end, i)) {
                return i + end.length();
            }
            if (c == '\n' && end.length() == 1) {
                break;
            }
            if (c == '\\') {
                boolean named = formatted && !prefix.contains("r") && code.startsWith("N{", i + 1);
                boolean field = formatted && code.startsWith("{", i + 1);
                i += named ? 3 : field ? 1 : 2;
            } else if (formatted && c == '{' && !code.startsWith("{{", i)) {
                i = field(i + 1, end);
            } else {
                i += formatted && c == '{' ? 2 : 1;
            }
        }
        if (formatted) {
            throw new Lost();
        }
        throw new Wrong(PythonErrors.endless(place(start), end));
    }

    /** The end of a field of a formatted text, after its brace. */
    private int field(int start, String end) throws Wrong, Lost {
        int depth = 0;
        int i = start;
        while (i < code.length()) {
            char c = code.charAt(i);
            int quote = quote(i);
            boolean word = i > start && Character.isUnicodeIdentifierPart(code.charAt(i - 1));
            if (quote == i || (quote > i && !word)) {
                i = text(i, quote);
                continue;
            }
            if (c == '}' && depth == 0) {
                return i + 1;
            }
            if (c == ':' && depth == 0) {
                return format(i + 1, end);
            }
            if (c == '#') {
                throw new Lost();
            }
            depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
            i++;
        }
        throw new Lost();
    }

    /** The end of a field, after its colon. */
    private int format(int start, String end) throws Wrong, Lost {
        int i = start;
        while (i < code.length() && !code.startsWith(end, i)) {
            char c = code.charAt(i);
            if (c == '}') {
                return i + 1;
            }
            i = c == '{' ? field(i + 1, end) : i + 1;
        }
        throw new Lost();
    }

    private Place place(int offset) {
        int line = 1;
        int begins = 0;
        for (int i = 0; i < offset && i < code.length(); i++) {
            if (code.charAt(i) == '\n') {
                line++;
                begins = i + 1;
            }
        }
        return new Place(file, line, offset - begins + 1);
    }
}
