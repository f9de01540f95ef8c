package dev.tarn.demo;

import java.io.IOException;
import java.nio.file.Path;

/** The product list as one JSON array, and a second one with what changed half-way. */
final class ProductFiles {
    private static final int NO_PRICE_ID = 499;

    private final Products products;
    private final Tally tally = new Tally();

    ProductFiles(Products products) {
        this.products = products;
    }

    void write(Path folder) throws IOException {
        for (int day : new int[] {0, ShopCalendar.NEW_COLUMNS_FROM}) {
            Path file = folder.resolve("products_" + ShopCalendar.date(day) + ".json");
            try (RowWriter rows = RowWriter.open(file)) {
                rows.ascii('[').endRow();
                list(rows, day);
                rows.ascii(']').endRow();
            }
            tally.file(file);
        }
    }

    private void list(RowWriter rows, int day) throws IOException {
        for (int product = 0; product < products.total(); product++) {
            if (day == 0) {
                product(rows, product, day);
                tally.distinctRow();
            } else if (products.changes(product)) {
                product(rows, product, day);
                tally.updateRow();
            }
        }
        rows.ascii("  {\"product_id\": ")
                .number(NO_PRICE_ID)
                .ascii(", \"name\": \"Gift Card\", \"category\": \"books\", \"price\": \"ask us\"")
                .ascii(", \"tags\": [], \"details\": {\"colour\": \"red\", \"grams\": 1}")
                .ascii(", \"listed_on\": \"")
                .ascii(ShopCalendar.date(day))
                .ascii("\"}")
                .endRow();
        tally.badRow();
    }

    private void product(RowWriter rows, int product, int day) throws IOException {
        long name = Dice.again(products.bits(product));
        long more = Dice.again(name);
        byte[] category = Vocabulary.CATEGORIES[Dice.below(more, Vocabulary.CATEGORIES.length)];
        rows.ascii("  {\"product_id\": ").number(Products.id(product)).ascii(", \"name\": \"");
        rows.bytes(Vocabulary.ADJECTIVES[Dice.below(name, Vocabulary.ADJECTIVES.length)])
                .ascii(' ')
                .bytes(Vocabulary.NOUNS[Dice.belowLow(name, Vocabulary.NOUNS.length)])
                .ascii(' ')
                .number(product)
                .ascii("\", \"category\": \"");
        if (product % 9 == 4) {
            rows.ascii(' ').ascii((char) (category[0] - 'a' + 'A'));
            for (int i = 1; i < category.length; i++) {
                rows.ascii((char) category[i]);
            }
        } else {
            rows.bytes(category);
        }
        rows.ascii("\", \"price\": ").hundredths(products.price(product, day), '.');
        byte[] colour = Vocabulary.COLOURS[Dice.belowLow(more, Vocabulary.COLOURS.length)];
        rows.ascii(", \"tags\": [\"").bytes(category).ascii("\", \"").bytes(colour).ascii('"');
        rows.ascii(product % 5 == 0 ? ", \"Sale\"]" : "]");
        rows.ascii(", \"details\": {\"colour\": \"").bytes(colour).ascii("\", \"grams\": ");
        rows.number(50 + Dice.below(Dice.again(more), 3_000)).ascii("}, \"listed_on\": \"");
        rows.ascii(ShopCalendar.date(day)).ascii("\"},").endRow();
    }

    DemoSummary.Counts counts() {
        return tally.counts();
    }
}
