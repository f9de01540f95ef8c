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
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b != '\\') {
                out[size++] = b;
                continue;
            }
            i++;
            switch (bytes[i]) {
                case 'b' -> out[size++] = '\b';
                case 'f' -> out[size++] = '\f';
                case 'n' -> out[size++] = '\n';
                case 'r' -> out[size++] = '\r';
                case 't' -> out[size++] = '\t';
                case 'u' -> {
                    int code = unit(bytes, i + 1);
                    i += 4;
                    if (Character.isHighSurrogate((char) code)) {
                        code = Character.toCodePoint((char) code, (char) unit(bytes, i + 3));
                        i += 6;
                    }
                    size = put(code, out, size);
                }
                default -> out[size++] = bytes[i];
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
