package dev.tarn.ingest;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.LandingRules;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.OpenSource;
import dev.tarn.spi.OpenSource.Batch;
import dev.tarn.spi.QueryResult;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One batch of a connector that has been read and stands in an engine session, not yet written. The
 * table is to be changed by {@link #changes}, {@link #rows} to be written to it in the way of
 * {@link #write}, {@link #quarantine} to the quarantine table, and all of it to be published
 * together with {@link #positions}.
 */
public final class StreamLanding implements LandedRows {
    private static final TableName BAD = new TableName("tarn_ingest", "stream_quarantined");
    private static final TableName REFUSED = new TableName("tarn_ingest", "stream_refused");

    private final Node.Source source;
    private final List<String> key;
    private final EngineSession session;
    private final SchemaDecision decision;
    private final ReadBatch read;
    private final Instant ingestedAt;
    private final Expectations expectations;
    private final List<String> warnings;
    private final long quarantined;
    private List<String> renames = List.of();

    private StreamLanding(
            Node.Source source,
            List<String> key,
            EngineSession session,
            SchemaDecision decision,
            ReadBatch read,
            Instant ingestedAt) {
        this.source = source;
        this.key = List.copyOf(key);
        this.session = session;
        this.decision = decision;
        this.read = read;
        this.ingestedAt = ingestedAt;
        this.expectations =
                new Expectations(
                        Expectations.of(spec(source), named(read, decision)),
                        read.kind(),
                        spec(source).place());
        expectations.check(session, everything(expectations.selected()));
        this.quarantined = stageQuarantine();
        this.warnings =
                expectations.judge(
                        session,
                        source.relation().toString(),
                        expectations.good(everything(expectations.selected())));
    }

    /** The key that rows have to have. Rows of columns nearly always do, so these are looked at. */
    private List<String> named(ReadBatch read, SchemaDecision decision) {
        boolean others = write() != Write.APPEND && decision.has(key);
        return others && (!read.always().isEmpty() || read.lacks(key, session)) ? key : List.of();
    }

    /**
     * Reads a batch and decides on its columns.
     *
     * @param key the columns that name a row, as the source knows them
     * @param tableNow the columns of the table that the rows are for; empty when there is none yet
     * @param now when the rows arrive
     */
    public static StreamLanding read(
            Node.Source source,
            List<String> key,
            Batch batch,
            Optional<Schema> tableNow,
            EngineSession session,
            Instant now) {
        return read(source, key, batch, tableNow, session, now, Optional.empty());
    }

    /**
     * The same, with a look for columns that were renamed.
     *
     * @param showing makes the table's rows a relation of the session, under its name
     */
    public static StreamLanding read(
            Node.Source source,
            List<String> key,
            Batch batch,
            Optional<Schema> tableNow,
            EngineSession session,
            Instant now,
            Optional<Runnable> showing) {
        Map<String, Type> declared = FileIngest.declared(spec(source), session);
        List<String> named = key(source, key);
        boolean states = write(source) != Write.APPEND;
        ReadBatch read =
                ReadBatch.of(source.relation(), batch, states, session, declared, tableNow);
        Optional<Schema> rows = tableNow.map(StreamLanding::withoutValidity);
        requireKey(source, named, read.seen().schema(), rows, read.told());
        List<Renames.Rename> renames =
                showing.isEmpty() || rows.isEmpty()
                        ? List.of()
                        : Renames.looked(
                                source, read, rows.get(), declared, session, showing.get());
        SchemaDecision decision =
                read.isWithoutObjects()
                        ? SchemaDecision.ifEvolved(spec(source), rows, read.seen(), declared)
                        : SchemaDecision.of(
                                spec(source),
                                source.relation().toString(),
                                rows,
                                read.seen(),
                                declared,
                                renames,
                                read.always());
        StreamLanding landing =
                new StreamLanding(
                        source, named, session, decision, read, now.truncatedTo(ChronoUnit.MICROS));
        landing.renames = renames.stream().map(Renames.Rename::toString).toList();
        return landing;
    }

    /** What looks like a renamed column among those that came and those that did not. */
    public List<String> renames() {
        return renames;
    }

    private static List<String> key(Node.Source source, List<String> known) {
        List<String> said = spec(source).key();
        return said.isEmpty() ? known : said;
    }

    /**
     * The columns that a table will have with rows of these columns.
     *
     * @param key the columns that name a row, as the source knows them
     */
    public static Schema columnsAhead(
            Node.Source source,
            List<String> key,
            Schema columns,
            Optional<Schema> tableNow,
            EngineSession session) {
        Map<String, Type> declared = FileIngest.declared(spec(source), session);
        SeenColumns seen = new SeenColumns();
        seen.add(FileIngest.named(columns));
        SchemaDecision decision = decide(source, key(source, key), seen, tableNow, declared);
        return withValidity(source, decision.columns());
    }

    private static SchemaDecision decide(
            Node.Source source,
            List<String> key,
            SeenColumns seen,
            Optional<Schema> tableNow,
            Map<String, Type> declared) {
        requireKey(source, key, seen.schema(), tableNow, 1);
        return SchemaDecision.of(
                spec(source),
                source.relation().toString(),
                tableNow.map(StreamLanding::withoutValidity),
                seen,
                declared);
    }

    private static void requireKey(
            Node.Source source,
            List<String> key,
            Schema columns,
            Optional<Schema> tableNow,
            long told) {
        IngestSpec spec = spec(source);
        Write write = write(source);
        if (key.isEmpty() && write != Write.APPEND) {
            String word = write.name().toLowerCase(java.util.Locale.ROOT);
            throw IngestErrors.noKey(spec.place(), word.replace("_", "+"));
        }
        for (String name : key) {
            boolean known = tableNow.flatMap(t -> t.find(name)).isPresent();
            if (told > 0 && !known && columns.find(name).isEmpty()) {
                throw IngestErrors.notAColumn(spec.place(), name, columns.names());
            }
        }
    }

    static Schema withoutValidity(Schema table) {
        return new Schema(
                table.fields().stream()
                        .filter(f -> !f.name().equals(VALID_FROM) && !f.name().equals(VALID_TO))
                        .toList());
    }

    static Schema withValidity(Node.Source source, Schema columns) {
        if (write(source) != Write.SCD2) {
            return columns;
        }
        List<Field> fields = new ArrayList<>(columns.fields());
        fields.add(Field.of(VALID_FROM, Primitive.TIMESTAMPTZ));
        fields.add(Field.of(VALID_TO, Primitive.TIMESTAMPTZ));
        return new Schema(fields);
    }

    private static IngestSpec spec(Node.Source source) {
        return source.ingest().orElseThrow(() -> IngestErrors.notIngested(source.id().value()));
    }

    private static Write write(Node.Source source) {
        return spec(source).write();
    }

    private Optional<String> cursor() {
        return spec(source).cursor();
    }

    /** What a new table is to look like. */
    public Schema schema() {
        return withValidity(source, decision.columns());
    }

    /** What has to happen to a table that is there before the rows can be written to it. */
    public List<SchemaChange> changes() {
        return decision.changes();
    }

    @Override
    public Write write() {
        return write(source);
    }

    @Override
    public List<String> key() {
        return key;
    }

    /** Whether rows say what they do to others. */
    public boolean tellsChanges() {
        return read.changes().isPresent();
    }

    @Override
    public List<String> about() {
        List<String> about = new ArrayList<>(List.of(ColumnNames.INGESTED_AT));
        read.changes().ifPresent(c -> about.addAll(c.about()));
        if (spec(source).connector().isEmpty()) {
            about.addAll(List.of(ColumnNames.FILE, ColumnNames.ROW));
        }
        return about;
    }

    @Override
    public Optional<String> newest() {
        return spec(source).connector().isPresent() ? Optional.empty() : cursor();
    }

    @Override
    public boolean isEmpty() {
        return read.told() == quarantinedOfTold();
    }

    @Override
    public SqlText rows() {
        return SqlText.of(good(""));
    }

    /** With a cursor, its values are the order. */
    @Override
    public void stage() {
        String at = LandingBranches.timestamp(ingestedAt);
        String others =
                read.changes()
                        .map(c -> c.selected(at))
                        .orElseGet(() ->
                                ", 'c' AS %s, CAST(NULL AS VARCHAR[]) AS %s, %s AS %s"
                                        .formatted(
                                                ToldChanges.KIND,
                                                ToldChanges.UNTOLD,
                                                since(at),
                                                ToldChanges.AT));
        String rows = "SELECT *, row_number() OVER () AS tarn_n FROM (%s)".formatted(good(others));
        Optional<String> cursor = cursor().filter(c -> read.changes().isEmpty());
        session.stage(
                CHANGES,
                SqlText.of(
                        cursor.map(c ->
                                        "SELECT * REPLACE (row_number() OVER (ORDER BY %s NULLS FIRST, tarn_n) AS tarn_n) FROM (%s)"
                                                .formatted(Branch.name(c), rows))
                                .orElse(rows)));
    }

    /** From when on a row is valid: its cursor, if that is a time. */
    private String since(String at) {
        return cursor().flatMap(c -> decision.columns().find(c))
                .flatMap(f -> ToldChanges.time(f, at))
                .orElse(at);
    }

    @Override
    public Optional<SqlText> deduplicated(Optional<String> table) {
        return rules().deduplication()
                .map(d -> new Duplicates(d, ingestedAt).without(good(""), "", table));
    }

    private LandingRules rules() {
        return spec(source).rules();
    }

    /**
     * What became of the rows.
     *
     * @param duplicates rows that were left out
     * @param afresh whether the rows are all that the table has
     */
    public BatchAccount account(CatalogView view, long duplicates, boolean afresh) {
        BatchAccount counted =
                BatchAccount.of(
                        source.relation(), view, expected() - duplicates, quarantined, bytes());
        return (afresh ? counted.afresh() : counted)
                .without(duplicates)
                .about(source, session, rows());
    }

    @Override
    public long expected() {
        return read.told() - quarantinedOfTold();
    }

    private long quarantinedOfTold() {
        return quarantined - read.refused().size();
    }

    @Override
    public void requireWritten(long written) {
        if (written != expected()) {
            throw IngestErrors.streamRowsDoNotAddUp(
                    source.relation().toString(), read.told(), written, quarantinedOfTold());
        }
    }

    /** The rows that did not fit; empty when all did. */
    public Optional<SqlText> quarantine() {
        return quarantined == 0
                ? Optional.empty()
                : Optional.of(SqlText.of("SELECT * FROM " + BAD));
    }

    public long quarantined() {
        return quarantined;
    }

    /** How many rows the source told, and about how many bytes they came as. */
    public long told() {
        return read.told() + read.refused().size();
    }

    public long bytes() {
        return read.bytes();
    }

    /** Whether the load that the batch belongs to is whole. */
    public boolean complete() {
        return read.complete();
    }

    /**
     * Where reading stands behind the batch.
     *
     * @param view what is there now
     */
    public List<Change> positions(CatalogView view) {
        List<Change> changes = new ArrayList<>();
        read.positions()
                .forEach((part, value) -> {
                    EntryKey key = EntryKey.position(source.relation() + "/" + part);
                    var existing = view.find(key);
                    if (value.isPresent()) {
                        changes.add(
                                Change.put(
                                        key,
                                        new Entry.Position(value.get()),
                                        Change.Expected.of(existing)));
                    } else if (existing.isPresent()) {
                        changes.add(Change.drop(key, Change.Expected.of(existing)));
                    }
                });
        SourceSchema.change(
                        source.relation(),
                        decision.seen(read.seen()),
                        read.documents().isPresent(),
                        view)
                .ifPresent(changes::add);
        return changes;
    }

    /** Where reading stands, by part. */
    public static Map<String, String> positions(Node.Source source, CatalogView view) {
        String prefix = source.relation() + "/";
        return view.list(EntryKey.Kind.POSITION, prefix).stream()
                .collect(
                        Collectors.toMap(
                                v -> v.key().name().substring(prefix.length()),
                                v -> v.entry() instanceof Entry.Position p ? p.value() : ""));
    }

    private String good(String others) {
        boolean isFile = spec(source).connector().isEmpty();
        String aside = (isFile ? "" : ", _file, _row") + expectations.aside();
        return "SELECT *%s FROM (%s)"
                .formatted(
                        aside.isEmpty() ? "" : " EXCLUDE (" + aside.substring(2) + ")",
                        expectations.good(everything(others + expectations.selected())));
    }

    /** The rows that fit the columns. */
    private String everything(String others) {
        String at = LandingBranches.timestamp(ingestedAt);
        return read.branches(decision).stream()
                .map(branch -> branch.rows(decision, at, others))
                .collect(Collectors.joining("\nUNION ALL\n"));
    }

    /** What is not as expected of rows that land all the same. */
    public List<String> warnings() {
        return warnings;
    }

    private long stageQuarantine() {
        String at = LandingBranches.timestamp(ingestedAt);
        List<String> parts = new ArrayList<>();
        for (Branch branch : read.branches(decision)) {
            String part = branch.quarantine(decision, at);
            if (!part.isEmpty()) {
                parts.add(part);
            }
            if (expectations.sorts()) {
                parts.add(expectations.quarantined(branch, decision, at));
            }
        }
        if (!read.refused().isEmpty()) {
            List<List<? extends @Nullable Object>> rows = new ArrayList<>();
            read.refused().forEach(r -> rows.add(r.row(ingestedAt)));
            session.stage(REFUSED, LandingTables.QUARANTINE, rows);
            parts.add("SELECT * FROM " + REFUSED);
        }
        if (parts.isEmpty()) {
            return 0;
        }
        session.stage(BAD, SqlText.of(String.join("\nUNION ALL\n", parts)));
        try (QueryResult result = session.query(SqlText.of("SELECT count(*) FROM " + BAD))) {
            return result.next() && result.value(0) instanceof Number n ? n.longValue() : 0;
        }
    }

    /** What an open source is told about the ends of batches. */
    public static OpenSource.Limits limits(Node.Source source, boolean linger) {
        return OpenSource.Limits.of(spec(source).connector().orElseThrow().flush(), linger);
    }
}
