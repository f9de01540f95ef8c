package dev.tarn.formats;

import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What an engine tells of Parquet files without reading their rows. */
final class ParquetQuestions {
    private final Engine engine;

    ParquetQuestions(Engine engine) {
        this.engine = engine;
    }

    /** The rows in files, by their footers. */
    long rows(List<Path> files) {
        if (files.isEmpty()) {
            return 0;
        }
        try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED);
                var rows =
                        session.query(
                                SqlText.of(
                                        "SELECT coalesce(sum(num_rows), 0)::BIGINT FROM parquet_file_metadata("
                                                + literals(files)
                                                + ")"))) {
            return rows.next() && rows.value(0) instanceof Long count ? count : 0;
        }
    }

    /** The columns that any of the files has, united by name. */
    Schema columns(List<Path> files) {
        try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            return session.describe(
                    SqlText.of(
                            "SELECT * FROM read_parquet("
                                    + literals(files)
                                    + ", union_by_name = true, hive_partitioning = false)"));
        }
    }

    private static String literals(List<Path> files) {
        return files.stream()
                .map(f -> f.toAbsolutePath().toString().replace("'", "''"))
                .collect(Collectors.joining("', '", "['", "']"));
    }
}
