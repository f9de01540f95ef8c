package dev.tarn.model.graph;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Which connector brings the rows of a source's table, and how they get into it: the part of an
 * {@code ingest:} block that files do not have.
 *
 * @param connector as the connector calls itself: {@code postgres}
 * @param settings what only the connector understands; secrets are references such as {@code
 *     env:NAME}, never the secrets themselves
 * @param mode how the source is read; empty: as the connector does it by itself
 * @param cursor the column that tells new rows, for {@link Mode#INCREMENTAL}
 * @param lag how far behind the greatest cursor value late rows are looked for, as a duration or,
 *     for numbers, as seconds are
 * @param write how rows change the table
 * @param key the columns that name a row; empty where rows are only added
 * @param flush when a batch ends
 * @param rowsPerSecond what the source is asked for at most
 */
public record ConnectorSpec(
        String connector,
        Map<String, String> settings,
        Optional<Mode> mode,
        Optional<String> cursor,
        Duration lag,
        Write write,
        List<String> key,
        Flush flush,
        OptionalLong rowsPerSecond) {
    public ConnectorSpec {
        settings = Map.copyOf(settings);
        key = List.copyOf(key);
    }

    /** How a source is read. */
    public enum Mode {
        /** All rows, each time; they replace what was there. */
        SNAPSHOT,
        /** All rows at first, then those with a greater value of the cursor. */
        INCREMENTAL,
        /** A log that the source keeps, from its position on. */
        LOG
    }

    /** How rows change the table. */
    public enum Write {
        /** They are added. */
        APPEND,
        /** They take the place of the row with the same key. */
        UPSERT,
        /** They take the place of all rows with the same key. */
        DELETE_INSERT,
        /** As {@link #UPSERT}, under the name that data warehouses give it. */
        SCD1,
        /** They end the validity of the row with the same key and begin their own. */
        SCD2
    }

    /**
     * When a batch ends: at the first of these.
     *
     * @param every how long a batch stays open
     */
    public record Flush(long rows, long bytes, Duration every) {
        /** A million rows, 256 MiB, ten seconds. */
        public static final Flush STANDARD =
                new Flush(1_000_000, 256L << 20, Duration.ofSeconds(10));
    }

    /** All of it in one order, for comparing. */
    @Override
    public String toString() {
        return "%s %s %s %s %s %s %s %s %s"
                .formatted(
                        connector,
                        new TreeMap<>(settings),
                        mode,
                        cursor,
                        lag,
                        write,
                        key,
                        flush,
                        rowsPerSecond);
    }
}
