package dev.tarn.upkeep;

import dev.tarn.model.table.TableDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What upkeep does for one table: its properties, and defaults for what they do not say.
 *
 * @param automatic whether it is looked after without being asked; {@code tarn.upkeep}, default:
 *     auto
 * @param minFiles how many small files of a partition it takes until they are gathered without
 *     being asked; {@code tarn.upkeep.min-files}, default: 8
 * @param deleteRatio the part of a file's rows that may be deleted before it is written anew;
 *     {@code tarn.upkeep.delete-ratio}, default: 0.2
 * @param snapshotAge how long snapshots are named by the table; {@code
 *     history.expire.max-snapshot-age-ms}, default: seven days
 * @param snapshotsKept how many of the newest are kept whatever their age; {@code
 *     history.expire.min-snapshots-to-keep}, default: 5
 * @param snapshotsMax how many are kept at most, as the metadata names each of them; {@code
 *     tarn.history.max-snapshots}, default: 100
 * @param clusterBy columns by which a thorough upkeep gathers rows that are near each other; {@code
 *     tarn.cluster-by}, separated by commas, default: none
 */
public record UpkeepPolicy(
        boolean automatic,
        int minFiles,
        double deleteRatio,
        Duration snapshotAge,
        int snapshotsKept,
        int snapshotsMax,
        List<String> clusterBy) {
    static final String UPKEEP = "tarn.upkeep";
    static final String MIN_FILES = "tarn.upkeep.min-files";
    static final String DELETE_RATIO = "tarn.upkeep.delete-ratio";
    static final String SNAPSHOT_AGE = "history.expire.max-snapshot-age-ms";
    static final String SNAPSHOTS_KEPT = "history.expire.min-snapshots-to-keep";
    static final String CLUSTER_BY = "tarn.cluster-by";
    static final String SNAPSHOTS_MAX = "tarn.history.max-snapshots";

    /** Forgetting is a commit too, so not each time. */
    private static final int SNAPSHOTS_OF_NO_HISTORY = 8;

    public static final UpkeepPolicy DEFAULT =
            new UpkeepPolicy(true, 8, 0.2, Duration.ofDays(7), 5, 100, List.of());

    public UpkeepPolicy {
        clusterBy = List.copyOf(clusterBy);
    }

    public UpkeepPolicy withSnapshots(Duration age, int kept) {
        return new UpkeepPolicy(
                automatic, minFiles, deleteRatio, age, kept, snapshotsMax, clusterBy);
    }

    /**
     * @throws dev.tarn.model.TarnException {@code CONFIG_INVALID} with the property and what it may
     *     be
     */
    public static UpkeepPolicy of(TableDefinition definition, UpkeepPolicy defaults) {
        UpkeepPolicy said = said(definition, defaults);
        return HistoryKept.of(definition).map(said::withHistory).orElse(said);
    }

    /** Snapshots need not be named for longer than states can be read. */
    private UpkeepPolicy withHistory(Duration history) {
        boolean none = history.isZero();
        return new UpkeepPolicy(
                automatic,
                minFiles,
                deleteRatio,
                history.compareTo(snapshotAge) < 0 ? history : snapshotAge,
                none ? 1 : snapshotsKept,
                none ? Math.min(snapshotsMax, SNAPSHOTS_OF_NO_HISTORY) : snapshotsMax,
                clusterBy);
    }

    private static UpkeepPolicy said(TableDefinition definition, UpkeepPolicy defaults) {
        Map<String, String> properties = definition.properties();
        return new UpkeepPolicy(
                automatic(properties),
                (int) number(properties, MIN_FILES, defaults.minFiles, 2, 10_000),
                ratio(properties, defaults),
                Duration.ofMillis(
                        number(
                                properties,
                                SNAPSHOT_AGE,
                                defaults.snapshotAge.toMillis(),
                                0,
                                Long.MAX_VALUE)),
                (int) number(properties, SNAPSHOTS_KEPT, defaults.snapshotsKept, 1, 100_000),
                (int) number(properties, SNAPSHOTS_MAX, defaults.snapshotsMax, 1, 100_000),
                Clustering.columns(definition.schema(), properties.getOrDefault(CLUSTER_BY, "")));
    }

    private static boolean automatic(Map<String, String> properties) {
        String text = properties.getOrDefault(UPKEEP, "auto");
        return switch (text) {
            case "auto" -> true;
            case "off" -> false;
            default -> throw UpkeepErrors.property(UPKEEP, text, "auto or off");
        };
    }

    private static long number(
            Map<String, String> properties, String name, long otherwise, long least, long most) {
        @Nullable String text = properties.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below, together with numbers out of range.
        }
        throw UpkeepErrors.property(
                name,
                text,
                most == Long.MAX_VALUE
                        ? "a whole number from %d on".formatted(least)
                        : "a whole number from %d to %d".formatted(least, most));
    }

    private static double ratio(Map<String, String> properties, UpkeepPolicy defaults) {
        @Nullable String text = properties.get(DELETE_RATIO);
        if (text == null) {
            return defaults.deleteRatio;
        }
        try {
            double value = Double.parseDouble(text);
            if (value > 0 && value <= 1) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below, together with numbers out of range.
        }
        throw UpkeepErrors.property(DELETE_RATIO, text, "a number above 0 and at most 1");
    }
}
