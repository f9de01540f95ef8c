package dev.tarn.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** UTF-8 as the engine and we understand it. */
public final class Utf8 {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGHS = 0x8080808080808080L;

    private Utf8() {}

    /** Whether some of the bytes are whole characters. */
    public static boolean isText(byte[] bytes, int from, int to) {
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            if (((long) LONGS.get(bytes, at) & HIGHS) != 0) {
                return isWhole(bytes, at, to);
            }
        }
        int all = 0;
        for (int i = at; i < to; i++) {
            all |= bytes[i];
        }
        return all >= 0 || isWhole(bytes, at, to);
    }

    private static boolean isWhole(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int length = bytes[at] >= 0 ? 1 : sequence(bytes, at, to);
            if (length == 0) {
                return false;
            }
            at += length;
            while (at + Long.BYTES <= to && ((long) LONGS.get(bytes, at) & HIGHS) == 0) {
                at += Long.BYTES;
            }
        }
        return true;
    }

    /** The length of a character of several bytes; 0 if there is none. */
    private static int sequence(byte[] bytes, int at, int to) {
        int first = bytes[at] & 0xff;
        int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4 || at + length > to) {
            return 0;
        }
        int second = bytes[at + 1] & 0xff;
        boolean overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
        boolean beyond = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
        for (int i = 1; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return overlong || beyond ? 0 : length;
    }
}
