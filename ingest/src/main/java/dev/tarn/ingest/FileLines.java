package dev.tarn.ingest;

import dev.tarn.spi.Utf8;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The lines of UTF-8 text as they lie in a buffer, for files whose lines the engine reads too. */
final class FileLines implements AutoCloseable {
    private static final int BUFFER = 1 << 18;
    private static final int MOST_BYTES = 1 << 20;

    private final InputStream in;
    private byte[] buffer = new byte[BUFFER];
    private int filled;
    private boolean atEnd;

    private int start;
    private int end;
    private int following;
    private long number;
    private long passed;
    private boolean terminated;
    private boolean returns;

    FileLines(InputStream in) {
        this.in = in;
    }

    /** Thrown where the engine would or might see something else in a file than we do. */
    static final class Irregular extends Exception {
        private static final long serialVersionUID = 1L;

        Irregular() {
            super("irregular", null, false, false);
        }
    }

    /** Moves to the next line; false after the last one. */
    boolean next() throws IOException, Irregular {
        start = following;
        int at = start;
        while (true) {
            at = Words.find(buffer, at, filled, (byte) '\n');
            if (at < filled) {
                terminated = true;
                break;
            }
            int seen = at - start;
            if (seen > MOST_BYTES) {
                throw new Irregular();
            }
            boolean more = readOn();
            at = start + seen;
            if (!more) {
                if (seen == 0) {
                    return false;
                }
                terminated = false;
                break;
            }
        }
        following = terminated ? at + 1 : at;
        end = at;
        number++;
        withoutReturn();
        return true;
    }

    byte[] bytes() {
        return buffer;
    }

    /** Where the line begins in {@link #bytes}. */
    int start() {
        return start;
    }

    /** Where the line ends in {@link #bytes}, without what ends lines. */
    int end() {
        return end;
    }

    /** How many bytes of the file stand before the line. */
    long offset() {
        return passed + start;
    }

    /** The number of the line, from 1; after the last line, how many there are. */
    long number() {
        return number;
    }

    /** Whether lines end with a carriage return and a line feed. */
    boolean returns() {
        return returns;
    }

    /** Whether the line has an end as all others do. */
    boolean terminated() {
        return terminated;
    }

    byte[] copy() {
        return Arrays.copyOfRange(buffer, start, end);
    }

    /** Refuses what the engine would not take for a part of a line, or not for text. */
    void requireText(byte delimiter) throws Irregular {
        boolean wide = false;
        for (int i = start; i < end; i++) {
            byte b = buffer[i];
            wide |= b < 0;
            if (b >= 0 && b < ' ' && b != '\t' && b != delimiter) {
                throw new Irregular();
            }
        }
        if (wide) {
            requireUtf8();
        }
    }

    void requireUtf8() throws Irregular {
        if (!Utf8.isText(buffer, start, end)) {
            throw new Irregular();
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** All lines of a file must end in the same way. */
    private void withoutReturn() throws Irregular {
        boolean returned = terminated && end > start && buffer[end - 1] == '\r';
        if (number == 1) {
            returns = returned;
        }
        if (terminated && returned != returns) {
            throw new Irregular();
        }
        end -= returned ? 1 : 0;
    }

    private boolean readOn() throws IOException {
        if (atEnd) {
            return false;
        }
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, filled - start);
            passed += start;
            filled -= start;
            start = 0;
        }
        if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int read = in.read(buffer, filled, buffer.length - filled);
        atEnd = read < 0;
        filled += Math.max(read, 0);
        return !atEnd;
    }
}
