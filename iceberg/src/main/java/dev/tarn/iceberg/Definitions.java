package dev.tarn.iceberg;

import dev.tarn.model.table.TableDefinition;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.jspecify.annotations.Nullable;

/** Makes tables from what people say they are to look like. */
final class Definitions {
    private static final int FORMAT_VERSION_DEFAULT = 3;
    private static final long TARGET_FILE_BYTES_DEFAULT = 128L << 20;

    private Definitions() {}

    static TableMetadata newTable(TableDefinition definition, String location) {
        int formatVersion = formatVersion(definition.properties(), FORMAT_VERSION_DEFAULT);
        targetFileBytes(definition.properties());
        WriteProperties.options(definition.properties());
        Schema schema = IcebergTypes.toIceberg(definition.schema(), formatVersion);
        WriteProperties.requireKnown(definition.properties());
        WriteProperties.requireColumns(definition.properties(), schema);
        Map<String, String> properties = new HashMap<>(States.HOUSEKEEPING);
        properties.putAll(definition.properties());
        properties.put(TableProperties.FORMAT_VERSION, Integer.toString(formatVersion));
        return TableMetadata.newTableMetadata(
                schema,
                Layout.spec(schema, definition.partitioning()),
                Layout.order(schema, definition.sortOrder()),
                location,
                properties);
    }

    static int formatVersion(Map<String, String> properties, int otherwise) {
        @Nullable String text = properties.get(TableProperties.FORMAT_VERSION);
        if (text == null) {
            return otherwise;
        }
        return switch (text) {
            case "2" -> 2;
            case "3" -> 3;
            default -> throw IcebergErrors.formatVersionUnknown(text);
        };
    }

    static long targetFileBytes(Map<String, String> properties) {
        @Nullable String text = properties.get(TableProperties.WRITE_TARGET_FILE_SIZE_BYTES);
        if (text == null) {
            return TARGET_FILE_BYTES_DEFAULT;
        }
        try {
            long bytes = Long.parseLong(text);
            if (bytes > 0) {
                return bytes;
            }
        } catch (NumberFormatException e) {
            // Told below, together with zero and less.
        }
        throw IcebergErrors.propertyUnfit(TableProperties.WRITE_TARGET_FILE_SIZE_BYTES, text);
    }
}
