package dev.tarn.demo;

import dev.tarn.demo.Dice.Stream;

/** Who the customers are at any time: a function of their number, never a table in memory. */
final class Customers {
    /** The days at whose end all customers are extracted. */
    static final int[] EXTRACT_DAYS = {0, 4, 8, 12, 16, 20, 24, 27};

    private static final long FIRST_ID = 1_000;
    private static final int NEVER = Integer.MAX_VALUE;

    private final Dice dice;
    private final int total;
    private final int atStart;

    Customers(Dice dice, DemoSize size) {
        this.dice = dice;
        this.total = size.customers();
        this.atStart = total / 10 * 8;
    }

    static long id(int customer) {
        return FIRST_ID + customer;
    }

    /** How many have signed up by the end of the day; they are numbered in that order. */
    int signedUpBy(int day) {
        return atStart + (int) ((long) (total - atStart) * (day + 1) / ShopCalendar.DAYS);
    }

    /**
     * The day of the period on which a customer signed up, or days before it as a negative number.
     */
    int signUpDay(int customer) {
        if (customer < atStart) {
            return -1 - Dice.belowLow(dice.roll(Stream.CUSTOMER, customer), 1_000);
        }
        int day = 0;
        while (signedUpBy(day) <= customer) {
            day++;
        }
        return day;
    }

    /** Whether an extract lists the customer. */
    boolean listed(int customer, int extract) {
        return customer < signedUpBy(EXTRACT_DAYS[extract]) && extract < goneFrom(customer);
    }

    /** The first extract that no longer has the customer; some leave, most stay. */
    private int goneFrom(int customer) {
        long bits = dice.roll(Stream.CUSTOMER, customer);
        if (customer >= atStart || Dice.below(bits, 100) >= 2) {
            return NEVER;
        }
        return 2 + Dice.below(Dice.again(bits), EXTRACT_DAYS.length - 2);
    }

    /** A customer who can buy on the day. */
    int buyer(long bits, int day) {
        long roll = bits;
        while (true) {
            int customer = Dice.below(roll, signedUpBy(day));
            int gone = goneFrom(customer);
            if (gone == NEVER || day < EXTRACT_DAYS[gone]) {
                return customer;
            }
            roll = Dice.again(roll);
        }
    }

    /** What an extract says about a customer, before anybody misspells it. */
    State state(int customer, int extract) {
        return new State(
                value(customer, extract, Attribute.COUNTRY, Vocabulary.COUNTRIES.size()),
                value(customer, extract, Attribute.CITY, Vocabulary.CITIES.length),
                value(customer, extract, Attribute.TIER, Vocabulary.TIERS.length),
                value(customer, extract, Attribute.MAILBOX, 9));
    }

    /** The currency the customer pays in; it stays when the customer moves. */
    int currency(int customer) {
        int country = value(customer, 0, Attribute.COUNTRY, Vocabulary.COUNTRIES.size());
        return Vocabulary.currencyOf(country);
    }

    private int value(int customer, int extract, Attribute attribute, int choices) {
        int since = extract;
        while (since > 0 && !changes(customer, since, attribute)) {
            since--;
        }
        return Dice.belowLow(change(customer, since, attribute), choices);
    }

    private boolean changes(int customer, int extract, Attribute attribute) {
        return Dice.below(change(customer, extract, attribute), 1_000) < attribute.perMille;
    }

    private long change(int customer, int extract, Attribute attribute) {
        long thing = ((long) customer * EXTRACT_DAYS.length + extract) * 4 + attribute.number;
        return dice.roll(Stream.CUSTOMER_CHANGE, thing);
    }

    /**
     * @param mailbox which of several addresses the customer uses
     */
    record State(int country, int city, int tier, int mailbox) {}

    private enum Attribute {
        COUNTRY(0, 4),
        CITY(1, 15),
        TIER(2, 20),
        MAILBOX(3, 8);

        private final int number;
        private final int perMille;

        Attribute(int number, int perMille) {
            this.number = number;
            this.perMille = perMille;
        }
    }
}
