package dev.tarn.demo;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What is wrong in the file that must not reach gold.
 *
 * @param file to delete when the shop is to be whole again
 * @param negativeQuantities lines that take back more than was sold
 * @param unknownProducts lines of products that are on no list
 * @param unreadable rows that do not even parse
 */
public record BrokenFile(Path file, int negativeQuantities, int unknownProducts, int unreadable) {
    private static final int NEGATIVE = 7;
    private static final int UNKNOWN = 5;
    private static final int GOOD = 20;
    private static final int FIRST_LINE = 90;
    private static final long UNKNOWN_PRODUCT = 999_001;
    private static final String[] UNREADABLE = {
        "100001,91,500,three,9.90", "100002,91,500", "one hundred thousand,91,500,1,9.90"
    };

    static BrokenFile write(Path folder) throws IOException {
        String name = "order_items_" + ShopCalendar.date(ShopCalendar.DAYS) + ".csv";
        Path file = folder.resolve(name);
        try (RowWriter rows = RowWriter.open(file)) {
            rows.ascii(OrderItemFiles.HEADER).endRow();
            for (int order = 0; order < GOOD; order++) {
                line(rows, order, Products.id(order), 1);
            }
            for (int order = GOOD; order < GOOD + NEGATIVE; order++) {
                line(rows, order, Products.id(order), -3);
            }
            for (int order = GOOD + NEGATIVE; order < GOOD + NEGATIVE + UNKNOWN; order++) {
                line(rows, order, UNKNOWN_PRODUCT + order, 1);
            }
            for (String row : UNREADABLE) {
                rows.ascii(row).endRow();
            }
        }
        return new BrokenFile(file, NEGATIVE, UNKNOWN, UNREADABLE.length);
    }

    private static void line(RowWriter rows, int order, long product, int quantity)
            throws IOException {
        rows.number(Orders.id(order)).ascii(',').number(FIRST_LINE).ascii(',');
        rows.number(product).ascii(',').number(quantity).ascii(",9.90").endRow();
    }
}
