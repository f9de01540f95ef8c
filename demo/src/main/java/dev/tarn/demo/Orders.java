package dev.tarn.demo;

import dev.tarn.demo.Dice.Stream;

/** What was ordered, when, by whom, and on which later day the shop's files say so. */
final class Orders {
    private static final long FIRST_ID = 100_001;
    private static final long UNKNOWN_CUSTOMER = 900_000_000;

    private final Dice dice;
    private final Customers customers;
    private final ShopCalendar calendar;
    private final long total;

    Orders(Dice dice, Customers customers, ShopCalendar calendar, DemoSize size) {
        this.dice = dice;
        this.customers = customers;
        this.calendar = calendar;
        this.total = size.orders();
    }

    static long id(long order) {
        return FIRST_ID + order;
    }

    long firstOf(int day) {
        return calendar.firstOf(day, total, 1);
    }

    /** The second of the day at which it was placed. */
    int second(long order, int day) {
        long first = firstOf(day);
        return (int) ((order - first) * 86_400 / (firstOf(day + 1) - first));
    }

    /** How many days late the order and its lines arrive: mostly none. */
    int daysLate(long order, int day) {
        long bits = dice.roll(Stream.ORDER_ARRIVAL, order);
        if (Dice.below(bits, 1_000) >= 15) {
            return 0;
        }
        return Math.min(1 + Dice.belowLow(bits, ShopCalendar.LATEST), ShopCalendar.DAYS - 1 - day);
    }

    /** After how many days its status changes; 0 when it does not within the four weeks. */
    int daysToUpdate(long order, int day) {
        int days = Dice.below(dice.roll(Stream.ORDER_UPDATE, order), 4);
        return day + days < ShopCalendar.DAYS ? days : 0;
    }

    /** Other bits for the update. */
    long updateBits(long order) {
        return Dice.again(dice.roll(Stream.ORDER_UPDATE, order));
    }

    long bits(long order) {
        return dice.roll(Stream.ORDER, order);
    }

    /** A few come from nobody the shop knows. */
    boolean unknownCustomer(long order) {
        return Dice.below(bits(order), 1_000) < 2;
    }

    int buyer(long order, int day) {
        return customers.buyer(Dice.again(bits(order)), day);
    }

    long customerId(long order, int day) {
        return unknownCustomer(order) ? UNKNOWN_CUSTOMER + order : Customers.id(buyer(order, day));
    }

    /** An index into {@link Vocabulary#CURRENCIES}. */
    int currency(long order, int day) {
        return customers.currency(buyer(order, day));
    }

    int lines(long order) {
        return 1 + Dice.belowLow(bits(order), 4) * Dice.belowLow(Dice.again(bits(order)), 3) / 2;
    }
}
