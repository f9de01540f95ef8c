package dev.tarn.ingest;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.graph.LandingRules;
import dev.tarn.model.graph.Node;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.OpenSource.Batch;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One batch of a connector of which the first rows have been read. Where these say what all rows
 * are like, the others can be written while they are read; in the end {@link #whole} says whether
 * the very same would have been written after a look at all of them.
 */
public final class FlowingLanding implements AutoCloseable {
    private final Node.Source source;
    private final List<String> key;
    private final Optional<Schema> tableNow;
    private final EngineSession session;
    private final Instant now;
    private final Map<String, Type> declared;
    private final FlowingBatch batch;
    private Optional<Writing> opened = Optional.empty();

    /** How rows are written that fit, all of them. */
    private record Writing(SchemaDecision decision, List<String> queries) {}

    private FlowingLanding(
            Node.Source source,
            List<String> key,
            Batch batch,
            Optional<Schema> tableNow,
            EngineSession session,
            Instant now) {
        this.source = source;
        this.key = List.copyOf(key);
        this.tableNow = tableNow;
        this.session = session;
        this.now = now;
        this.declared = FileIngest.declared(StreamLanding.spec(source), session);
        this.batch = FlowingBatch.begin(source.relation(), batch, session, declared, tableNow);
    }

    /**
     * Begins to read a batch; empty for one whose rows are looked at more than once, or that cannot
     * be had again.
     *
     * @param key the columns that name a row, as the source knows them
     * @param tableNow the columns of the table that the rows are for; empty when there is none yet
     */
    public static Optional<FlowingLanding> begin(
            Node.Source source,
            List<String> key,
            Batch batch,
            Optional<Schema> tableNow,
            EngineSession session,
            Instant now) {
        LandingRules rules = StreamLanding.spec(source).rules();
        boolean once =
                rules.expectations().isEmpty()
                        && rules.deduplication().isEmpty()
                        && rules.eventTime().isEmpty()
                        && StreamLanding.write(source) == Write.APPEND;
        return once && FlowingBatch.canFlow(batch)
                ? Optional.of(new FlowingLanding(source, key, batch, tableNow, session, now))
                : Optional.empty();
    }

    /**
     * The landing of the first rows, whose query reads all rows once while they come; empty when
     * they have to be kept first.
     */
    public Optional<StreamLanding> flowing() {
        if (!batch.isMany()) {
            return Optional.empty();
        }
        ReadBatch first = batch.first();
        opened = writing(first);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        batch.open();
        return Optional.of(landing(first, Optional.empty()));
    }

    /**
     * The landing after all rows have been read and kept.
     *
     * @param showing makes the table's rows a relation of the session, under its name
     */
    public StreamLanding kept(Optional<Runnable> showing) {
        return landing(batch.kept(), showing);
    }

    /** The landing of all rows; empty if they ought to have been written in another way. */
    public Optional<StreamLanding> whole() {
        ReadBatch all = batch.whole();
        Optional<Writing> writing = writing(all);
        return writing.isPresent() && writing.equals(opened)
                ? Optional.of(landing(all, Optional.empty()))
                : Optional.empty();
    }

    /** Empty if some rows may not fit, or the table is to be looked at before. */
    private Optional<Writing> writing(ReadBatch read) {
        if (tableNow.filter(table -> Renames.isPossible(read, table)).isPresent()) {
            return Optional.empty();
        }
        SchemaDecision decision;
        try {
            decision =
                    SchemaDecision.of(
                            StreamLanding.spec(source),
                            source.relation().toString(),
                            tableNow,
                            read.seen(),
                            declared);
        } catch (TarnException held) {
            if (held.code() == ErrorCode.SOURCE_HELD) {
                return Optional.empty();
            }
            throw held;
        }
        List<Branch> branches = read.branches(decision);
        return branches.stream().allMatch(b -> b.quarantine(decision, "").isEmpty())
                ? Optional.of(
                        new Writing(
                                decision,
                                branches.stream().map(b -> b.rows(decision, "")).toList()))
                : Optional.empty();
    }

    private StreamLanding landing(ReadBatch read, Optional<Runnable> showing) {
        return StreamLanding.of(source, key, read, tableNow, session, now, declared, showing);
    }

    @Override
    public void close() {
        batch.close();
    }
}
