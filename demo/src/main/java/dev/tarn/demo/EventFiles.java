package dev.tarn.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.demo.Dice.Stream;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What visitors did on the site, a JSON object per line. Events come in blocks of sessions of known
 * lengths, so that the n-th event can be made without those before it.
 */
final class EventFiles {
    /** Events made together: a few whole sessions. */
    static final int BLOCK = 20;

    private static final int[][] SESSION_LENGTHS = {
        {1, 2, 7, 10}, {1, 3, 6, 10}, {2, 4, 5, 9}, {1, 1, 8, 10}, {3, 4, 5, 8}
    };
    private static final int EVENTS_PER_FILE = 200_000;
    private static final int EVENTS_PER_BAD = 6_000;
    private static final int BUSY_MILLIS = 85_000_000;
    private static final byte[][] TYPES =
            Vocabulary.words("page_view", "product_view", "add_to_cart", "checkout", "purchase");
    private static final byte[][] TYPES_MISSPELT =
            Vocabulary.words("page-view", "Product_View", "add-to-cart", "CHECKOUT", "Purchase");
    private static final byte[] EVENT_ID = "{\"event_id\":\"e".getBytes(UTF_8);
    private static final byte[] SESSION_ID = "\",\"session_id\":\"s".getBytes(UTF_8);
    private static final byte[] CUSTOMER_ID = "\",\"customer_id\":".getBytes(UTF_8);
    private static final byte[] NULL = "null".getBytes(UTF_8);
    private static final byte[] TYPE = ",\"event_type\":\"".getBytes(UTF_8);
    private static final byte[] AT = "\",\"occurred_at\":\"".getBytes(UTF_8);
    private static final byte[] PRODUCT_PATH = "Z\",\"path\":\"/p/".getBytes(UTF_8);
    private static final byte[] PRODUCT_ID = "\",\"product_id\":".getBytes(UTF_8);
    private static final byte[] PLAIN_PATH = "Z\",\"path\":\"/".getBytes(UTF_8);
    private static final byte[] NO_PRODUCT = "\",\"product_id\":null".getBytes(UTF_8);
    private static final byte[] DEVICE = ",\"device\":\"".getBytes(UTF_8);

    private final Dice dice;
    private final Customers customers;
    private final Products products;
    private final ShopCalendar calendar;
    private final long total;
    private final Tally tally = new Tally();

    EventFiles(
            Dice dice,
            Customers customers,
            Products products,
            ShopCalendar calendar,
            DemoSize size) {
        this.dice = dice;
        this.customers = customers;
        this.products = products;
        this.calendar = calendar;
        this.total = size.events();
    }

    void write(Path folder) throws IOException {
        for (int day = 0; day < ShopCalendar.DAYS; day++) {
            long end = firstOf(day + 1);
            int part = 0;
            for (long from = firstOf(day); from < end; from += EVENTS_PER_FILE, part++) {
                long to = Math.min(end, from + EVENTS_PER_FILE);
                Path file = folder.resolve(fileName(day, part));
                try (RowWriter rows = RowWriter.open(file)) {
                    blocks(rows, from, to, day, day);
                    if (to == end) {
                        arrears(rows, day);
                    }
                }
                tally.file(file);
            }
        }
    }

    private static String fileName(int day, int part) {
        String packed = day % 7 == 3 ? ".gz" : "";
        String number = (part < 10 ? "0" : "") + part;
        return "events_" + ShopCalendar.date(day) + "_" + number + ".ndjson" + packed;
    }

    private long firstOf(int day) {
        return calendar.firstOf(day, total, BLOCK);
    }

    /** What belongs to the days before but comes only now. */
    private void arrears(RowWriter rows, int fileDay) throws IOException {
        for (int back = 1; back <= Math.min(fileDay, ShopCalendar.LATEST); back++) {
            int day = fileDay - back;
            blocks(rows, firstOf(day), firstOf(day + 1), day, fileDay);
        }
    }

    private void blocks(RowWriter rows, long from, long to, int day, int fileDay)
            throws IOException {
        long first = firstOf(day);
        long length = firstOf(day + 1) - first;
        for (long start = from; start < to; start += BLOCK) {
            int millis = (int) ((start - first) * BUSY_MILLIS / length);
            block(rows, start, millis, day, fileDay);
            if (day == fileDay && (start - first) % EVENTS_PER_BAD < BLOCK) {
                badRow(rows, start, day, (int) ((day + start / EVENTS_PER_BAD) % 3));
                tally.badRow();
            }
        }
    }

