package dev.tarn.formats;

import com.github.luben.zstd.ZstdInputStream;
import dev.tarn.model.graph.IngestSpec.Format;
import dev.tarn.spi.RowReaders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

/** Reads Avro, ORC and Excel files, and Zstandard streams. Safe for use by many threads. */
public final class FormatReaders implements RowReaders {
    @Override
    public boolean reads(Format format) {
        return switch (format) {
            case AVRO, ORC, EXCEL -> true;
            case CSV, TSV, JSON, NDJSON, PARQUET -> false;
        };
    }

    @Override
    public RowReader open(Format format, Path file, Map<String, String> options) {
        return switch (format) {
            case AVRO -> AvroRows.open(file);
            case ORC -> OrcRows.open(file);
            case EXCEL -> ExcelRows.open(file, options);
            case CSV, TSV, JSON, NDJSON, PARQUET -> throw FormatErrors.noReader(format);
        };
    }

    @Override
    public InputStream zstd(InputStream compressed) throws IOException {
        return new ZstdInputStream(compressed);
    }
}
