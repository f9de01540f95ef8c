package dev.tarn.iceberg;

import dev.tarn.spi.Storage;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds the files of a table whose folder was moved after its metadata was written: what is not
 * where the metadata says is looked for in the new place. Reads only.
 */
final class MovedStorage implements Storage {
    private final Storage storage;
    private final String from;
    private final String to;

    /**
     * @param from the table's location as its metadata says
     * @param to where its metadata was found
     */
    MovedStorage(Storage storage, String from, String to) {
        this.storage = storage;
        this.from = plain(from) + "/";
        this.to = to + "/";
    }

    private static String plain(String location) {
        String place = StorageFileIo.normalized(location).replaceAll("/+$", "");
        return place.startsWith("./") ? place.substring(2) : place;
    }

    private String moved(String location) {
        String place = plain(location);
        return place.startsWith(from) ? to + place.substring(from.length()) : location;
    }

    /** Where a file is. */
    private String place(String location) {
        String moved = moved(location);
        return moved.equals(location) || storage.find(moved).isEmpty() ? location : moved;
    }

    @Override
    public boolean handles(String location) {
        return storage.handles(location);
    }

    @Override
    public List<StoredFile> list(String folderOrGlob) {
        return storage.list(folderOrGlob);
    }

    @Override
    public Optional<StoredFile> find(String location) {
        return storage.find(place(location));
    }

    @Override
    public InputStream open(String location) {
        return storage.open(place(location));
    }

    @Override
    public InputStream open(String location, long offset) {
        return storage.open(place(location), offset);
    }

    @Override
    public OutputStream create(String location) {
        return storage.create(location);
    }

    @Override
    public void moveIn(Path local, String location) {
        storage.moveIn(local, location);
    }

    @Override
    public Path local(StoredFile file) {
        return storage.local(file);
    }

    @Override
    public void delete(String location) {
        storage.delete(location);
    }

    /** What is behind stays open: it is not this one's. */
    @Override
    public void close() {}
}
