package dev.tarn.app;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.spi.RowReaders;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

/** Stands where readers of more formats can be added. */
final class NoReaders implements RowReaders {
    @Override
    public boolean reads(IngestSpec.Format format) {
        return false;
    }

    @Override
    public RowReader open(IngestSpec.Format format, Path file, Map<String, String> options) {
        throw new TarnException(
                ErrorCode.UNSUPPORTED, "Files of format %s cannot be read.".formatted(format));
    }

    @Override
    public InputStream zstd(InputStream compressed) {
        throw new TarnException(
                ErrorCode.UNSUPPORTED, "Files compressed with Zstandard cannot be read.");
    }
}
