package dev.tarn.model.table;

/**
 * The one thing the catalog knows of a table's state: where its metadata file is. A pointer never
 * changes its meaning; a table changes by getting another pointer.
 */
public record TablePointer(String metadataLocation) {}
