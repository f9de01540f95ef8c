package dev.tarn.duckdb;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Rows on their way into a table, over a connection of their own. While one load of them goes into
 * the table, the next one is gathered.
 */
final class InsertedRows implements RowTaker {
    private final DuckDBConnection connection;
    private final LoadFunction loads;
    private final String insert;
    private RowLoad spare;
    private CompletableFuture<@Nullable Void> inserting = CompletableFuture.completedFuture(null);

    /**
     * @param table one that is there, with texts in the place of what is told as JSON
     */
    InsertedRows(
            DuckDBConnection session,
            LoadFunction loads,
            String database,
            TableName table,
            Schema schema) {
        this.loads = loads;
        List<Field> fields = schema.fields();
        insert =
                IntStream.range(0, fields.size())
                        .mapToObj(i -> RowLane.taken(LoadFunction.column(i), fields.get(i)))
                        .collect(
                                Collectors.joining(
                                        ", ",
                                        "INSERT INTO " + Sql.name(database, table) + " SELECT ",
                                        " FROM " + LoadFunction.NAME));
        spare = new RowLoad(fields);
        try {
            connection = session.duplicate();
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.OURS);
        }
    }

    @Override
    public RowLoad take(RowLoad full) {
        awaitInserted();
        RowLoad next = spare;
        spare = full;
        inserting = CompletableFuture.runAsync(() -> insert(full), InsertedRows::start);
        return next;
    }

    /** Threads of the platform: the engine's calls hold on to them. */
    private static void start(Runnable work) {
        Thread.ofPlatform().daemon().name("tarn-rows").start(work);
    }

    private void awaitInserted() {
        try {
            inserting.join();
        } catch (CompletionException e) {
            inserting = CompletableFuture.completedFuture(null);
            if (e.getCause() instanceof TarnException known) {
                throw known;
            }
            throw e;
        } catch (CancellationException e) {
            throw new IllegalStateException("Nobody cancels this.", e);
        }
    }

    private void insert(RowLoad ready) {
        long id = loads.add(ready);
        try (Statement statement = connection.createStatement()) {
            statement.execute(insert + "(" + id + "::BIGINT)");
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.OURS);
        } finally {
            loads.forget(id);
            ready.clear();
        }
    }

    @Override
    public void end(RowLoad rest) {
        try (connection) {
            awaitInserted();
            if (!rest.isEmpty()) {
                insert(rest);
            }
            connection.commit();
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.OURS);
        }
    }
}
