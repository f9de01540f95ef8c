package dev.tarn.demo;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/** Four weeks of the shop's life, busier at week-ends, and how numbered things fall on its days. */
final class ShopCalendar {
    static final LocalDate FIRST_DAY = LocalDate.of(2026, 3, 1);
    static final int DAYS = 28;

    /** From this day on, orders have a coupon and events a device. */
    static final int NEW_COLUMNS_FROM = 14;

    /** How late a row can be, in days. */
    static final int LATEST = 3;

    private static final int[] WEIGHT_FROM_SUNDAY = {13, 9, 9, 10, 10, 12, 14};
    private static final int DATES = DAYS + 8;

    private final long[] weightBefore = new long[DAYS + 1];
    private final byte[][] dates = new byte[DATES][];

    ShopCalendar() {
        for (int day = 0; day < DAYS; day++) {
            weightBefore[day + 1] = weightBefore[day] + WEIGHT_FROM_SUNDAY[day % 7];
        }
        for (int day = 0; day < DATES; day++) {
            dates[day] = date(day).getBytes(StandardCharsets.US_ASCII);
        }
    }

    static String date(int day) {
        return FIRST_DAY.plusDays(day).toString();
    }

    /** The date as bytes; up to a week after the last day. */
    byte[] dateBytes(int day) {
        return dates[day];
    }

    /**
     * The first of {@code total} things that falls on the day, when things come in whole units. The
     * day after the last one gives the end.
     */
    long firstOf(int day, long total, int unit) {
        return total / unit * weightBefore[day] / weightBefore[DAYS] * unit;
    }
}
