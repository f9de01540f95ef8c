package dev.tarn.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes delimited UTF-8 text apart, record by record, without ever holding more than one of them.
 * Records end with a line feed, a carriage return, or both; empty lines are passed over. A quote
 * that is not at the start of a field is an ordinary character. A record that is broken is given as
 * such, and the next one begins at the next line.
 */
final class CsvScanner {
    /** A record longer than this is taken for a quote that somebody forgot to close. */
    static final int MOST_BYTES = 4 << 20;

    static final String NEVER_CLOSED = "has a quote that is never closed";
    static final String NOT_UTF_8 =
            "is not valid UTF-8 text; set the option 'encoding' to what it is";
    private static final String TOO_LONG = "is longer than 4 MiB";

    private static final int FIRST_BYTES = 1 << 16;

    private final InputStream in;
    private final byte delimiter;
    private final byte quote;
    private final byte escape;
    private final byte[] nullText;

    private byte[] buffer;
    private int filled;
    private boolean atEnd;

    private long nextLine = 1;
    private long line;
    private int recordStart;
    private int position;
    private int[] starts = new int[16];
    private int[] ends = new int[16];
    private boolean[] quoted = new boolean[16];
    private int fields;
    private boolean wide;
    private boolean irregular;
    private @Nullable String problem;

    CsvScanner(InputStream in, char delimiter, IngestOptions options) {
        this(in, delimiter, options, FIRST_BYTES);
    }

    CsvScanner(InputStream in, char delimiter, IngestOptions options, int firstBytes) {
        this.in = in;
        this.buffer = new byte[firstBytes];
        this.delimiter = (byte) delimiter;
        this.quote = (byte) options.quote();
        this.escape = (byte) options.escape();
        this.nullText = options.nullText().getBytes(StandardCharsets.UTF_8);
    }

    /** Moves to the next record; false after the last one. */
    boolean next() throws IOException {
        while (true) {
            recordStart = position;
            line = nextLine;
            if (!has(position)) {
                return false;
            }
            byte first = buffer[position];
            if (first != '\n' && first != '\r') {
                break;
            }
            irregular = true;
            endLine();
        }
        readRecord();
        return true;
    }

    /** The line in which the current record begins, from 1. */
    long line() {
        return line;
    }

    int fields() {
        return fields;
    }

    /** What is wrong with the current record, if anything. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /**
     * Whether anything so far was other than one record a line: line ends in quotes, empty lines,
     * line ends without a line feed, quotes inside fields, broken records.
     */
    boolean isIrregular() {
        return irregular;
    }

    /** Whether the record is nothing but white space, which is no header. */
    boolean isBlank() {
        return fields == 1 && !quoted[0] && raw().isBlank();
    }

    /** Takes the current record for an empty line. */
    void takeForEmptyLine() {
        irregular = true;
    }

