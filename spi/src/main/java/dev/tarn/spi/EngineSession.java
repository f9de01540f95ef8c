package dev.tarn.spi;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.QueryLineage;
import dev.tarn.model.graph.QueryTraits;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.RowPositions;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * One client of an engine. Relations are found by {@code schema.table} or, when the name is in only
 * one schema, by {@code table} alone. Used by one thread at a time, except {@link #cancel()} and
 * {@link #progress()}, which any thread may call.
 *
 * <p>Errors in SQL are {@code SQL_SYNTAX}, {@code SQL_INVALID}, {@code COLUMN_NOT_FOUND}, {@code
 * TABLE_NOT_FOUND} or {@code TYPE_MISMATCH} at the place the text came from, with a suggestion
 * where one is near. Errors of data (a cast that fails, an overflow) are {@code DATA_INVALID}. A
 * statement that was cancelled ends with {@code INTERRUPTED}, one that took too long with {@code
 * TIMEOUT}.
 */
public interface EngineSession extends AutoCloseable {
    /**
     * Where names that the session does not know are looked up, once each, when a query uses them.
     */
    void resolver(RelationResolver resolver);

    /** Defines a relation, replacing one of the same name. */
    void define(TableName name, Relation relation);

    /** The relations a query reads, common table expressions aside, without running it. */
    Set<TableName> reads(SqlText query);

    /** The columns of a query, bound against the relations, without running it. */
    Schema describe(SqlText query);

    /**
     * Whether the columns of a query that can be described follow from its text and from the
     * columns of the relations in {@link #reads}, and from nothing else: it names them with their
     * schemas, reads no files and asks for no settings. Says no wherever that is not certain.
     */
    default boolean isClosed(SqlText query) {
        return false;
    }

    /**
     * Where the columns of a query come from, without running it. Relations that were defined as
     * shapes are where it ends; what an engine cannot tell is not known, never left out.
     */
    QueryLineage lineage(SqlText query);

    /**
     * What a query reads, and whether it gives the same rows again, without running it. Times that
     * a query asks for make it unsteady.
     */
    QueryTraits traits(SqlText query);

    /** Runs a query. The result must be closed before the session is used again. */
    QueryResult query(SqlText query);

    /** Writes a query's rows as Parquet files for a table. No rows, no files. */
    List<WrittenFile> write(SqlText query, WriteTarget target);

    /** Writes a query's rows to one Parquet file for somebody to take away; returns the rows. */
    long export(SqlText query, Path file);

    /**
     * Finds the rows of a defined table that a query names by key.
     *
     * @param keys columns of both; null equals null
     * @param condition on the table's rows as {@code target.column}; empty for none
     * @throws dev.tarn.model.TarnException {@code MERGE_AMBIGUOUS} when the query has a key twice,
     *     with the key
     */
    List<RowPositions> matches(TableName table, SqlText query, List<String> keys, String condition);

    /**
     * The places of rows that a query found in a table defined with {@link Relation.Places.Told}.
     *
     * @param query two columns: file and position, as the table tells them; doubles count once
     */
    List<RowPositions> positions(TableName table, SqlText query);

    /** Keeps a query's rows in the session under a name, in memory or spilled; returns the rows. */
    long stage(TableName name, SqlText query);

    /**
     * Keeps given rows in the session under a name.
     *
     * @param rows values by position: null, Boolean, Integer, Long, Float, Double, BigDecimal,
     *     String, byte[], LocalDate, LocalTime, LocalDateTime, Instant, UUID, List, Map
     */
    long stage(
            TableName name,
            Schema schema,
            Iterable<List<? extends @org.jspecify.annotations.Nullable Object>> rows);

    /**
     * Makes a relation in the session whose rows are told one after the other. It can be read once
     * the sink is closed. Several sinks may be open, each used by a thread of its own.
     */
    RowSink sink(TableName name, Schema schema);

    /**
     * Makes a relation of texts that are fetched whenever a query reads it. Its columns are {@code
     * part INTEGER}, {@code number BIGINT} and {@code text VARCHAR}; its rows have no order.
     */
    void feed(TableName name, TextFeed feed);

    /**
     * Makes a relation of the rows in a file with an Arrow IPC stream, which stays as it is. They
     * are read batch by batch, each time that a statement reads the relation; one statement can
     * name it once.
     */
    void feed(TableName name, Path arrow);

    /**
     * Runs one statement of the engine's own dialect that reads or stages files, or that decides
     * what later queries of this session mean: for adapters, ingestion and the project's own
     * statements, never for SQL that somebody typed. What it makes is gone with the session.
     */
    void execute(SqlText statement);

    /** The same for a statement that nobody wrote. */
    default void execute(String statement) {
        execute(SqlText.of(statement));
    }

    /** How the engine would run a query, or how it ran it. */
    String explain(SqlText query, boolean analyze);

    /** Between 0 and 1 for the statement that runs; negative when that is not known. */
    double progress();

    /** Stops the statement that runs, if one does. */
    void cancel();

    @Override
    void close();
}
