package dev.tarn.demo;

/**
 * Randomness that can be asked for any thing at any time: the same seed, stream and index always
 * give the same number, so nothing has to be remembered while files are written.
 *
 * @param seed of the whole shop
 */
record Dice(long seed) {
    private static final long STREAM = 0xD1B54A32D192ED03L;
    private static final long INDEX = 0x9E3779B97F4A7C15L;

    /** 64 random bits for the index-th thing of a stream. */
    long roll(Stream stream, long index) {
        return again(again(seed + STREAM * stream.number) + INDEX * index);
    }

    /** Other bits from bits: the next roll for the same thing. */
    static long again(long bits) {
        long z = bits + INDEX;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** A number from 0 to {@code bound - 1} out of the upper half of the bits. */
    static int below(long bits, int bound) {
        return (int) (((bits >>> 32) * bound) >>> 32);
    }

    /** A number from 0 to {@code bound - 1} out of the lower half of the bits. */
    static int belowLow(long bits, int bound) {
        return (int) (((bits & 0xFFFFFFFFL) * bound) >>> 32);
    }

    /** What numbers are rolled for; each stream is independent of the others. */
    enum Stream {
        CUSTOMER(1),
        CUSTOMER_CHANGE(2),
        CUSTOMER_ROW(3),
        PRODUCT(4),
        ORDER(5),
        ORDER_ARRIVAL(6),
        ORDER_UPDATE(7),
        ORDER_LINE(8),
        EVENT_BLOCK(9),
        SESSION(10),
        EVENT(11);

        private final int number;

        Stream(int number) {
            this.number = number;
        }
    }
}
