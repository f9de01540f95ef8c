package dev.tarn.iceberg;

import dev.tarn.model.table.FileOptions;
import dev.tarn.model.table.FileOptions.BloomFilters;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/** How the properties of a table say its files are to be written. */
final class WriteProperties {
    static final String ROW_GROUP_ROWS = "tarn.write.row-group-rows";
    static final String BLOOM_FILTERS = "tarn.write.bloom-filters";
    private static final String BLOOM_FILTER_OF =
            TableProperties.PARQUET_BLOOM_FILTER_COLUMN_ENABLED_PREFIX;
    private static final String FALSE_POSITIVES_OF =
            TableProperties.PARQUET_BLOOM_FILTER_COLUMN_FPP_PREFIX;
    private static final String FORMATS = "tarn.formats";
    private static final List<String> KNOWN_FORMATS = List.of("iceberg", "delta");
    private static final String CHANGE_FEED = "tarn.change-feed";
    private static final List<String> MODES =
            List.of(
                    "write.mode",
                    TableProperties.DELETE_MODE,
                    TableProperties.UPDATE_MODE,
                    TableProperties.MERGE_MODE);
    private static final List<String> KNOWN_MODES = List.of("copy-on-write", "merge-on-read");
    private static final List<String> CODECS =
            List.of("zstd", "snappy", "gzip", "lz4", "uncompressed");
    private static final int LEVEL_MOST = 22;
    private static final long ROWS_LEAST = 2_048;
    private static final long ROWS_MOST = 100_000_000;

    private WriteProperties() {}

    /** Refuses formats and ways to write that there are not. */
    static void requireKnown(Map<String, String> properties) {
        for (String name : MODES) {
            @Nullable String mode = properties.get(name);
            if (mode != null && !KNOWN_MODES.contains(mode)) {
                throw IcebergErrors.propertyNotOneOf(name, mode, "copy-on-write or merge-on-read");
            }
        }
        @Nullable String feed = properties.get(CHANGE_FEED);
        if (feed != null) {
            truth(CHANGE_FEED, feed);
        }
        @Nullable String text = properties.get(FORMATS);
        if (text != null && !KNOWN_FORMATS.containsAll(List.of(text.strip().split("[,\\s]+")))) {
            throw IcebergErrors.propertyNotOneOf(
                    FORMATS, text, "'iceberg', 'delta' or 'iceberg, delta'");
        }
    }

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
        Optional<Long> level = level(properties);
        pages(properties);
        return new FileOptions(
                codec.equals("lz4") ? "lz4_raw" : codec,
                codec.equals("zstd") ? level.map(Long::intValue) : Optional.empty(),
                number(properties, ROW_GROUP_ROWS, ROWS_LEAST, ROWS_MOST),
                bloomFilters(properties),
                falsePositives(properties));
    }

    static Optional<Long> level(Map<String, String> properties) {
        return number(properties, TableProperties.PARQUET_COMPRESSION_LEVEL, 1, LEVEL_MOST);
    }

    /** How large pages are to be, for a table that asks for pages of its own. */
    static Optional<PageLayout> pages(Map<String, String> properties) {
        Optional<Long> rows =
                number(properties, TableProperties.PARQUET_PAGE_ROW_LIMIT, 100, ROWS_MOST);
        Optional<Long> bytes =
                number(properties, TableProperties.PARQUET_PAGE_SIZE_BYTES, 1_024, 1 << 30);
        if (rows.isEmpty() && bytes.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new PageLayout(
                        rows.map(Long::intValue).orElse(PageLayout.ROWS),
                        bytes.map(Long::intValue).orElse(PageLayout.BYTES)));
    }

    private static BloomFilters bloomFilters(Map<String, String> properties) {
        String text = properties.getOrDefault(BLOOM_FILTERS, "on");
        BloomFilters general =
                switch (text) {
                    case "on", "true" -> BloomFilters.OF_REPEATED_VALUES;
                    case "off", "false" -> BloomFilters.NONE;
                    default ->
                            throw IcebergErrors.propertyNotOneOf(BLOOM_FILTERS, text, "on or off");
                };
        boolean isAsked = false;
        for (Map.Entry<String, String> property : properties.entrySet()) {
            if (property.getKey().startsWith(BLOOM_FILTER_OF)) {
                isAsked |= truth(property.getKey(), property.getValue());
            }
        }
        return isAsked ? BloomFilters.ALL : general;
    }

    private static boolean truth(String name, String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw IcebergErrors.propertyNotOneOf(name, text, "true or false");
        };
    }

    /** The strictest that any column asks for: all filters of a file are made alike. */
    private static Optional<Double> falsePositives(Map<String, String> properties) {
        Optional<Double> strictest = Optional.empty();
        for (Map.Entry<String, String> property : properties.entrySet()) {
            if (property.getKey().startsWith(FALSE_POSITIVES_OF)) {
                double asked = share(property.getKey(), property.getValue());
                strictest = Optional.of(Math.min(asked, strictest.orElse(1.0)));
            }
        }
        return strictest;
    }

    private static double share(String name, String text) {
        try {
            double value = Double.parseDouble(text);
            if (value > 0 && value < 1) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below, together with numbers out of range.
        }
        throw IcebergErrors.propertyNotOneOf(name, text, "a number between 0 and 1, such as 0.01");
    }

    /** Refuses to be asked for Bloom filters of columns that are not there. */
    static void requireColumns(Map<String, String> asked, Schema schema) {
        for (String name : asked.keySet()) {
            for (String prefix : List.of(BLOOM_FILTER_OF, FALSE_POSITIVES_OF)) {
                if (name.startsWith(prefix)) {
                    String column = name.substring(prefix.length());
                    if (schema.caseInsensitiveFindField(column) == null) {
                        throw IcebergErrors.layoutColumnUnknown(
                                "table property '%s'".formatted(name),
                                column,
                                schema.columns().stream().map(NestedField::name).toList());
                    }
                }
            }
        }
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
