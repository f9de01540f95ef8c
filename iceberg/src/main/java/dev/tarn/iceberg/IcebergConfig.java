package dev.tarn.iceberg;

import dev.tarn.spi.ParquetForms;
import dev.tarn.spi.Storage;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * Where tables live and what they are reached with.
 *
 * @param warehouse location under which new tables get their folders; a local path or {@code
 *     s3://bucket/prefix}
 * @param storage reads and writes everything that belongs to tables
 * @param staging local folder in which engines write files before they become part of a table; on
 *     the same disk as a local warehouse, so that moving them costs nothing
 * @param clock stamps snapshots
 * @param forms reads files of others that are not Parquet; empty to refuse them
 */
public record IcebergConfig(
        String warehouse,
        Storage storage,
        Path staging,
        Clock clock,
        Optional<ParquetForms> forms) {
    public IcebergConfig {
        warehouse = warehouse.endsWith("/") ? warehouse.replaceAll("/+$", "") : warehouse;
    }

    /** Where all files are Parquet. */
    public IcebergConfig(String warehouse, Storage storage, Path staging, Clock clock) {
        this(warehouse, storage, staging, clock, Optional.empty());
    }
}
