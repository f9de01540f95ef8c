package dev.tarn.iceberg;

import dev.tarn.model.table.FileOptions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.TableProperties;
import org.jspecify.annotations.Nullable;

/** How the properties of a table say its files are to be written. */
final class WriteProperties {
    static final String ROW_GROUP_ROWS = "tarn.write.row-group-rows";
    static final String BLOOM_FILTERS = "tarn.write.bloom-filters";
    private static final List<String> CODECS =
            List.of("zstd", "snappy", "gzip", "lz4", "uncompressed");
    private static final int LEVEL_MOST = 22;
    private static final long ROWS_LEAST = 2_048;
    private static final long ROWS_MOST = 100_000_000;

    private WriteProperties() {}

    static FileOptions options(Map<String, String> properties) {
        String codec =
                properties
                        .getOrDefault(TableProperties.PARQUET_COMPRESSION, "zstd")
                        .toLowerCase(Locale.ROOT);
        if (!CODECS.contains(codec)) {
            throw IcebergErrors.propertyNotOneOf(
                    TableProperties.PARQUET_COMPRESSION,
                    codec,
                    "one of zstd, snappy, gzip, lz4 and uncompressed");
        }
        Optional<Long> level =
                number(properties, TableProperties.PARQUET_COMPRESSION_LEVEL, 1, LEVEL_MOST);
        return new FileOptions(
                codec.equals("lz4") ? "lz4_raw" : codec,
                codec.equals("zstd") ? level.map(Long::intValue) : Optional.empty(),
                number(properties, ROW_GROUP_ROWS, ROWS_LEAST, ROWS_MOST),
                bloomFilters(properties));
    }

    private static boolean bloomFilters(Map<String, String> properties) {
        String text = properties.getOrDefault(BLOOM_FILTERS, "on");
        return switch (text) {
            case "on", "true" -> true;
            case "off", "false" -> false;
            default -> throw IcebergErrors.propertyNotOneOf(BLOOM_FILTERS, text, "on or off");
        };
    }

    private static Optional<Long> number(
            Map<String, String> properties, String name, long least, long most) {
        @Nullable String text = properties.get(name);
        if (text == null) {
            return Optional.empty();
        }
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return Optional.of(value);
            }
        } catch (NumberFormatException e) {
            // Told below, together with numbers out of range.
        }
        throw IcebergErrors.propertyNotOneOf(
                name, text, "a whole number from %d to %d".formatted(least, most));
    }
}
