package dev.tarn.spi;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Files by location: a local path or {@code s3://bucket/key}. Safe for use by many threads.
 * Exceptions are {@code FILE_MISSING}, {@code STORAGE_DENIED}, {@code STORAGE_FULL} or {@code
 * STORAGE_FAILED}, each with the location.
 */
public interface Storage extends AutoCloseable {
    /** Whether locations of this form are this storage's. */
    boolean handles(String location);

    /**
     * Files below a folder, or those that match a glob ({@code *}, {@code **}, {@code ?}, {@code
     * [a-z]}, {@code {a,b}}), by location. A folder that does not exist has no files.
     */
    List<StoredFile> list(String folderOrGlob);

    Optional<StoredFile> find(String location);

    InputStream open(String location);

    /** Opens a file from an offset on. */
    InputStream open(String location, long offset);

    /** Writes a new file, whole or not at all: nobody sees a part of it. Parents are made. */
    OutputStream create(String location);

    /** Moves a local file to a location, whole or not at all; the local file is gone afterwards. */
    void moveIn(Path local, String location);

    /**
     * The file on local disk: itself, or a cached copy. The copy may be removed from the cache when
     * nobody has asked for it for a while.
     */
    Path local(StoredFile file);

    /** Deletes a file; does nothing if it is not there. */
    void delete(String location);

    @Override
    void close();

    /**
     * One file.
     *
     * @param version changes whenever the content does: an ETag, or size and time of change
     */
    record StoredFile(String location, long bytes, Instant modified, String version) {}
}
