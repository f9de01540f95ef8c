package dev.tarn.iceberg;

import dev.tarn.model.table.TablePointer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Repeats work on another state of the same table. Appends can be repeated on anything. A rewriting
 * of files can be where these files are as they were. Where others did nothing but rewrite files,
 * any work can be repeated on the files from before, and their rewriting is given up.
 */
final class Rebase {
    private final MetadataFiles files;
    private final ScanPlanner planner;

    Rebase(MetadataFiles files, ScanPlanner planner) {
        this.files = files;
        this.planner = planner;
    }

    Optional<TablePointer> repeat(TablePointer base, TablePointer mine, TablePointer onto) {
        TableMetadata before = files.read(base);
        TableMetadata after = files.read(mine);
        TableMetadata target = files.read(onto);
        if (!after.uuid().equals(before.uuid()) || !target.uuid().equals(before.uuid())) {
            return Optional.empty();
        }
        boolean sameRows = sameDefinition(before, target) && onlyRewritten(before, target);
        if (!sameDefinition(before, after)) {
            // What leads to mine is more than snapshots; but mine has all that anybody wanted.
            return sameRows ? Optional.of(mine) : Optional.empty();
        }
        Optional<Deque<Snapshot>> steps = steps(before, after);
        if (steps.isEmpty()) {
            return Optional.empty();
        }
        boolean appends = steps.get().stream().allMatch(s -> is(s, DataOperations.APPEND));
        boolean rewrites = steps.get().stream().allMatch(s -> is(s, DataOperations.REPLACE));
        TableChange line = new TableChange(files, onto);
        if (rewrites && !stillThere(mine, steps.get(), line)) {
            return Optional.empty();
        }
        if (!appends && !rewrites && !sameRows) {
            return Optional.empty();
        }
        if (!appends && !rewrites) {
            goBack(line, before, target);
        }
        Transaction transaction = line.table().newTransaction();
        Table source = new TableChange(files, mine).table();
        steps.get().forEach(step -> repeat(step, source, transaction));
        transaction.commitTransaction();
        return Optional.of(line.pointer());
    }

    private static boolean is(Snapshot snapshot, String operation) {
        return operation.equals(snapshot.operation());
    }

    /** Columns are known by id, so the target's may have changed; those of the work may not. */
    private static boolean sameDefinition(TableMetadata before, TableMetadata after) {
        return before.formatVersion() == after.formatVersion()
                && before.schema().sameSchema(after.schema())
                && before.defaultSpecId() == after.defaultSpecId()
                && before.defaultSortOrderId() == after.defaultSortOrderId()
                && before.properties().equals(after.properties());
    }

    /** Whether nothing but rewriting lies between two states, so that both have the same rows. */
    private static boolean onlyRewritten(TableMetadata before, TableMetadata target) {
        return steps(before, target)
                .filter(steps -> steps.stream().allMatch(s -> is(s, DataOperations.REPLACE)))
                .isPresent();
    }

    /** The snapshots from one state to the other, oldest first; empty if no line leads there. */
    private static Optional<Deque<Snapshot>> steps(TableMetadata before, TableMetadata after) {
        @Nullable Snapshot start = before.currentSnapshot();
        Deque<Snapshot> steps = new ArrayDeque<>();
        @Nullable Snapshot step = after.currentSnapshot();
        while (step != null && (start == null || step.snapshotId() != start.snapshotId())) {
            steps.addFirst(step);
            @Nullable Long parent = step.parentId();
            step = parent == null ? null : after.snapshot(parent);
        }
        boolean reached = start == null ? step == null : step != null;
        return reached ? Optional.of(steps) : Optional.empty();
    }

    private static void goBack(TableChange line, TableMetadata before, TableMetadata target) {
        @Nullable Snapshot start = before.currentSnapshot();
        @Nullable Snapshot now = target.currentSnapshot();
        if (start != null && now != null && start.snapshotId() != now.snapshotId()) {
            line.table().manageSnapshots().rollbackTo(start.snapshotId()).commit();
        }
    }

    /** Whether the files that were rewritten are there, and no more of their rows deleted. */
    private boolean stillThere(TablePointer mine, Collection<Snapshot> steps, TableChange onto) {
        Map<String, Set<String>> now = new HashMap<>();
        for (FileScanTask task : planner.current(onto)) {
            Set<String> deletes = new HashSet<>();
            task.deletes().forEach(d -> deletes.add(Rewriting.name(d)));
            now.put(task.file().location(), deletes);
        }
        Table source = new TableChange(files, mine).table();
        Set<String> made = new HashSet<>();
        for (Snapshot step : steps) {
            SnapshotChanges changes = SnapshotChanges.builderFor(source).snapshot(step).build();
            Set<String> known = new HashSet<>();
            changes.removedDeleteFiles().forEach(d -> known.add(Rewriting.name(d)));
            for (DataFile file : changes.removedDataFiles()) {
                @Nullable Set<String> deletes = now.get(file.location());
                boolean ours = made.contains(file.location());
                if (!ours && (deletes == null || !known.containsAll(deletes))) {
                    return false;
                }
            }
            changes.addedDataFiles().forEach(f -> made.add(f.location()));
        }
        return true;
    }

    private static void repeat(Snapshot step, Table source, Transaction transaction) {
        SnapshotChanges changes = SnapshotChanges.builderFor(source).snapshot(step).build();
        if (is(step, DataOperations.APPEND)) {
            AppendFiles append = said(transaction.newAppend(), step);
            changes.addedDataFiles().forEach(append::appendFile);
            append.commit();
        } else if (is(step, DataOperations.REPLACE)) {
            repeatRewriting(step, changes, transaction);
        } else {
            RowDelta delta = said(transaction.newRowDelta(), step);
            @Nullable Snapshot now = transaction.table().currentSnapshot();
            if (now != null) {
                delta.validateFromSnapshot(now.snapshotId());
            }
            changes.removedDataFiles().forEach(delta::removeRows);
            changes.removedDeleteFiles().forEach(delta::removeDeletes);
            changes.addedDataFiles().forEach(delta::addRows);
            changes.addedDeleteFiles().forEach(delta::addDeletes);
            delta.commit();
        }
    }

    private static void repeatRewriting(
            Snapshot step, SnapshotChanges changes, Transaction transaction) {
        if (!changes.removedDataFiles().iterator().hasNext()) {
            // Only the lists of files were rewritten: there will be another time for that.
            return;
        }
        RewriteFiles rewrite =
                said(transaction.newRewrite(), step)
                        .validateFromSnapshot(transaction.table().currentSnapshot().snapshotId());
        for (DataFile file : changes.removedDataFiles()) {
            rewrite.deleteFile(file);
        }
        for (DeleteFile delete : changes.removedDeleteFiles()) {
            rewrite.deleteFile(delete);
        }
        for (DataFile file : changes.addedDataFiles()) {
            rewrite.addFile(file);
        }
        rewrite.commit();
    }

    private static <U extends SnapshotUpdate<U>> U said(U update, Snapshot step) {
        States.said(step.summary()).forEach(update::set);
        return update;
    }
}
