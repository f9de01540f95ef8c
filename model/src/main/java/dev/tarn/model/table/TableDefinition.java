package dev.tarn.model.table;

import java.util.List;
import java.util.Map;

/**
 * What a table is to look like.
 *
 * @param properties settings of the table, such as {@code write.target-file-size-bytes}
 */
public record TableDefinition(
        Schema schema,
        List<PartitionField> partitioning,
        List<SortField> sortOrder,
        Map<String, String> properties) {
    public TableDefinition {
        partitioning = List.copyOf(partitioning);
        sortOrder = List.copyOf(sortOrder);
        properties = Map.copyOf(properties);
    }

    public static TableDefinition of(Schema schema) {
        return new TableDefinition(schema, List.of(), List.of(), Map.of());
    }
}
