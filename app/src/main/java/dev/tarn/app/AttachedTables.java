package dev.tarn.app;

import dev.tarn.model.TableName;
import dev.tarn.model.table.AttachedPointer;
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
import dev.tarn.spi.AttachedFormat;
import dev.tarn.spi.Tables;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tarn's own tables, and beside them those that others write: these can be looked at and read, and
 * every change of them is refused.
 */
final class AttachedTables implements Tables {
    private final Tables own;
    private final List<AttachedFormat> formats;

    AttachedTables(Tables own, List<AttachedFormat> formats) {
        this.own = own;
        this.formats = List.copyOf(formats);
    }

    /** The formats that can be attached. */
    List<AttachedFormat> formats() {
        return formats;
    }

    /** The metadata file behind an attached Iceberg table, as a pointer of Tarn's own. */
    static TablePointer metadataOf(AttachedPointer attached) {
        String location = attached.location();
        if (location.endsWith("/" + attached.version())) {
            return new TablePointer(location);
        }
        String folder = location.endsWith("/metadata") ? location : location + "/metadata";
        return new TablePointer(folder + "/" + attached.version());
    }

    boolean isAdoptable(AttachedPointer attached) {
        return format(attached).isAdoptable();
    }

    private AttachedFormat format(AttachedPointer attached) {
        return formats.stream()
                .filter(f -> f.name().equals(attached.format()))
                .findFirst()
                .orElseThrow(() -> AttachErrors.unknownFormat(attached.format()));
    }

    private static TablePointer changeable(TablePointer pointer) {
        Optional<AttachedPointer> attached = AttachedPointer.of(pointer);
        if (attached.isPresent()) {
            throw AttachErrors.readOnly(attached.get());
        }
        return pointer;
    }

    @Override
    public TablePointer create(TableName name, TableDefinition definition) {
        return own.create(name, definition);
    }

    @Override
    public TableState state(TablePointer pointer) {
        Optional<AttachedPointer> attached = AttachedPointer.of(pointer);
        return attached.isPresent()
                ? format(attached.get())
                        .state(pointer, attached.get().location(), attached.get().version())
                : own.state(pointer);
    }

    @Override
    public WriteTarget target(TablePointer pointer) {
        return own.target(changeable(pointer));
    }

    @Override
    public TableScan scan(
            TablePointer pointer, Optional<Long> snapshot, List<Predicate> predicates) {
        Optional<AttachedPointer> attached = AttachedPointer.of(pointer);
        return attached.isPresent()
                ? format(attached.get())
                        .scan(
                                attached.get().location(),
                                attached.get().version(),
                                snapshot,
                                predicates)
                : own.scan(pointer, snapshot, predicates);
    }

    @Override
    public TablePointer append(
            TablePointer base, List<WrittenFile> files, Map<String, String> summary) {
        return own.append(changeable(base), files, summary);
    }

    @Override
    public TablePointer overwrite(
            TablePointer base, List<WrittenFile> files, Map<String, String> summary) {
        return own.overwrite(changeable(base), files, summary);
    }

    @Override
    public TablePointer overwritePartitions(
            TablePointer base, List<WrittenFile> files, Map<String, String> summary) {
        return own.overwritePartitions(changeable(base), files, summary);
    }

    @Override
    public TablePointer replaceRows(
            TablePointer base,
            List<RowPositions> deleted,
            List<WrittenFile> added,
            Map<String, String> summary) {
        return own.replaceRows(changeable(base), deleted, added, summary);
    }

    @Override
    public TablePointer replaceFiles(
            TablePointer base,
            Collection<String> removed,
            List<WrittenFile> added,
            Map<String, String> summary) {
        return own.replaceFiles(changeable(base), removed, added, summary);
    }

    @Override
    public TablePointer evolve(TablePointer base, List<SchemaChange> changes) {
        return own.evolve(changeable(base), changes);
    }

    @Override
    public TablePointer redefine(TablePointer base, TableDefinition definition) {
        return own.redefine(changeable(base), definition);
    }

    @Override
    public Inventory inventory(TablePointer pointer) {
        return own.inventory(changeable(pointer));
    }

    @Override
    public TableScan rows(TablePointer pointer, Set<String> locations) {
        return own.rows(changeable(pointer), locations);
    }

    @Override
    public TablePointer compact(
            TablePointer base,
            Set<String> replaced,
            List<WrittenFile> added,
            Map<String, String> summary) {
        return own.compact(changeable(base), replaced, added, summary);
    }

    @Override
    public TablePointer renew(
            TablePointer base, List<WrittenFile> all, Map<String, String> summary) {
        return own.renew(changeable(base), all, summary);
    }

    @Override
    public TablePointer rewriteManifests(TablePointer base, Map<String, String> summary) {
        return own.rewriteManifests(changeable(base), summary);
    }

    @Override
    public StateChange change(Optional<TablePointer> from, TablePointer to) {
        return own.change(from.filter(p -> AttachedPointer.of(p).isEmpty()), changeable(to));
    }

    /** What others wrote is theirs to forget: the table stays as it is. */
    @Override
    public TablePointer forget(TablePointer base, Set<Long> snapshots) {
        return AttachedPointer.of(base).isPresent() ? base : own.forget(base, snapshots);
    }

    @Override
    public Optional<TablePointer> rebase(TablePointer base, TablePointer mine, TablePointer onto) {
        boolean attached =
                AttachedPointer.of(base).isPresent()
                        || AttachedPointer.of(mine).isPresent()
                        || AttachedPointer.of(onto).isPresent();
        return attached ? Optional.empty() : own.rebase(base, mine, onto);
    }

    /** Files of others are nobody's to keep or remove. */
    @Override
    public List<String> files(TablePointer pointer, Set<String> known) {
        return AttachedPointer.of(pointer).isPresent() ? List.of() : own.files(pointer, known);
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof AttachedTables o && own.equals(o.own);
    }

    @Override
    public int hashCode() {
        return own.hashCode();
    }
}
