package dev.tarn.ingest;

import dev.tarn.ingest.IngestPlan.PlannedFile;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.RowReaders;
import dev.tarn.spi.Storage;
import dev.tarn.spi.Storage.StoredFile;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Lands the files of a folder, each of them once. What has landed is known by positions, one entry
 * of the catalog for each file; they are published together with the rows.
 */
public final class FileIngest {
    /** Files from this size on are read by the engine itself where it would read the same. */
    static final long LARGE_BYTES = 8L << 20;

    private final Storage storage;
    private final RowReaders readers;
    private final Clock clock;
    private final Budgets budgets;

    public FileIngest(Storage storage, RowReaders readers, Clock clock) {
        this.budgets = new Budgets(clock);
        this.storage = storage;
        this.readers = readers;
        this.clock = clock;
    }

    /**
     * Compares the files that are there with the positions. Reads no file.
     *
     * @param view what has been published where the rows are to go
     */
    public IngestPlan plan(Node.Source source, Path projectRoot, CatalogView view) {
        List<PlannedFile> files = new ArrayList<>();
        List<StoredFile> changed = new ArrayList<>();
        int unchanged = 0;
        for (PlannedFile file : files(source, projectRoot, landed(source, view))) {
            String value = file.seen().map(FileIngest::value).orElse("");
            boolean same =
                    PositionValue.versionOf(value).equals(Optional.of(file.file().version()));
            if (same) {
                unchanged++;
            } else if (file.seen().isEmpty() || PositionValue.isRefused(value)) {
                files.add(file);
            } else {
                changed.add(file.file());
            }
        }
        return new IngestPlan(source, files, unchanged, changed, List.of());
    }

    /** All files that are there now, whether they have landed before or not. Reads no file. */
    public IngestPlan planAnew(Node.Source source, Path projectRoot, CatalogView view) {
        Map<String, Versioned> gone = landed(source, view);
        List<PlannedFile> files = files(source, projectRoot, gone);
        files.forEach(file -> gone.remove(file.position().name()));
        return new IngestPlan(source, files, 0, List.of(), List.copyOf(gone.values()));
    }

    /** Whether other files are there than those that have landed, or any as they were not then. */
    public boolean differs(IngestPlan plan, CatalogView view) {
        return plan.files().size() + plan.changed().size() > 0
                || plan.unchanged() < landed(plan.source(), view).size();
    }

    /** The positions of a source by name. */
    private static Map<String, Versioned> landed(Node.Source source, CatalogView view) {
        return view.list(EntryKey.Kind.POSITION, source.relation() + "/").stream()
                .collect(
                        Collectors.toMap(
                                v -> v.key().name(), v -> v, (a, b) -> a, LinkedHashMap::new));
    }

    private List<PlannedFile> files(
            Node.Source source, Path projectRoot, Map<String, Versioned> landed) {
        String root = projectRoot.toAbsolutePath().normalize().toString();
        List<PlannedFile> files = new ArrayList<>();
        for (StoredFile file : storage.list(resolved(spec(source).location(), projectRoot))) {
            String name =
                    file.location().startsWith(root + "/")
                            ? file.location().substring(root.length() + 1)
                            : file.location();
            EntryKey position = EntryKey.position(source.relation() + "/" + name);
            files.add(
                    new PlannedFile(
                            file,
                            name,
                            position,
                            Optional.ofNullable(landed.get(position.name()))));
        }
        return files;
    }

    /** The same without a look for columns that were renamed. */
    public Landing land(IngestPlan plan, Optional<Schema> tableNow, EngineSession session) {
        return land(plan, tableNow, session, Optional.empty());
    }

    /**
     * Reads the files of a plan, decides on columns and prepares the query of their rows.
     *
     * @param tableNow the columns of the source's table; empty when there is none yet
     * @param session the one that will write the rows; what the query reads lives in it
     * @param showing makes the table's rows a relation of the session, under its name
     * @throws TarnException {@code SOURCE_HELD}, {@code SOURCE_UNREADABLE}, {@code SOURCE_CHANGED}
     */
    public Landing land(
            IngestPlan plan,
            Optional<Schema> tableNow,
            EngineSession session,
            Optional<Runnable> showing) {
        IngestSpec spec = spec(plan.source());
        IngestOptions options = IngestOptions.of(spec);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Map<String, Type> declared = declared(spec, session);
        FileScanner scanner =
                new FileScanner(
                        storage,
                        readers,
                        spec,
                        options,
                        session,
                        declared,
                        budgets.of(plan.source()));
        Optional<Schema> rowsNow =
                spec.write() == Write.SCD2
                        ? tableNow.map(StreamLanding::withoutValidity)
                        : tableNow;
        List<ScannedFile> scanned = KeyedFiles.withKey(spec, rowsNow, scanner.scan(plan.files()));
        SeenColumns seen = new SeenColumns();
        scanned.forEach(file -> addColumns(seen, file));
        LandingTables tables = new LandingTables(session, scanner, readers, spec.options());
        List<Renames.Rename> renames =
                showing.isPresent() && rowsNow.filter(t -> Renames.arePossible(t, seen)).isPresent()
                        ? renames(
                                plan.source(),
                                scanned,
                                tables,
                                rowsNow.get(),
                                seen,
                                session,
                                showing.get())
                        : List.of();
        SchemaDecision decision =
                SchemaDecision.of(
                        spec,
                        plan.source().relation().toString(),
                        rowsNow,
                        seen,
                        declared,
                        renames);
        KeyedFiles.requireColumns(spec, decision);
        LandingBranches branches = new LandingBranches(tables, options, decision);
        scanned.forEach(branches::add);
        branches.stage(now);
        return new Landing(
                storage, session, plan, decision, branches, now, decision.seen(seen), renames);
    }

