package dev.tarn.app;

import dev.tarn.ingest.Landing;
import dev.tarn.ingest.StreamLanding;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.ConnectorSpec;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.run.TableWriter;
import dev.tarn.run.TableWriter.Written;
import dev.tarn.run.TaskContext;
import dev.tarn.run.TaskResult;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.OpenSource;
import dev.tarn.spi.OpenSource.Batch;
import dev.tarn.spi.OpenSource.Limits;
import dev.tarn.spi.Tables;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Lands what connectors bring. Sources stay open until it is closed, from one run to the next where
 * there are several.
 */
final class ConnectedIngestion implements AutoCloseable {
    /** The attribute of a table that gathers a load, with the load's name. */
    private static final String LOAD = "load";

    private final Connectors connectors;
    private final Engine engine;
    private final Tables tables;
    private final Clock clock;
    private final Function<String, List<Map<String, String>>> publishedPositions;
    private final Set<NodeId> anew;
    private final int batchesPerRun;
    private final boolean linger;
    private final Map<NodeId, OpenSource> open = new ConcurrentHashMap<>();
    private final Map<NodeId, Map<String, String>> landed = new ConcurrentHashMap<>();
    private final Map<NodeId, String> names = new ConcurrentHashMap<>();
    private final Set<NodeId> unfinished = ConcurrentHashMap.newKeySet();
    private final Set<NodeId> begunAnew = ConcurrentHashMap.newKeySet();

    /**
     * @param publishedPositions where all sources of a connector stand on the main branch
     * @param anew sources that are loaded again from their beginning
     * @param batchesPerRun after so many batches of a source a run has enough
     * @param linger whether a source that has nothing new is waited for
     */
    ConnectedIngestion(
            Connectors connectors,
            Engine engine,
            Tables tables,
            Clock clock,
            Function<String, List<Map<String, String>>> publishedPositions,
            Set<NodeId> anew,
            int batchesPerRun,
            boolean linger) {
        this.connectors = connectors;
        this.engine = engine;
        this.tables = tables;
        this.clock = clock;
        this.publishedPositions = publishedPositions;
        this.anew = Set.copyOf(anew);
        this.batchesPerRun = batchesPerRun;
        this.linger = linger;
    }

