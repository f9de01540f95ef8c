package dev.tarn.app;

import dev.tarn.ingest.FlowingLanding;
import dev.tarn.ingest.StreamLanding;
import dev.tarn.model.graph.Node;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.run.TableWriter;
import dev.tarn.run.TableWriter.Written;
import dev.tarn.run.TaskContext;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.OpenSource.Batch;
import dev.tarn.spi.Tables;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads a batch and writes its rows to the table, both at the same time where that can be. */
final class BatchLanding {
    private final Node.Source source;
    private final List<String> key;
    private final TaskContext context;
    private final EngineSession session;
    private final Tables tables;
    private final LandedTables landed;
    private final Instant now;

    /**
     * @param key the columns that name a row, as the source knows them
     */
    BatchLanding(
            Node.Source source,
            List<String> key,
            TaskContext context,
            EngineSession session,
            Tables tables,
            LandedTables landed,
            Instant now) {
        this.source = source;
        this.key = List.copyOf(key);
        this.context = context;
        this.session = session;
        this.tables = tables;
        this.landed = landed;
        this.now = now;
    }

    /**
     * A batch that was written and is not visible yet.
     *
     * @param duplicates rows that had landed before
     */
    record Landed(StreamLanding landing, Written written, long duplicates) {}

    /**
     * @param base the table that the rows are for; empty for a new one
     * @param columns of what is in its place now
     * @param careful whether all rows are looked at before any are written
     * @return empty if nothing was written because later rows were not as the first ones: the batch
     *     has to be read again, carefully
     */
    Optional<Landed> land(
            Batch batch, Optional<TablePointer> base, Optional<Schema> columns, boolean careful) {
        Optional<Runnable> showing =
                base.map(b -> () -> context.writer(session).show(source.relation(), b));
        Optional<FlowingLanding> begun =
                careful
                        ? Optional.empty()
                        : FlowingLanding.begin(source, key, batch, columns, session, now);
        if (begun.isEmpty()) {
            return Optional.of(
                    written(
                            StreamLanding.read(source, key, batch, columns, session, now, showing),
                            batch,
                            base));
        }
        try (FlowingLanding flow = begun.get()) {
            Optional<StreamLanding> flowing = flow.flowing();
            return flowing.isPresent()
                    ? flowed(flow, flowing.get(), base)
                    : Optional.of(written(flow.kept(showing), batch, base));
        }
    }

    private Landed written(StreamLanding landing, Batch batch, Optional<TablePointer> base) {
        TableWriter writer = context.writer(session);
        TablePointer from = from(landing, base);
        boolean fresh = base.isEmpty() || (batch.load().isPresent() && !landing.tellsChanges());
        ConnectedWriter to = new ConnectedWriter(session, tables, writer);
        Written written = to.write(source.relation(), from, landing, fresh);
        return new Landed(landing, written, to.duplicates());
    }

    private Optional<Landed> flowed(
            FlowingLanding flow, StreamLanding flowing, Optional<TablePointer> base) {
        TablePointer from = from(flowing, base);
        ConnectedWriter to = new ConnectedWriter(session, tables, context.writer(session));
        return to.written(from, flowing, flow::whole)
                .map(all -> new Landed(all.landing(), all.written(), 0));
    }

    private TablePointer from(StreamLanding landing, Optional<TablePointer> base) {
        return base.map(b -> context.writer(session).evolve(b, landing.changes()))
                .orElseGet(() -> landed.create(source, landing.schema()));
    }
}
