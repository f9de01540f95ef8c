package dev.tarn.demo;

import dev.tarn.demo.Dice.Stream;
import java.io.IOException;
import java.nio.file.Path;

/** The lines of the orders, one file per day; they arrive together with their order. */
final class OrderItemFiles {
    static final String HEADER = "order_id,line_number,product_id,quantity,unit_price";
    private static final int MOST_LINES = 8;
    private static final int ROWS_PER_BAD = 2_500;
    private static final int FIRST_BAD = 7;

    private final Dice dice;
    private final Orders orders;
    private final Products products;
    private final Tally tally = new Tally();

    OrderItemFiles(Dice dice, Orders orders, Products products) {
        this.dice = dice;
        this.orders = orders;
        this.products = products;
    }

    void write(Path folder) throws IOException {
        for (int day = 0; day < ShopCalendar.DAYS; day++) {
            String packed = day % 7 == 6 ? ".gz" : "";
            Path file = folder.resolve("order_items_" + ShopCalendar.date(day) + ".csv" + packed);
            try (RowWriter rows = RowWriter.open(file)) {
                rows.ascii(HEADER).endRow();
                for (int back = 0; back <= Math.min(day, ShopCalendar.LATEST); back++) {
                    lines(rows, day - back, day);
                }
            }
            tally.file(file);
        }
    }

    private void lines(RowWriter rows, int day, int fileDay) throws IOException {
        long first = orders.firstOf(day);
        long end = orders.firstOf(day + 1);
        for (long order = first; order < end; order++) {
            if (orders.daysLate(order, day) == fileDay - day) {
                int lines = orders.lines(order);
                for (int line = 1; line <= lines; line++) {
                    line(rows, order, line, day);
                    tally.distinctRow();
                    if (day != fileDay) {
                        tally.lateRow();
                    }
                }
                if (Dice.belowLow(dice.roll(Stream.ORDER_LINE, order * MOST_LINES), 1_000) < 5) {
                    line(rows, order, 1, day);
                    tally.duplicateRow();
                }
            }
            if (day == fileDay && (order - first) % ROWS_PER_BAD == FIRST_BAD) {
                badRow(rows, order, (int) ((day + order / ROWS_PER_BAD) % 3));
                tally.badRow();
            }
        }
    }

    private void line(RowWriter rows, long order, int line, int day) throws IOException {
        long bits = dice.roll(Stream.ORDER_LINE, order * MOST_LINES + line);
        int product = products.wanted(bits);
        long more = Dice.again(bits);
        int thousandths =
                Vocabulary.CURRENCIES.get(orders.currency(order, day)).thousandthsOfEuro();
        long price = (long) products.price(product, day) * thousandths / 1_000;
        rows.number(Orders.id(order)).ascii(',').number(line).ascii(',');
        rows.number(Products.id(product)).ascii(',').number(1 + Dice.below(more, 5)).ascii(',');
        if (Dice.belowLow(more, 100) < 3) {
            rows.ascii('"').hundredths(price, ',').ascii('"');
        } else {
            rows.hundredths(price, '.');
        }
        rows.endRow();
    }

    private static void badRow(RowWriter rows, long order, int kind) throws IOException {
        rows.number(Orders.id(order));
        switch (kind) {
            case 0 -> rows.ascii(",9,500,two,9.90");
            case 1 -> rows.ascii(",9");
            default -> rows.ascii(",9,500,1,9.90,EUR,per piece");
        }
        rows.endRow();
    }

    DemoSummary.Counts counts() {
        return tally.counts();
    }
}
