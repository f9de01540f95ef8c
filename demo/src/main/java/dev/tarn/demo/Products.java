package dev.tarn.demo;

import dev.tarn.demo.Dice.Stream;

/** What the shop sells; some prices rise half-way. */
final class Products {
    private static final long FIRST_ID = 500;

    private final Dice dice;
    private final int total;

    Products(Dice dice, DemoSize size) {
        this.dice = dice;
        this.total = size.products();
    }

    int total() {
        return total;
    }

    static long id(int product) {
        return FIRST_ID + product;
    }

    long bits(int product) {
        return dice.roll(Stream.PRODUCT, product);
    }

    /** A few products are asked for much more often than the rest. */
    int wanted(long bits) {
        double share = (bits >>> 11) * 0x1.0p-53;
        return (int) (share * share * total);
    }

    /** The price in euro cents. */
    int price(int product, int day) {
        long bits = bits(product);
        int cents = 199 + Dice.below(bits, 400) * 25;
        boolean rises = day >= ShopCalendar.NEW_COLUMNS_FROM && changes(product);
        return rises ? cents + cents / 10 : cents;
    }

    /** Whether the second list has the product again. */
    boolean changes(int product) {
        return Dice.belowLow(bits(product), 10) < 3;
    }
}
