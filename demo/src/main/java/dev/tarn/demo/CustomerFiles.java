package dev.tarn.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.demo.Dice.Stream;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Full extracts of all customers every few days: what changed between two of them is for the reader
 * to find. Names have commas, addresses line breaks, countries several spellings.
 */
final class CustomerFiles {
    private static final String HEADER =
            "customer_id,extract_date,name,email,country,city,address,tier,signed_up_on";
    private static final byte[] BYTE_ORDER_MARK = "\uFEFF".getBytes(UTF_8);
    private static final int EXTRACT_WITH_MARK = 2;
    private static final int ROWS_PER_BAD = 4_000;
    private static final int FIRST_BAD = 17;

    private final Dice dice;
    private final Customers customers;
    private final ShopCalendar calendar;
    private final Tally tally = new Tally();
    private long versions;

    CustomerFiles(Dice dice, Customers customers, ShopCalendar calendar) {
        this.dice = dice;
        this.customers = customers;
        this.calendar = calendar;
    }

    void write(Path folder) throws IOException {
        for (int extract = 0; extract < Customers.EXTRACT_DAYS.length; extract++) {
            int day = Customers.EXTRACT_DAYS[extract];
            String packed = extract % 3 == 1 ? ".gz" : "";
            Path file = folder.resolve("customers_" + ShopCalendar.date(day) + ".csv" + packed);
            try (RowWriter rows = RowWriter.open(file)) {
                if (extract == EXTRACT_WITH_MARK) {
                    rows.bytes(BYTE_ORDER_MARK);
                }
                rows.ascii(HEADER).endRow();
                extract(rows, extract, day);
            }
            tally.file(file);
        }
    }

    private void extract(RowWriter rows, int extract, int day) throws IOException {
        int known = customers.signedUpBy(day);
        for (int customer = 0; customer < known; customer++) {
            if (customers.listed(customer, extract)) {
                Customers.State state = customers.state(customer, extract);
                boolean news =
                        extract == 0
                                || !customers.listed(customer, extract - 1)
                                || !customers.state(customer, extract - 1).equals(state);
                versions += news ? 1 : 0;
                long thing = (long) customer * Customers.EXTRACT_DAYS.length + extract;
                long bits = dice.roll(Stream.CUSTOMER_ROW, thing);
                row(rows, customer, day, state, bits);
                tally.distinctRow();
                if (Dice.below(bits, 1_000) < 3) {
                    row(rows, customer, day, state, Dice.again(bits));
                    tally.duplicateRow();
                }
            }
            if (customer % ROWS_PER_BAD == FIRST_BAD) {
                badRow(rows, customer, day, (customer / ROWS_PER_BAD + extract) % 3);
                tally.badRow();
            }
        }
    }

    /** The bits decide the spelling only, so two rows of one extract may differ in that. */
    private void row(RowWriter rows, int customer, int day, Customers.State state, long bits)
            throws IOException {
        long person = Dice.again(dice.roll(Stream.CUSTOMER, customer));
        byte[] first = pick(Vocabulary.FIRST_NAMES, Dice.below(person, 20));
        byte[] last = pick(Vocabulary.LAST_NAMES, Dice.belowLow(person, 20));
        rows.number(Customers.id(customer)).ascii(',').bytes(calendar.dateBytes(day)).ascii(',');
        if (customer % 7 == 3) {
            rows.ascii('"').bytes(last).ascii(", ").bytes(first).ascii("\",");
        } else {
            rows.bytes(first).ascii(' ').bytes(last).ascii(',');
        }
        email(rows, customer, state, bits);
        byte[][] spellings = Vocabulary.COUNTRIES.get(state.country()).spellings();
        int spelling = Math.max(0, Dice.belowLow(bits, 40) - 35);
        rows.bytes(spellings[spelling]).ascii(',');
        rows.bytes(Vocabulary.CITIES[state.city()]).ascii(',');
        address(rows, person, customer);
        rows.bytes(Vocabulary.TIERS[state.tier()]).ascii(',');
        rows.ascii(ShopCalendar.date(customers.signUpDay(customer))).endRow();
    }

    private static void email(RowWriter rows, int customer, Customers.State state, long bits) {
        rows.ascii((bits & 31) == 7 ? "Customer" : "customer").number(Customers.id(customer));
        if (state.mailbox() > 0) {
            rows.ascii('+').number(state.mailbox());
        }
        rows.ascii((bits & 63) == 9 ? "@Example.COM ," : "@example.com,");
    }

    private static void address(RowWriter rows, long person, int customer) {
        byte[] street = pick(Vocabulary.STREETS, Dice.below(Dice.again(person), 4));
        int number = 1 + Dice.belowLow(Dice.again(person), 120);
        if (customer % 50 == 11) {
            rows.ascii('"').number(number).ascii(' ').bytes(street).ascii("\nFlat 3\",");
        } else {
            rows.number(number).ascii(' ').bytes(street).ascii(',');
        }
    }

    private void badRow(RowWriter rows, int customer, int day, int kind) throws IOException {
        byte[] date = calendar.dateBytes(day);
        switch (kind) {
            case 0 ->
                    rows.number(Customers.id(customer))
                            .ascii(',')
                            .bytes(date)
                            .ascii(
                                    ",No Date,x@example.com,Spain,Oakfield,"
                                            + "1 Mill Lane,gold,2026-13-45");
            case 1 -> rows.number(Customers.id(customer)).ascii(',').bytes(date).ascii(",Cut Off");
            default ->
                    rows.ascii("C-17,")
                            .bytes(date)
                            .ascii(
                                    ",No Number,x@example.com,Spain,Oakfield,"
                                            + "1 Mill Lane,gold,2026-01-05");
        }
        rows.endRow();
    }

    private static byte[] pick(byte[][] words, int index) {
        return words[index];
    }

    DemoSummary.Counts counts() {
        return tally.counts();
    }

    long versions() {
        return versions;
    }
}
