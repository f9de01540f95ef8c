package dev.tarn.ingest;

import dev.tarn.ingest.FileLines.Irregular;
import dev.tarn.ingest.LineColumn.Found;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks lines that hold one JSON object each, strictly, without taking values out. Whatever is
 * wrong or out of the ordinary makes a line odd: {@link JsonText} then says what it is.
 */
final class JsonLine {
    private static final int MOST_NESTED_DEPTH = 50;
    private static final int MOST_KIND_BYTES = 240;
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private final List<LineColumn> columns = new ArrayList<>();
    private final List<Runnable> news = new ArrayList<>();
    private byte[] bytes = new byte[0];
    private int at;
    private int end;
    private boolean wide;
    private boolean dense;
    private boolean escaped;

    private int whole;
    private int fraction;
    private boolean canonical;
    private boolean newName;

    /** The place of the column whose name is likely to come next. */
    private int likely;

    /** The digits of the number that was read last. */
    private long digits;

    private long stamp;

    /** What a line is. */
    enum Verdict {
        PLAIN,
        ODD,
        BLANK
    }

    /** Makes a column known. */
    void add(LineColumn column) {
        if (!columns.contains(column)) {
            columns.add(column);
        }
    }

    /** Whether the line was odd because it has a name that was not known. */
    boolean isNewName() {
        return newName;
    }

    /** Whether the text had a number with more digits than the engine's numbers keep. */
    boolean isDense() {
        return dense;
    }

    /** Looks at a line; takes note of its values only when it is plain. */
    Verdict read(FileLines lines) throws Irregular {
        Verdict verdict = read(lines.bytes(), lines.start(), lines.end());
        if (verdict == Verdict.PLAIN) {
            if (wide) {
                lines.requireUtf8();
            }
            news.forEach(Runnable::run);
        }
        return verdict;
    }

    /** The same for a text by itself, which is UTF-8. */
    Verdict read(byte[] text) {
        Verdict verdict = read(text, 0, text.length);
        if (verdict == Verdict.PLAIN && !dense) {
            news.forEach(Runnable::run);
        }
        return verdict;
    }

    private Verdict read(byte[] text, int from, int to) {
        bytes = text;
        at = from;
        end = to;
        wide = false;
        dense = false;
        newName = false;
        news.clear();
        stamp++;
        space();
        if (at == end) {
            return Verdict.BLANK;
        }
        if (bytes[at] != '{' || !members()) {
            return Verdict.ODD;
        }
        space();
        return at == end ? Verdict.PLAIN : Verdict.ODD;
    }

    private boolean members() {
        at++;
        space();
        if (peek() == '}') {
            at++;
            return true;
        }
        likely = 0;
        while (true) {
            space();
            LineColumn column = key();
            if (column == null || !column.enter(stamp)) {
                return false;
            }
            space();
            if (!value(column)) {
                return false;
            }
            space();
            int b = peek();
            at++;
            if (b != ',') {
                return b == '}';
            }
        }
    }

    /** The column of the name and the colon here; null if there is none, or an odd one. */
    private @Nullable LineColumn key() {
        if (likely < columns.size()) {
            LineColumn column = columns.get(likely);
            if (Words.begin(bytes, at, end, column.opening)) {
                at += column.opening.length;
                likely++;
                return column;
            }
        }
        if (peek() != '"') {
            return null;
        }
        int from = at + 1;
        if (!string() || escaped) {
            return null;
        }
        int to = at - 1;
        int place = place(from, to);
        if (place < 0) {
            newName = true;
            return null;
        }
        space();
        if (peek() != ':') {
            return null;
        }
        at++;
        likely = place + 1;
        return columns.get(place);
    }

    /** The place of the column with a name, which often is not far behind the likely one. */
    private int place(int from, int to) {
        int count = columns.size();
        for (int i = 0; i < count; i++) {
            int place = (likely + i) % count;
            byte[] key = columns.get(place).key;
            if (key.length == to - from && Words.begin(bytes, from, to, key)) {
                return place;
            }
        }
        return -1;
    }

    private boolean value(LineColumn column) {
        int from = at;
        return switch (peek()) {
            case '"' -> {
                if (!string()) {
                    yield false;
                }
                column.found(escaped ? Found.ESCAPED : Found.STRING, from + 1, at - 1);
                yield string(column, from + 1, at - 1);
            }
            case '{', '[' -> nested(column) && isAccepted(column, from);
            case 't' -> word(TRUE) && truth(column, Found.TRUE, from);
            case 'f' -> word(FALSE) && truth(column, Found.FALSE, from);
            case 'n' -> {
                column.found(Found.NULL, from, from);
                yield word(NULL);
            }
            default -> number() && number(column, from) && isAccepted(column, from);
        };
    }

    private boolean truth(LineColumn column, Found value, int from) {
        column.found(value, from, at);
        return kind(column, TextType.BOOLEAN) && isAccepted(column, from);
    }

    /** How the value of a column stands in the last line. */
    Found found(LineColumn column) {
        return column.found(stamp);
    }

    private boolean string(LineColumn column, int from, int to) {
        return column.isDeclared()
                ? column.accepts(bytes, from, to, stamp)
                : column.isSettled() || text(column, from, to);
    }

    private boolean isAccepted(LineColumn column, int from) {
        return !column.isDeclared() || column.accepts(bytes, from, at, stamp);
    }

    private boolean number(LineColumn column, int from) {
        Found form = canonical ? Found.FRACTION : Found.LOOSE;
        column.found(fraction == 0 ? Found.WHOLE : form, from, at, digits, fraction);
        if (fraction == 0) {
            return kind(column, whole <= 18 ? TextType.INTEGER : TextType.TEXT);
        }
        int digits = whole;
        int behind = fraction;
        boolean same = canonical;
        if (!column.hasFraction(digits, behind, same)) {
            news.add(() -> column.addFraction(digits, behind, same));
        }
        return true;
    }

