package dev.tarn.iceberg;

import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableState;
import dev.tarn.spi.AttachedFormat;
import dev.tarn.spi.Storage;
import java.util.List;
import java.util.Optional;

/**
 * Iceberg tables that others write: a version is a metadata file, by its name in the table's folder
 * {@code metadata}. A location may also be such a file itself.
 */
final class AttachedIceberg implements AttachedFormat {
    private final IcebergTables tables;
    private final MetadataVersions versions;

    AttachedIceberg(IcebergTables tables, Storage storage) {
        this.tables = tables;
        this.versions = new MetadataVersions(storage);
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
        return tables.scan(metadata(location, version), snapshot, predicates);
    }
}
