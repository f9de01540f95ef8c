package dev.tarn.iceberg;

import dev.tarn.model.table.Inventory;
import dev.tarn.model.table.WrittenFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/** What the rows of a table are made of, and files put in the place of others. */
final class Rewriting {
    private static final Pattern MARKED = Pattern.compile("tarn-(z[0-9a-f]{8})-.*");

    private final TableChange line;
    private final ScanPlanner planner;

    Rewriting(TableChange line, ScanPlanner planner) {
        this.line = line;
        this.planner = planner;
    }

    Inventory inventory(FileIO io) {
        TableMetadata table = line.current();
        List<Inventory.DataFile> files = new ArrayList<>();
        for (FileScanTask task : planner.current(line)) {
            files.add(file(table, task));
        }
        @Nullable Snapshot snapshot = table.currentSnapshot();
        List<ManifestFile> manifests = snapshot == null ? List.of() : snapshot.allManifests(io);
        return new Inventory(
                files,
                manifests.size(),
                manifests.stream().mapToLong(ManifestFile::length).sum(),
                io.newInputFile(table.metadataFileLocation()).getLength());
    }

    private static Inventory.DataFile file(TableMetadata table, FileScanTask task) {
        DataFile file = task.file();
        @Nullable Integer order = file.sortOrderId();
        boolean ordered =
                table.sortOrder().isUnsorted()
                        || (order != null && order == table.defaultSortOrderId());
        return new Inventory.DataFile(
                file.location(),
                task.spec().isPartitioned() ? task.spec().partitionToPath(file.partition()) : "",
                file.specId() == table.defaultSpecId(),
                ordered,
                cluster(file.location()),
                file.recordCount(),
                file.fileSizeInBytes(),
                Math.min(
                        file.recordCount(),
                        task.deletes().stream().mapToLong(DeleteFile::recordCount).sum()));
    }

    private static String cluster(String location) {
        Matcher marked = MARKED.matcher(location.substring(location.lastIndexOf('/') + 1));
        return marked.matches() ? marked.group(1) : "";
    }

    /** Prepares the change; {@code added} are in the table's place already. */
    RewriteFiles replace(Set<String> replaced, List<DataFile> added) {
        RewriteFiles rewrite = line.table().newRewrite();
        @Nullable Snapshot now = line.current().currentSnapshot();
        if (now != null) {
            rewrite.validateFromSnapshot(now.snapshotId());
        }
        Map<String, FileScanTask> tasks = new HashMap<>();
        for (FileScanTask task : planner.current(line)) {
            tasks.put(task.file().location(), task);
        }
        Set<String> vectors = new HashSet<>();
        for (String location : replaced) {
            @Nullable FileScanTask task = tasks.get(location);
            if (task == null) {
                throw IcebergErrors.filesMoved(line.current().location());
            }
            rewrite.deleteFile(task.file());
            for (DeleteFile delete : task.deletes()) {
                if (isOf(delete, task.file()) && vectors.add(name(delete))) {
                    rewrite.deleteFile(delete);
                }
            }
        }
        added.forEach(rewrite::addFile);
        return rewrite;
    }

    /** Whether deletions are of one file only, so that nobody misses them when it goes. */
    static boolean isOf(DeleteFile delete, DataFile file) {
        return delete.content() == FileContent.POSITION_DELETES
                && file.location().equals(delete.referencedDataFile());
    }

    /** Several vectors share a file. */
    static String name(DeleteFile delete) {
        return delete.location() + " " + delete.contentOffset();
    }

    /** Refuses to put files in the place of others that hold more rows, or fewer. */
    void requireSameRows(Set<String> replaced, List<WrittenFile> added) {
        TableMetadata table = line.current();
        long before =
                planner.current(line).stream()
                        .filter(task -> replaced.contains(task.file().location()))
                        .map(task -> file(table, task))
                        .mapToLong(f -> f.rows() - f.deletedRows())
                        .sum();
        long after = added.stream().mapToLong(WrittenFile::rows).sum();
        if (before != after) {
            throw IcebergErrors.rowsLost(table.location(), before, after);
        }
    }
}
