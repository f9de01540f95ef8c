package dev.tarn.app;

import dev.tarn.app.results.KeptRows;
import dev.tarn.app.results.Recorder;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.project.StandardNames;
import dev.tarn.refs.ChangeFeed;
import dev.tarn.refs.ChangedRows;
import dev.tarn.refs.Difference;
import dev.tarn.refs.RowComparison;
import dev.tarn.refs.RowDifferences;
import dev.tarn.run.Cancellation;
import dev.tarn.run.CatalogRelations;
import dev.tarn.run.PastStates;
import dev.tarn.run.SessionWords;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Tables;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Answers SQL that somebody typed, over one state of a ref. */
final class Asking {
    private static final Engine.SessionOptions TYPED =
            new Engine.SessionOptions(Optional.empty(), true);

    private final Engine engine;
    private final Tables tables;
    private final PastStates past;
    private final Recalling recalling;

    Asking(Engine engine, Tables tables, PastStates past, Recalling recalling) {
        this.engine = engine;
        this.tables = tables;
        this.past = past;
        this.recalling = recalling;
    }

    /**
     * @param remembered whether rows of an earlier query may be the answer
     */
    Answer query(SqlText typed, CatalogView view, boolean remembered, Cancellation cancellation) {
        SqlText sql = StandardNames.own(typed);
        Optional<KeptRows> kept = remembered ? recalling.recall(sql.sql(), view) : Optional.empty();
        return kept.isPresent()
                ? Answer.recalled(kept.get(), () -> computed(sql, view, false, cancellation))
                : computed(sql, view, remembered && recalling.isOn(), cancellation);
    }

    /**
     * The rows of a query of the project, which may do what its nodes may.
     *
     * @param start statements of which those that make macros and types count
     * @param header statements with which it is understood
     */
    Answer preview(
            List<SqlText> start,
            Optional<SqlText> header,
            SqlText sql,
            CatalogView view,
            Cancellation stop) {
        EngineSession session = engine.open(Engine.SessionOptions.TRUSTED);
        session.resolver(new CatalogRelations(view, tables, past));
        return computed(
                () -> {
                    start.forEach(s -> SessionWords.learn(s, session));
                    header.ifPresent(h -> SessionWords.tell(h, engine, session));
                    return session.query(StandardNames.own(sql));
                },
                session,
                stop,
                rows -> Answer.computed(session, rows, stop));
    }

    private Answer computed(
            SqlText sql, CatalogView view, boolean recorded, Cancellation cancellation) {
        EngineSession session = open(view);
        return computed(
                () -> session.query(sql),
                session,
                cancellation,
                rows -> {
                    if (!recorded) {
                        return Answer.computed(session, rows, cancellation);
                    }
                    Recorder recorder = recalling.record(rows);
                    return Answer.recorded(
                            session,
                            recorder,
                            cancellation,
                            () -> keep(sql, view, session, recorder));
                });
    }

    private static Answer computed(
            Supplier<QueryResult> query,
            EngineSession session,
            Cancellation cancellation,
            Function<QueryResult, Answer> answer) {
        cancellation.watch(session);
        QueryResult rows;
        try {
            rows = query.get();
        } catch (TarnException refused) {
            cancellation.release(session);
            session.close();
            throw withWayOut(refused);
        } catch (RuntimeException | Error failure) {
            cancellation.release(session);
            session.close();
            throw failure;
        }
        return answer.apply(rows);
    }

    /** The rows are handed out already: what goes wrong here is nobody's failure. */
    private void keep(SqlText sql, CatalogView view, EngineSession session, Recorder recorder) {
        if (recorder.isWhole()) {
            try {
                recalling.keep(sql.sql(), view, session.traits(sql), recorder);
            } catch (TarnException notTold) {
                // Then the next one computes them again.
            }
        }
    }

    /** What the result cache does with a query that is asked now. */
    CacheNote note(String typed, CatalogView view) {
        String sql = own(typed).sql();
        if (!recalling.isOn()) {
            return new CacheNote(CacheNote.State.OFF, "cache.results is 0");
        }
        Optional<KeptRows> kept = recalling.recall(sql, view);
        if (kept.isPresent()) {
            int rows = kept.get().rows().size();
            return new CacheNote(
                    CacheNote.State.HIT,
                    "%d %s of an earlier query over the same states"
                            .formatted(rows, rows == 1 ? "row" : "rows"));
        }
        try (EngineSession session = open(view)) {
            return Recalling.never(session.traits(SqlText.of(sql)), view)
                    .map(reason -> new CacheNote(CacheNote.State.NEVER, "it " + reason))
                    .orElseGet(() ->
                            new CacheNote(CacheNote.State.MISS, "not asked yet over these states"));
        }
    }

    long export(String sql, CatalogView view, Path file, Cancellation cancellation) {
        try (EngineSession session = open(view)) {
            cancellation.watch(session);
            try {
                return session.export(own(sql), file);
            } finally {
                cancellation.release(session);
            }
        }
    }

    String explain(String sql, CatalogView view, boolean analyze) {
        try (EngineSession session = open(view)) {
            return session.explain(own(sql), analyze);
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
                                StandardNames.asTyped(first.message())
                                        + " `tarn tables` lists what there is."),
                        refused)
                : refused;
    }

    /** In the names that sessions know. */
    private static SqlText own(String typed) {
        return StandardNames.own(SqlText.of(typed));
    }

    private EngineSession open(CatalogView view) {
        EngineSession session = engine.open(TYPED);
        session.resolver(new CatalogRelations(view, tables, past));
        return session;
    }
}
