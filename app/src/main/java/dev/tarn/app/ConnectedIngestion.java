package dev.tarn.app;

import dev.tarn.ingest.BatchAccount;
import dev.tarn.ingest.Budgets;
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
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Lands what connectors bring. Sources stay open until it is closed, from one run to the next where
 * there are several.
 */
final class ConnectedIngestion implements AutoCloseable {
    /** The attribute of a table that gathers a load, with the load's name. */
    private static final String WARNING = ". Warning: ";

    private static final String LOAD = "load";

    private final Connectors connectors;
    private final Engine engine;
    private final Tables tables;
    private final LandedTables landed;
    private final Clock clock;
    private final Budgets budgets;
    private final Function<String, List<Map<String, String>>> publishedPositions;
    private final Set<NodeId> anew;
    private final int batchesPerRun;
    private final Map<NodeId, Waiting> waiting = new ConcurrentHashMap<>();
    private volatile boolean linger;
    private final Map<NodeId, OpenSource> open = new ConcurrentHashMap<>();
    private final Map<NodeId, Map<String, String>> moved = new ConcurrentHashMap<>();
    private final Map<NodeId, String> names = new ConcurrentHashMap<>();
    private final Set<NodeId> unfinished = ConcurrentHashMap.newKeySet();
    private final Set<NodeId> begunAnew = ConcurrentHashMap.newKeySet();
    private final Set<NodeId> publishedAnew = ConcurrentHashMap.newKeySet();

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
        this.landed = new LandedTables(tables);
        this.clock = clock;
        this.budgets = new Budgets(clock);
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
            return Optional.of(
                    StreamLanding.columnsAhead(source, key, columns.get(), now, session));
        }
    }

    private OpenSource source(Node.Source source) {
        return open.computeIfAbsent(source.id(), id -> open(source));
    }

    /** A source that shares what it reads with others hears where they stand. */
    private OpenSource open(Node.Source source) {
        OpenSource opened = connectors.open(source);
        connector(source).map(publishedPositions).ifPresent(opened::released);
        return opened;
    }

    /** The columns that name a row, as far as only the source knows them. */
    List<String> key(Node.Source source) {
        return source.ingest()
                        .flatMap(IngestSpec::connector)
                        .filter(c -> c.key().isEmpty())
                        .isPresent()
                ? source(source).key()
                : List.of();
    }

    /** What brings a source's rows; empty for files and for tables of others. */
    static Optional<String> connector(Node.Source source) {
        return source.ingest().flatMap(IngestSpec::connector).map(ConnectorSpec::connector);
    }

    /** How far behind a source positions are. */
    OpenSource.Lag lag(Node.Source source, Map<String, String> positions) {
        return source(source).lag(positions);
    }

    /** From now on sources that have nothing new are waited for. */
    void follow() {
        linger = true;
    }

    /** A batch that was asked for before a run began, and where reading stood then. */
    private record Waiting(Map<String, String> positions, Batch batch) {}

    /** Whether a source has something new; the next run lands it. */
    boolean ask(Node.Source source, CatalogView view) {
        Map<String, String> positions = StreamLanding.positions(source, view);
        try {
            Optional<Batch> batch =
                    source(source).next(positions, StreamLanding.limits(source, linger));
            batch.ifPresent(b -> waiting.put(source.id(), new Waiting(positions, b)));
            return batch.isPresent();
        } catch (RuntimeException failure) {
            close(source.id());
            throw failure;
        }
    }

    /** Ends whatever sources wait for. */
    void cancel() {
        open.values().forEach(OpenSource::cancel);
    }

    /** Whether the last run left something that is there already. */
    boolean hasMore() {
        return !unfinished.isEmpty();
    }

    /** To be called when what was landed is not published: sources are to tell it once more. */
    void dropped() {
        begunAnew.retainAll(publishedAnew);
        moved.keySet().forEach(this::close);
        moved.clear();
    }

    /** To be called when what was landed has been published. */
    void published() {
        publishedAnew.addAll(begunAnew);
        Map<String, List<Map<String, String>>> everywhere = new HashMap<>();
        try {
            moved.forEach((id, positions) -> {
                OpenSource source = open.get(id);
                if (source != null) {
                    source.published(positions);
                    String connector = names.getOrDefault(id, "");
                    source.released(everywhere.computeIfAbsent(connector, publishedPositions));
                }
            });
        } catch (TarnException failure) {
            // Sources hear of it after the next batch; nothing depends on it.
            if (failure.code() != ErrorCode.CATALOG_UNAVAILABLE
                    && failure.code() != ErrorCode.CATALOG_BUSY) {
                throw failure;
            }
        }
        moved.clear();
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
                    warn(source, totals);
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
        Waiting known = waiting.remove(source.id());
        if (known != null) {
            if (known.positions().equals(positions)) {
                return Optional.of(known.batch());
            }
            known.batch().close();
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
            Runnable stop =
                    () -> {
                        budgets.stop();
                        from.cancel();
                    };
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
        boolean afresh = anew.contains(source.id()) && !begunAnew.contains(source.id());
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
                        budgets.of(source).over(batch),
                        columns,
                        session,
                        clock.instant(),
                        base.map(b -> () -> context.writer(session).show(source.relation(), b)));
        TableWriter writer = context.writer(session);
        TablePointer from =
                base.map(b -> writer.evolve(b, landing.changes()))
                        .orElseGet(() -> landed.create(source, landing.schema()));
        boolean fresh = base.isEmpty() || (batch.load().isPresent() && !landing.tellsChanges());
        ConnectedWriter to = new ConnectedWriter(session, tables, writer);
        Written written = to.write(source.relation(), from, landing, fresh);
        BatchAccount account = landing.account(context.view(), to.duplicates(), afresh);
        List<Change> changes = new ArrayList<>(positions(source, context.view(), landing, afresh));
        Map<String, String> attributes = LandedTables.attributes(source, context);
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
        landed.quarantine(source, context, writer, landing.quarantine(), afresh)
                .ifPresent(changes::add);
        changes.add(account.change(source.relation(), context.view()));
        context.commit(changes, "ingest " + source.id());
        if (afresh) {
            begunAnew.add(source.id());
        }
        moved.put(source.id(), after(source, context));
        names.put(source.id(), connector(source).orElseThrow());
        totals.add(written, landing, account, behind(source));
        warn(source, totals);
        return batch.load().isPresent()
                ? !landing.complete()
                : batch.more() || landing.told() >= limits.rows();
    }

    private void warn(Node.Source source, Totals totals) {
        source(source).warning().ifPresent(totals::warn);
    }

    /** What a source said at the end of a task, by the task's message. */
    static Optional<String> warning(String message) {
        int at = message.indexOf(WARNING);
        return at < 0 ? Optional.empty() : Optional.of(message.substring(at + WARNING.length()));
    }

    private OpenSource.Lag behind(Node.Source source) {
        try {
            return source(source).lag(moved.getOrDefault(source.id(), Map.of()));
        } catch (TarnException notNow) {
            return OpenSource.Lag.UNKNOWN;
        }
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

    private Schema schema(TablePointer pointer) {
        return tables.state(pointer).definition().schema();
    }

    private void close(NodeId id) {
        Waiting unread = waiting.remove(id);
        if (unread != null) {
            unread.batch().close();
        }
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
        private long duplicates;
        private long late;
        private OpenSource.Lag lag = OpenSource.Lag.UNKNOWN;
        private final Set<String> warnings = new TreeSet<>();
        private final Set<String> renames = new TreeSet<>();
        private String warning = "";

        void warn(String text) {
            warning = WARNING + text;
        }

        void add(
                Written written,
                StreamLanding landing,
                BatchAccount account,
                OpenSource.Lag behind) {
            lag = behind;
            duplicates += account.duplicates();
            late += account.late();
            batches++;
            rows += account.rows();
            bytes += written.bytes();
            read += landing.bytes();
            quarantined += landing.quarantined();
            warnings.addAll(landing.warnings());
            renames.addAll(landing.renames());
        }

        TaskResult result(Instant begun, Instant ended) {
            if (batches == 0) {
                return TaskResult.unchanged("nothing new" + warning);
            }
            double seconds = Math.max(1, Duration.between(begun, ended).toMillis()) / 1e3;
            String text = batches == 1 ? "1 batch" : batches + " batches";
            text += ", %,d rows/s, %,d KiB read".formatted((long) (rows / seconds), read / 1024);
            if (lag.rows() > 0) {
                text += ", %,d rows behind".formatted(lag.rows());
            }
            if (quarantined > 0) {
                text += ", %,d to quarantine".formatted(quarantined);
            }
            if (duplicates > 0) {
                text += ", %,d had landed before".formatted(duplicates);
            }
            if (late > 0) {
                text += ", %,d late".formatted(late);
            }
            if (!warnings.isEmpty()) {
                text += ", not as expected: " + String.join("; ", warnings);
            }
            if (!renames.isEmpty()) {
                text += ". Perhaps renamed: " + String.join("; ", renames);
            }
            return TaskResult.done(rows, bytes).withMessage(text + warning);
        }
    }
}
