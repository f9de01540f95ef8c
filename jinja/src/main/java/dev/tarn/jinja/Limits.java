package dev.tarn.jinja;

/**
 * How much one rendering may do before it is stopped with an error.
 *
 * @param outputChars characters of one text: the output, or what one macro or block writes
 * @param loopIterations rounds of all loops together
 * @param recursionDepth macros, includes and recursive loops inside each other
 * @param rangeSize numbers in one range()
 */
public record Limits(long outputChars, long loopIterations, int recursionDepth, long rangeSize) {

    /** Returns limits that no sane project meets: 64 M characters, 10 M rounds, depth 300. */
    public static Limits defaults() {
        return new Limits(64_000_000L, 10_000_000L, 300, 1_000_000L);
    }

    public Limits withOutputChars(long chars) {
        return new Limits(chars, loopIterations, recursionDepth, rangeSize);
    }

    public Limits withLoopIterations(long iterations) {
        return new Limits(outputChars, iterations, recursionDepth, rangeSize);
    }

    public Limits withRecursionDepth(int depth) {
        return new Limits(outputChars, loopIterations, depth, rangeSize);
    }

    public Limits withRangeSize(long size) {
        return new Limits(outputChars, loopIterations, recursionDepth, size);
    }
}
