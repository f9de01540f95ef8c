package dev.tarn.storage;

import dev.tarn.spi.Storage;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Several storages as one: each location goes to the first that handles it. */
public final class Storages implements Storage {
    private final List<Storage> storages;

    public Storages(List<Storage> storages) {
        this.storages = List.copyOf(storages);
    }

    @Override
    public boolean handles(String location) {
        return storages.stream().anyMatch(s -> s.handles(location));
    }

    @Override
    public List<StoredFile> list(String folderOrGlob) {
        return of(folderOrGlob).list(folderOrGlob);
    }

    @Override
    public Optional<StoredFile> find(String location) {
        return of(location).find(location);
    }

    @Override
    public InputStream open(String location) {
        return of(location).open(location);
    }

    @Override
    public InputStream open(String location, long offset) {
        return of(location).open(location, offset);
    }

    @Override
    public OutputStream create(String location) {
        return of(location).create(location);
    }

    @Override
    public void moveIn(Path local, String location) {
        of(location).moveIn(local, location);
    }

    @Override
    public Path local(StoredFile file) {
        return of(file.location()).local(file);
    }

    @Override
    public void delete(String location) {
        of(location).delete(location);
    }

    @Override
    public void close() {
        storages.forEach(Storage::close);
    }

    private Storage of(String location) {
        return storages.stream()
                .filter(s -> s.handles(location))
                .findFirst()
                .orElseThrow(() -> StorageErrors.noStorage(location));
    }
}
