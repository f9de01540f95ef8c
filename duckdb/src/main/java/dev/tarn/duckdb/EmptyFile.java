package dev.tarn.duckdb;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** A Parquet file without rows, made when it is first needed. Safe for use by many threads. */
final class EmptyFile {
    private final Path directory;

    EmptyFile(Path directory) {
        this.directory = directory.toAbsolutePath();
    }

    /** Where it is; other processes may make the same one at the same time. */
    Path path(StatementRunner runner) {
        Path file = directory.resolve("empty.parquet");
        if (!Files.exists(file)) {
            Path fresh = directory.resolve("empty-" + UUID.randomUUID() + ".parquet");
            runner.update(
                    "COPY (SELECT 1 AS nothing WHERE false) TO "
                            + Sql.literal(fresh.toString())
                            + " (FORMAT parquet)",
                    Source.OURS);
            try {
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new TarnException(
                        ErrorCode.STORAGE_FAILED,
                        "%s cannot be made: %s. Give the folder to whoever runs Tarn."
                                .formatted(file, e.getMessage()),
                        e);
            }
        }
        return file;
    }
}
