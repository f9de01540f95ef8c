package dev.tarn.delta;

import dev.tarn.spi.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A storage whose process dies at a given change: just before it, or just after. */
final class MortalStorage implements Storage {
    private final Storage storage;
    private int changes;
    private int last = Integer.MAX_VALUE;
    private boolean done;

    MortalStorage(Storage storage) {
        this.storage = storage;
    }

    /** The end of the process. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /**
     * @param change which change from now on is the last one, from 1
     * @param isDone whether it still happens
     */
    void dieAt(int change, boolean isDone) {
        changes = 0;
        last = change;
        done = isDone;
    }

    void live() {
        last = Integer.MAX_VALUE;
    }

    private void change(Runnable work) {
        changes++;
        if (changes > last) {
            throw new Killed();
        }
        if (changes < last || done) {
            work.run();
        }
        if (changes == last) {
            throw new Killed();
        }
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
        return storage.find(location);
    }

    @Override
    public InputStream open(String location) {
        return storage.open(location);
    }

    @Override
    public InputStream open(String location, long offset) {
        return storage.open(location, offset);
    }

    @Override
    public OutputStream create(String location) {
        return new ByteArrayOutputStream() {
            @Override
            public void close() throws IOException {
                change(() -> {
                    try (OutputStream out = storage.create(location)) {
                        out.write(toByteArray());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        };
    }

    @Override
    public void moveIn(Path local, String location) {
        change(() -> storage.moveIn(local, location));
    }

    @Override
    public Path local(StoredFile file) {
        return storage.local(file);
    }

    @Override
    public void delete(String location) {
        change(() -> storage.delete(location));
    }

    @Override
    public void close() {
        storage.close();
    }
}
