package dev.tarn.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/** Text of another encoding as UTF-8 bytes. */
final class TranscodedInput extends InputStream {
    private final Reader reader;
    private final char[] chars = new char[1 << 14];
    private byte[] bytes = new byte[0];
    private int position;

    /** Half of a character that needs the next block, or 0. */
    private char carried;

    TranscodedInput(Reader reader) {
        this.reader = reader;
    }

    @Override
    public int read() throws IOException {
        return fill() ? bytes[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int taken = Math.min(length, bytes.length - position);
        System.arraycopy(bytes, position, target, offset, taken);
        position += taken;
        return taken;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private boolean fill() throws IOException {
        while (position == bytes.length) {
            int from = 0;
            if (carried != 0) {
                chars[0] = carried;
                carried = 0;
                from = 1;
            }
            int read = reader.read(chars, from, chars.length - from);
            if (read < 0 && from == 0) {
                return false;
            }
            int count = from + Math.max(read, 0);
            if (read > 0 && Character.isHighSurrogate(chars[count - 1])) {
                carried = chars[--count];
            }
            bytes = new String(chars, 0, count).getBytes(StandardCharsets.UTF_8);
            position = 0;
        }
        return true;
    }
}
