package dev.tarn.iceberg;

import dev.tarn.model.table.StateChange;
import dev.tarn.model.table.TableFile;
import dev.tarn.model.table.TablePointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/**
 * Finds which files two states of a table do not share. Manifests that both have are read only for
 * what the others leave open: whose rows a new deletion vector takes away, and which vector a file
 * that goes had.
 */
final class StateComparison {
    private final FileIO io;
    private final Optional<TableMetadata> before;
    private final @Nullable Snapshot from;
    private final long fromSequence;
    private final TableMetadata metadata;
    private final @Nullable Snapshot to;

    StateComparison(FileIO io, Optional<TableMetadata> from, TableMetadata to) {
        this.io = io;
        this.before = from;
        this.from = from.map(TableMetadata::currentSnapshot).orElse(null);
        this.fromSequence = this.from == null ? -1 : this.from.sequenceNumber();
        this.metadata = to;
        this.to = to.currentSnapshot();
    }

    /** Manifests of one kind that only one state has, or both. */
    private record Manifests(
            List<ManifestFile> older, List<ManifestFile> newer, List<ManifestFile> shared) {
        static Manifests of(List<ManifestFile> from, List<ManifestFile> to) {
            Set<String> before = new HashSet<>();
            from.forEach(m -> before.add(m.path()));
            Set<String> after = new HashSet<>();
            to.forEach(m -> after.add(m.path()));
            return new Manifests(
                    from.stream().filter(m -> !after.contains(m.path())).toList(),
                    to.stream().filter(m -> !before.contains(m.path())).toList(),
                    to.stream().filter(m -> before.contains(m.path())).toList());
        }
    }

    StateChange change(TablePointer pointer) {
        List<TableFile> added = new ArrayList<>();
        List<TableFile> removed = new ArrayList<>();
        Manifests data =
                Manifests.of(
                        from == null ? List.of() : from.dataManifests(io),
                        to == null ? List.of() : to.dataManifests(io));
        Manifests deletes =
                Manifests.of(
                        from == null ? List.of() : from.deleteManifests(io),
                        to == null ? List.of() : to.deleteManifests(io));
        compare(data, deletes, added, removed);
        return new StateChange(
                States.of(pointer, metadata),
                before.map(b -> States.of(new TablePointer(b.metadataFileLocation()), b)),
                schemas(metadata),
                before.map(StateComparison::schemas).orElse(List.of()),
                added,
                removed,
                metadata.formatVersion() < 3 ? 0 : metadata.nextRowId(),
                isRearranged());
    }

    private static List<dev.tarn.model.table.Schema> schemas(TableMetadata table) {
        return table.schemas().stream()
                .sorted(Comparator.comparingInt(Schema::schemaId))
                .map(IcebergTypes::fromIceberg)
                .toList();
    }

    private void compare(
            Manifests data, Manifests deletes, List<TableFile> added, List<TableFile> removed) {
        Map<String, DataFile> gone = dataFiles(data.older());
        Map<String, DataFile> come = dataFiles(data.newer());
        Map<String, DeleteFile> oldVectors = vectors(deletes.older());
        Map<String, DeleteFile> newVectors = vectors(deletes.newer());
        if (needsShared(gone, come)) {
            Map<String, DeleteFile> shared = vectors(deletes.shared());
            shared.forEach(oldVectors::putIfAbsent);
            shared.forEach(newVectors::putIfAbsent);
        }
        Set<String> otherVector = changedVectors(oldVectors, newVectors);
        for (DataFile file : come.values()) {
            boolean stays = gone.containsKey(file.location());
            if (!stays || otherVector.contains(file.location())) {
                added.add(told(file, newVectors.get(file.location())));
            }
        }
        for (DataFile file : gone.values()) {
            boolean stays = come.containsKey(file.location());
            if (!stays || otherVector.contains(file.location())) {
                removed.add(told(file, oldVectors.get(file.location())));
            }
        }
        otherVector.removeAll(come.keySet());
        otherVector.removeAll(gone.keySet());
        for (DataFile file : found(otherVector, data.shared())) {
            removed.add(told(file, oldVectors.get(file.location())));
            added.add(told(file, newVectors.get(file.location())));
        }
    }

    /** A file that goes, or comes back, may have its vector where nothing changed. */
    private boolean needsShared(Map<String, DataFile> gone, Map<String, DataFile> come) {
        return gone.keySet().stream().anyMatch(file -> !come.containsKey(file))
                || come.values().stream()
                        .filter(file -> !gone.containsKey(file.location()))
                        .anyMatch(file -> sequence(file) <= fromSequence);
    }

