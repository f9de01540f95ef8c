package dev.tarn.app;

import dev.tarn.ingest.BatchAccount;
import dev.tarn.ingest.FileIngest;
import dev.tarn.ingest.IngestPlan;
import dev.tarn.ingest.Landing;
import dev.tarn.ingest.Landing.Settled;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.WrittenFile;
import dev.tarn.run.SourceLoader;
import dev.tarn.run.TableWriter;
import dev.tarn.run.TableWriter.Written;
import dev.tarn.run.TaskContext;
import dev.tarn.run.TaskResult;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Relation;
import dev.tarn.spi.Tables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Loads files into the tables of sources, for one build. Files are read once: what binding found
 * out about their columns is kept for the run, as long as the run sees the same files.
 */
final class Ingestion implements SourceLoader, AutoCloseable {
    /** What comes is wrong or does not come, whatever the project says. */
    private static final Set<ErrorCode> AT_THE_SOURCE =
            Set.of(
                    ErrorCode.SOURCE_HELD,
                    ErrorCode.SOURCE_GONE,
                    ErrorCode.SOURCE_CHANGED,
                    ErrorCode.SOURCE_UNAVAILABLE);

    private final FileIngest ingest;
    private final Engine engine;
    private final Tables tables;
    private final LandedTables landed;
    private final Path projectRoot;
    private final Consumer<String> notes;
    private final Set<NodeId> anew;
    private final Externals externals;
    private final ConnectedIngestion connected;
    private final Map<NodeId, Prepared> prepared = new ConcurrentHashMap<>();
    private final Map<NodeId, Future<Optional<Schema>>> ahead = new ConcurrentHashMap<>();
    private final Queue<Problem> held = new ConcurrentLinkedQueue<>();

    /**
     * @param anew sources whose tables are made again from all files that are there, without a look
     *     at what they are now
     * @param externals knows the sources that are read where others write them
     * @param connected lands what connectors bring
     */
    Ingestion(
            FileIngest ingest,
            Engine engine,
            Tables tables,
            Path projectRoot,
            Consumer<String> notes,
            Set<NodeId> anew,
            Externals externals,
            ConnectedIngestion connected) {
        this.connected = connected;
        this.ingest = ingest;
        this.engine = engine;
        this.tables = tables;
        this.landed = new LandedTables(tables);
        this.projectRoot = projectRoot;
        this.notes = notes;
        this.anew = Set.copyOf(anew);
        this.externals = externals;
    }

    /** Files that have been looked at in a session that is still open. */
    private record Prepared(EngineSession session, IngestPlan plan, Landing landing) {}

    /**
     * Reads the new files of several sources at a time. What is wrong with them is told to whoever
     * asks for the source's columns.
     */
    void lookAhead(Collection<Node.Source> sources, CatalogView view, int parallelism) {
        try (ExecutorService readers =
                Executors.newFixedThreadPool(
                        parallelism, Thread.ofPlatform().name("source-", 1).factory())) {
            for (Node.Source source : sources) {
                ahead.put(source.id(), readers.submit(() -> inspect(source, view)));
            }
        }
    }

    /**
     * The columns that a source's table will have once what is new has landed. Where that cannot
     * land, they are those it has: the run will say what is wrong, and others go on.
     */
    Optional<Schema> columnsAhead(Node.Source source, CatalogView view) {
        try {
            return columnsOf(source, view);
        } catch (TarnException refused) {
            Optional<TablePointer> now =
                    view.find(EntryKey.of(source.relation())).flatMap(Versioned::pointer);
            if (now.isEmpty() || !AT_THE_SOURCE.contains(refused.code())) {
                throw refused;
            }
            held.addAll(refused.problems());
            return now.map(this::schema);
        }
    }

    /** Binds queries; says with their mistakes why sources lack what these may be about. */
    <T> T withHeld(Supplier<T> binding) {
        try {
            return binding.get();
        } catch (TarnException mistake) {
            if (held.isEmpty()) {
                throw mistake;
            }
            List<Problem> all = new ArrayList<>(held);
            all.addAll(mistake.problems());
            throw new TarnException(all.stream().distinct().toList(), mistake);
        }
    }

