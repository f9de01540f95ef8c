package dev.tarn.spi;

import dev.tarn.model.graph.IngestSpec.Format;
import java.nio.file.Path;

/**
 * Files of other formats as Parquet, which is all that engines read. Safe for use by many threads.
 */
public interface ParquetForms {
    /**
     * Where the rows of a file can be read as Parquet: in the order of the file, with the ids that
     * it gives its columns.
     *
     * @param local where the file itself can be read
     * @throws dev.tarn.model.TarnException {@code FILE_CORRUPT} when it is not what it should be,
     *     {@code UNSUPPORTED} for a type of column that no table can hold
     */
    Path of(Format format, Storage.StoredFile file, Path local);
}
