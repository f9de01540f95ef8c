package dev.tarn.ingest;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.graph.ConnectorSpec;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.graph.IngestSpec;
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
public final class StreamLanding {
    /** The columns of SCD2: from when to when a row was valid. */
    public static final String VALID_FROM = "_valid_from";

    public static final String VALID_TO = "_valid_to";

    private static final TableName GOOD = new TableName("tarn_ingest", "stream_rows");
    private static final TableName BAD = new TableName("tarn_ingest", "stream_quarantined");
    private static final TableName REFUSED = new TableName("tarn_ingest", "stream_refused");

    private final Node.Source source;
    private final EngineSession session;
    private final SchemaDecision decision;
    private final ReadBatch read;
    private final Instant ingestedAt;
    private final long quarantined;
    private final boolean isStaged;

    private StreamLanding(
            Node.Source source,
            EngineSession session,
            SchemaDecision decision,
            ReadBatch read,
            Instant ingestedAt) {
        this.source = source;
        this.session = session;
        this.decision = decision;
        this.read = read;
        this.ingestedAt = ingestedAt;
        this.quarantined = stageQuarantine();
        this.isStaged = spec().write() != Write.APPEND;
        if (isStaged) {
            stageRows();
        }
    }

    /**
     * Reads a batch and decides on its columns.
     *
     * @param tableNow the columns of the table that the rows are for; empty when there is none yet
     * @param now when the rows arrive
     */
    public static StreamLanding read(
            Node.Source source,
            Batch batch,
            Optional<Schema> tableNow,
            EngineSession session,
            Instant now) {
        Map<String, Type> declared = FileIngest.declared(spec(source), session);
        ReadBatch read = ReadBatch.of(source.relation(), batch, session, declared, tableNow);
        SchemaDecision decision = decide(source, read.seen(), tableNow, declared);
        return new StreamLanding(
                source, session, decision, read, now.truncatedTo(ChronoUnit.MICROS));
    }

    /** The columns that a table will have with rows of these columns. */
    public static Schema columnsAhead(
            Node.Source source, Schema columns, Optional<Schema> tableNow, EngineSession session) {
        Map<String, Type> declared = FileIngest.declared(spec(source), session);
        SeenColumns seen = new SeenColumns();
        seen.add(FileIngest.named(columns));
        SchemaDecision decision = decide(source, seen, tableNow, declared);
        return withValidity(source, decision.columns());
    }

    private static SchemaDecision decide(
            Node.Source source,
            SeenColumns seen,
            Optional<Schema> tableNow,
            Map<String, Type> declared) {
        requireKey(source, seen.schema());
        return SchemaDecision.of(
                spec(source),
                source.relation().toString(),
                tableNow.map(StreamLanding::withoutValidity),
                seen,
                declared);
    }

    private static void requireKey(Node.Source source, Schema columns) {
        IngestSpec spec = spec(source);
        ConnectorSpec connector = spec.connector().orElseThrow();
        if (connector.key().isEmpty() && connector.write() != Write.APPEND) {
            String word = connector.write().name().toLowerCase(java.util.Locale.ROOT);
            throw IngestErrors.noKey(spec.place(), word.replace("_", "+"));
        }
        for (String key : connector.key()) {
            if (columns.find(key).isEmpty()) {
                throw IngestErrors.notAColumn(spec.place(), key, columns.names());
            }
        }
    }

    private static Schema withoutValidity(Schema table) {
        return new Schema(
                table.fields().stream()
                        .filter(f -> !f.name().equals(VALID_FROM) && !f.name().equals(VALID_TO))
                        .toList());
    }

    private static Schema withValidity(Node.Source source, Schema columns) {
        if (spec(source).connector().orElseThrow().write() != Write.SCD2) {
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

    private ConnectorSpec spec() {
        return spec(source).connector().orElseThrow();
    }

    /** What a new table is to look like. */
    public Schema schema() {
        return withValidity(source, decision.columns());
    }

    /** What has to happen to a table that is there before the rows can be written to it. */
    public List<SchemaChange> changes() {
        return decision.changes();
    }

    public Write write() {
        return spec().write();
    }

    public List<String> key() {
        return spec().key();
    }

    /** Whether there is nothing to write to the table. */
    public boolean isEmpty() {
        return read.told() == quarantinedOfTold();
    }

    /** The good rows; with a key, the last row of each. */
    public SqlText rows() {
        return SqlText.of(isStaged ? "SELECT * FROM " + GOOD : good());
    }

    /** How many rows have to be written when they are only added. */
    public long expected() {
        return read.told() - quarantinedOfTold();
    }

    private long quarantinedOfTold() {
        return quarantined - read.refused().size();
    }

    /** Sees to it that no row was lost on the way into the table. */
    public void requireWritten(long written) {
        if (!isStaged && written != expected()) {
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

    private void stageRows() {
        String keys = spec().key().stream().map(Branch::name).collect(Collectors.joining(", "));
        boolean many = spec().write() == Write.DELETE_INSERT;
        String order = spec().cursor().map(c -> Branch.name(c) + " DESC NULLS LAST, ").orElse("");
        String query =
                many
                        ? good()
                        : ("SELECT * EXCLUDE (tarn_n) FROM (SELECT *, row_number() OVER () AS tarn_n"
                                        + " FROM (%s)) QUALIFY row_number() OVER (PARTITION BY %s"
                                        + " ORDER BY %starn_n DESC) = 1")
                                .formatted(good(), keys, order);
        session.stage(GOOD, SqlText.of(query));
    }

    private String good() {
        String at = LandingBranches.timestamp(ingestedAt);
        return read.branches(decision).stream()
                .map(branch ->
                        "SELECT * EXCLUDE (_file, _row)%s FROM (%s)"
                                .formatted(validity(at), branch.rows(decision, at)))
                .collect(Collectors.joining("\nUNION ALL\n"));
    }

    private String validity(String at) {
        if (spec().write() != Write.SCD2) {
            return "";
        }
        String from =
                spec().cursor()
                        .filter(c ->
                                decision.columns()
                                        .find(c)
                                        .map(Field::type)
                                        .filter(t ->
                                                t == Primitive.TIMESTAMP
                                                        || t == Primitive.TIMESTAMPTZ)
                                        .isPresent())
                        .map(c ->
                                "coalesce(CAST(%s AS TIMESTAMPTZ), %s)"
                                        .formatted(Branch.name(c), at))
                        .orElse(at);
        return ", %s AS %s, CAST(NULL AS TIMESTAMPTZ) AS %s".formatted(from, VALID_FROM, VALID_TO);
    }

    private long stageQuarantine() {
        String at = LandingBranches.timestamp(ingestedAt);
        List<String> parts = new ArrayList<>();
        for (Branch branch : read.branches(decision)) {
            String part = branch.quarantine(decision, at);
            if (!part.isEmpty()) {
                parts.add(part);
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
