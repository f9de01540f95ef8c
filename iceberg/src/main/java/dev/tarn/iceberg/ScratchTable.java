package dev.tarn.iceberg;

import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.jspecify.annotations.Nullable;

/** A table in memory on which schema steps can be tried without writing anything. */
final class ScratchTable implements TableOperations {
    private final TableMetadata base;
    private TableMetadata current;

    ScratchTable(TableMetadata base) {
        this.base = base;
        this.current = base;
    }

    Table table() {
        return new BaseTable(this, base.location(), report -> {});
    }

    /** The base with the schema that was reached; the schemas on the way are left out. */
    TableMetadata result() {
        if (current.schema().sameSchema(base.schema())) {
            return base;
        }
        TableMetadata.Builder builder =
                TableMetadata.buildFrom(base)
                        .setCurrentSchema(current.schema(), current.lastColumnId());
        @Nullable String mapping = current.properties().get(TableProperties.DEFAULT_NAME_MAPPING);
        if (mapping != null) {
            Map<String, String> properties = new HashMap<>();
            properties.put(TableProperties.DEFAULT_NAME_MAPPING, mapping);
            builder.setProperties(properties);
        }
        return builder.build();
    }

    @Override
    public TableMetadata current() {
        return current;
    }

    @Override
    public TableMetadata refresh() {
        return current;
    }

    @Override
    public void commit(TableMetadata from, TableMetadata next) {
        current = next;
    }

    @Override
    public FileIO io() {
        throw new IllegalStateException("A table in memory has no files");
    }

    @Override
    public String metadataFileLocation(String fileName) {
        throw new IllegalStateException("A table in memory has no files");
    }

    @Override
    public LocationProvider locationProvider() {
        throw new IllegalStateException("A table in memory has no files");
    }
}
