package dev.tarn.ingest;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks for bytes in text, eight at a time. */
final class Words {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private Words() {}

    /** Where a byte is first found; {@code to} if it is not there. */
    static int find(byte[] bytes, int from, int to, byte wanted) {
        long pattern = ONES * wanted;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long found = zeros((long) LONGS.get(bytes, at) ^ pattern);
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (at < to && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    /** Whether bytes begin with others at a place. */
    static boolean begin(byte[] bytes, int from, int to, byte[] wanted) {
        int length = wanted.length;
        if (to - from < length) {
            return false;
        }
        if (length < Long.BYTES) {
            int i = 0;
            while (i < length && bytes[from + i] == wanted[i]) {
                i++;
            }
            return i == length;
        }
        // The last eight bytes may overlap those before.
        int last = length - Long.BYTES;
        for (int i = 0; i < last; i += Long.BYTES) {
            if ((long) LONGS.get(bytes, from + i) != (long) LONGS.get(wanted, i)) {
                return false;
            }
        }
        return (long) LONGS.get(bytes, from + last) == (long) LONGS.get(wanted, last);
    }

    /** Where plain text ends: at a quote, a backslash, a control character, or what is no ASCII. */
    static int plainEnd(byte[] bytes, int from, int to) {
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long word = (long) LONGS.get(bytes, at);
            long found =
                    zeros(word ^ (ONES * '"'))
                            | zeros(word ^ (ONES * '\\'))
                            | ((word - ONES * ' ') & ~word & HIGHS)
                            | (word & HIGHS);
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (at < to && bytes[at] >= ' ' && bytes[at] != '"' && bytes[at] != '\\') {
            at++;
        }
        return at;
    }

    /** The high bit of the lowest zero byte, and perhaps of some above it. */
    private static long zeros(long word) {
        return (word - ONES) & ~word & HIGHS;
    }
}
