package dev.tarn.demo;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Builds rows byte by byte in one buffer; a text per row would cost ten times as much. */
final class RowWriter implements Closeable {
    private static final int CAPACITY = 1 << 17;
    private static final int LONGEST_ROW = 1 << 12;

    private final OutputStream out;
    private final byte[] buffer = new byte[CAPACITY];
    private int used;

    private RowWriter(OutputStream out) {
        this.out = out;
    }

    /** Opens a file, packed when its name ends in {@code .gz}. */
    static RowWriter open(Path file) throws IOException {
        OutputStream plain = Files.newOutputStream(file);
        if (!file.toString().endsWith(".gz")) {
            return new RowWriter(plain);
        }
        try {
            return new RowWriter(new FastGzip(plain));
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    RowWriter bytes(byte[] text) {
        System.arraycopy(text, 0, buffer, used, text.length);
        used += text.length;
        return this;
    }

    /** Text of one byte per character. */
    RowWriter ascii(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            buffer[used + i] = (byte) text.charAt(i);
        }
        used += length;
        return this;
    }

    RowWriter ascii(char character) {
        buffer[used++] = (byte) character;
        return this;
    }

    RowWriter number(long value) {
        long rest = value;
        if (rest < 0) {
            ascii('-');
            rest = -rest;
        }
        int digits = 1;
        for (long power = 10; power <= rest; power *= 10) {
            digits++;
        }
        for (int at = used + digits - 1; at >= used; at--) {
            buffer[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        used += digits;
        return this;
    }

    RowWriter twoDigits(int value) {
        buffer[used++] = (byte) ('0' + value / 10);
        buffer[used++] = (byte) ('0' + value % 10);
        return this;
    }

    /** An amount of hundredths, such as {@code 12.90}. */
    RowWriter hundredths(long value, char point) {
        return number(value / 100).ascii(point).twoDigits((int) (value % 100));
    }

    /** A time of day as {@code 10:11:12}. */
    RowWriter time(int seconds) {
        return twoDigits(seconds / 3600)
                .ascii(':')
                .twoDigits(seconds / 60 % 60)
                .ascii(':')
                .twoDigits(seconds % 60);
    }

    /**
     * Ends a row. No row is longer than a few hundred bytes, so the buffer is checked here only.
     */
    void endRow() throws IOException {
        buffer[used++] = '\n';
        if (used > CAPACITY - LONGEST_ROW) {
            drain();
        }
    }

    private void drain() throws IOException {
        out.write(buffer, 0, used);
        used = 0;
    }

    @Override
    public void close() throws IOException {
        try (out) {
            drain();
        }
    }

    /** The quickest level: the demo shows that packed files can be read, not how small they get. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 1 << 16);
            def.setLevel(1);
        }
    }
}
