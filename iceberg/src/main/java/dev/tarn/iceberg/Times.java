package dev.tarn.iceberg;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The times in metadata files. Iceberg takes them from the machine's clock and refuses to go on
 * where that was put back, so it is shown times that are not ahead of it; what is written has those
 * that were there, and new ones from a clock of ours that never goes back.
 */
final class Times {
    private static final String TIME = "timestamp-ms";
    private static final String UPDATED = "last-updated-ms";
    private static final String SNAPSHOTS = "snapshots";
    private static final String SNAPSHOT = "snapshot-id";
    private static final String LOG = "snapshot-log";
    private static final String FILES = "metadata-log";
    private static final String FILE = "metadata-file";

    private Times() {}

    /** Whether a table was changed under a clock that was ahead of this time. */
    static boolean isAhead(TableMetadata metadata, long now) {
        return newest(metadata) > now;
    }

    private static long newest(TableMetadata metadata) {
        List<HistoryEntry> log = metadata.snapshotLog();
        return log.isEmpty()
                ? metadata.lastUpdatedMillis()
                : Math.max(metadata.lastUpdatedMillis(), log.getLast().timestampMillis());
    }

    /** Puts all times that are later to this one. */
    static void putBack(ObjectNode root, long latest) {
        putBack(root, UPDATED, latest);
        for (String list : List.of(SNAPSHOTS, LOG, FILES)) {
            root.path(list).forEach(entry -> putBack((ObjectNode) entry, TIME, latest));
        }
    }

    private static void putBack(ObjectNode entry, String field, long latest) {
        entry.put(field, Math.min(entry.path(field).asLong(), latest));
    }

    /**
     * Gives what is new the time of our clock, and what was there the time it had.
     *
     * @param base the state that was changed; null if there was none
     */
    static void stamp(ObjectNode root, @Nullable TableMetadata base, long clock) {
        long now = base == null ? clock : Math.max(clock, newest(base));
        root.put(UPDATED, now);
        snapshots(root.path(SNAPSHOTS), base, now);
        log(root.path(LOG), base == null ? List.of() : base.snapshotLog(), now);
        if (base != null) {
            files(root.path(FILES), base);
        }
    }

    private static void snapshots(JsonNode entries, @Nullable TableMetadata base, long now) {
        for (JsonNode entry : entries) {
            @Nullable Snapshot known =
                    base == null ? null : base.snapshot(entry.path(SNAPSHOT).asLong());
            ((ObjectNode) entry).put(TIME, known == null ? now : known.timestampMillis());
        }
    }

    /** A snapshot is in the log again when the table goes back to it. */
    private static void log(JsonNode entries, List<HistoryEntry> known, long now) {
        int next = 0;
        for (JsonNode entry : entries) {
            int at = next;
            while (at < known.size() && !isSame(entry, known.get(at))) {
                at++;
            }
            boolean there = at < known.size();
            ((ObjectNode) entry).put(TIME, there ? known.get(at).timestampMillis() : now);
            next = there ? at + 1 : next;
        }
    }

    /** As it was, or put back. */
    private static boolean isSame(JsonNode entry, HistoryEntry known) {
        return entry.path(SNAPSHOT).asLong() == known.snapshotId()
                && entry.path(TIME).asLong() <= known.timestampMillis();
    }

    private static void files(JsonNode entries, TableMetadata base) {
        Map<String, Long> known = new HashMap<>();
        base.previousFiles().forEach(e -> known.put(e.file(), e.timestampMillis()));
        known.put(base.metadataFileLocation(), base.lastUpdatedMillis());
        for (JsonNode entry : entries) {
            long time = entry.path(TIME).asLong();
            ((ObjectNode) entry).put(TIME, known.getOrDefault(entry.path(FILE).asText(), time));
        }
    }
}
