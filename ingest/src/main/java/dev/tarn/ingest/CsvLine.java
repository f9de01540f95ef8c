package dev.tarn.ingest;

import dev.tarn.ingest.FileLines.Irregular;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Looks at lines of delimited text. */
final class CsvLine {
    private final LineColumn[] columns;
    private final byte delimiter;
    private final byte quote;
    private final byte escape;
    private final byte[] nullText;

    /** Whether no quote and nothing that was escaped can be part of a number or a time. */
    private final boolean usual;

    private final int[] starts;
    private final int[] ends;
    private final boolean[] quoted;
    private final boolean[] escaped;

    /** What a line is. */
    enum Verdict {
        /** A good record whose fields stand as they are. */
        PLAIN,
        /** A good record, but one with quotes, or with a value that may not fit its column. */
        GOOD,
        /** Somebody else must look at it. */
        ODD
    }

    CsvLine(List<LineColumn> columns, char delimiter, IngestOptions options) {
        this.columns = columns.toArray(LineColumn[]::new);
        this.delimiter = (byte) delimiter;
        this.quote = (byte) options.quote();
        this.escape = (byte) options.escape();
        this.usual = (quote == '"' || quote == '\'') && (escape == quote || escape == '\\');
        this.nullText = options.nullText().getBytes(StandardCharsets.UTF_8);
        this.starts = new int[this.columns.length];
        this.ends = new int[this.columns.length];
        this.quoted = new boolean[this.columns.length];
        this.escaped = new boolean[this.columns.length];
    }

    /** Takes note of the header, which must be one line without quotes. */
    void header(FileLines lines) throws Irregular {
        if (lines.end() == lines.start()) {
            throw new Irregular();
        }
        lines.requireText(delimiter);
        for (int i = lines.start(); i < lines.end(); i++) {
            if (lines.bytes()[i] == quote) {
                throw new Irregular();
            }
        }
    }

    /** Takes note of a line's fields, unless the line is odd. */
    Verdict read(FileLines lines) throws Irregular {
        byte[] bytes = lines.bytes();
        int end = lines.end();
        int fields = 0;
        boolean odd = false;
        boolean wide = false;
        for (int i = lines.start(); i < end; i++) {
            byte b = bytes[i];
            if (b == delimiter) {
                if (fields < ends.length) {
                    ends[fields] = i;
                }
                fields++;
            } else if (b < ' ') {
                wide |= b < 0;
                if (b >= 0 && b != '\t') {
                    throw new Irregular();
                }
            } else if (b == quote) {
                odd = true;
            }
        }
        if (wide) {
            lines.requireUtf8();
        }
        if (odd) {
            return usual && quotedFields(lines) ? Verdict.GOOD : Verdict.ODD;
        }
        if (fields != ends.length - 1) {
            return Verdict.ODD;
        }
        ends[fields] = end;
        int from = lines.start();
        Verdict verdict = Verdict.PLAIN;
        for (int i = 0; i < ends.length; i++) {
            LineColumn column = columns[i];
            if (!column.isSettled() && !isNull(bytes, from, ends[i])) {
                if (!column.isDeclared()) {
                    column.addText(bytes, from, ends[i]);
                } else if (!column.accepts(bytes, from, ends[i], lines.number())) {
                    verdict = Verdict.GOOD;
                }
            }
            from = ends[i] + 1;
        }
        return verdict;
    }

    /** Takes note of the fields of a line with quotes; false, of none, if it is odd. */
    private boolean quotedFields(FileLines lines) {
        byte[] bytes = lines.bytes();
        int end = lines.end();
        int at = lines.start();
        for (int i = 0; i < ends.length; i++) {
            at = field(bytes, at, end, i);
            boolean last = i == ends.length - 1;
            if (at < 0 || (last ? at != end : at == end)) {
                return false;
            }
            at++;
        }
        for (int i = 0; i < ends.length; i++) {
            note(bytes, i);
        }
        return true;
    }

    /** Finds where a field begins and ends; where what ends it stands, or -1 if it is odd. */
    private int field(byte[] bytes, int from, int end, int place) {
        quoted[place] = from < end && bytes[from] == quote;
        escaped[place] = false;
        if (!quoted[place]) {
            starts[place] = from;
            ends[place] = Words.find(bytes, from, end, delimiter);
            return ends[place];
        }
        starts[place] = from + 1;
        int at = from + 1;
        while (at < end) {
            boolean escapes = bytes[at] == escape && at + 1 < end;
            if (escapes && (bytes[at + 1] == quote || bytes[at + 1] == escape)) {
                escaped[place] = true;
                at += 2;
            } else if (bytes[at] == quote) {
                ends[place] = at;
                boolean closed = at + 1 == end || bytes[at + 1] == delimiter;
                return closed ? at + 1 : -1;
            } else {
                at++;
            }
        }
        return -1;
    }

    private void note(byte[] bytes, int place) {
        LineColumn column = columns[place];
        int from = starts[place];
        int to = ends[place];
        if (column.isDeclared() || column.isSettled()) {
            return;
        }
        if (quoted[place] && (escaped[place] || from == to)) {
            column.add(TextType.TEXT);
        } else if (quoted[place] || !isNull(bytes, from, to)) {
            column.addText(bytes, from, to);
        }
    }

    private boolean isNull(byte[] bytes, int from, int to) {
        return to - from == nullText.length
                && Arrays.equals(bytes, from, to, nullText, 0, nullText.length);
    }
}