    /** Columns that may have been renamed: what files bring is held against what has landed. */
    private List<Renames.Rename> renames(
            Node.Source source,
            List<ScannedFile> scanned,
            LandingTables tables,
            Schema tableNow,
            SeenColumns seen,
            EngineSession session,
            Runnable showing) {
        IngestSpec spec = spec(source);
        SchemaDecision with =
                SchemaDecision.ifEvolved(
                        spec, Optional.of(tableNow), seen, declared(spec, session));
        LandingBranches branches = new LandingBranches(tables, IngestOptions.of(spec), with);
        scanned.forEach(branches::add);
        branches.stage(clock.instant());
        String rows =
                branches.branches().stream()
                        .map(b -> b.rows(with, "CAST(NULL AS TIMESTAMPTZ)"))
                        .collect(Collectors.joining("\nUNION ALL\n"));
        if (rows.isEmpty()) {
            return List.of();
        }
        showing.run();
        return new Renames(session, source.relation(), rows).of(tableNow, seen, with.columns());
    }

    /** What makes JSON of records of a source that did not fit. */
    public RawRecords records(Node.Source source, Path projectRoot, EngineSession session) {
        IngestSpec spec = spec(source);
        if (spec.connector().isPresent()) {
            return new RawRecords(
                    IngestOptions.of(spec), name -> Optional.empty(), file -> Optional.empty());
        }
        IngestOptions options = IngestOptions.of(spec);
        FileScanner scanner =
                new FileScanner(
                        storage,
                        readers,
                        spec,
                        options,
                        session,
                        declared(spec, session),
                        budgets.of(source));
        Map<String, PlannedFile> there = new HashMap<>();
        files(source, projectRoot, Map.of()).forEach(f -> there.put(f.name(), f));
        return new RawRecords(
                options,
                name -> Optional.ofNullable(there.get(name)),
                file ->
                        scanner.scan(List.of(file)).stream()
                                .filter(ScannedFile.Text.class::isInstance)
                                .map(ScannedFile.Text.class::cast)
                                .findFirst());
    }

    private static void addColumns(SeenColumns seen, ScannedFile file) {
        switch (file) {
            case ScannedFile.Text text -> seen.addAll(text.seen());
            case ScannedFile.Parquet parquet -> seen.add(named(parquet.schema()));
            case ScannedFile.Rows rows -> seen.add(named(rows.schema()));
            case ScannedFile.Refused refused -> {}
        }
    }

    /** The same columns under the names they get in a table. */
    static Schema named(Schema schema) {
        List<String> names = ColumnNames.of(schema.names());
        List<dev.tarn.model.table.Field> fields = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            fields.add(schema.fields().get(i).withoutIds().withName(names.get(i)));
        }
        return new Schema(fields);
    }

    static Map<String, Type> declared(IngestSpec spec, EngineSession session) {
        Map<String, Type> declared = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (Map.Entry<String, String> column : new TreeMap<>(spec.columnTypes()).entrySet()) {
            try {
                Schema one =
                        session.describe(
                                SqlText.of("SELECT CAST(NULL AS " + column.getValue() + ") AS x"));
                declared.put(
                        column.getKey().toLowerCase(Locale.ROOT), one.fields().getFirst().type());
            } catch (TarnException e) {
                problems.add(
                        IngestErrors.unknownType(spec.place(), column.getKey(), column.getValue()));
            }
        }
        if (!problems.isEmpty()) {
            throw new TarnException(problems);
        }
        return declared;
    }

    private static String resolved(String location, Path projectRoot) {
        if (location.contains("://") || location.startsWith("file:")) {
            return location;
        }
        String root = projectRoot.toAbsolutePath().normalize().toString();
        if (location.startsWith("/")) {
            return location;
        }
        String relative = location;
        while (relative.startsWith("./")) {
            relative = relative.substring(2);
        }
        return relative.isEmpty() || relative.equals(".") ? root : root + "/" + relative;
    }

    private static String value(Versioned versioned) {
        return versioned.entry() instanceof Entry.Position p ? p.value() : "";
    }

    private static IngestSpec spec(Node.Source source) {
        return source.ingest().orElseThrow(() -> IngestErrors.notIngested(source.id().value()));
    }

    /** Whether a text is what a position says of a file. */
    public static boolean isPosition(String text) {
        return PositionValue.versionOf(text).isPresent();
    }
}
