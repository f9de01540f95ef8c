package dev.tarn.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON in the making, as UTF-8. Whoever writes puts commas and brackets where they belong. */
final class JsonBytes {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[1024];
    private int size;

    /** Forgets what was written. */
    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    /** Takes back what was written after a size. */
    void cut(int to) {
        size = to;
    }

    /** Whether a part of a text in quotes stands as it is meant. */
    boolean isPlain(int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\\') {
                return false;
            }
        }
        return true;
    }

    byte[] copy(int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, size);
    }

    JsonBytes put(char ascii) {
        room(1);
        bytes[size++] = (byte) ascii;
        return this;
    }

    JsonBytes put(byte[] json) {
        return put(json, 0, json.length);
    }

    JsonBytes put(byte[] json, int from, int length) {
        room(length);
        System.arraycopy(json, from, bytes, size, length);
        size += length;
        return this;
    }

    JsonBytes nothing() {
        return put(NULL);
    }

    JsonBytes truth(boolean value) {
        return put(value ? TRUE : FALSE);
    }

    JsonBytes number(long value) {
        if (value == Long.MIN_VALUE) {
            return ascii(Long.toString(value));
        }
        room(20);
        long rest = value;
        if (rest < 0) {
            bytes[size++] = '-';
            rest = -rest;
        }
        int end = size + digits(rest);
        for (int at = end - 1; at >= size; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size = end;
        return this;
    }

    private static int digits(long value) {
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }

    /** A number; what JSON has no number for, as a text. */
    JsonBytes number(double value) {
        String text = Double.toString(value);
        return Double.isFinite(value) ? ascii(text) : put('"').ascii(text).put('"');
    }

    JsonBytes number(float value) {
        String text = Float.toString(value);
        return Float.isFinite(value) ? ascii(text) : put('"').ascii(text).put('"');
    }

    /** Characters that need no quoting, without quotes. */
    JsonBytes ascii(String text) {
        int length = text.length();
        room(length);
        for (int i = 0; i < length; i++) {
            bytes[size++] = (byte) text.charAt(i);
        }
        return this;
    }

    /** A whole number with leading zeros. */
    JsonBytes padded(long value, int width) {
        for (int missing = width - digits(value); missing > 0; missing--) {
            put('0');
        }
        return number(value);
    }

    /** A text in quotes. */
    JsonBytes text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return text(utf8, 0, utf8.length);
    }

    /** A text in quotes, given as UTF-8. */
    JsonBytes text(byte[] utf8, int from, int length) {
        room(length + 2);
        bytes[size++] = '"';
        int end = from + length;
        int plain = from;
        for (int at = from; at < end; at++) {
            byte b = utf8[at];
            if ((b >= 0 && b < 0x20) || b == '"' || b == '\\') {
                put(utf8, plain, at - plain);
                escaped(b);
                plain = at + 1;
            }
        }
        put(utf8, plain, end - plain);
        return put('"');
    }

    private void escaped(byte b) {
        switch (b) {
            case '"', '\\' -> put('\\').put((char) b);
            case '\n' -> put('\\').put('n');
            case '\t' -> put('\\').put('t');
            case '\r' -> put('\\').put('r');
            default -> {
                ascii("\\u00");
                room(2);
                bytes[size++] = HEX[b >> 4];
                bytes[size++] = HEX[b & 15];
            }
        }
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }

    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }
}
