package dev.tarn.app;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.refs.ChangeFeed;
import dev.tarn.refs.ChangedRows;
import dev.tarn.refs.Difference;
import dev.tarn.refs.RowComparison;
import dev.tarn.refs.RowDifferences;
import dev.tarn.run.Cancellation;
import dev.tarn.run.CatalogRelations;
import dev.tarn.run.PastStates;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Tables;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Answers SQL that somebody typed, over one state of a ref. */
final class Asking {
    private static final Engine.SessionOptions TYPED =
            new Engine.SessionOptions(Optional.empty(), true);

    private final Engine engine;
    private final Tables tables;
    private final PastStates past;

    Asking(Engine engine, Tables tables, PastStates past) {
        this.engine = engine;
        this.tables = tables;
        this.past = past;
    }

    Answer query(SqlText sql, CatalogView view, Cancellation cancellation) {
        EngineSession session = open(view);
        cancellation.watch(session);
        QueryResult rows;
        try {
            rows = session.query(sql);
        } catch (TarnException refused) {
            cancellation.release(session);
            session.close();
            throw withWayOut(refused);
        } catch (RuntimeException | Error failure) {
            cancellation.release(session);
            session.close();
            throw failure;
        }
        return new Answer(session, rows, cancellation);
    }

    long export(String sql, CatalogView view, Path file, Cancellation cancellation) {
        try (EngineSession session = open(view)) {
            cancellation.watch(session);
            try {
                return session.export(SqlText.of(sql), file);
            } finally {
                cancellation.release(session);
            }
        }
    }

    String explain(String sql, CatalogView view, boolean analyze) {
        try (EngineSession session = open(view)) {
            return session.explain(SqlText.of(sql), analyze);
        }
    }

    RowDifferences compareRows(
            Difference difference, List<String> key, int limit, Cancellation cancellation) {
        try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            cancellation.watch(session);
            try {
                return new RowComparison(tables).compare(difference, key, limit, session);
            } finally {
                cancellation.release(session);
            }
        }
    }

    ChangedRows changes(ChangeFeed feed, ChangeFeed.Request request, Cancellation cancellation) {
        EngineSession session = engine.open(Engine.SessionOptions.TRUSTED);
        cancellation.watch(session);
        try {
            return feed.read(request, session);
        } catch (RuntimeException | Error failure) {
            cancellation.release(session);
            session.close();
            throw failure;
        }
    }

    /** The engine knows names; where they can be looked up is ours to say. */
    private static TarnException withWayOut(TarnException refused) {
        Problem first = refused.problems().getFirst();
        return refused.code() == ErrorCode.TABLE_NOT_FOUND
                ? new TarnException(
                        new Problem(
                                first.code(),
                                first.place(),
                                first.message() + " `tarn tables` lists what there is."),
                        refused)
                : refused;
    }

    private EngineSession open(CatalogView view) {
        EngineSession session = engine.open(TYPED);
        session.resolver(new CatalogRelations(view, tables, past));
        return session;
    }
}
