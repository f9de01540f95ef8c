package dev.tarn.spi;

/**
 * Rows that are told by one thread, of which another says what becomes of them once it has seen the
 * first ones: they are kept, and can be read as often as one likes when all have been told; or they
 * are read once, while they are told. As long as nobody has said it, only so many are taken.
 */
public interface RowFlow extends AutoCloseable {
    /** Takes the rows. Used and closed by the thread that tells them. */
    RowSink sink();

    /**
     * Waits for rows. Must be called once, before the others.
     *
     * @return whether there are more than are held back, so that the sink waits for {@link #open}
     *     or {@link #keep}; else the sink was closed, and its rows are kept
     */
    boolean awaitMany();

    /** Lets the next query of the relation read the rows while they are told; only that one. */
    void open();

    /** Keeps the rows: the relation can be read once the sink is closed. */
    void keep();

    /** Nobody reads rows any more: from now on whoever tells more is refused. */
    @Override
    void close();
}
