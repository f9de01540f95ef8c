package dev.tarn.app;

import dev.tarn.model.table.Schema;
import dev.tarn.run.Cancellation;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** The rows of a query, together with the session they come from. Must be closed. */
public final class Answer implements QueryResult {
    private final EngineSession session;
    private final QueryResult rows;
    private final Cancellation cancellation;

    Answer(EngineSession session, QueryResult rows, Cancellation cancellation) {
        this.session = session;
        this.rows = rows;
        this.cancellation = cancellation;
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
        try (session) {
            rows.close();
        } finally {
            cancellation.release(session);
        }
    }
}
