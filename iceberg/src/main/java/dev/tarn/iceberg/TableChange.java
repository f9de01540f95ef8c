package dev.tarn.iceberg;

import dev.tarn.model.table.TablePointer;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/**
 * A line of states that starts at one pointer. A commit of Iceberg's writes the next metadata file
 * and moves this line on; nobody else sees it, so it cannot conflict.
 */
final class TableChange implements TableOperations {
    private final MetadataFiles files;
    private TablePointer pointer;
    private TableMetadata current;

    /** The same for Iceberg, which asks the machine for the time. */
    private TableMetadata shown;

    TableChange(MetadataFiles files, TablePointer base) {
        this.files = files;
        this.pointer = base;
        this.current = files.read(base);
        this.shown = MetadataFiles.changeable(current);
    }

    /** Where the line stands. */
    TablePointer pointer() {
        return pointer;
    }

    Table table() {
        return new BaseTable(this, current.location(), report -> {});
    }

    @Override
    public TableMetadata current() {
        return shown;
    }

    @Override
    public TableMetadata refresh() {
        return shown;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // Iceberg hands the same object back if nothing changed.
    public void commit(TableMetadata base, TableMetadata next) {
        if (base == next) {
            return;
        }
        pointer = files.write(current, next);
        current = files.read(pointer);
        shown = MetadataFiles.changeable(current);
    }

    @Override
    public FileIO io() {
        return files.io();
    }

    @Override
    public String metadataFileLocation(String fileName) {
        return current.location() + "/metadata/" + fileName;
    }

    @Override
    public LocationProvider locationProvider() {
        return LocationProviders.locationsFor(current.location(), current.properties());
    }
}