    private boolean kind(LineColumn column, TextType kind) {
        if (!column.has(kind)) {
            news.add(() -> column.add(kind));
        }
        return true;
    }

    /** Takes note of what kind of text a string is; false if that is not easily said. */
    private boolean text(LineColumn column, int from, int to) {
        byte first = bytes[from];
        if (first == '\\' || (escaped && to - from <= MOST_KIND_BYTES && isDigit(first))) {
            return false;
        }
        if (!escaped && column.isSameTime(bytes)) {
            return true;
        }
        TextType kind = TextType.TEXT;
        if (isDigit(first) && to - from <= MOST_KIND_BYTES) {
            kind = JsonText.ofString(new String(bytes, from, to - from, StandardCharsets.UTF_8));
        }
        return kind(column, kind);
    }

    /** Passes over a string; false if it is broken, or the engine could not take it. */
    private boolean string() {
        escaped = false;
        int i = at + 1;
        while (i < end) {
            i = Words.plainEnd(bytes, i, end);
            if (i == end) {
                return false;
            }
            byte b = bytes[i];
            if (b == '"') {
                at = i + 1;
                return true;
            }
            if (b == '\\') {
                escaped = true;
                i = escape(i + 1);
                if (i < 0) {
                    return false;
                }
            } else {
                if (b >= 0) {
                    return false;
                }
                wide = true;
                i++;
            }
        }
        return false;
    }

    /** Where an escape ends whose backslash stands before the place; -1 if it is odd. */
    private int escape(int from) {
        if (from >= end) {
            return -1;
        }
        return switch (bytes[from]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> from + 1;
            case 'u' -> unicode(from + 1);
            default -> -1;
        };
    }

    private int unicode(int from) {
        int code = hex(from);
        if (code <= 0 || Character.isLowSurrogate((char) code)) {
            return -1;
        }
        if (!Character.isHighSurrogate((char) code)) {
            return from + 4;
        }
        boolean paired = from + 10 <= end && bytes[from + 4] == '\\' && bytes[from + 5] == 'u';
        int low = paired ? hex(from + 6) : -1;
        return low >= 0 && Character.isLowSurrogate((char) low) ? from + 10 : -1;
    }

    private int hex(int from) {
        if (from + 4 > end) {
            return -1;
        }
        int code = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = bytes[i] < 0 ? -1 : Character.digit((char) bytes[i], 16);
            if (digit < 0) {
                return -1;
            }
            code = code * 16 + digit;
        }
        return code;
    }

    /** Passes over a number; false if it is broken, or the engine might write another one. */
    private boolean number() {
        int from = at;
        boolean negative = peek() == '-';
        at += negative ? 1 : 0;
        int first = at;
        digits = 0;
        digits();
        whole = at - first;
        fraction = 0;
        if (whole == 0 || (whole > 1 && bytes[first] == '0')) {
            return false;
        }
        if (peek() == '.') {
            at++;
            digits();
            fraction = at - first - whole - 1;
            boolean zero = bytes[first] == '0';
            canonical =
                    (bytes[at - 1] != '0' || fraction == 1)
                            && whole + fraction <= 15
                            && (!zero || fraction <= 4);
            dense |= whole + fraction > LineColumn.MOST_EXACT_DIGITS;
            return fraction > 0 && fraction < 30 && whole <= 15 && !isExponent();
        }
        boolean minusZero = negative && bytes[first] == '0';
        boolean fits = whole <= 18 || (whole == 19 && !negative);
        return fits && !minusZero && !isExponent() && at > from;
    }

    private boolean isExponent() {
        return peek() == 'e' || peek() == 'E';
    }

    private void digits() {
        long value = digits;
        int i = at;
        for (; i < end && isDigit(bytes[i]); i++) {
            value = value * 10 + bytes[i] - '0';
        }
        at = i;
        digits = value;
    }

    /** Passes over an object or a list; false if it is broken or odd. */
    private boolean nested(LineColumn column) {
        int from = at;
        boolean tidy = true;
        int depth = 0;
        do {
            int b = peek();
            if (b == '"') {
                if (!string()) {
                    return false;
                }
                tidy &= !escaped;
            } else if (b == '-' || isDigit((byte) b)) {
                if (!number()) {
                    return false;
                }
                tidy &= fraction == 0 || canonical;
            } else if (b < ' ' && b != '\t') {
                return false;
            } else {
                depth += b == '{' || b == '[' ? 1 : 0;
                depth -= b == '}' || b == ']' ? 1 : 0;
                tidy &= b != ' ' && b != '\t';
                at++;
            }
        } while (depth > 0 && depth < MOST_NESTED_DEPTH);
        if (depth > 0) {
            return false;
        }
        try {
            String text = new String(bytes, from, at - from, StandardCharsets.UTF_8);
            JsonShape shape = JsonText.shape(text);
            boolean same = tidy;
            column.found(same ? Found.TIDY : Found.UNTIDY, from, at);
            news.add(() -> column.addNested(shape, same));
            return true;
        } catch (JsonText.Refused e) {
            return false;
        }
    }

    private boolean word(byte[] word) {
        if (!Words.begin(bytes, at, end, word)) {
            return false;
        }
        at += word.length;
        return true;
    }

    private void space() {
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
    }

    /** The byte here; -1 at the end, and for what is no ASCII. */
    private int peek() {
        return at < end ? Math.max(bytes[at], -1) : -1;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
