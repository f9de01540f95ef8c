package dev.tarn.ingest;

import dev.tarn.ingest.FileLines.Irregular;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Looks at lines of delimited text that have no quotes. */
final class CsvLine {
    private final LineColumn[] columns;
    private final byte delimiter;
    private final byte quote;
    private final byte[] nullText;
    private final int[] ends;

    CsvLine(List<LineColumn> columns, char delimiter, IngestOptions options) {
        this.columns = columns.toArray(LineColumn[]::new);
        this.delimiter = (byte) delimiter;
        this.quote = (byte) options.quote();
        this.nullText = options.nullText().getBytes(StandardCharsets.UTF_8);
        this.ends = new int[this.columns.length];
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

    /** Takes note of a line's fields; false if somebody else must look at it. */
    boolean read(FileLines lines) throws Irregular {
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
        if (odd || fields != ends.length - 1) {
            return false;
        }
        ends[fields] = end;
        int from = lines.start();
        for (int i = 0; i < ends.length; i++) {
            LineColumn column = columns[i];
            if (!column.isSettled() && !isNull(bytes, from, ends[i])) {
                if (!column.isDeclared()) {
                    column.addText(bytes, from, ends[i]);
                } else if (!column.accepts(bytes, from, ends[i], lines.number())) {
                    return false;
                }
            }
            from = ends[i] + 1;
        }
        return true;
    }

    private boolean isNull(byte[] bytes, int from, int to) {
        return to - from == nullText.length
                && Arrays.equals(bytes, from, to, nullText, 0, nullText.length);
    }
}
