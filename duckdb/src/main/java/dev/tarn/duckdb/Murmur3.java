package dev.tarn.duckdb;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** The 32-bit hash, with seed 0, that bucket partitions are defined by. */
final class Murmur3 {
    private static final int C1 = 0xcc9e2d51;
    private static final int C2 = 0x1b873593;

    private Murmur3() {}

    /** Numbers, dates as days, times and timestamps as microseconds: eight bytes, lowest first. */
    static int ofLong(long value) {
        int hash = mix(0, (int) value);
        hash = mix(hash, (int) (value >>> 32));
        return finish(hash, Long.BYTES);
    }

    static int ofText(String value) {
        return ofBytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** The unscaled value in the fewest bytes, highest first. */
    static int ofDecimal(BigDecimal value) {
        return ofBytes(value.unscaledValue().toByteArray());
    }

    static int ofBytes(byte[] bytes) {
        int hash = 0;
        int blocks = bytes.length / 4;
        for (int i = 0; i < blocks; i++) {
            hash = mix(hash, block(bytes, i * 4, 4));
        }
        int rest = bytes.length - blocks * 4;
        if (rest > 0) {
            hash ^= scramble(block(bytes, blocks * 4, rest));
        }
        return finish(hash, bytes.length);
    }

    private static int block(byte[] bytes, int from, int count) {
        int block = 0;
        for (int i = count - 1; i >= 0; i--) {
            block = (block << 8) | (bytes[from + i] & 0xff);
        }
        return block;
    }

    private static int scramble(int block) {
        return Integer.rotateLeft(block * C1, 15) * C2;
    }

    private static int mix(int hash, int block) {
        return Integer.rotateLeft(hash ^ scramble(block), 13) * 5 + 0xe6546b64;
    }

    private static int finish(int hash, int length) {
        int h = hash ^ length;
        h = (h ^ (h >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }
}
