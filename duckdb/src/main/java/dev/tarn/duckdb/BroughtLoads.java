package dev.tarn.duckdb;

import dev.tarn.model.TarnException;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Where loads of rows go that were gathered, over a connection of its own. If they may be held,
 * they stay in memory and are read where they are. Otherwise, and when they become too many, they
 * go into a table: while one does, the next one can be gathered.
 */
final class BroughtLoads {
    private final DuckDBConnection connection;
    private final LoadFunction loads;
    private final LoadFunction.Registrations kept;
    private final String table;
    private final Maker maker;
    private List<Field> fields;
    private final List<RowLoad> held = new ArrayList<>();
    private boolean holding;
    private CompletableFuture<@Nullable Void> inserting = CompletableFuture.completedFuture(null);

    /** Says what makes the relation in which rows are found. */
    interface Maker {
        /** What makes the table anew, and the relation as what the table has. */
        List<String> made(Schema schema);

        /** What makes the relation as what loads have. */
        String view(Schema schema, long loads);
    }

    /**
     * @param session whose connection is taken as a model
     * @param table one that is there, with texts in the place of what is told as JSON
     */
    BroughtLoads(
            DuckDBConnection session,
            LoadFunction loads,
            LoadFunction.Registrations kept,
            String table,
            Schema schema,
            Maker maker) {
        this.loads = loads;
        this.kept = kept;
        this.table = table;
        this.fields = schema.fields();
        this.maker = maker;
        try {
            connection = session.duplicate();
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.OURS);
        }
    }

    /** Lets loads stay in memory. */
    void hold() {
        holding = true;
    }

    /** Makes the table anew, with other columns. */
    void widen(Schema all) {
        try (Statement statement = connection.createStatement()) {
            for (String sql : maker.made(all)) {
                statement.execute(sql);
            }
            connection.commit();
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.OURS);
        }
        fields = all.fields();
    }

    /** Takes a load, which nobody changes any more. */
    void bring(RowLoad ready) {
        if (holding && loads.hold(ready)) {
            held.add(ready);
            return;
        }
        holding = false;
        try {
            awaitInserted();
        } catch (RuntimeException e) {
            ready.free();
            throw e;
        }
        List<RowLoad> first = List.copyOf(held);
        held.clear();
        inserting =
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                first.forEach(this::insert);
                                insert(ready);
                            } finally {
                                first.forEach(loads::release);
                                ready.free();
                            }
                        },
                        BroughtLoads::start);
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
        long id = loads.add(new LoadFunction.Loads(fields, List.of(ready)));
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO "
                            + table
                            + " SELECT "
                            + RowLane.taken(fields)
                            + " FROM "
                            + LoadFunction.scan(id));
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.OURS);
        } finally {
            loads.forget(id);
        }
    }

    /** Takes the last load, and makes the rows of all of them readable. */
    void close(RowLoad last) {
        try (connection) {
            awaitInserted();
            if (last.isEmpty()) {
                last.free();
            } else {
                bring(last);
                awaitInserted();
            }
            if (holding) {
                keep();
            }
            connection.commit();
        } catch (SQLException e) {
            throw ErrorTranslator.translate(e, Source.OURS);
        } finally {
            held.forEach(loads::release);
            held.clear();
        }
    }

    private void keep() throws SQLException {
        long id = kept.keep(new LoadFunction.Loads(fields, held));
        held.clear();
        try (Statement statement = connection.createStatement()) {
            statement.execute(maker.view(new Schema(fields), id));
        }
    }
}
