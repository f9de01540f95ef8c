package dev.tarn.kafka;

import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Points in time as text. */
final class Times {
    private Times() {}

    /**
     * @param perSecond units of the value in a second
     * @param utc whether the text is to say that it is in UTC
     */
    static void write(long value, long perSecond, boolean utc, JsonBytes out) {
        long seconds = Math.floorDiv(value, perSecond);
        long fraction = Math.floorMod(value, perSecond);
        LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        out.put('"');
        if (time.getYear() < 0 || time.getYear() > 9999) {
            out.ascii(time.toString());
        } else {
            out.padded(time.getYear(), 4).put('-').padded(time.getMonthValue(), 2);
            out.put('-').padded(time.getDayOfMonth(), 2).put('T');
            out.padded(time.getHour(), 2).put(':').padded(time.getMinute(), 2);
            out.put(':').padded(time.getSecond(), 2);
        }
        if (fraction != 0) {
            out.put('.').padded(fraction, perSecond == 1_000 ? 3 : perSecond == 1_000_000 ? 6 : 9);
        }
        if (utc) {
            out.put('Z');
        }
        out.put('"');
    }
}
