package dev.tarn.upkeep;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableState;
import dev.tarn.spi.Tables;
import java.time.Clock;
import java.util.Map;
import java.util.Set;

/** Makes a table's metadata less: old snapshots are forgotten, lists of files gathered. */
final class Shedding {
    private final Tables tables;
    private final Landing landing;
    private final Clock clock;

    Shedding(Tables tables, Landing landing, Clock clock) {
        this.tables = tables;
        this.landing = landing;
        this.clock = clock;
    }

    /** Returns how many snapshots are forgotten: none when somebody was faster. */
    int shed(TableName name, Versioned entry, UpkeepPolicy policy, Set<Long> pinned) {
        TablePointer base = entry.pointer().orElseThrow();
        TableState state = tables.state(base);
        Set<Long> gone = SnapshotPolicy.toForget(state, policy, clock.instant(), pinned);
        TablePointer made = gone.isEmpty() ? base : tables.forget(base, gone);
        if (TableWork.hasTooManyManifests(tables.inventory(made))) {
            made = tables.rewriteManifests(made, Map.of("tarn.upkeep", "manifests"));
        }
        if (made.equals(base)) {
            return 0;
        }
        String message =
                "maintain: %d snapshot%s of %s forgotten"
                        .formatted(gone.size(), gone.size() == 1 ? "" : "s", name);
        return landing.landAtOnce(entry, made, message) ? gone.size() : 0;
    }
}
