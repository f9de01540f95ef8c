package dev.tarn.ingest;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.graph.SqlText;
import java.util.List;
import java.util.Optional;

/** Rows of a batch that stand in an engine session, and how they are to change their table. */
public sealed interface LandedRows permits Landing, StreamLanding {
    /** Rows in the order in which they change others; see {@link #stage}. */
    TableName CHANGES = new TableName("tarn_ingest", "stream_changes");

    /** The columns of SCD2: from when to when a row was valid. */
    String VALID_FROM = "_valid_from";

    String VALID_TO = "_valid_to";

    Write write();

    /** The columns that name a row; empty where rows are only added. */
    List<String> key();

    /** The columns that do not make a row another one. */
    List<String> about();

    /**
     * The column whose values say which of two rows is newer, where rows may come in any order;
     * empty where what comes later is newer.
     */
    Optional<String> newest();

    /** Whether there is nothing to write to the table. */
    boolean isEmpty();

    /** The good rows. */
    SqlText rows();

    /**
     * Stages the good rows as {@link #CHANGES}: beside the columns of the table they have {@code
     * tarn_kind}, {@code tarn_untold}, {@code tarn_at} and, growing in their order, {@code tarn_n}.
     */
    void stage();

    /**
     * The good rows without those whose key has landed before.
     *
     * @param table that has landed, as a name in the session; empty when nothing has
     * @return empty where nobody asked for that
     */
    Optional<SqlText> deduplicated(Optional<String> table);

    /** How many rows have to be written when they are only added. */
    long expected();

    /** Sees to it that no row was lost on the way into the table. */
    void requireWritten(long written);
}
