package dev.tarn.upkeep;

import dev.tarn.model.TableName;
import dev.tarn.model.table.Inventory;
import dev.tarn.model.table.TableState;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What there is to do for one table. */
record TableWork(
        TableName name,
        TableState state,
        UpkeepPolicy policy,
        Inventory inventory,
        long target,
        List<CompactionPlanner.Group> groups,
        long snapshotsLess) {
    /** One list of files names a few thousand without becoming slow to read. */
    private static final int FILES_PER_MANIFEST = 2_000;

    private static final int MANIFESTS_FREE = 10;

    TableWork {
        groups = List.copyOf(groups);
    }

    static TableWork of(
            TableName name,
            TableState state,
            UpkeepPolicy policy,
            Inventory inventory,
            long target,
            boolean thorough,
            Instant now) {
        return new TableWork(
                name,
                state,
                policy,
                inventory,
                target,
                new CompactionPlanner(policy, target, thorough).plan(inventory),
                SnapshotPolicy.toForget(state, policy, now, Set.of()).size());
    }

    /** Whether the lists that name the files are more than they should be. */
    static boolean hasTooManyManifests(Inventory inventory) {
        return inventory.manifests() > manifestsAfter(inventory) + MANIFESTS_FREE;
    }

    private static int manifestsAfter(Inventory inventory) {
        return 1 + inventory.files().size() / FILES_PER_MANIFEST;
    }

    /** Whether the metadata can become less. */
    boolean isLighterAfterwards() {
        return snapshotsLess > 0 || hasTooManyManifests(inventory);
    }

    TablePlan plan() {
        long rewritten = groups.stream().mapToLong(g -> g.files().size()).sum();
        long made = groups.stream().mapToLong(CompactionPlanner.Group::filesAfter).sum();
        int manifests = inventory.manifests();
        return new TablePlan(
                name,
                inventory.files().size(),
                inventory.files().size() - rewritten + made,
                inventory.bytes(),
                rewritten,
                groups.stream().mapToLong(CompactionPlanner.Group::bytes).sum(),
                inventory.rows(),
                inventory.deletedRows(),
                manifests,
                hasTooManyManifests(inventory) ? manifestsAfter(inventory) : manifests,
                state.snapshots().size(),
                state.snapshots().size() - (int) snapshotsLess,
                inventory.metadataBytes());
    }
}
