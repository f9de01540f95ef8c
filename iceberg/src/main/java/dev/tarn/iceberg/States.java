package dev.tarn.iceberg;

import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableState;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.jspecify.annotations.Nullable;

/** Tells what a metadata file says in the words of the port. */
final class States {
    /** Settings that every table of ours gets and nobody asked for. */
    static final Map<String, String> HOUSEKEEPING =
            Map.of(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "20");

    private static final Set<String> COUNTED =
            Set.of(
                    "changed-partition-count",
                    "manifests-created",
                    "manifests-kept",
                    "manifests-replaced",
                    "entries-processed",
                    "partition-summaries-included",
                    "replace-partitions",
                    "iceberg-version",
                    "engine-name",
                    "engine-version");

    private States() {}

    static TableState of(TablePointer pointer, TableMetadata metadata) {
        List<TableState.Snapshot> snapshots =
                metadata.snapshots().stream()
                        .sorted(
                                Comparator.comparingLong(Snapshot::sequenceNumber)
                                        .thenComparingLong(Snapshot::timestampMillis))
                        .map(States::snapshot)
                        .toList();
        return new TableState(
                pointer,
                metadata.location(),
                metadata.uuid(),
                metadata.formatVersion(),
                definition(metadata),
                Optional.ofNullable(metadata.currentSnapshot()).map(States::snapshot),
                snapshots);
    }

    static TableDefinition definition(TableMetadata metadata) {
        return new TableDefinition(
                IcebergTypes.fromIceberg(metadata.schema()),
                Layout.partitioning(metadata.spec()),
                Layout.sortOrder(metadata.sortOrder()),
                declared(metadata.properties()));
    }

    /** The properties without those that stand for nobody's wish. */
    static Map<String, String> declared(Map<String, String> properties) {
        Map<String, String> declared = new HashMap<>(properties);
        HOUSEKEEPING.forEach(declared::remove);
        declared.remove(TableProperties.DEFAULT_NAME_MAPPING);
        // Iceberg adds its choice of codec; files are written by an engine that has its own.
        declared.remove(TableProperties.PARQUET_COMPRESSION, "zstd");
        return declared;
    }

    private static TableState.Snapshot snapshot(Snapshot snapshot) {
        Map<String, String> summary = snapshot.summary() == null ? Map.of() : snapshot.summary();
        long newlyDeleted = number(summary, "added-position-deletes");
        long noLongerDeleted = number(summary, "removed-position-deletes");
        @Nullable String operation = snapshot.operation();
        return new TableState.Snapshot(
                snapshot.snapshotId(),
                Optional.ofNullable(snapshot.parentId()),
                Instant.ofEpochMilli(snapshot.timestampMillis()),
                operation == null ? "append" : operation,
                number(summary, "added-records"),
                number(summary, "deleted-records") + newlyDeleted - noLongerDeleted,
                number(summary, "total-records") - number(summary, "total-position-deletes"),
                number(summary, "total-position-deletes"),
                number(summary, "total-data-files"),
                number(summary, "total-files-size"),
                said(summary));
    }

    /** What the writer said itself. */
    static Map<String, String> said(Map<String, String> summary) {
        Map<String, String> said = new HashMap<>(summary);
        said.keySet()
                .removeIf(key ->
                        COUNTED.contains(key)
                                || key.startsWith("added-")
                                || key.startsWith("deleted-")
                                || key.startsWith("removed-")
                                || key.startsWith("total-")
                                || key.startsWith("partitions."));
        return said;
    }

    private static long number(Map<String, String> summary, String key) {
        @Nullable String text = summary.get(key);
        return text == null ? 0 : Long.parseLong(text);
    }
}
