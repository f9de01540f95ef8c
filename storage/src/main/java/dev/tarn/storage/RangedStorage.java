package dev.tarn.storage;

import dev.tarn.spi.Storage;
import java.nio.ByteBuffer;

/** A storage far away, of which parts of files can be read at once. */
public interface RangedStorage extends Storage {
    /**
     * Fills a buffer with the bytes of a file from an offset on.
     *
     * @throws dev.tarn.model.TarnException {@code SOURCE_CHANGED} when the file no longer has the
     *     given version
     */
    void read(StoredFile file, long offset, ByteBuffer target);
}
