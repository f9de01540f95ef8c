package dev.tarn.ingest;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.EntryKey;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
