package dev.tarn.ingest;

import java.nio.charset.StandardCharsets;

/** The escapes of JSON's strings. */
final class Escapes {
    private Escapes() {}

    /**
     * Writes what a string says whose escapes are good, in UTF-8.
     *
     * @param out has room for as many bytes as the string
     * @return how many bytes it says
     */
    static int undo(byte[] bytes, int from, int to, byte[] out) {
        int size = 0;
        int at = from;
        while (at < to) {
            byte b = bytes[at++];
            if (b != '\\') {
                out[size++] = b;
                continue;
            }
            byte escaped = bytes[at++];
            switch (escaped) {
                case 'b' -> out[size++] = '\b';
                case 'f' -> out[size++] = '\f';
                case 'n' -> out[size++] = '\n';
                case 'r' -> out[size++] = '\r';
                case 't' -> out[size++] = '\t';
                case 'u' -> {
                    int code = unit(bytes, at);
                    at += 4;
                    if (Character.isHighSurrogate((char) code)) {
                        // Its other half is the next escape.
                        code = Character.toCodePoint((char) code, (char) unit(bytes, at + 2));
                        at += 6;
                    }
                    size = put(code, out, size);
                }
                default -> out[size++] = escaped;
            }
        }
        return size;
    }

    private static int unit(byte[] bytes, int from) {
        return Integer.parseInt(new String(bytes, from, 4, StandardCharsets.US_ASCII), 16);
    }

    private static int put(int code, byte[] out, int at) {
        byte[] utf8 = Character.toString(code).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(utf8, 0, out, at, utf8.length);
        return at + utf8.length;
    }
}
