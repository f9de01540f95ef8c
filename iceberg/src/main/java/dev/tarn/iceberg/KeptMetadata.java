package dev.tarn.iceberg;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.TableMetadata;

/**
 * Metadata by location, those that were used last: so many, and with no more than so many snapshots
 * in all of them together. Each state of a table lists all its snapshots, so states of a table that
 * gets a batch every few seconds would take more and more. Safe for use by many threads.
 */
final class KeptMetadata {
    private final int most;
    private final int mostSnapshots;
    private final Map<String, TableMetadata> kept = new LinkedHashMap<>(16, 0.75f, true);
    private int snapshots;

    KeptMetadata(int most, int mostSnapshots) {
        this.most = most;
        this.mostSnapshots = mostSnapshots;
    }

    synchronized Optional<TableMetadata> find(String location) {
        return Optional.ofNullable(kept.get(location));
    }

    /** Keeps one, however large it is, and lets go of what was not used for the longest time. */
    synchronized void keep(String location, TableMetadata metadata) {
        remove(location);
        kept.put(location, metadata);
        snapshots += metadata.snapshots().size();
        Iterator<TableMetadata> eldest = kept.values().iterator();
        while (kept.size() > 1 && (kept.size() > most || snapshots > mostSnapshots)) {
            snapshots -= eldest.next().snapshots().size();
            eldest.remove();
        }
    }

    synchronized void remove(String location) {
        TableMetadata gone = kept.remove(location);
        if (gone != null) {
            snapshots -= gone.snapshots().size();
        }
    }

    synchronized int size() {
        return kept.size();
    }
}
