package dev.tarn.ingest;

import dev.tarn.ingest.IngestPlan.PlannedFile;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Storage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A batch of files that has been read, not yet written. First change the table by {@link #changes},
 * then write {@link #rows} to it once, then {@link #settle} and write what that says to the
 * quarantine table, and publish all of it together with the positions.
 */
public final class Landing implements LandedRows {
    private static final TableName QUARANTINED = new TableName("tarn_ingest", "quarantined");

    private final Storage storage;
    private final EngineSession session;
    private final IngestPlan plan;
    private final SchemaDecision decision;
    private final LandingBranches branches;
    private final Instant ingestedAt;
    private final Expectations expectations;
    private final List<String> warnings;
    private final Schema seen;
    private final List<String> renames;
    private @Nullable Map<String, Long> apart;

    Landing(
            Storage storage,
            EngineSession session,
            IngestPlan plan,
            SchemaDecision decision,
            LandingBranches branches,
            Instant ingestedAt,
            Schema seen,
            List<Renames.Rename> renames) {
        this.seen = seen;
        this.renames = renames.stream().map(Renames.Rename::toString).toList();
        this.storage = storage;
        this.session = session;
        this.plan = plan;
        this.decision = decision;
        this.branches = branches;
        this.ingestedAt = ingestedAt;
        IngestSpec spec = plan.source().ingest().orElseThrow();
        this.expectations =
                new Expectations(
                        Expectations.of(
                                spec,
                                spec.write() != Write.APPEND && decision.has(spec.key())
                                        ? spec.key()
                                        : List.of()),
                        Optional.empty(),
                        spec.place());
        this.warnings = branches.branches().isEmpty() ? List.of() : judged();
    }

    private List<String> judged() {
        String rows = fitting(LandingBranches.timestamp(ingestedAt));
        expectations.check(session, rows);
        return expectations.judge(
                session, plan.source().relation().toString(), expectations.good(rows));
    }

    /** The columns of the rows, the metadata columns last: what a new table is to look like. */
    public Schema schema() {
        return StreamLanding.withValidity(plan.source(), decision.columns());
    }

    /** The columns that the files have, to be written down if they are not what they were. */
    public Optional<Change> sourceSchema(CatalogView view) {
        return SourceSchema.change(plan.source().relation(), seen, false, view);
    }

    /** What has to happen to a table that is there before the rows can be written to it. */
    public List<SchemaChange> changes() {
        return decision.changes();
    }

    /** The columns of a quarantine table. */
    public static Schema quarantineSchema() {
        return LandingTables.QUARANTINE;
    }

    /** The name of the quarantine table of a source's table. */
    public static TableName quarantineTable(TableName table) {
        return new TableName(table.schema(), table.table() + "__quarantine");
    }

    @Override
    public SqlText rows() {
        String at = LandingBranches.timestamp(ingestedAt);
        if (branches.branches().isEmpty()) {
            String columns =
                    decision.columns().fields().stream()
                            .map(f ->
                                    "CAST(NULL AS %s) AS %s"
                                            .formatted(f.type().sql(), Branch.name(f.name())))
                            .collect(Collectors.joining(", "));
            return SqlText.of("SELECT " + columns + " WHERE false");
        }
        return SqlText.of(expectations.good(fitting(at)));
    }

    private String fitting(String at) {
        return branches.branches().stream()
                .map(branch -> branch.rows(decision, at))
                .collect(Collectors.joining("\nUNION ALL\n"));
    }

    private IngestSpec spec() {
        return plan.source().ingest().orElseThrow();
    }

    @Override
    public Write write() {
        return spec().write();
    }

    @Override
    public List<String> key() {
        return spec().key();
    }

    @Override
    public List<String> about() {
        return List.of(ColumnNames.INGESTED_AT, ColumnNames.FILE, ColumnNames.ROW);
    }

    @Override
    public Optional<String> newest() {
        return spec().cursor();
    }

    /** Whether rows are added as they are: then files are written, and nothing else is asked. */
    public boolean isPlain() {
        return write() == Write.APPEND && spec().rules().deduplication().isEmpty();
    }

    /** Whether the source wants to know what became of the rows of each batch. */
    public boolean isCounted() {
        return !isPlain() || spec().rules().eventTime().isPresent();
    }

    /**
     * Rows of files change others in the order of the files' names and of their numbers in them;
     * with a cursor, in the order of its values.
     */
    @Override
    public void stage() {
        String at = LandingBranches.timestamp(ingestedAt);
        Optional<String> cursor = newest();
        String since =
                cursor.flatMap(c -> decision.columns().find(c))
                        .flatMap(f -> ToldChanges.time(f, at))
                        .orElse(at);
        String order = cursor.map(c -> Branch.name(c) + " NULLS FIRST, ").orElse("");
        requireWritten(
                session.stage(
                        CHANGES,
                        SqlText.of(
                                "SELECT *, 'c' AS %s, CAST(NULL AS VARCHAR[]) AS %s, %s AS %s, row_number() OVER (ORDER BY %s_file, _row) AS tarn_n FROM (%s)"
                                        .formatted(
                                                ToldChanges.KIND,
                                                ToldChanges.UNTOLD,
                                                since,
                                                ToldChanges.AT,
                                                order,
                                                rows().sql()))));
    }

    @Override
    public Optional<SqlText> deduplicated(Optional<String> table) {
        return spec().rules()
                .deduplication()
                .map(d ->
                        new Duplicates(d, ingestedAt)
                                .without(rows().sql(), "ORDER BY _file, _row", table));
    }

    @Override
    public boolean isEmpty() {
        return expected() == 0;
    }

    @Override
    public long expected() {
        return read() - aside().values().stream().mapToLong(Long::longValue).sum();
    }

    private long read() {
        return branches.records().values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void requireWritten(long written) {
        if (written != expected()) {
            throw IngestErrors.rowsDoNotAddUp(
                    plan.source().relation().toString(), read(), written, read() - expected());
        }
    }

    /**
     * What became of the rows.
     *
     * @param duplicates rows that were left out
     * @param afresh whether the rows are all that the table has
     */
    public BatchAccount account(CatalogView view, long duplicates, boolean afresh) {
        long bytes = plan.files().stream().mapToLong(f -> f.file().bytes()).sum();
        BatchAccount counted =
                BatchAccount.of(
                        plan.source().relation(),
                        view,
                        expected() - duplicates,
                        read() - expected(),
                        bytes);
        return (afresh ? counted.afresh() : counted)
                .without(duplicates)
                .about(plan.source(), session, rows());
    }

    /** What is not as expected of rows that land all the same. */
    public List<String> warnings() {
        return warnings;
    }

    /** Columns that may have been renamed. */
    public List<String> renames() {
        return renames;
    }

    /**
     * Takes stock once the rows are written.
     *
     * @param landed how many of {@link #rows} were written, or left out on purpose
     * @throws dev.tarn.model.TarnException {@code SOURCE_CHANGED} when a file changed meanwhile
     */
    public Settled settle(long landed) {
        refuseChangedFiles();
        long read = read();
        Map<String, Long> quarantined = read == landed ? Map.of() : aside();
        long apart = quarantined.values().stream().mapToLong(Long::longValue).sum();
        if (read != landed + apart) {
            throw IngestErrors.rowsDoNotAddUp(
                    plan.source().relation().toString(), read, landed, apart);
        }
        List<FileResult> files = new ArrayList<>();
        List<Change> positions = new ArrayList<>();
        Set<String> refused =
                branches.refused().stream()
                        .map(r -> r.planned().name())
                        .collect(Collectors.toSet());
        for (PlannedFile file : plan.files()) {
            long bad = quarantined.getOrDefault(file.name(), 0L);
            long good = branches.records().getOrDefault(file.name(), 0L) - bad;
            boolean whole = refused.contains(file.name());
            files.add(new FileResult(file.name(), file.file().bytes(), good, bad, whole));
            positions.add(position(file, good, bad, whole));
        }
        Optional<SqlText> rows =
                apart == 0
                        ? Optional.empty()
                        : Optional.of(SqlText.of("SELECT * FROM " + QUARANTINED));
        return new Settled(rows, apart, files, positions);
    }

    private Change position(PlannedFile file, long good, long bad, boolean refused) {
        PositionValue value =
                new PositionValue(
                        file.file().version(), file.file().bytes(), good, bad, refused, ingestedAt);
        return Change.put(
                file.position(),
                new Entry.Position(value.toJson()),
                Change.Expected.of(file.seen()));
    }

    /** How many rows of each file did not fit. */
    private Map<String, Long> aside() {
        if (apart == null) {
            apart = quarantine();
        }
        return apart;
    }

    /** Keeps the rows that did not fit in the session; returns how many each file has. */
    private Map<String, Long> quarantine() {
        String at = LandingBranches.timestamp(ingestedAt);
        List<String> parts = new ArrayList<>();
        for (Branch branch : branches.branches()) {
            String part = branch.quarantine(decision, at);
            if (!part.isEmpty()) {
                parts.add(part);
            }
            if (expectations.sorts()) {
                parts.add(expectations.quarantined(branch, decision, at));
            }
        }
        if (branches.hasBroken()) {
            parts.add("SELECT * FROM " + LandingTables.BROKEN);
        }
        if (parts.isEmpty()) {
            return Map.of();
        }
        session.stage(QUARANTINED, SqlText.of(String.join("\nUNION ALL\n", parts)));
        Map<String, Long> counts = new HashMap<>();
        String query = "SELECT _file, count(*) FROM " + QUARANTINED + " GROUP BY 1";
        try (QueryResult result = session.query(SqlText.of(query))) {
            while (result.next()) {
                counts.put(
                        String.valueOf(result.value(0)),
                        result.value(1) instanceof Number n ? n.longValue() : 0L);
            }
        }
        return counts;
    }

    private void refuseChangedFiles() {
        List<String> changed =
                plan.files().stream()
                        .filter(f -> storage.local(f.file()).toString().equals(f.file().location()))
                        .filter(f ->
                                !storage.find(f.file().location())
                                        .map(now -> now.version())
                                        .equals(Optional.of(f.file().version())))
                        .map(PlannedFile::name)
                        .toList();
        if (!changed.isEmpty()) {
            throw IngestErrors.changed(changed);
        }
    }

    /**
     * How a batch ended.
     *
     * @param quarantine the query of the rows for the quarantine table; empty when there are none
     * @param positions to publish together with the rows
     */
    public record Settled(
            Optional<SqlText> quarantine,
            long quarantined,
            List<FileResult> files,
            List<Change> positions) {
        public Settled {
            files = List.copyOf(files);
            positions = List.copyOf(positions);
        }
    }

    /**
     * What became of a file.
     *
     * @param refused whether it could not be read as a whole; then it counts as one quarantined row
     */
    public record FileResult(
            String file, long bytes, long rows, long quarantined, boolean refused) {}
}
