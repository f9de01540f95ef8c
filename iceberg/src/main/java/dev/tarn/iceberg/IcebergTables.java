package dev.tarn.iceberg;

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
import dev.tarn.spi.Adopter;
import dev.tarn.spi.AttachedFormat;
import dev.tarn.spi.Tables;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.expressions.Expressions;

/**
 * Iceberg tables without an Iceberg catalog: each change writes one more metadata file under a name
 * of its own, and a pointer is the location of such a file. Which of them is the table is decided
 * elsewhere.
 */
public final class IcebergTables implements Tables {
    private final IcebergConfig config;
    private final MetadataFiles files;
    private final ScanPlanner planner;

    private IcebergTables(IcebergConfig config) {
        this.config = config;
        this.files = new MetadataFiles(config.storage(), config.clock());
        this.planner = new ScanPlanner(config, files);
    }

    public static IcebergTables open(IcebergConfig config) {
        return new IcebergTables(config);
    }

    /** Takes over files of others. */
    public Adopter adopter() {
        return new Adoption(files, config.storage(), config.warehouse());
    }

    /** Reads the Iceberg tables of others with the same means. */
    public AttachedFormat attached() {
        return new AttachedIceberg(this, config);
    }

    @Override
    public TablePointer create(TableName name, TableDefinition definition) {
        String location =
                MetadataFiles.newTableLocation(config.warehouse(), name.schema(), name.table());
        return files.write(null, Definitions.newTable(definition, location));
    }

    @Override
    public TableState state(TablePointer pointer) {
        return States.of(pointer, files.read(pointer));
    }

    @Override
    public WriteTarget target(TablePointer pointer) {
        TableMetadata metadata = files.read(pointer);
        TableDefinition definition = States.definition(metadata);
        return new WriteTarget(
                definition.schema(),
                definition.partitioning(),
                definition.sortOrder(),
                config.staging().resolve(UUID.randomUUID().toString()),
                Definitions.targetFileBytes(metadata.properties()),
                WriteProperties.options(metadata.properties()));
    }

    @Override
    public TableScan scan(
            TablePointer pointer, Optional<Long> snapshot, List<Predicate> predicates) {
        return planner.plan(line(pointer), snapshot, predicates);
    }

    @Override
    public TablePointer append(
            TablePointer base, List<WrittenFile> written, Map<String, String> summary) {
        return change(
                base,
                line -> {
                    var append = said(line.table().newAppend(), summary);
                    take(line, written).forEach(append::appendFile);
                    append.commit();
                });
    }

    @Override
    public TablePointer overwrite(
            TablePointer base, List<WrittenFile> written, Map<String, String> summary) {
        return change(
                base,
                line -> {
                    var overwrite = said(line.table().newOverwrite(), summary);
                    overwrite.overwriteByRowFilter(Expressions.alwaysTrue());
                    take(line, written).forEach(overwrite::addFile);
                    overwrite.commit();
                });
    }

    @Override
    public TablePointer overwritePartitions(
            TablePointer base, List<WrittenFile> written, Map<String, String> summary) {
        if (written.isEmpty()) {
            return base;
        }
        return change(
                base,
                line -> {
                    requireOnePartitioning(line.current());
                    var replace = said(line.table().newReplacePartitions(), summary);
                    take(line, written).forEach(replace::addFile);
                    replace.commit();
                });
    }

    /** Partition values of files written under another partitioning cannot be compared. */
    private void requireOnePartitioning(TableMetadata table) {
        Snapshot current = table.currentSnapshot();
        if (current == null) {
            return;
        }
        for (ManifestFile manifest : current.dataManifests(files.io())) {
            boolean live = manifest.hasAddedFiles() || manifest.hasExistingFiles();
            if (live && manifest.partitionSpecId() != table.defaultSpecId()) {
                throw IcebergErrors.partitionsOfOldSpec(table.location());
            }
        }
    }

    @Override
    public TablePointer replaceRows(
            TablePointer base,
            List<RowPositions> deleted,
            List<WrittenFile> added,
            Map<String, String> summary) {
        if (added.isEmpty() && deleted.stream().allMatch(d -> d.positions().length == 0)) {
            return base;
        }
        return change(
                base,
                line -> {
                    var delta = said(RowReplacement.of(line, deleted), summary);
                    take(line, added).forEach(delta::addRows);
                    delta.commit();
                });
    }

    @Override
    public TablePointer replaceFiles(
            TablePointer base,
            Collection<String> removed,
            List<WrittenFile> added,
            Map<String, String> summary) {
        if (removed.isEmpty() && added.isEmpty()) {
            return base;
        }
        return change(
                base,
                line -> {
                    var delta = said(RowReplacement.ofFiles(line, removed), summary);
                    take(line, added).forEach(delta::addRows);
                    delta.commit();
                });
    }