    private static Set<String> changedVectors(
            Map<String, DeleteFile> before, Map<String, DeleteFile> after) {
        Set<String> changed = new HashSet<>(before.keySet());
        changed.addAll(after.keySet());
        changed.removeIf(file -> same(before.get(file), after.get(file)));
        return changed;
    }

    private static boolean same(@Nullable DeleteFile one, @Nullable DeleteFile other) {
        return one != null
                && other != null
                && one.location().equals(other.location())
                && one.contentOffset().equals(other.contentOffset());
    }

    private Collection<DataFile> found(Set<String> wanted, List<ManifestFile> manifests) {
        Map<String, DataFile> found = new LinkedHashMap<>();
        for (ManifestFile manifest : manifests) {
            if (found.size() == wanted.size()) {
                break;
            }
            for (DataFile file : dataFiles(List.of(manifest)).values()) {
                if (wanted.contains(file.location())) {
                    found.put(file.location(), file);
                }
            }
        }
        return found.values();
    }

    private Map<String, DataFile> dataFiles(List<ManifestFile> manifests) {
        Map<String, DataFile> files = new LinkedHashMap<>();
        for (ManifestFile manifest : manifests) {
            try (ManifestReader<DataFile> reader =
                    ManifestFiles.read(manifest, io, metadata.specsById())) {
                reader.forEach(file -> files.put(file.location(), file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    private Map<String, DeleteFile> vectors(List<ManifestFile> manifests) {
        Map<String, DeleteFile> vectors = new HashMap<>();
        for (ManifestFile manifest : manifests) {
            try (ManifestReader<DeleteFile> reader =
                    ManifestFiles.readDeleteManifest(manifest, io, metadata.specsById())) {
                for (DeleteFile file : reader) {
                    if (file.format() != FileFormat.PUFFIN || file.referencedDataFile() == null) {
                        throw IcebergErrors.deletesWithoutVector(
                                metadata.location(), file.location());
                    }
                    vectors.put(file.referencedDataFile(), file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return vectors;
    }

    private TableFile told(DataFile file, @Nullable DeleteFile vector) {
        if (file.format() != FileFormat.PARQUET) {
            throw IcebergErrors.notParquet(
                    metadata.location(), file.location(), file.format().name());
        }
        return new TableFile(
                file.location(),
                file.fileSizeInBytes(),
                file.recordCount(),
                columns(file),
                Optional.ofNullable(vector)
                        .map(v ->
                                new TableFile.Vector(
                                        v.location(),
                                        v.contentOffset(),
                                        v.contentSizeInBytes(),
                                        v.recordCount())),
                Optional.ofNullable(file.firstRowId()),
                sequence(file));
    }

    private static long sequence(DataFile file) {
        Long sequence = file.dataSequenceNumber();
        return sequence == null ? 0 : sequence;
    }

    private Map<Integer, TableFile.Bounds> columns(DataFile file) {
        Map<Integer, Long> nulls = known(file.nullValueCounts());
        Map<Integer, ByteBuffer> lower = known(file.lowerBounds());
        Map<Integer, ByteBuffer> upper = known(file.upperBounds());
        Set<Integer> ids = new HashSet<>(nulls.keySet());
        ids.addAll(lower.keySet());
        ids.addAll(upper.keySet());
        Map<Integer, TableFile.Bounds> columns = new HashMap<>();
        for (Integer id : ids) {
            @Nullable Type type = metadata.schema().findType(id);
            if (type != null && type.isPrimitiveType()) {
                columns.put(
                        id,
                        new TableFile.Bounds(
                                Optional.ofNullable(nulls.get(id)),
                                text(type, lower.get(id)),
                                text(type, upper.get(id))));
            }
        }
        return columns;
    }

    private static <V> Map<Integer, V> known(@Nullable Map<Integer, V> values) {
        return values == null ? Map.of() : values;
    }

    private static Optional<String> text(Type type, @Nullable ByteBuffer bound) {
        if (bound == null || type.typeId() == Type.TypeID.VARIANT) {
            return Optional.empty();
        }
        Object value = Conversions.fromByteBuffer(type, bound);
        return value == null ? Optional.empty() : Optional.of(Values.text(type, value));
    }

    /** Whether every step from the older state to the newer one only moved rows about. */
    private boolean isRearranged() {
        @Nullable Snapshot step = to;
        while (step != null && from != null && step.snapshotId() != from.snapshotId()) {
            if (!DataOperations.REPLACE.equals(step.operation())) {
                return false;
            }
            step = step.parentId() == null ? null : metadata.snapshot(step.parentId());
        }
        return step != null && from != null && !step.equals(to);
    }
}
