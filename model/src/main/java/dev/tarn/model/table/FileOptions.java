package dev.tarn.model.table;

import java.util.Optional;

/**
 * How the Parquet files of a table are written.
 *
 * @param codec {@code zstd}, {@code snappy}, {@code gzip}, {@code lz4_raw} or {@code uncompressed}
 * @param level how hard zstd tries, 1 to 22; empty for the engine's own choice
 * @param rowGroupRows rows that are compressed, and left out by queries, together; empty for the
 *     engine's own choice
 * @param bloomFilters which columns get Bloom filters
 * @param falsePositives how often a Bloom filter may say yes without reason; empty for the engine's
 *     own choice
 */
public record FileOptions(
        String codec,
        Optional<Integer> level,
        Optional<Long> rowGroupRows,
        BloomFilters bloomFilters,
        Optional<Double> falsePositives) {
    public static final FileOptions DEFAULT =
            new FileOptions(
                    "zstd",
                    Optional.empty(),
                    Optional.empty(),
                    BloomFilters.OF_REPEATED_VALUES,
                    Optional.empty());

    private static final int LEAST_LEVEL = 1;

    /**
     * The same with as little effort as there is, unless somebody said how much: for files that
     * upkeep gathers soon, and writes anew then.
     */
    public FileOptions lightly() {
        return !codec.equals("zstd") || level.isPresent()
                ? this
                : new FileOptions(
                        codec,
                        Optional.of(LEAST_LEVEL),
                        rowGroupRows,
                        bloomFilters,
                        falsePositives);
    }

    /** Which columns get Bloom filters. */
    public enum BloomFilters {
        NONE,

        /** Those whose values repeat, as the engine writes these with a dictionary by itself. */
        OF_REPEATED_VALUES,

        /** All that can have one, however different their values are. */
        ALL
    }
}
