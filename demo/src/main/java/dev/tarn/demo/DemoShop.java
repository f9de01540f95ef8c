package dev.tarn.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the files of a shop that never was. The same size gives the same bytes, and however many
 * rows there are, memory holds one buffer.
 */
public final class DemoShop {
    private static final String ORDER_ITEMS = "order_items";

    private DemoShop() {}

    /**
     * Writes four weeks of files below the folder, one sub-folder per kind. Files that are there
     * are overwritten.
     *
     * @return what is in them
     */
    public static DemoSummary generate(Path landing, DemoSize size) {
        Dice dice = new Dice(size.seed());
        ShopCalendar calendar = new ShopCalendar();
        Customers customers = new Customers(dice, size);
        Products products = new Products(dice, size);
        Orders orders = new Orders(dice, customers, calendar, size);
        CustomerFiles customerFiles = new CustomerFiles(dice, customers, calendar);
        ProductFiles productFiles = new ProductFiles(products);
        OrderFiles orderFiles = new OrderFiles(orders, calendar);
        OrderItemFiles orderItemFiles = new OrderItemFiles(dice, orders, products);
        EventFiles eventFiles = new EventFiles(dice, customers, products, calendar, size);
        try {
            customerFiles.write(folder(landing, "customers"));
            productFiles.write(folder(landing, "products"));
            orderFiles.write(folder(landing, "orders"));
            orderItemFiles.write(folder(landing, ORDER_ITEMS));
            eventFiles.write(folder(landing, "events"));
        } catch (IOException e) {
            throw DemoErrors.cannotWrite(landing, e);
        }
        return new DemoSummary(
                customerFiles.counts(),
                productFiles.counts(),
                orderFiles.counts(),
                orderItemFiles.counts(),
                eventFiles.counts(),
                customerFiles.versions(),
                orderFiles.ofUnknownCustomers());
    }

    /**
     * Drops one more file of order lines that nobody wants in a report: negative quantities and
     * products that do not exist, which checks must find, and rows that cannot be read at all,
     * which must go to quarantine. Deleting the file mends the shop.
     */
    public static BrokenFile brokenFile(Path landing) {
        try {
            return BrokenFile.write(folder(landing, ORDER_ITEMS));
        } catch (IOException e) {
            throw DemoErrors.cannotWrite(landing, e);
        }
    }

    private static Path folder(Path landing, String name) throws IOException {
        return Files.createDirectories(landing.resolve(name));
    }
}
