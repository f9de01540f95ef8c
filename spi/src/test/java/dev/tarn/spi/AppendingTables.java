package dev.tarn.spi;

import dev.tarn.model.TableName;
import dev.tarn.model.table.Inventory;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.RowPositions;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.StateChange;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableState;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tables whose pointers are texts: one that begins with another is that one with rows appended. */
public final class AppendingTables implements Tables {
    @Override
    public Optional<TablePointer> rebase(TablePointer base, TablePointer mine, TablePointer onto) {
        String from = base.metadataLocation();
        String to = mine.metadataLocation();
        return to.startsWith(from)
                ? Optional.of(
                        new TablePointer(onto.metadataLocation() + to.substring(from.length())))
                : Optional.empty();
    }

    @Override
    public TablePointer create(TableName name, TableDefinition definition) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TableState state(TablePointer pointer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public WriteTarget target(TablePointer pointer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TableScan scan(
            TablePointer pointer, Optional<Long> snapshot, List<Predicate> predicates) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TablePointer append(
            TablePointer base, List<WrittenFile> files, Map<String, String> summary) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TablePointer overwrite(
            TablePointer base, List<WrittenFile> files, Map<String, String> summary) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TablePointer overwritePartitions(
            TablePointer base, List<WrittenFile> files, Map<String, String> summary) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TablePointer replaceRows(
            TablePointer base,
            List<RowPositions> removed,
            List<WrittenFile> files,
            Map<String, String> summary) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TablePointer rewrite(
            TablePointer base,
            java.util.Collection<String> removed,
            List<WrittenFile> files,
            Map<String, String> summary) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, dev.tarn.model.table.RowLineage> origins(TablePointer pointer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TablePointer evolve(TablePointer base, List<SchemaChange> changes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TablePointer redefine(TablePointer base, TableDefinition definition) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TablePointer expire(TablePointer base, Instant olderThan, int keepLast) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TablePointer forget(TablePointer base, Set<Long> snapshots) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Inventory inventory(TablePointer pointer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TableScan rows(TablePointer pointer, Set<String> locations) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TablePointer compact(
            TablePointer base,
            Set<String> replaced,
            List<WrittenFile> added,
            Map<String, String> summary) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TablePointer rewriteManifests(TablePointer base, Map<String, String> summary) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<String> files(TablePointer pointer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public StateChange change(Optional<TablePointer> from, TablePointer to) {
        throw new UnsupportedOperationException();
    }
}