    @Override
    public TablePointer evolve(TablePointer base, List<SchemaChange> changes) {
        return change(
                base,
                line -> {
                    TableMetadata now = line.current();
                    line.commit(now, SchemaEvolution.apply(now, changes));
                });
    }

    @Override
    public TablePointer redefine(TablePointer base, TableDefinition definition) {
        return change(base, line -> Redefinition.apply(line, definition));
    }

    @Override
    public Inventory inventory(TablePointer pointer) {
        try {
            return new Rewriting(line(pointer), planner).inventory(files.io());
        } catch (RuntimeException e) {
            throw IcebergErrors.translated(files.read(pointer).location(), e);
        }
    }

    @Override
    public TableScan rows(TablePointer pointer, Set<String> locations) {
        return planner.rows(line(pointer), locations);
    }

    @Override
    public TablePointer compact(
            TablePointer base,
            Set<String> replaced,
            List<WrittenFile> added,
            Map<String, String> summary) {
        if (replaced.isEmpty()) {
            return base;
        }
        return change(
                base,
                line -> {
                    Rewriting rewriting = new Rewriting(line, planner);
                    rewriting.requireSameRows(replaced, added);
                    String cluster =
                            Inventory.clusterMark(summary.getOrDefault("tarn.clustered-by", ""));
                    List<DataFile> files =
                            new StagedFiles(config.storage(), line.current(), cluster).take(added);
                    said(rewriting.replace(replaced, files), summary).commit();
                });
    }

    @Override
    public TablePointer renew(
            TablePointer base, List<WrittenFile> all, Map<String, String> summary) {
        TablePointer renewed = overwrite(base, all, summary);
        Set<Long> older =
                files.read(renewed).snapshots().stream()
                        .map(Snapshot::snapshotId)
                        .collect(Collectors.toSet());
        TablePointer alone = forget(renewed, older);
        if (!files.read(alone).properties().containsKey(TableProperties.DEFAULT_NAME_MAPPING)) {
            return alone;
        }
        return change(
                alone,
                line ->
                        line.table()
                                .updateProperties()
                                .remove(TableProperties.DEFAULT_NAME_MAPPING)
                                .commit());
    }

    @Override
    public TablePointer rewriteManifests(TablePointer base, Map<String, String> summary) {
        return change(
                base,
                line -> {
                    if (line.current().currentSnapshot() != null) {
                        said(line.table().rewriteManifests(), summary)
                                .clusterBy(file -> file.partition().toString())
                                .commit();
                    }
                });
    }

    @Override
    public TablePointer forget(TablePointer base, Set<Long> snapshots) {
        return change(base, line -> Retention.forget(line, snapshots));
    }

    @Override
    public Optional<TablePointer> rebase(TablePointer base, TablePointer mine, TablePointer onto) {
        try {
            return new Rebase(files, planner).repeat(base, mine, onto);
        } catch (RuntimeException e) {
            throw IcebergErrors.translated(files.read(onto).location(), e);
        }
    }

    @Override
    public StateChange change(Optional<TablePointer> from, TablePointer to) {
        TableMetadata metadata = files.read(to);
        if (metadata.properties().containsKey(TableProperties.DEFAULT_NAME_MAPPING)) {
            throw IcebergErrors.changeOfUnnumbered(metadata.location());
        }
        try {
            return new StateComparison(files.io(), from.map(files::read), metadata).change(to);
        } catch (RuntimeException e) {
            throw IcebergErrors.translated(metadata.location(), e);
        }
    }

    @Override
    public List<String> files(TablePointer pointer, Set<String> known) {
        TableMetadata metadata = files.read(pointer);
        try {
            return ReachableFiles.of(metadata, known, files.io());
        } catch (RuntimeException e) {
            throw IcebergErrors.translated(metadata.location(), e);
        }
    }

    private TableChange line(TablePointer pointer) {
        return new TableChange(files, pointer);
    }

    private List<DataFile> take(TableChange line, List<WrittenFile> written) {
        return new StagedFiles(config.storage(), line.current()).take(written);
    }

    private TablePointer change(TablePointer base, Consumer<TableChange> work) {
        TableChange line = line(base);
        try {
            work.accept(line);
        } catch (RuntimeException e) {
            throw IcebergErrors.translated(line.current().location(), e);
        }
        return line.pointer();
    }

    private static <U extends SnapshotUpdate<U>> U said(U update, Map<String, String> summary) {
        summary.forEach(update::set);
        return update;
    }
}
