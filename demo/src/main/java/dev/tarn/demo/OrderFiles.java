package dev.tarn.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;

/**
 * One file of orders per day: what was placed, what arrives late, and the later states of earlier
 * orders. From the middle on the files have one more column.
 */
final class OrderFiles {
    private static final String HEADER =
            "order_id,customer_id,ordered_at,updated_at,status,currency,channel";
    private static final byte[][] STATUSES =
            Vocabulary.words(
                    "shipped",
                    "shipped",
                    "shipped",
                    "delivered",
                    "delivered",
                    "delivered",
                    "returned",
                    "cancelled");
    private static final byte[][] STATUSES_SHOUTED =
            Vocabulary.words(
                    "SHIPPED",
                    "Shipped",
                    "shipped ",
                    "DELIVERED",
                    "Delivered",
                    " delivered",
                    "Returned",
                    "Cancelled");
    private static final byte[] PLACED = "placed".getBytes(UTF_8);
    private static final byte[] PLACED_SHOUTED = "Placed ".getBytes(UTF_8);
    private static final int ROWS_PER_BAD = 2_000;
    private static final int FIRST_BAD = 9;

    private final Orders orders;
    private final ShopCalendar calendar;
    private final Tally tally = new Tally();
    private long ofUnknownCustomers;

    OrderFiles(Orders orders, ShopCalendar calendar) {
        this.orders = orders;
        this.calendar = calendar;
    }

    void write(Path folder) throws IOException {
        for (int day = 0; day < ShopCalendar.DAYS; day++) {
            Path file = folder.resolve("orders_" + ShopCalendar.date(day) + ".csv");
            try (RowWriter rows = RowWriter.open(file)) {
                boolean coupons = day >= ShopCalendar.NEW_COLUMNS_FROM;
                rows.ascii(HEADER).ascii(coupons ? ",coupon" : "").endRow();
                for (int back = 0; back <= Math.min(day, ShopCalendar.LATEST); back++) {
                    placed(rows, day - back, day);
                }
                for (int back = 1; back <= Math.min(day, ShopCalendar.LATEST); back++) {
                    updated(rows, day - back, day);
                }
            }
            tally.file(file);
        }
    }

    private void placed(RowWriter rows, int day, int fileDay) throws IOException {
        long first = orders.firstOf(day);
        long end = orders.firstOf(day + 1);
        for (long order = first; order < end; order++) {
            if (orders.daysLate(order, day) == fileDay - day) {
                long bits = Dice.again(Dice.again(orders.bits(order)));
                boolean shouted = Dice.below(bits, 100) < 4;
                row(rows, order, day, 0, shouted ? PLACED_SHOUTED : PLACED, fileDay);
                tally.distinctRow();
                ofUnknownCustomers += orders.unknownCustomer(order) ? 1 : 0;
                if (day != fileDay) {
                    tally.lateRow();
                }
                if (Dice.belowLow(bits, 1_000) < 5) {
                    row(rows, order, day, 0, PLACED, fileDay);
                    tally.duplicateRow();
                }
            }
            if (day == fileDay && (order - first) % ROWS_PER_BAD == FIRST_BAD) {
                badRow(rows, order, day, (int) ((day + order / ROWS_PER_BAD) % 4));
                tally.badRow();
            }
        }
    }

    private void updated(RowWriter rows, int day, int fileDay) throws IOException {
        long end = orders.firstOf(day + 1);
        for (long order = orders.firstOf(day); order < end; order++) {
            if (orders.daysToUpdate(order, day) == fileDay - day) {
                long bits = orders.updateBits(order);
                int status = Dice.below(bits, STATUSES.length);
                boolean shouted = Dice.belowLow(bits, 100) < 10;
                byte[] word = (shouted ? STATUSES_SHOUTED : STATUSES)[status];
                row(rows, order, day, fileDay - day, word, fileDay);
                tally.updateRow();
            }
        }
    }

    private void row(
            RowWriter rows, long order, int day, int updatedAfter, byte[] status, int fileDay)
            throws IOException {
        long bits = Dice.again(orders.updateBits(order));
        int second = orders.second(order, day);
        rows.number(Orders.id(order)).ascii(',').number(orders.customerId(order, day)).ascii(',');
        rows.bytes(calendar.dateBytes(day)).ascii(' ').time(second).ascii(',');
        rows.bytes(calendar.dateBytes(day + updatedAfter)).ascii(' ').time(second).ascii(',');
        rows.bytes(status).ascii(',');
        byte[][] spellings = Vocabulary.CURRENCIES.get(orders.currency(order, day)).spellings();
        rows.bytes(spellings[Math.max(0, Dice.below(bits, 40) - 36)]).ascii(',');
        rows.bytes(Vocabulary.CHANNELS[Dice.belowLow(bits, Vocabulary.CHANNELS.length)]);
        if (fileDay >= ShopCalendar.NEW_COLUMNS_FROM) {
            rows.ascii(',');
            long luck = Dice.again(bits);
            if (day >= ShopCalendar.NEW_COLUMNS_FROM && Dice.below(luck, 5) == 0) {
                rows.bytes(Vocabulary.COUPONS[Dice.belowLow(luck, Vocabulary.COUPONS.length)]);
            }
        }
        rows.endRow();
    }

    private void badRow(RowWriter rows, long order, int day, int kind) throws IOException {
        boolean coupons = day >= ShopCalendar.NEW_COLUMNS_FROM;
        byte[] date = calendar.dateBytes(day);
        rows.number(Orders.id(order) + 500_000_000);
        switch (kind) {
            case 0 ->
                    rows.ascii(",1000,2026-02-30 10:00:00,2026-03-01 10:00:00,placed,EUR,web")
                            .ascii(coupons ? "," : "");
            case 1 ->
                    rows.ascii(",C-1000,")
                            .bytes(date)
                            .ascii(" 10:00:00,")
                            .bytes(date)
                            .ascii(" 10:00:00,placed,EUR,web")
                            .ascii(coupons ? "," : "");
            case 2 -> rows.ascii(",1000,").bytes(date).ascii(" 10:00:00");
            default ->
                    rows.ascii(",1000,")
                            .bytes(date)
                            .ascii(" 10:00:00,")
                            .bytes(date)
                            .ascii(" 10:00:00,placed,EUR,web,,too,many,fields");
        }
        rows.endRow();
    }

    DemoSummary.Counts counts() {
        return tally.counts();
    }

    long ofUnknownCustomers() {
        return ofUnknownCustomers;
    }
}
