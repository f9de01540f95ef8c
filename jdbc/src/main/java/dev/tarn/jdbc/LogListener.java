package dev.tarn.jdbc;

import java.nio.ByteBuffer;
import java.util.List;

/** Is told what happened, in the order of commits. */
interface LogListener {
    /** A row came. */
    byte INSERT = 'I';

    /** A row changed. */
    byte UPDATE = 'U';

    /** A row went. */
    byte DELETE = 'D';

    /** All rows went. */
    byte TRUNCATE = 'T';

    /** The log says that it does not tell what happened: the row has the reason. */
    byte LOST = 'X';

    /**
     * @param commit the transaction's place among others
     * @param micros when it was committed, since 1970
     */
    void begin(Lsn commit, long micros, int transaction);

    void relation(int id, List<LogRelation.Told> columns);

    /**
     * @param kind one of the above
     * @param oldKind {@code K} if the old row has only its key, {@code O} if it is whole, 0 if
     *     there is none
     */
    void change(byte kind, int relation, byte oldKind, ByteBuffer old, ByteBuffer row);

    /**
     * @param end what comes behind the transaction begins here
     */
    void commit(Lsn end);
}
