package dev.tarn.ingest;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.LandingRules.EventTime;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What became of the rows of one batch. It is kept in the catalog beside the positions, so that its
 * versions tell of every batch.
 *
 * @param rows that landed
 * @param duplicates that were left out because they had landed before
 * @param late rows whose event came too far behind those that had landed
 * @param first the earliest event of the batch; empty when nobody says what an event is
 * @param newest the latest event of all batches
 */
public record BatchAccount(
        long rows,
        long quarantined,
        long duplicates,
        long late,
        long bytes,
        Optional<Instant> first,
        Optional<Instant> last,
        Optional<Instant> newest) {
    private static final Pattern NEWEST = Pattern.compile("\"newest\":\"([^\"]+)\"");

    /** The name under which the catalog keeps it. */
    public static EntryKey key(TableName table) {
        return EntryKey.position(table + "#batch");
    }

    /**
     * One of a batch of which no events are known.
     *
     * @param view what is known of the batches before
     */
    static BatchAccount of(
            TableName table, CatalogView view, long rows, long quarantined, long bytes) {
        Optional<Instant> newest =
                view.find(key(table))
                        .map(v -> v.entry() instanceof Entry.Position p ? p.value() : "")
                        .flatMap(BatchAccount::newest);
        return new BatchAccount(
                rows, quarantined, 0, 0, bytes, Optional.empty(), Optional.empty(), newest);
    }

    /** The same of rows that come without any before them. */
    BatchAccount afresh() {
        return new BatchAccount(
                rows, quarantined, duplicates, late, bytes, first, last, Optional.empty());
    }

    BatchAccount without(long left) {
        return new BatchAccount(rows, quarantined, left, late, bytes, first, last, newest);
    }

    /** The same with the events of its rows, where the source says what an event is. */
    BatchAccount about(Node.Source source, EngineSession session, SqlText good) {
        IngestSpec spec = source.ingest().orElseThrow();
        Optional<EventTime> events = spec.rules().eventTime().filter(e -> rows + duplicates > 0);
        try {
            return events.map(e -> withEvents(session, good, e)).orElse(this);
        } catch (TarnException refused) {
            throw refused.at(spec.place());
        }
    }

    /** The same with the events of its rows. */
    private BatchAccount withEvents(EngineSession session, SqlText good, EventTime rule) {
        String time = "CAST(%s AS TIMESTAMPTZ)".formatted(Branch.name(rule.column()));
        String behind =
                newest.map(n ->
                                "count(*) FILTER (WHERE %s < %s)"
                                        .formatted(
                                                time,
                                                LandingBranches.timestamp(
                                                        n.minus(rule.lateness()))))
                        .orElse("0");
        String query =
                "SELECT min(%s), max(%s), %s FROM (%s)".formatted(time, time, behind, good.sql());
        try (QueryResult result = session.query(SqlText.of(query))) {
            result.next();
            Optional<Instant> latest = instant(result.value(1));
            boolean older =
                    newest.isPresent() && latest.map(l -> l.isBefore(newest.get())).orElse(true);
            return new BatchAccount(
                    rows,
                    quarantined,
                    duplicates,
                    result.value(2) instanceof Number n ? n.longValue() : 0,
                    bytes,
                    instant(result.value(0)),
                    latest,
                    older ? newest : latest);
        }
    }

    private static Optional<Instant> instant(@Nullable Object value) {
        return value instanceof Instant time ? Optional.of(time) : Optional.empty();
    }

    /** What says it beside the positions. */
    public Change change(TableName table, CatalogView view) {
        return Change.put(
                key(table),
                new Entry.Position(toJson()),
                Change.Expected.of(view.find(key(table))));
    }

    public String toJson() {
        return "{\"rows\":%d,\"quarantined\":%d,\"duplicates\":%d,\"late\":%d,\"bytes\":%d%s%s%s}"
                .formatted(
                        rows,
                        quarantined,
                        duplicates,
                        late,
                        bytes,
                        time("first", first),
                        time("last", last),
                        time("newest", newest));
    }

    private static String time(String name, Optional<Instant> time) {
        return time.map(t -> ",\"%s\":\"%s\"".formatted(name, t)).orElse("");
    }

    /** The latest event that a kept account knows. */
    static Optional<Instant> newest(String json) {
        Matcher found = NEWEST.matcher(json);
        return found.find() ? Optional.of(Instant.parse(found.group(1))) : Optional.empty();
    }
}
