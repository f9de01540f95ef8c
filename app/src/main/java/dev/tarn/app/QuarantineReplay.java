package dev.tarn.app;

import dev.tarn.ingest.FileIngest;
import dev.tarn.ingest.Landing;
import dev.tarn.ingest.RawBatch;
import dev.tarn.ingest.StreamLanding;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.IngestSpec.SchemaPolicy;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.run.SourceLoader;
import dev.tarn.run.TableWriter;
import dev.tarn.run.TableWriter.Written;
import dev.tarn.run.TakenRows;
import dev.tarn.run.TaskContext;
import dev.tarn.run.TaskResult;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Tables;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lands rows of quarantine again: those that fit now come into the table and leave the quarantine
 * in one step, the others stay with the new reason.
 */
final class QuarantineReplay implements SourceLoader {
    private static final String COLUMNS = "_file, _row, _raw, _ingested_at, _beside";

    private final FileIngest files;
    private final Engine engine;
    private final Tables tables;
    private final Clock clock;
    private final Path projectRoot;
    private final Function<Node.Source, List<String>> keys;
    private final String condition;

    /**
     * @param keys what sources know of their rows' keys
     * @param condition which rows, over the columns of a quarantine table
     */
    QuarantineReplay(
            FileIngest files,
            Engine engine,
            Tables tables,
            Clock clock,
            Path projectRoot,
            Function<Node.Source, List<String>> keys,
            String condition) {
        this.files = files;
        this.engine = engine;
        this.tables = tables;
        this.clock = clock;
        this.projectRoot = projectRoot;
        this.keys = keys;
        this.condition = condition;
    }

    @Override
    public TaskResult load(Node.Source source, TaskContext context) {
        TableName name = Landing.quarantineTable(source.relation());
        Optional<Versioned> quarantine = context.view().find(EntryKey.of(name));
        if (quarantine.flatMap(Versioned::pointer).isEmpty()) {
            return TaskResult.unchanged("nothing in quarantine");
        }
        try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            context.cancellation().watch(session);
            context.follow(session);
            try {
                return load(source, context, session, name, quarantine);
            } finally {
                context.cancellation().release(session);
            }
        }
    }

    private TaskResult load(
            Node.Source source,
            TaskContext context,
            EngineSession session,
            TableName name,
            Optional<Versioned> quarantine) {
        TableWriter writer = context.writer(session);
        TablePointer before =
                new LandedTables(tables)
                        .withAllColumns(
                                quarantine.flatMap(Versioned::pointer).orElseThrow(), writer);
        TakenRows taken =
                writer.take(name, before, "(%s\n) and _raw is not null".formatted(condition));
        if (taken.count() == 0) {
            return TaskResult.unchanged("no such rows in quarantine");
        }
        Optional<Versioned> there = context.view().find(EntryKey.of(source.relation()));
        Optional<TablePointer> table = there.flatMap(Versioned::pointer);
        Node.Source lenient = lenient(source);
        boolean states = source.ingest().map(i -> i.write() != Write.APPEND).orElse(false);
        StreamLanding landing =
                StreamLanding.read(
                        lenient,
                        keys.apply(source),
                        new RawBatch(
                                session,
                                SqlText.of("SELECT " + COLUMNS + " FROM " + TakenRows.ROWS),
                                files.records(source, projectRoot, session),
                                states),
                        table.map(this::schema),
                        session,
                        clock.instant());
        TablePointer base =
                table.map(t -> writer.evolve(t, landing.changes()))
                        .orElseGet(() -> new LandedTables(tables).create(source, landing.schema()));
        Replayed replayed = write(source, session, writer, base, landing);
        Written rest = taken.remove(landing.quarantine());
        List<Change> changes = new ArrayList<>();
        changes.add(
                Change.put(
                        EntryKey.of(source.relation()),
                        new Entry.Table(
                                replayed.written().pointer(),
                                LandedTables.attributes(source, context)),
                        Expected.of(there)));
        changes.add(LandedTables.quarantine(source, context, rest.pointer(), quarantine));
        context.commit(changes, "replay quarantine of " + source.id());
        long landed = landing.expected() - replayed.superseded();
        return TaskResult.done(landed, replayed.written().bytes())
                .withMessage(message(landed, replayed.superseded(), landing.quarantined()));
    }

    private static String message(long landed, long superseded, long stay) {
        String text = "%,d landed".formatted(landed);
        if (superseded > 0) {
            text += ", %,d are older than what is there".formatted(superseded);
        }
        return stay > 0 ? text + ", %,d stay in quarantine".formatted(stay) : text;
    }

    /**
     * What came into the table.
     *
     * @param superseded rows whose key has a newer row
     */
    private record Replayed(Written written, long superseded) {}

    private Replayed write(
            Node.Source source,
            EngineSession session,
            TableWriter writer,
            TablePointer base,
            StreamLanding landing) {
        ConnectedWriter to = new ConnectedWriter(session, tables, writer);
        if (landing.write() == Write.APPEND) {
            return new Replayed(to.write(source.relation(), base, landing, false), 0);
        }
        if (landing.isEmpty()) {
            return new Replayed(new Written(base, 0, 0), 0);
        }
        landing.stage();
        long all = landing.expected();
        long left = to.newer(source.relation(), base, landing);
        Written written =
                left == 0
                        ? new Written(base, 0, 0)
                        : to.changed(source.relation(), base, landing, false);
        return new Replayed(written, all - left);
    }

    /** What did not stop the others must not stop them now. */
    private static Node.Source lenient(Node.Source source) {
        IngestSpec spec = source.ingest().orElseThrow();
        return spec.schemaPolicy() == SchemaPolicy.HOLD
                ? source.withIngest(spec.withSchemaPolicy(SchemaPolicy.QUARANTINE))
                : source;
    }

    private Schema schema(TablePointer pointer) {
        return tables.state(pointer).definition().schema();
    }

    /** Whether a source has something in quarantine. */
    static boolean has(Node.Source source, CatalogView view) {
        return view.find(EntryKey.of(Landing.quarantineTable(source.relation()))).isPresent();
    }
}
