package dev.tarn.upkeep;

import dev.tarn.model.table.TableState;
import dev.tarn.model.table.TableState.Snapshot;

/**
 * A first look at a table that costs nothing: only if it says so is a second one worth its cost.
 */
final class Due {
    private Due() {}

    static boolean of(TableState state, UpkeepPolicy defaults) {
        UpkeepPolicy policy = UpkeepPolicy.of(state.definition(), defaults);
        if (!policy.automatic() || state.current().isEmpty()) {
            return false;
        }
        if (state.snapshots().size() > policy.snapshotsMax() + policy.snapshotsMax() / 4) {
            return true;
        }
        Snapshot now = state.current().get();
        long hidden = now.hiddenRows();
        return filesMore(state) >= policy.minFiles()
                || (hidden > 0 && hidden >= policy.deleteRatio() * (hidden + now.totalRows()));
    }

    /** How many files came since the table had fewest, of which some may be gathered. */
    static long filesMore(TableState state) {
        long fewest = 0;
        for (Snapshot snapshot : state.snapshots()) {
            fewest =
                    snapshot.operation().equals("replace")
                            ? snapshot.totalFiles()
                            : Math.min(fewest, snapshot.totalFiles());
        }
        return state.current().map(Snapshot::totalFiles).orElse(0L) - fewest;
    }
}
