package dev.tarn.iceberg;

import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableState;
import dev.tarn.spi.AttachedFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Iceberg tables that others write: a version is a metadata file, by its name in the table's folder
 * {@code metadata}. A location may also be such a file itself.
 */
final class AttachedIceberg implements AttachedFormat {
    private final IcebergTables tables;
    private final IcebergConfig config;
    private final MetadataVersions versions;
    private final Map<String, IcebergTables> moved = new ConcurrentHashMap<>();

    AttachedIceberg(IcebergTables tables, IcebergConfig config) {
        this.tables = tables;
        this.config = config;
        this.versions = new MetadataVersions(config.storage());
    }

    /** Reads a table where its metadata is, even if that says it was written elsewhere. */
    private IcebergTables tables(TablePointer metadata) {
        String file = metadata.metadataLocation();
        int end = file.lastIndexOf("/metadata/");
        String folder = end < 0 ? file : file.substring(0, end);
        String said = tables.state(metadata).location();
        if (end < 0 || StorageFileIo.normalized(said).replaceAll("/+$", "").equals(folder)) {
            return tables;
        }
        return moved.computeIfAbsent(
                said + " is " + folder,
                key ->
                        IcebergTables.open(
                                new IcebergConfig(
                                        config.warehouse(),
                                        new MovedStorage(config.storage(), said, folder),
                                        config.staging(),
                                        config.clock(),
                                        config.forms())));
    }

    @Override
    public String name() {
        return "iceberg";
    }

    @Override
    public boolean recognises(String location) {
        return versions.newest(location).isPresent();
    }

    @Override
    public String newest(String location) {
        String file =
                versions.newest(location).orElseThrow(() -> IcebergErrors.noForeignTable(location));
        String name = file.substring(file.lastIndexOf('/') + 1);
        tables.state(metadata(location, name));
        return name;
    }

    private static TablePointer metadata(String location, String version) {
        String place = StorageFileIo.normalized(location).replaceAll("/+$", "");
        if (place.endsWith("/" + version)) {
            return new TablePointer(place);
        }
        String folder = place.endsWith("/metadata") ? place : place + "/metadata";
        return new TablePointer(folder + "/" + version);
    }

    @Override
    public TableState state(TablePointer pointer, String location, String version) {
        TableState state = tables.state(metadata(location, version));
        return new TableState(
                pointer,
                state.location(),
                state.uuid(),
                state.formatVersion(),
                state.definition(),
                state.current(),
                state.snapshots());
    }

    @Override
    public TableScan scan(
            String location, String version, Optional<Long> snapshot, List<Predicate> predicates) {
        TablePointer metadata = metadata(location, version);
        return tables(metadata).scan(metadata, snapshot, predicates);
    }
}
