package dev.tarn.model.table;

import java.util.Optional;

/**
 * How the Parquet files of a table are written.
 *
 * @param codec {@code zstd}, {@code snappy}, {@code gzip}, {@code lz4_raw} or {@code uncompressed}
 * @param level how hard zstd tries, 1 to 22; empty for the engine's own choice
 * @param rowGroupRows rows that are compressed, and left out by queries, together; empty for the
 *     engine's own choice
 * @param bloomFilters whether values of columns that are written with a dictionary get a Bloom
 *     filter
 */
public record FileOptions(
        String codec, Optional<Integer> level, Optional<Long> rowGroupRows, boolean bloomFilters) {
    public static final FileOptions DEFAULT =
            new FileOptions("zstd", Optional.empty(), Optional.empty(), true);
}
