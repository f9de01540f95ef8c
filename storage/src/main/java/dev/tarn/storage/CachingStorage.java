package dev.tarn.storage;

import dev.tarn.spi.Storage;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * A remote storage with copies of its files on local disk, for engines that read local files only.
 * Everything but {@link #local} goes straight through. Several processes may share one folder.
 */
public final class CachingStorage implements Storage {
    private final RangedStorage remote;
    private final FileCache cache;

    /**
     * @param folder of the cache's own; made when needed
     * @param maxBytes how much the copies may take together. Copies that were asked for in the last
     *     ten minutes stay in any case, so that nobody loses a file while reading it
     */
    public CachingStorage(RangedStorage remote, Path folder, long maxBytes, Clock clock) {
        this.remote = remote;
        this.cache = new FileCache(folder, maxBytes, clock);
    }

    @Override
    public boolean handles(String location) {
        return remote.handles(location);
    }

    @Override
    public List<StoredFile> list(String folderOrGlob) {
        return remote.list(folderOrGlob);
    }

    @Override
    public Optional<StoredFile> find(String location) {
        return remote.find(location);
    }

    @Override
    public InputStream open(String location) {
        return remote.open(location);
    }

    @Override
    public InputStream open(String location, long offset) {
        return remote.open(location, offset);
    }

    @Override
    public OutputStream create(String location) {
        return remote.create(location);
    }

    @Override
    public void moveIn(Path local, String location) {
        remote.moveIn(local, location);
    }

    @Override
    public Path local(StoredFile file) {
        return cache.copy(file, new Download(remote, file)::to);
    }

    @Override
    public void delete(String location) {
        remote.delete(location);
    }

    @Override
    public void close() {
        remote.close();
    }
}
