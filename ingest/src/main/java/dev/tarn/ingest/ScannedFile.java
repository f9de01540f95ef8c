package dev.tarn.ingest;

import dev.tarn.ingest.IngestPlan.PlannedFile;
import dev.tarn.model.graph.IngestSpec.Format;
import dev.tarn.model.table.Schema;
import java.nio.file.Path;
import java.util.Optional;

/** What a first look at a whole file found. */
sealed interface ScannedFile {
    PlannedFile planned();

    /**
     * Text.
     *
     * @param records all there are, good or bad
     * @param broken how many cannot be taken apart
     * @param regular whether the engine would read the same records from the file on disk
     * @param delimiter between fields of delimited text
     * @param lines which of them the engine reads; empty when it is to read the file in no such way
     */
    record Text(
            PlannedFile planned,
            FileContent content,
            Format format,
            SeenColumns seen,
            long records,
            long broken,
            boolean regular,
            char delimiter,
            Optional<EngineLines> lines)
            implements ScannedFile {
        /** The same file, to be read record by record. */
        Text withoutLines() {
            return new Text(
                    planned,
                    content,
                    format,
                    seen,
                    records,
                    broken,
                    regular,
                    delimiter,
                    Optional.empty());
        }
    }

    /** A file that the engine reads by itself. */
    record Parquet(PlannedFile planned, Path path, Schema schema, long records)
            implements ScannedFile {}

    /** A file that a row reader reads. */
    record Rows(PlannedFile planned, Path path, Format format, Schema schema)
            implements ScannedFile {}

    /** A file that goes to quarantine as a whole. */
    record Refused(PlannedFile planned, String reason) implements ScannedFile {}
}
