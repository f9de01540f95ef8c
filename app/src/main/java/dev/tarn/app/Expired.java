package dev.tarn.app;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.spi.Catalog;
import dev.tarn.upkeep.HistoryKept;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * States of tables that say themselves how far back they can be read, and that are older: nothing
 * shows them but the history. What a ref, a tag or a run rests on is never among them.
 */
final class Expired {
    /** Queries that read what was just replaced may go on. */
    private static final Duration GRACE = Duration.ofMinutes(10);

    private final Catalog catalog;
    private final Instant now;
    private final Map<Duration, Optional<Set<TablePointer>>> shown = new HashMap<>();

    /** What states say of the folders that they are in. */
    private final Map<String, Set<Duration>> said = new HashMap<>();

    Expired(Catalog catalog, Instant now) {
        this.catalog = catalog;
        this.now = now;
    }

    boolean covers(TablePointer pointer, TableDefinition definition) {
        Optional<Duration> kept = HistoryKept.of(definition);
        kept.ifPresent(time ->
                said.computeIfAbsent(Housekeeping.folder(pointer), f -> new HashSet<>()).add(time));
        return kept.filter(time -> covers(pointer, time)).isPresent();
    }

    /**
     * Whether a state of which the metadata is gone went because of its age, and so is no damage.
     * What it said itself cannot be read any more; other states of the table, all of which must
     * have been asked about before, say the same.
     */
    boolean hasTaken(TablePointer pointer) {
        return said.getOrDefault(Housekeeping.folder(pointer), Set.of()).stream()
                .anyMatch(time -> covers(pointer, time));
    }

    private boolean covers(TablePointer pointer, Duration kept) {
        return shown.computeIfAbsent(kept, this::shownSince)
                .filter(since -> !since.contains(pointer))
                .isPresent();
    }

    /** What can be reached without what is older; empty while nothing is. */
    private Optional<Set<TablePointer>> shownSince(Duration kept) {
        Duration age = kept.compareTo(GRACE) < 0 ? GRACE : kept;
        try {
            PublicationId then = catalog.read(RefName.MAIN, new AsOf.Time(now.minus(age))).asOf();
            return Optional.of(
                    catalog.reachable(then).stream()
                            .flatMap(v -> v.pointer().stream())
                            .collect(Collectors.toSet()));
        } catch (TarnException young) {
            if (young.code() == ErrorCode.PUBLICATION_NOT_FOUND) {
                return Optional.empty();
            }
            throw young;
        }
    }
}
