package dev.tarn.app;

import dev.tarn.app.results.KeptRows;
import dev.tarn.model.table.Schema;
import dev.tarn.run.Cancellation;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import java.io.OutputStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The rows of a query, together with the session they come from. Must be closed. */
public final class Answer implements QueryResult {
    private final QueryResult rows;
    private final Runnable end;
    private final boolean remembered;

    private Answer(QueryResult rows, Runnable end, boolean remembered) {
        this.rows = rows;
        this.end = end;
        this.remembered = remembered;
    }

    static Answer computed(EngineSession session, QueryResult rows, Cancellation cancellation) {
        return recorded(session, rows, cancellation, () -> {});
    }

    /**
     * @param keep done when all rows were handed out, while the session is still open
     */
    static Answer recorded(
            EngineSession session, QueryResult rows, Cancellation cancellation, Runnable keep) {
        return new Answer(
                rows,
                () -> {
                    try (session) {
                        rows.close();
                        if (!cancellation.isCancelled()) {
                            keep.run();
                        }
                    } finally {
                        cancellation.release(session);
                    }
                },
                false);
    }

    /**
     * @param again computes the rows, for forms that are not made from kept rows
     */
    static Answer recalled(KeptRows kept, Supplier<Answer> again) {
        return new Answer(new Recalled(kept, again), () -> {}, true);
    }

    /** Whether these are the rows of an earlier query over the same states. */
    public boolean isRemembered() {
        return remembered;
    }

    @Override
    public Schema schema() {
        return rows.schema();
    }

    @Override
    public boolean next() {
        return rows.next();
    }

    @Override
    public @Nullable Object value(int column) {
        return rows.value(column);
    }

    @Override
    public long writeArrow(OutputStream out) {
        return rows.writeArrow(out);
    }

    @Override
    public void close() {
        end.run();
    }

    private static final class Recalled implements QueryResult {
        private final KeptRows kept;
        private final Supplier<Answer> again;
        private int row = -1;

        Recalled(KeptRows kept, Supplier<Answer> again) {
            this.kept = kept;
            this.again = again;
        }

        @Override
        public Schema schema() {
            return kept.schema();
        }

        @Override
        public boolean next() {
            row = Math.min(row + 1, kept.rows().size());
            return row < kept.rows().size();
        }

        @Override
        public @Nullable Object value(int column) {
            return kept.rows().get(row).get(column);
        }

        @Override
        public long writeArrow(OutputStream out) {
            try (Answer computed = again.get()) {
                return computed.writeArrow(out);
            }
        }

        @Override
        public void close() {}
    }
}
