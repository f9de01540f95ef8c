package dev.tarn.demo;

/**
 * The truth about what was written, to compare with what arrived.
 *
 * @param customers rows of the customer extracts
 * @param customerVersions different states of customers one after the other, as the dimension must
 *     show them once spelling is mended
 * @param ordersOfUnknownCustomers orders that name a customer no extract has
 */
public record DemoSummary(
        Counts customers,
        Counts products,
        Counts orders,
        Counts orderItems,
        Counts events,
        long customerVersions,
        long ordersOfUnknownCustomers) {

    /** Files of all kinds. */
    public int files() {
        return customers.files + products.files + orders.files + orderItems.files + events.files;
    }

    /** Bytes on disk. */
    public long bytes() {
        return customers.bytes + products.bytes + orders.bytes + orderItems.bytes + events.bytes;
    }

    /** Rows that can be read. */
    public long rows() {
        return customers.rows()
                + products.rows()
                + orders.rows()
                + orderItems.rows()
                + events.rows();
    }

    /** Rows that must go to quarantine. */
    public long bad() {
        return customers.bad + products.bad + orders.bad + orderItems.bad + events.bad;
    }

    /**
     * One kind of file.
     *
     * @param distinct different things: customers times extracts, products, orders, lines, events
     * @param updates later states of a thing that is counted already
     * @param duplicates rows that say again what another row says
     * @param late rows in the file of a later day than their own; they are counted elsewhere too
     * @param bad rows that cannot be read
     */
    public record Counts(
            long distinct,
            long updates,
            long duplicates,
            long late,
            long bad,
            int files,
            long bytes) {

        /** Rows that can be read. */
        public long rows() {
            return distinct + updates + duplicates;
        }
    }
}
