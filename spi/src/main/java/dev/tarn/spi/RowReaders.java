package dev.tarn.spi;

import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.table.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the file formats and the compression that engines leave to others. */
public interface RowReaders {
    /** Whether {@link #open} knows a format. */
    boolean reads(IngestSpec.Format format);

    /**
     * Opens a local file.
     *
     * @param options of the format, such as {@code sheet} for a workbook
     * @throws dev.tarn.model.TarnException {@code FILE_CORRUPT} with the reason when the file is
     *     not of the format or not whole; {@code UNSUPPORTED} for a format it does not know
     */
    RowReader open(IngestSpec.Format format, Path file, Map<String, String> options);

    /** The plain bytes behind a stream of Zstandard frames. */
    InputStream zstd(InputStream compressed) throws IOException;

    /** One open file. Used by one thread. */
    interface RowReader extends AutoCloseable {
        /** The columns, in the order of the file. */
        Schema schema();

        /**
         * The next row, or null after the last one: values as {@link EngineSession#stage} takes
         * them.
         *
         * @throws dev.tarn.model.TarnException {@code FILE_CORRUPT}
         */
        @Nullable List<@Nullable Object> next();

        @Override
        void close();
    }
}
