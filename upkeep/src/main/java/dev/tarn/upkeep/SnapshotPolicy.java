package dev.tarn.upkeep;

import dev.tarn.model.table.TableState;
import dev.tarn.model.table.TableState.Snapshot;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Says which snapshots a table need not name any longer. */
final class SnapshotPolicy {
    private SnapshotPolicy() {}

    /**
     * @param pinned snapshots that living runs started from: these and all later ones stay, so that
     *     a run can tell what happened since
     */
    static Set<Long> toForget(
            TableState state, UpkeepPolicy policy, Instant now, Set<Long> pinned) {
        List<Snapshot> all = state.snapshots();
        Instant oldest = now.minus(policy.snapshotAge());
        int free = all.size() - policy.snapshotsKept();
        for (int i = 0; i < all.size(); i++) {
            if (pinned.contains(all.get(i).id())) {
                free = Math.min(free, i);
            }
        }
        Set<Long> gone = new HashSet<>();
        for (int i = 0; i < free; i++) {
            Snapshot snapshot = all.get(i);
            boolean tooMany = all.size() - i > policy.snapshotsMax();
            boolean current = state.current().filter(c -> c.id() == snapshot.id()).isPresent();
            if (!current && (tooMany || snapshot.committedAt().isBefore(oldest))) {
                gone.add(snapshot.id());
            }
        }
        return gone;
    }
}