    private Optional<Schema> columnsOf(Node.Source source, CatalogView view) {
        if (source.isReadFromFiles()) {
            return new FileQueries(engine, projectRoot).columns(source);
        }
        if (source.ingest().isEmpty()) {
            return Optional.of(externals.columns(source));
        }
        Future<Optional<Schema>> known = ahead.get(source.id());
        if (known == null) {
            return inspect(source, view);
        }
        return switch (known.state()) {
            case SUCCESS -> known.resultNow();
            case FAILED -> throw thrown(known.exceptionNow());
            case RUNNING, CANCELLED ->
                    throw new IllegalStateException("Nobody looked at " + source.id());
        };
    }

    private static RuntimeException thrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException known
                ? known
                : new IllegalStateException(failure);
    }

    private Optional<Schema> inspect(Node.Source source, CatalogView view) {
        try {
            return look(source, view);
        } catch (TarnException refusal) {
            throw refusal.at(source.common().place());
        }
    }

    private static boolean isConnected(Node.Source source) {
        return source.ingest().flatMap(IngestSpec::connector).isPresent();
    }

    private Optional<Schema> look(Node.Source source, CatalogView view) {
        if (isConnected(source)) {
            return connected.columnsAhead(source, view);
        }
        Plan plan = plan(source, view);
        if (plan.files().isEmpty()) {
            return plan.table().map(this::schema);
        }
        return Optional.of(prepare(plan).landing().schema());
    }

    /**
     * What to land, and where.
     *
     * @param table the one that is there; empty when a new one is to be made
     * @param whole whether the rows are all that the table is to have
     */
    private record Plan(IngestPlan files, Optional<TablePointer> table, boolean whole) {}

    private Plan plan(Node.Source source, CatalogView view) {
        if (anew.contains(source.id())) {
            IngestPlan everything = ingest.planAnew(source, projectRoot, view);
            if (!everything.isEmpty()) {
                return new Plan(everything, Optional.empty(), true);
            }
        }
        Optional<TablePointer> table =
                view.find(EntryKey.of(source.relation())).flatMap(Versioned::pointer);
        IngestPlan files = ingest.plan(source, projectRoot, view);
        if (source.ingest().orElseThrow().ofFiles().mirror() && ingest.differs(files, view)) {
            IngestPlan everything = ingest.planAnew(source, projectRoot, view);
            if (!everything.isEmpty()) {
                return new Plan(everything, table, true);
            }
        }
        return new Plan(files, table, false);
    }

    @Override
    public TaskResult load(Node.Source source, TaskContext context) {
        try {
            return loaded(source, context);
        } catch (TarnException failure) {
            throw HeldSource.told(failure, source, context.project());
        }
    }

    private TaskResult loaded(Node.Source source, TaskContext context) {
        if (source.isReadFromFiles()) {
            return new FileQueries(engine, projectRoot).load(source, context);
        }
        if (source.ingest().isEmpty()) {
            return externals.load(source, context);
        }
        if (isConnected(source)) {
            return connected.load(source, context);
        }
        Plan plan = Stoppable.during(context.cancellation(), () -> plan(source, context.view()));
        IngestPlan files = plan.files();
        say(files);
        if (files.isEmpty()) {
            return TaskResult.unchanged(files.unchanged() == 0 ? "no files" : "no new files");
        }
        Prepared ready = taken(source.id(), files);
        if (ready == null) {
            ready = Stoppable.during(context.cancellation(), () -> prepare(plan));
            prepared.remove(source.id());
        }
        context.cancellation().watch(ready.session());
        context.follow(ready.session());
        try (EngineSession session = ready.session()) {
            return land(source, context, ready, plan);
        } finally {
            context.cancellation().release(ready.session());
        }
    }

    private void say(IngestPlan plan) {
        for (var changed : plan.changed()) {
            notes.accept(
                    "%s changed after it had landed in %s; what landed stays. `tarn ingest --full` lands all files anew."
                            .formatted(changed.location(), plan.source().relation()));
        }
        for (Versioned gone : plan.gone()) {
            notes.accept(
                    "%s had landed and is not there any more; %s is made without it."
                            .formatted(
                                    gone.key()
                                            .name()
                                            .substring(
                                                    plan.source().relation().toString().length()
                                                            + 1),
                                    plan.source().relation()));
        }
    }

    private TaskResult land(Node.Source source, TaskContext context, Prepared ready, Plan plan) {
        Landing landing = ready.landing();
        Optional<Versioned> existing = context.view().find(EntryKey.of(source.relation()));
        TableWriter writer = context.writer(ready.session());
        boolean fresh = plan.table().isEmpty();
        TablePointer base =
                plan.table()
                        .map(p -> writer.evolve(p, landing.changes()))
                        .orElseGet(() -> landed.create(source, landing.schema()));
        ConnectedWriter keyed = new ConnectedWriter(ready.session(), tables, writer);
        Written written;
        Settled settled;
        if (landing.isPlain()) {
            List<WrittenFile> files = ready.session().write(landing.rows(), tables.target(base));
            settled = landing.settle(files.stream().mapToLong(WrittenFile::rows).sum());
            written =
                    plan.whole() && !fresh
                            ? writer.overwrite(base, files)
                            : writer.add(base, files);
        } else {
            written = keyed.write(source.relation(), base, landing, fresh);
            settled = landing.settle(landing.expected());
        }
        List<Change> changes = new ArrayList<>(settled.positions());
        changes.add(
                Change.put(
                        EntryKey.of(source.relation()),
                        new Entry.Table(
                                written.pointer(), LandedTables.attributes(source, context)),
                        Expected.of(existing)));
        ready.plan()
                .gone()
                .forEach(v -> changes.add(Change.drop(v.key(), Expected.of(Optional.of(v)))));
        landed.quarantine(source, context, writer, settled.quarantine(), plan.whole())
                .ifPresent(changes::add);
        landing.sourceSchema(context.view()).ifPresent(changes::add);
        String late = "";
        if (landing.isCounted()) {
            BatchAccount account =
                    landing.account(context.view(), keyed.duplicates(), plan.whole());
            changes.add(account.change(source.relation(), context.view()));
            late = late(keyed, account);
        }
        context.commit(changes, "ingest " + source.id());
        return TaskResult.done(written.rows(), written.bytes())
                .withMessage(message(settled, landing, late));
    }

    /** What the rules of a source found in rows that fit. */
    private static String late(ConnectedWriter written, BatchAccount account) {
        String text = "";
        if (written.older() > 0) {
            text += ", %,d are older than what is there".formatted(written.older());
        }
        if (account.duplicates() > 0) {
            text += ", %,d had landed before".formatted(account.duplicates());
        }
        return account.late() > 0 ? text + ", %,d late".formatted(account.late()) : text;
    }

    private static String message(Settled settled, Landing landing, String late) {
        int files = settled.files().size();
        String text = files == 1 ? "1 file" : files + " files";
        if (settled.quarantined() > 0) {
            text += String.format(Locale.ROOT, ", %,d to quarantine", settled.quarantined());
        }
        text += late;
        if (!landing.warnings().isEmpty()) {
            text += ", not as expected: " + String.join("; ", landing.warnings());
        }
        return landing.renames().isEmpty()
                ? text
                : text + ". Perhaps renamed: " + String.join("; ", landing.renames());
    }

    /** Lets a session see what has landed, under the name of its table. */
    private void show(EngineSession session, Node.Source source, TablePointer pointer) {
        session.define(
                source.relation(),
                new Relation.Table(
                        schema(pointer),
                        predicates -> tables.scan(pointer, Optional.empty(), predicates)));
    }

    private Prepared prepare(Plan plan) {
        Node.Source source = plan.files().source();
        drop(source.id());
        Optional<Schema> now = plan.table().map(this::schema);
        EngineSession session = engine.open(Engine.SessionOptions.TRUSTED);
        try {
            Prepared ready =
                    new Prepared(
                            session,
                            plan.files(),
                            ingest.land(
                                    plan.files(),
                                    now,
                                    session,
                                    plan.table().map(t -> () -> show(session, source, t))));
            prepared.put(source.id(), ready);
            return ready;
        } catch (RuntimeException | Error failure) {
            session.close();
            throw failure;
        }
    }

    /** What binding prepared, if the run sees the same files; it is the caller's then. */
    private @Nullable Prepared taken(NodeId source, IngestPlan plan) {
        Prepared ready = prepared.get(source);
        if (ready == null || !ready.plan().files().equals(plan.files())) {
            return null;
        }
        prepared.remove(source);
        return ready;
    }

    private void drop(NodeId source) {
        Prepared old = prepared.remove(source);
        if (old != null) {
            old.session().close();
        }
    }

    private Schema schema(TablePointer pointer) {
        return tables.state(pointer).definition().schema();
    }

    /** To be called when what was landed has been published. */
    void published() {
        connected.published();
    }

    @Override
    public void close() {
        connected.runEnded();
        List.copyOf(prepared.keySet()).forEach(this::drop);
    }
}
