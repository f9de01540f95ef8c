package dev.tarn.jinja;

import java.util.Arrays;

/** Python's bytes, as str.encode() gives them. */
public final class Bytes {
    private final byte[] content;

    public Bytes(byte[] content) {
        this.content = content.clone();
    }

    public byte[] content() {
        return content.clone();
    }

    int length() {
        return content.length;
    }

    long at(int index) {
        return content[index] & 0xff;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("b'");
        for (byte b : content) {
            int value = b & 0xff;
            switch (value) {
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\\', '\'' -> text.append('\\').append((char) value);
                default -> {
                    if (value >= 32 && value < 127) {
                        text.append((char) value);
                    } else {
                        text.append("\\x").append(Character.forDigit(value >> 4, 16));
                        text.append(Character.forDigit(value & 15, 16));
                    }
                }
            }
        }
        return text.append('\'').toString();
    }
}