    /** The columns that a source's table has or is about to get; empty when only rows can tell. */
    Optional<Schema> columnsAhead(Node.Source source, CatalogView view) {
        Optional<Schema> now =
                view.find(EntryKey.of(source.relation()))
                        .flatMap(Versioned::pointer)
                        .map(this::schema);
        Optional<Schema> columns;
        List<String> key;
        try {
            OpenSource open = source(source);
            columns = open.columns();
            key = open.key();
        } catch (TarnException refused) {
            if (now.isPresent() && refused.code() == ErrorCode.SOURCE_UNAVAILABLE) {
                return now;
            }
            throw refused;
        }
        if (columns.isEmpty()) {
            return now;
        }
        try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            return Optional.of(StreamLanding.columnsAhead(source, key, columns.get(), now, session));
        }
    }

    private OpenSource source(Node.Source source) {
        return open.computeIfAbsent(source.id(), id -> connectors.open(source));
    }

    /** What brings a source's rows; empty for files and for tables of others. */
    static Optional<String> connector(Node.Source source) {
        return source.ingest().flatMap(IngestSpec::connector).map(ConnectorSpec::connector);
    }

    /** How far behind a source positions are. */
    OpenSource.Lag lag(Node.Source source, Map<String, String> positions) {
        return source(source).lag(positions);
    }

    /** Whether the last run left something that is there already. */
    boolean hasMore() {
        return !unfinished.isEmpty();
    }

    /** To be called when what was landed has been published. */
    void published() {
        Map<String, List<Map<String, String>>> everywhere = new HashMap<>();
        landed.forEach((id, positions) -> {
            OpenSource source = open.get(id);
            if (source != null) {
                source.published(positions);
                String connector = names.getOrDefault(id, "");
                source.released(everywhere.computeIfAbsent(connector, publishedPositions));
            }
        });
        landed.clear();
    }

    TaskResult load(Node.Source source, TaskContext context) {
        Limits limits = StreamLanding.limits(source, linger);
        Instant begun = clock.instant();
        Totals totals = new Totals();
        unfinished.remove(source.id());
        try {
            while (totals.batches < batchesPerRun) {
                Optional<Batch> next = next(source, context, limits);
                if (next.isEmpty()) {
                    return totals.result(begun, clock.instant());
                }
                boolean more;
                try (Batch batch = next.get();
                        TaskContext now = context.again()) {
                    more = land(source, batch, now, totals, limits);
                }
                if (!more) {
                    return totals.result(begun, clock.instant());
                }
            }
        } catch (TarnException failure) {
            close(source.id());
            throw failure.at(source.ingest().orElseThrow().place());
        }
        unfinished.add(source.id());
        return totals.result(begun, clock.instant());
    }

    private Optional<Batch> next(Node.Source source, TaskContext context, Limits limits) {
        context.cancellation().check();
        boolean again = anew.contains(source.id()) && !begunAnew.contains(source.id());
        Map<String, String> positions;
        try (TaskContext now = context.again()) {
            positions = again ? Map.of() : StreamLanding.positions(source, now.view());
        }
        OpenSource open = source(source);
        Runnable stop = open::cancel;
        context.cancellation().watch(stop);
        try {
            return open.next(positions, limits);
        } finally {
            context.cancellation().release(stop);
        }
    }

    /** Lands one batch; returns whether there may be another one already. */
    private boolean land(
            Node.Source source, Batch batch, TaskContext context, Totals totals, Limits limits) {
        try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            OpenSource from = source(source);
            Runnable stop = from::cancel;
            context.cancellation().watch(session);
            context.cancellation().watch(stop);
            context.follow(session);
            try {
                return land(source, batch, context, session, totals, limits);
            } finally {
                context.cancellation().release(stop);
                context.cancellation().release(session);
            }
        }
    }

    private boolean land(
            Node.Source source,
            Batch batch,
            TaskContext context,
            EngineSession session,
            Totals totals,
            Limits limits) {
        boolean afresh = anew.contains(source.id()) && begunAnew.add(source.id());
        TableName gathered = batch.load().isPresent() ? loading(source) : source.relation();
        Optional<Versioned> there = context.view().find(EntryKey.of(source.relation()));
        Optional<Versioned> target = context.view().find(EntryKey.of(gathered));
        Optional<TablePointer> base =
                target.filter(t ->
                                batch.load().isEmpty()
                                        ? !afresh
                                        : batch.load()
                                                .get()
                                                .equals(t.entry().attributes().get(LOAD)))
                        .flatMap(Versioned::pointer);
        Optional<Schema> columns =
                base.or(() -> there.filter(t -> !afresh).flatMap(Versioned::pointer))
                        .map(this::schema);
        StreamLanding landing =
                StreamLanding.read(
                        source,
                        source(source).key(),
                        batch,
                        columns,
                        session,
                        clock.instant());
        TableWriter writer = context.writer(session);
        TablePointer from =
                base.map(b -> writer.evolve(b, landing.changes()))
                        .orElseGet(() -> create(source, landing.schema()));
        boolean fresh = base.isEmpty() || (batch.load().isPresent() && !landing.tellsChanges());
        Written written =
                new ConnectedWriter(session, tables, writer)
                        .write(source.relation(), from, landing, fresh);
        List<Change> changes = new ArrayList<>(positions(source, context.view(), landing, afresh));
        Map<String, String> attributes = attributes(source, context);
        if (batch.load().isPresent() && !landing.complete()) {
            attributes.put(LOAD, batch.load().get());
            attributes.put("description", "Rows of " + source.relation() + " that are loading.");
            changes.add(table(gathered, written.pointer(), attributes, target));
        } else {
            changes.add(table(source.relation(), written.pointer(), attributes, there));
            if (batch.load().isPresent() && target.isPresent()) {
                changes.add(Change.drop(EntryKey.of(gathered), Expected.of(target)));
            }
        }
        quarantine(source, context, writer, landing, afresh).ifPresent(changes::add);
        context.commit(changes, "ingest " + source.id());
        landed.put(source.id(), after(source, context));
        names.put(source.id(), connector(source).orElseThrow());
        totals.add(written, landing);
        source(source).warning().ifPresent(totals::warn);
        return batch.load().isPresent()
                ? !landing.complete()
                : batch.more() || landing.told() >= limits.rows();
    }

    private static Map<String, String> after(Node.Source source, TaskContext context) {
        try (TaskContext now = context.again()) {
            return StreamLanding.positions(source, now.view());
        }
    }

    private static List<Change> positions(
            Node.Source source, CatalogView view, StreamLanding landing, boolean afresh) {
        List<Change> changes = new ArrayList<>(landing.positions(view));
        if (afresh) {
            view.list(EntryKey.Kind.POSITION, source.relation() + "/").stream()
                    .filter(v -> changes.stream().noneMatch(c -> c.key().equals(v.key())))
                    .forEach(v -> changes.add(Change.drop(v.key(), Expected.of(Optional.of(v)))));
        }
        return changes;
    }

    private static Change table(
            TableName name,
            TablePointer pointer,
            Map<String, String> attributes,
            Optional<Versioned> existing) {
        return Change.put(
                EntryKey.of(name), new Entry.Table(pointer, attributes), Expected.of(existing));
    }

    static TableName loading(Node.Source source) {
        return new TableName(source.relation().schema(), source.relation().table() + "__loading");
    }

    private TablePointer create(Node.Source source, Schema schema) {
        IngestSpec spec = source.ingest().orElseThrow();
        return tables.create(
                source.relation(),
                new TableDefinition(
                        new Schema(
                                schema.fields().stream()
                                        .map(dev.tarn.model.table.Field::withoutIds)
                                        .toList()),
                        spec.partitioning(),
                        List.of(),
                        spec.tableProperties()));
    }

    private Optional<Change> quarantine(
            Node.Source source,
            TaskContext context,
            TableWriter writer,
            StreamLanding landing,
            boolean afresh) {
        TableName name = Landing.quarantineTable(source.relation());
        Optional<Versioned> existing = context.view().find(EntryKey.of(name));
        if (landing.quarantine().isEmpty()) {
            return existing.filter(e -> afresh)
                    .map(e -> Change.drop(e.key(), Expected.of(existing)));
        }
        TablePointer base =
                existing.filter(e -> !afresh)
                        .flatMap(Versioned::pointer)
                        .orElseGet(() ->
                                tables.create(
                                        name,
                                        new TableDefinition(
                                                Landing.quarantineSchema(),
                                                List.of(),
                                                List.of(),
                                                source.ingest().orElseThrow().tableProperties())));
        Written written = writer.append(base, landing.quarantine().get());
        Map<String, String> attributes = attributes(source, context);
        attributes.put("description", "Rows that did not fit into " + source.relation() + ".");
        return Optional.of(table(name, written.pointer(), attributes, existing));
    }

    private static Map<String, String> attributes(Node.Source source, TaskContext context) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put("node", source.id().value());
        attributes.put("run", context.run().value());
        source.common().owner().ifPresent(owner -> attributes.put("owner", owner));
        if (!source.common().description().isBlank()) {
            attributes.put("description", source.common().description());
        }
        return attributes;
    }

    private Schema schema(TablePointer pointer) {
        return tables.state(pointer).definition().schema();
    }

    private void close(NodeId id) {
        OpenSource source = open.remove(id);
        if (source != null) {
            source.close();
        }
    }

    /** The end of a run: sources stay open where another run follows. */
    void runEnded() {
        if (batchesPerRun == Integer.MAX_VALUE) {
            close();
        }
    }

    @Override
    public void close() {
        List.copyOf(open.keySet()).forEach(this::close);
    }

    /** What a source brought in a run. */
    private static final class Totals {
        private int batches;
        private long rows;
        private long bytes;
        private long read;
        private long quarantined;
        private String warning = "";

        void warn(String text) {
            warning = ". Warning: " + text;
        }

        void add(Written written, StreamLanding landing) {
            batches++;
            rows += landing.told() - landing.quarantined();
            bytes += written.bytes();
            read += landing.bytes();
            quarantined += landing.quarantined();
        }

        TaskResult result(Instant begun, Instant ended) {
            if (batches == 0) {
                return TaskResult.unchanged("nothing new");
            }
            double seconds = Math.max(1, Duration.between(begun, ended).toMillis()) / 1e3;
            String text = batches == 1 ? "1 batch" : batches + " batches";
            text += ", %,d rows/s, %,d KiB read".formatted((long) (rows / seconds), read / 1024);
            if (quarantined > 0) {
                text += ", %,d to quarantine".formatted(quarantined);
            }
            return TaskResult.done(rows, bytes).withMessage(text + warning);
        }
    }
}
