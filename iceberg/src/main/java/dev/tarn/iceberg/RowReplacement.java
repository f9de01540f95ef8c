package dev.tarn.iceberg;

import dev.tarn.model.table.RowPositions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.OutputFileFactory;
import org.jspecify.annotations.Nullable;

/**
 * Takes rows away by position. A file has at most one deletion vector, so a new one holds the old
 * one's positions too; a file without rows left goes as a whole.
 */
final class RowReplacement {
    private final TableChange line;
    private final TableMetadata table;

    private RowReplacement(TableChange line) {
        this.line = line;
        this.table = line.current();
    }

    /** One file with rows to delete, and what was deleted from it before. */
    private record Affected(
            FileScanTask task, RowPositions rows, Optional<PositionDeleteIndex> before) {
        @Nullable PositionDeleteIndex previous() {
            return before.orElse(null);
        }

        boolean losesAllRows() {
            long gone = before.map(PositionDeleteIndex::cardinality).orElse(0L);
            for (long position : rows.positions()) {
                if (before.isEmpty() || !before.get().isDeleted(position)) {
                    gone++;
                }
            }
            return gone >= task.file().recordCount();
        }
    }

    /** Prepares a change without new rows yet. Nothing is written if the positions are wrong. */
    static RowDelta of(TableChange line, List<RowPositions> deleted) {
        return new RowReplacement(line).prepare(deleted);
    }

    /** Prepares a change that takes whole files away, with what was deleted from them before. */
    static RowDelta ofFiles(TableChange line, Collection<String> removed) {
        RowReplacement replacement = new RowReplacement(line);
        RowDelta delta = line.table().newRowDelta();
        if (removed.isEmpty()) {
            return delta;
        }
        if (line.current().currentSnapshot() != null) {
            delta.validateFromSnapshot(line.current().currentSnapshot().snapshotId());
        }
        Map<String, FileScanTask> tasks = replacement.tasks();
        for (String location : removed) {
            FileScanTask task = tasks.get(location);
            if (task == null) {
                throw IcebergErrors.rowsOfUnknownFile(line.current().location(), location);
            }
            delta.removeRows(task.file());
            task.deletes().forEach(delta::removeDeletes);
        }
        return delta;
    }

    private RowDelta prepare(List<RowPositions> deleted) {
        RowDelta delta = line.table().newRowDelta();
        List<RowPositions> wanted = deleted.stream().filter(d -> d.positions().length > 0).toList();
        if (wanted.isEmpty()) {
            return delta;
        }
        if (table.formatVersion() < 3) {
            throw IcebergErrors.deletesNeedV3(table.location());
        }
        if (table.currentSnapshot() != null) {
            delta.validateFromSnapshot(table.currentSnapshot().snapshotId());
        }
        Map<String, Affected> shrunk = new LinkedHashMap<>();
        for (Affected affected : affected(wanted)) {
            if (affected.losesAllRows()) {
                delta.removeRows(affected.task().file());
                affected.task().deletes().forEach(delta::removeDeletes);
            } else {
                shrunk.put(affected.task().file().location(), affected);
            }
        }
        if (!shrunk.isEmpty()) {
            writeVectors(shrunk, delta);
        }
        return delta;
    }

    private List<Affected> affected(List<RowPositions> wanted) {
        Map<String, FileScanTask> tasks = tasks();
        List<Affected> affected = new ArrayList<>();
        for (RowPositions rows : wanted) {
            FileScanTask task = tasks.get(rows.location());
            if (task == null) {
                throw IcebergErrors.rowsOfUnknownFile(table.location(), rows.location());
            }
            DataFile file = task.file();
            for (long position : rows.positions()) {
                if (position < 0 || position >= file.recordCount()) {
                    throw IcebergErrors.positionOutside(
                            file.location(), position, file.recordCount());
                }
            }
            for (DeleteFile delete : task.deletes()) {
                if (delete.format() != FileFormat.PUFFIN) {
                    throw IcebergErrors.deletesOfV2(table.location(), delete.location());
                }
            }
            affected.add(new Affected(task, rows, Deletes.load(line.io(), task.deletes())));
        }
        return affected;
    }

    private Map<String, FileScanTask> tasks() {
        Map<String, FileScanTask> tasks = new HashMap<>();
        try (CloseableIterable<FileScanTask> planned = line.table().newScan().planFiles()) {
            planned.forEach(task -> tasks.put(task.file().location(), task));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tasks;
    }

    private void writeVectors(Map<String, Affected> shrunk, RowDelta delta) {
        OutputFileFactory names =
                OutputFileFactory.builderFor(line.table(), 0, 0).format(FileFormat.PUFFIN).build();
        BaseDVFileWriter writer = new BaseDVFileWriter(names, file -> previous(shrunk, file));
        try (writer) {
            for (Affected affected : shrunk.values()) {
                DataFile file = affected.task().file();
                for (long position : affected.rows().positions()) {
                    writer.delete(
                            file.location(), position, affected.task().spec(), file.partition());
                }
            }
        } catch (IOException e) {
            throw IcebergErrors.notWritten(table.location() + "/data", e);
        }
        writer.result().deleteFiles().forEach(delta::addDeletes);
        for (DeleteFile replaced : writer.result().rewrittenDeleteFiles()) {
            delta.removeDeletes(replaced);
        }
    }

    @SuppressWarnings("NullAway") // Iceberg takes null for a file without deleted rows.
    private static PositionDeleteIndex previous(Map<String, Affected> shrunk, String file) {
        return shrunk.get(file).previous();
    }
}
