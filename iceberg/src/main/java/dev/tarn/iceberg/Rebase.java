package dev.tarn.iceberg;

import dev.tarn.model.table.TablePointer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.Transaction;
import org.jspecify.annotations.Nullable;

/** Repeats appends on another state of the same table. */
final class Rebase {
    private final MetadataFiles files;

    Rebase(MetadataFiles files) {
        this.files = files;
    }

    Optional<TablePointer> repeat(TablePointer base, TablePointer mine, TablePointer onto) {
        TableMetadata before = files.read(base);
        TableMetadata after = files.read(mine);
        TableMetadata target = files.read(onto);
        if (!sameDefinition(before, after) || !target.uuid().equals(before.uuid())) {
            return Optional.empty();
        }
        Optional<Deque<Snapshot>> appends = appends(before, after);
        if (appends.isEmpty()) {
            return Optional.empty();
        }
        Table source = new TableChange(files, mine).table();
        TableChange line = new TableChange(files, onto);
        Transaction transaction = line.table().newTransaction();
        for (Snapshot snapshot : appends.get()) {
            AppendFiles append = transaction.newAppend();
            States.said(snapshot.summary()).forEach(append::set);
            SnapshotChanges.builderFor(source)
                    .snapshot(snapshot)
                    .build()
                    .addedDataFiles()
                    .forEach(append::appendFile);
            append.commit();
        }
        transaction.commitTransaction();
        return Optional.of(line.pointer());
    }

    /** Columns are known by id, so the target's may have changed; those of the work may not. */
    private static boolean sameDefinition(TableMetadata before, TableMetadata after) {
        return before.uuid().equals(after.uuid())
                && before.formatVersion() == after.formatVersion()
                && before.schema().sameSchema(after.schema())
                && before.defaultSpecId() == after.defaultSpecId()
                && before.defaultSortOrderId() == after.defaultSortOrderId()
                && before.properties().equals(after.properties());
    }

    /** The appends from one to the other, oldest first; empty if there is anything else. */
    private static Optional<Deque<Snapshot>> appends(TableMetadata before, TableMetadata after) {
        @Nullable Snapshot start = before.currentSnapshot();
        Deque<Snapshot> appends = new ArrayDeque<>();
        @Nullable Snapshot step = after.currentSnapshot();
        while (step != null && (start == null || step.snapshotId() != start.snapshotId())) {
            if (!DataOperations.APPEND.equals(step.operation())) {
                return Optional.empty();
            }
            appends.addFirst(step);
            @Nullable Long parent = step.parentId();
            step = parent == null ? null : after.snapshot(parent);
        }
        boolean reached = start == null ? step == null : step != null;
        return reached ? Optional.of(appends) : Optional.empty();
    }
}