    private void block(RowWriter rows, long start, int millis, int day, int fileDay)
            throws IOException {
        long bits = dice.roll(Stream.EVENT_BLOCK, start);
        int[] lengths = SESSION_LENGTHS[Dice.below(bits, SESSION_LENGTHS.length)];
        long event = start;
        for (int i = 0; i < lengths.length; i++) {
            long session = start / BLOCK * lengths.length + i;
            long sessionBits = dice.roll(Stream.SESSION, session);
            int length = lengths[i];
            int steps = Math.max(0, Math.min(length - 2, Dice.below(sessionBits, 8) - 3));
            int stepsDone = Math.min(3, steps);
            int at = millis + Dice.belowLow(sessionBits, 300_000);
            for (int position = 0; position < length; position++, event++) {
                long eventBits = dice.roll(Stream.EVENT, event);
                at += 1_000 + Dice.below(eventBits, 40_000);
                arrive(
                        rows,
                        new Event(
                                event,
                                session,
                                sessionBits,
                                eventBits,
                                type(position, length, stepsDone),
                                at,
                                day),
                        fileDay);
            }
        }
    }

    /** A look at a page, looks at products, and at the end the steps towards a purchase. */
    private static int type(int position, int length, int steps) {
        if (position == 0) {
            return 0;
        }
        int step = position - (length - steps);
        return step < 0 ? 1 : 2 + step;
    }

    /** Writes the event if this is the file it comes with, and again where it is sent twice. */
    private void arrive(RowWriter rows, Event event, int fileDay) throws IOException {
        long bits = Dice.again(event.bits);
        int last = ShopCalendar.DAYS - 1;
        int late = 0;
        if (Dice.below(bits, 1_000) < 12) {
            late = Math.min(1 + Dice.belowLow(bits, ShopCalendar.LATEST), last - event.day);
        }
        int behind = fileDay - event.day;
        if (behind == late) {
            row(rows, event);
            tally.distinctRow();
            if (late > 0) {
                tally.lateRow();
            }
        }
        long twice = Dice.again(bits);
        if (Dice.below(twice, 1_000) < 5) {
            int again =
                    Math.min(
                            late + (int) (twice & 1),
                            Math.min(ShopCalendar.LATEST, last - event.day));
            if (behind == again) {
                row(rows, event);
                tally.duplicateRow();
                if (again > 0) {
                    tally.lateRow();
                }
            }
        }
    }

    private void row(RowWriter rows, Event event) throws IOException {
        rows.bytes(EVENT_ID).number(event.number + 1).bytes(SESSION_ID).number(event.session + 1);
        rows.bytes(CUSTOMER_ID);
        if ((event.sessionBits & 0xFF) < 150) {
            long bits = Dice.again(event.sessionBits);
            rows.number(Customers.id(customers.buyer(bits, event.day)));
        } else {
            rows.bytes(NULL);
        }
        boolean misspelt = Dice.belowLow(event.bits, 1_000) < 8;
        rows.bytes(TYPE).bytes((misspelt ? TYPES_MISSPELT : TYPES)[event.type]).bytes(AT);
        int second = event.millis / 1_000;
        rows.bytes(calendar.dateBytes(event.day)).ascii('T').time(second).ascii('.');
        int thousandths = event.millis % 1_000;
        rows.ascii((char) ('0' + thousandths / 100)).twoDigits(thousandths % 100);
        if (event.type == 1 || event.type == 2) {
            long id = Products.id(products.wanted(Dice.again(event.bits)));
            rows.bytes(PRODUCT_PATH).number(id).bytes(PRODUCT_ID).number(id);
        } else {
            rows.bytes(PLAIN_PATH).bytes(TYPES[event.type]).bytes(NO_PRODUCT);
        }
        if (event.day >= ShopCalendar.NEW_COLUMNS_FROM) {
            int device = Dice.below(Dice.again(event.sessionBits), Vocabulary.DEVICES.length);
            rows.bytes(DEVICE).bytes(Vocabulary.DEVICES[device]).ascii('"');
        }
        rows.ascii('}').endRow();
    }

    private void badRow(RowWriter rows, long start, int day, int kind) throws IOException {
        switch (kind) {
            case 0 ->
                    rows.ascii("{\"event_id\":\"x")
                            .number(start)
                            .ascii("\",\"session_id\":\"s1\",\"cus");
            case 1 -> rows.ascii("<html><body>502 Bad Gateway</body></html>");
            default ->
                    rows.ascii("{\"event_id\":\"x")
                            .number(start)
                            .ascii("\",\"session_id\":\"s1\",\"customer_id\":null,")
                            .ascii("\"event_type\":\"page_view\",\"occurred_at\":\"the day after ")
                            .bytes(calendar.dateBytes(day))
                            .ascii("\",\"path\":\"/\",\"product_id\":null}");
        }
        rows.endRow();
    }

    DemoSummary.Counts counts() {
        return tally.counts();
    }

    private record Event(
            long number,
            long session,
            long sessionBits,
            long bits,
            int type,
            int millis,
            int day) {}
}
