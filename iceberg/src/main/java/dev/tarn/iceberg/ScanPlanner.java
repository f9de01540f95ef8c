package dev.tarn.iceberg;

import dev.tarn.model.table.DeletedRows;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.RowLineage;
import dev.tarn.model.table.TableScan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;

/** Plans reads: which files can hold wanted rows, where they are, which of their rows are gone. */
final class ScanPlanner {
    private static final int SNAPSHOTS_KEPT = 128;
    private static final int MOST_FILES_KEPT = 1_000;

    private final IcebergConfig config;
    private final MetadataFiles files;

    /** A snapshot of the table at a location. */
    private record Planned(String table, long snapshot) {}

    private final Map<Planned, List<FileScanTask>> kept =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Planned, List<FileScanTask>> eldest) {
                    return size() > SNAPSHOTS_KEPT;
                }
            };

    ScanPlanner(IcebergConfig config, MetadataFiles files) {
        this.config = config;
        this.files = files;
    }

    TableScan plan(TableChange line, Optional<Long> snapshotId, List<Predicate> predicates) {
        TableMetadata metadata = line.current();
        @Nullable Snapshot snapshot = metadata.currentSnapshot();
        Schema schema = metadata.schema();
        org.apache.iceberg.TableScan scan = line.table().newScan();
        if (snapshotId.isPresent()) {
            snapshot = metadata.snapshot(snapshotId.get());
            if (snapshot == null) {
                throw IcebergErrors.snapshotUnknown(metadata.location(), snapshotId.get());
            }
            schema = schemaOf(metadata, snapshot);
            scan = scan.useSnapshot(snapshotId.get());
        }
        if (snapshot == null) {
            return new TableScan(IcebergTypes.fromIceberg(schema), List.of(), 0);
        }
        List<FileScanTask> tasks =
                predicates.isEmpty()
                        ? allTasks(new Planned(metadata.location(), snapshot.snapshotId()), scan)
                        : tasks(metadata.location(), scan.filter(Filters.of(schema, predicates)));
        int total = predicates.isEmpty() ? tasks.size() : totalFiles(metadata, snapshot);
        ForeignFiles foreign = new ForeignFiles(config, metadata);
        List<TableScan.DataFile> found = Parallel.map(tasks, task -> dataFile(task, foreign));
        return new TableScan(
                IcebergTypes.fromIceberg(schema), found, total, neverEvolved(metadata));
    }

    /** Some files of the current snapshot. */
    TableScan rows(TableChange line, Set<String> locations) {
        TableMetadata metadata = line.current();
        List<FileScanTask> wanted =
                current(line).stream()
                        .filter(task -> locations.contains(task.file().location()))
                        .toList();
        if (wanted.size() != locations.size()) {
            throw IcebergErrors.filesMoved(metadata.location());
        }
        ForeignFiles foreign = new ForeignFiles(config, metadata);
        List<TableScan.DataFile> found = Parallel.map(wanted, task -> dataFile(task, foreign));
        return new TableScan(
                IcebergTypes.fromIceberg(metadata.schema()), found, found.size(), false);
    }

    private static Optional<RowLineage> lineage(DataFile file) {
        @Nullable Long first = file.firstRowId();
        @Nullable Long changedIn = file.dataSequenceNumber();
        return first == null
                ? Optional.empty()
                : Optional.of(new RowLineage(first, changedIn == null ? 0 : changedIn));
    }

    /** All files of the current snapshot. */
    List<FileScanTask> current(TableChange line) {
        TableMetadata metadata = line.current();
        @Nullable Snapshot snapshot = metadata.currentSnapshot();
        return snapshot == null
                ? List.of()
                : allTasks(
                        new Planned(metadata.location(), snapshot.snapshotId()),
                        line.table().newScan());
    }

    /**
     * Whether the table has had no columns but those it was made with. Schemas are numbered from 0,
     * so this holds even after those that nothing uses any more have been removed.
     */
    private static boolean neverEvolved(TableMetadata metadata) {
        return metadata.schemas().size() == 1 && metadata.currentSchemaId() == 0;
    }

    /** The columns a snapshot was written with; the current ones if it does not tell. */
    private static Schema schemaOf(TableMetadata metadata, Snapshot snapshot) {
        @Nullable Integer id = snapshot.schemaId();
        @Nullable Schema schema = id == null ? null : metadata.schemasById().get(id);
        return schema == null ? metadata.schema() : schema;
    }

    /** A snapshot never changes, and everyone who reads a table in a run reads the same ones. */
    private List<FileScanTask> allTasks(Planned key, org.apache.iceberg.TableScan scan) {
        synchronized (kept) {
            List<FileScanTask> known = kept.get(key);
            if (known != null) {
                return known;
            }
        }
        List<FileScanTask> found = List.copyOf(tasks(key.table(), scan));
        if (found.size() <= MOST_FILES_KEPT) {
            synchronized (kept) {
                kept.put(key, found);
            }
        }
        return found;
    }

    private static List<FileScanTask> tasks(String table, org.apache.iceberg.TableScan scan) {
        List<FileScanTask> tasks = new ArrayList<>();
        try (CloseableIterable<FileScanTask> planned = scan.planFiles()) {
            planned.forEach(tasks::add);
        } catch (IOException e) {
            throw IcebergErrors.translated(table, new UncheckedIOException(e));
        } catch (RuntimeException e) {
            throw IcebergErrors.translated(table, e);
        }
        return tasks;
    }

    private int totalFiles(TableMetadata metadata, Snapshot snapshot) {
        try {
            return snapshot.dataManifests(files.io()).stream()
                    .mapToInt(m -> count(m.addedFilesCount()) + count(m.existingFilesCount()))
                    .sum();
        } catch (RuntimeException e) {
            throw IcebergErrors.translated(metadata.location(), e);
        }
    }

    private static int count(@Nullable Integer files) {
        return files == null ? 0 : files;
    }

    private TableScan.DataFile dataFile(FileScanTask task, ForeignFiles foreign) {
        DataFile file = task.file();
        Optional<DeletedRows> deleted =
                Deletes.load(files.io(), task.deletes()).map(Deletes.Bitmap::new);
        return new TableScan.DataFile(
                file.location(),
                foreign.local(file),
                file.recordCount(),
                file.fileSizeInBytes(),
                deleted,
                foreign.of(task),
                lineage(file));
    }
}
