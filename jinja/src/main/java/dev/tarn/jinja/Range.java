package dev.tarn.jinja;

import java.util.AbstractList;
import java.util.RandomAccess;

/** Python's range: computed numbers, not stored ones. */
final class Range extends AbstractList<Object> implements RandomAccess {
    final long start;
    final long stop;
    final long step;
    private final int size;

    Range(long start, long stop, long step, long limit) {
        if (step == 0) {
            throw ValueErrors.value("range() arg 3 must not be zero");
        }
        double span = step > 0 ? (double) stop - start : (double) start - stop;
        double exact = span <= 0 ? 0 : Math.ceil(span / Math.abs((double) step));
        if (exact > Math.min(limit, Integer.MAX_VALUE)) {
            throw LimitErrors.range((long) exact, limit);
        }
        this.start = start;
        this.stop = stop;
        this.step = step;
        this.size = (int) exact;
    }

    @Override
    public Object get(int index) {
        return start + index * step;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public String toString() {
        return step == 1
                ? "range(" + start + ", " + stop + ")"
                : "range(" + start + ", " + stop + ", " + step + ")";
    }
}
