package dev.tarn.ingest;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The records of one text file, forwards. Used by one thread. */
interface TextRows extends AutoCloseable {
    /** The columns that are known before any record is read. */
    Collection<String> header();

    /** Moves to the next record; false after the last one. */
    boolean next() throws IOException;

    /** The line, or the place in its list, of the current record, from 1. */
    long row();

    /** Why the current record cannot be taken apart, if it cannot. */
    Optional<String> problem();

    /** The current record as it stands in the file. */
    String raw();

    /** The names of the columns that the current record has. */
    Collection<String> columns();

    /** The text of a column; null for null and for a column that the record does not have. */
    @Nullable String text(String column);

    /** The same as JSON: a text that the record says is one keeps its quotes. */
    default @Nullable String json(String column) {
        return text(column);
    }

    /** What the value of a column of the current record is. */
    JsonShape shape(String column);

    @Override
    void close() throws IOException;
}
