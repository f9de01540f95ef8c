package dev.tarn.iceberg;

import java.util.HashSet;
import java.util.Set;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.TableMetadata;

/** Which snapshots a table still names. */
final class Retention {
    private Retention() {}

    /** Forgets these snapshots and no others, however old those are. */
    static void forget(TableChange line, Set<Long> snapshots) {
        TableMetadata table = line.current();
        Set<Long> gone = new HashSet<>(snapshots);
        gone.retainAll(table.snapshots().stream().map(s -> s.snapshotId()).toList());
        table.refs().values().forEach(ref -> gone.remove(ref.snapshotId()));
        if (gone.isEmpty()) {
            return;
        }
        ExpireSnapshots expire =
                line.table()
                        .expireSnapshots()
                        .expireOlderThan(0)
                        .cleanupLevel(ExpireSnapshots.CleanupLevel.NONE);
        gone.forEach(expire::expireSnapshotId);
        expire.commit();
    }
}
