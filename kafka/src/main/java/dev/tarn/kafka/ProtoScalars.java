package dev.tarn.kafka;

import dev.tarn.kafka.ProtoReader.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages that stand for one value. */
final class ProtoScalars {
    /** From the year 1 to the year 9999, as the type is defined. */
    private static final long FIRST_SECOND = -62_135_596_800L;

    private static final long LAST_SECOND = 253_402_300_799L;
    private static final int MOST_SCALE = 1_000;

    private ProtoScalars() {}

    /** The last value that a field has, as a number; zero if it has none. */
    private static long number(
            ProtoMessage message, List<@Nullable List<Value>> found, int number) {
        int place = ProtoReader.place(message, number);
        List<Value> values = place < 0 ? null : found.get(place);
        return values == null ? 0 : values.getLast().number();
    }

    static void date(ProtoMessage message, List<@Nullable List<Value>> found, JsonBytes out)
            throws Undecodable {
        try {
            out.text(
                    LocalDate.of(
                                    (int) number(message, found, 1),
                                    (int) number(message, found, 2),
                                    (int) number(message, found, 3))
                            .toString());
        } catch (DateTimeException e) {
            throw new Undecodable("the message has a google.type.Date that is no day");
        }
    }

    /** Whole digits and a scale, as Confluent's converters write decimals. */
    static void decimal(
            ProtoMessage message, List<@Nullable List<Value>> found, byte[] bytes, JsonBytes out)
            throws Undecodable {
        int scale = (int) number(message, found, 3);
        if (Math.abs((long) scale) > MOST_SCALE) {
            throw new Undecodable("the message has a Decimal that is none");
        }
        int place = ProtoReader.place(message, 1);
        List<Value> values = place < 0 ? null : found.get(place);
        BigInteger unscaled = BigInteger.ZERO;
        if (values != null) {
            Value last = values.getLast();
            if (last.wire() == ProtoReader.BYTES && last.from() < last.to()) {
                unscaled = new BigInteger(Arrays.copyOfRange(bytes, last.from(), last.to()));
            }
        }
        out.ascii(new BigDecimal(unscaled, scale).toPlainString());
    }

    static void time(ProtoMessage message, List<@Nullable List<Value>> found, JsonBytes out)
            throws Undecodable {
        long seconds = number(message, found, 1);
        long nanos = number(message, found, 2);
        if (seconds < FIRST_SECOND || seconds > LAST_SECOND || nanos < 0 || nanos > 999_999_999) {
            throw new Undecodable("the message has a Timestamp that is no time");
        }
        Times.write(seconds * 1_000_000L + nanos / 1000, 1_000_000, true, out);
    }
}
