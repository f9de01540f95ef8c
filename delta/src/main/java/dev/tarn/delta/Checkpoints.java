package dev.tarn.delta;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.model.graph.SqlText;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** Writes checkpoints: the same actions as in commits, as rows of a Parquet file. */
final class Checkpoints {
    private static final String VECTOR =
            "STRUCT(storageType VARCHAR, pathOrInlineDv VARCHAR, \"offset\" INTEGER, sizeInBytes INTEGER, cardinality BIGINT)";
    private static final String COLUMNS =
            "{txn: 'STRUCT(appId VARCHAR, version BIGINT, lastUpdated BIGINT)',"
                    + " add: 'STRUCT(path VARCHAR, partitionValues MAP(VARCHAR, VARCHAR), size BIGINT, modificationTime BIGINT, dataChange BOOLEAN, stats VARCHAR, tags MAP(VARCHAR, VARCHAR), deletionVector "
                    + VECTOR
                    + ", baseRowId BIGINT, defaultRowCommitVersion BIGINT)',"
                    + " remove: 'STRUCT(path VARCHAR, deletionTimestamp BIGINT, dataChange BOOLEAN, extendedFileMetadata BOOLEAN, partitionValues MAP(VARCHAR, VARCHAR), size BIGINT, deletionVector "
                    + VECTOR
                    + ", baseRowId BIGINT, defaultRowCommitVersion BIGINT)',"
                    + " metaData: 'STRUCT(id VARCHAR, name VARCHAR, description VARCHAR, format STRUCT(provider VARCHAR, options MAP(VARCHAR, VARCHAR)), schemaString VARCHAR, partitionColumns VARCHAR[], configuration MAP(VARCHAR, VARCHAR), createdTime BIGINT)',"
                    + " protocol: 'STRUCT(minReaderVersion INTEGER, minWriterVersion INTEGER, readerFeatures VARCHAR[], writerFeatures VARCHAR[])',"
                    + " domainMetadata: 'STRUCT(domain VARCHAR, configuration VARCHAR, removed BOOLEAN)'}";

    private final Engine engine;
    private final Path staging;

    Checkpoints(Engine engine, Path staging) {
        this.engine = engine;
        this.staging = staging;
    }

    void write(DeltaLog log, long version, List<ObjectNode> actions) {
        String name = "delta-" + UUID.randomUUID();
        Path lines = staging.resolve(name + ".json");
        Path parquet = staging.resolve(name + ".parquet");
        try {
            Files.createDirectories(staging);
            Files.write(lines, DeltaLog.lines(actions));
            try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
                session.export(query(lines), parquet);
            }
            log.checkpoint(version, parquet, actions.size());
        } catch (IOException e) {
            throw DeltaErrors.notWritten(lines.toString(), e);
        } finally {
            delete(lines);
            delete(parquet);
        }
    }

    private static SqlText query(Path lines) {
        return SqlText.of(
                "select * from read_json('%s', format = 'newline_delimited', maximum_object_size = 1073741824, columns = %s)"
                        .formatted(lines.toString().replace("'", "''"), COLUMNS));
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // A forgotten staged file is swept like those of killed processes.
            file.toFile().deleteOnExit();
        }
    }
}