    /** A field's text; null for an unquoted field that stands for null. */
    @Nullable String field(int index) {
        int from = starts[index];
        int to = ends[index];
        if (!quoted[index]) {
            boolean isNull = Arrays.equals(buffer, from, to, nullText, 0, nullText.length);
            return isNull ? null : new String(buffer, from, to - from, StandardCharsets.UTF_8);
        }
        byte[] plain = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            boolean doubled = buffer[i] == escape && i + 1 < to;
            if (doubled && isEscaped(i + 1)) {
                i++;
            }
            plain[length++] = buffer[i];
        }
        return new String(plain, 0, length, StandardCharsets.UTF_8);
    }

    List<@Nullable String> texts() {
        List<@Nullable String> texts = new ArrayList<>(fields);
        for (int i = 0; i < fields; i++) {
            texts.add(field(i));
        }
        return texts;
    }

    /** The record as it stands in the file, without its line end. */
    String raw() {
        int end = position;
        while (end > recordStart && (buffer[end - 1] == '\n' || buffer[end - 1] == '\r')) {
            end--;
        }
        return new String(buffer, recordStart, end - recordStart, StandardCharsets.UTF_8);
    }

    private boolean isEscaped(int index) {
        return buffer[index] == quote || buffer[index] == escape;
    }

    private void readRecord() throws IOException {
        fields = 0;
        wide = false;
        problem = null;
        boolean more = true;
        while (more) {
            boolean opens = has(position) && buffer[position] == quote;
            more = opens ? quotedField() : plainField();
        }
        if (problem == null && wide && !isUtf8()) {
            problem = NOT_UTF_8;
        }
    }

    /** Reads a field without quotes; true if another follows. */
    private boolean plainField() throws IOException {
        int start = position - recordStart;
        while (has(position)) {
            byte b = buffer[position];
            if (b == delimiter || b == '\n' || b == '\r') {
                break;
            }
            wide |= b < 0;
            irregular |= b == quote || b == 0;
            position++;
            if (position - recordStart > MOST_BYTES) {
                problem = TOO_LONG;
                skipLine();
                return false;
            }
        }
        add(recordStart + start, position, false);
        return endField();
    }

    /** Reads a field in quotes; true if another follows. */
    private boolean quotedField() throws IOException {
        position++;
        int start = position - recordStart;
        while (true) {
            if (!has(position)) {
                return brokenQuote(NEVER_CLOSED);
            }
            if (position - recordStart > MOST_BYTES) {
                return brokenQuote(
                        nextLine == line ? TOO_LONG : "has a quote that is not closed in 4 MiB");
            }
            byte b = buffer[position];
            wide |= b < 0;
            if (b == escape && has(position + 1) && isEscaped(position + 1)) {
                position += 2;
            } else if (b == quote) {
                break;
            } else {
                countLine(b);
                position++;
            }
        }
        add(recordStart + start, position, true);
        position++;
        if (!has(position) || isFieldEnd(buffer[position])) {
            return endField();
        }
        return brokenQuote("has text behind a closing quote");
    }

    private void countLine(byte b) throws IOException {
        boolean pair = b == '\r' && has(position + 1) && buffer[position + 1] == '\n';
        if (b == '\n' || (b == '\r' && !pair)) {
            nextLine++;
            irregular = true;
        }
    }

    /** Gives the record up and goes on at the line after the one it began in. */
    private boolean brokenQuote(String reason) throws IOException {
        problem = reason;
        nextLine = line;
        position = recordStart;
        irregular = true;
        skipLine();
        return false;
    }

    private void skipLine() throws IOException {
        while (has(position) && buffer[position] != '\n' && buffer[position] != '\r') {
            wide |= buffer[position] < 0;
            position++;
            if (position - recordStart > MOST_BYTES) {
                // What is kept of such a line is its beginning; the rest is passed over.
                position = recordStart + MOST_BYTES;
                passOver();
            }
        }
        endLine();
    }

    private void passOver() throws IOException {
        while (true) {
            for (int i = position; i < filled; i++) {
                if (buffer[i] == '\n' || buffer[i] == '\r') {
                    System.arraycopy(buffer, i, buffer, position, filled - i);
                    filled -= i - position;
                    return;
                }
            }
            filled = position;
            if (!has(position)) {
                return;
            }
        }
    }

    private boolean isFieldEnd(byte b) {
        return b == delimiter || b == '\n' || b == '\r';
    }

    private boolean endField() throws IOException {
        if (has(position) && buffer[position] == delimiter) {
            position++;
            return true;
        }
        endLine();
        return false;
    }

    private void endLine() throws IOException {
        if (!has(position)) {
            return;
        }
        boolean returned = buffer[position] == '\r';
        boolean pair = returned && has(position + 1) && buffer[position + 1] == '\n';
        irregular |= returned && !pair;
        position += pair ? 2 : 1;
        nextLine++;
    }

    private void add(int from, int to, boolean inQuotes) {
        if (fields == starts.length) {
            starts = Arrays.copyOf(starts, fields * 2);
            ends = Arrays.copyOf(ends, fields * 2);
            quoted = Arrays.copyOf(quoted, fields * 2);
        }
        starts[fields] = from;
        ends[fields] = to;
        quoted[fields] = inQuotes;
        fields++;
    }

    /** Whether there is a byte at an index; reads on when it is not in the buffer yet. */
    private boolean has(int index) throws IOException {
        if (index < filled) {
            return true;
        }
        return !atEnd && readOn(index);
    }

    private boolean readOn(int index) throws IOException {
        int wanted = index - recordStart;
        shift();
        while (filled <= recordStart + wanted && !atEnd) {
            if (filled == buffer.length) {
                buffer = Arrays.copyOf(buffer, buffer.length * 2);
            }
            int read = in.read(buffer, filled, buffer.length - filled);
            atEnd = read < 0;
            filled += Math.max(read, 0);
        }
        return recordStart + wanted < filled;
    }

    /** Makes room by moving the current record to the start of the buffer. */
    private void shift() {
        if (recordStart == 0) {
            return;
        }
        System.arraycopy(buffer, recordStart, buffer, 0, filled - recordStart);
        for (int i = 0; i < fields; i++) {
            starts[i] -= recordStart;
            ends[i] -= recordStart;
        }
        filled -= recordStart;
        position -= recordStart;
        recordStart = 0;
    }

    private boolean isUtf8() {
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(buffer, recordStart, position - recordStart));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
