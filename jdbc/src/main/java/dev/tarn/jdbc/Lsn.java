package dev.tarn.jdbc;

/** A place in the log of a PostgreSQL server. */
record Lsn(long value) implements Comparable<Lsn> {
    static final Lsn ZERO = new Lsn(0);

    /** As the server writes it: {@code 16/B374D848}. */
    static Lsn parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1) {
            throw new IllegalArgumentException("'%s' is no place in a log".formatted(text));
        }
        return new Lsn(
                (Long.parseLong(text.substring(0, slash), 16) << 32)
                        | Long.parseLong(text.substring(slash + 1), 16));
    }

    boolean isBefore(Lsn other) {
        return compareTo(other) < 0;
    }

    Lsn orLater(Lsn other) {
        return isBefore(other) ? other : this;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return "%X/%X".formatted(value >>> 32, value & 0xFFFF_FFFFL);
    }
}
