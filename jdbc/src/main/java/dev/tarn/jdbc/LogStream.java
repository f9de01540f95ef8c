package dev.tarn.jdbc;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What a server sends of its log. Nothing is given up there unless somebody says so. */
interface LogStream extends AutoCloseable {
    /** The next message; null when none has come. */
    @Nullable ByteBuffer next() throws SQLException;

    /** Between transactions: what was committed before has come. */
    Lsn received();

    /** Whether something has come over it. */
    boolean hasRead();

    /** Asks how far the log is. */
    void ask() throws SQLException;

    /** What is before a place nobody needs any more. */
    void confirm(Lsn place) throws SQLException;

    @Override
    void close();
}
