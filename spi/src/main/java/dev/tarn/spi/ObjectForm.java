package dev.tarn.spi;

import dev.tarn.model.table.Schema;

/**
 * Objects in a form other than JSON, all with the same members, which can be told one by one.
 * Whoever has to look at an object as a whole takes its JSON; the members told must be the same.
 * Except for {@link #json}, used by the one thread that tells rows.
 */
public interface ObjectForm {
    /**
     * The members of each object, none of them nested, and the types that all their values have.
     */
    Schema members();

    /**
     * Takes an object apart for {@link #tell}.
     *
     * @return false if it is none, or has a value that only its JSON can tell
     */
    boolean read(byte[] bytes, int from, int to);

    /**
     * Tells a value of the object that was read last, or that there is none: by the sink's method
     * for its type, but decimals, times of a day, UUIDs and times in nanoseconds as the texts that
     * stand in JSON.
     *
     * @param member by its place
     */
    void tell(int member, RowSink rows);

    /** The JSON of an object that could be read; any thread may ask. */
    byte[] json(byte[] bytes, int from, int to);
}
