package dev.tarn.demo;

/**
 * How much of the shop there is, and which one.
 *
 * @param scale 1.0 gives a million web events, 100,000 orders and 20,000 customers
 * @param seed another seed is another shop
 */
public record DemoSize(double scale, long seed) {
    private static final double LARGEST = 1_000;
    private static final double EVENTS_AT_ONE = 1_000_000;

    public DemoSize {
        if (!(scale > 0 && scale <= LARGEST)) {
            throw DemoErrors.scaleOutOfRange(scale, LARGEST);
        }
    }

    /** The usual shop at this scale. */
    public static DemoSize of(double scale) {
        return new DemoSize(scale, 1);
    }

    /** Different web events; a multiple of {@link EventFiles#BLOCK}. */
    long events() {
        long blocks = Math.round(EVENTS_AT_ONE * scale / EventFiles.BLOCK);
        return Math.max(100, blocks) * EventFiles.BLOCK;
    }

    long orders() {
        return events() / 10;
    }

    int customers() {
        return (int) (events() / 50);
    }

    int products() {
        return (int) Math.max(50, Math.min(2_000, events() / 2_000));
    }
}
