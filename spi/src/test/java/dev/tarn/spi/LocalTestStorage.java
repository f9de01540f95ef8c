package dev.tarn.spi;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Files on local disk for tests of ports that need a storage, with a lever to make writes fail. */
public final class LocalTestStorage implements Storage {
    private final AtomicInteger writesLeft = new AtomicInteger(Integer.MAX_VALUE);
    private final Set<String> written = ConcurrentHashMap.newKeySet();

    /** After {@code count} more files written or moved in, every further one fails. */
    public void failWritesAfter(int count) {
        writesLeft.set(count);
    }

    /** Writing works again. */
    public void heal() {
        writesLeft.set(Integer.MAX_VALUE);
    }

    @Override
    public boolean handles(String location) {
        return !location.contains("://");
    }

    @Override
    public List<StoredFile> list(String folderOrGlob) {
        int wild = indexOfWildcard(folderOrGlob);
        Path root =
                Path.of(
                        wild < 0
                                ? folderOrGlob
                                : folderOrGlob.substring(0, folderOrGlob.lastIndexOf('/', wild)));
        PathMatcher matcher =
                wild < 0
                        ? path -> true
                        : FileSystems.getDefault().getPathMatcher("glob:" + folderOrGlob);
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile)
                    .filter(matcher::matches)
                    .map(LocalTestStorage::stored)
                    .sorted(java.util.Comparator.comparing(StoredFile::location))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int indexOfWildcard(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("*?[{".indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private static StoredFile stored(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new StoredFile(
                    path.toString(),
                    attributes.size(),
                    attributes.lastModifiedTime().toInstant(),
                    attributes.size() + "-" + attributes.lastModifiedTime().toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<StoredFile> find(String location) {
        Path path = Path.of(location);
        return Files.isRegularFile(path) ? Optional.of(stored(path)) : Optional.empty();
    }

    @Override
    public InputStream open(String location) {
        return open(location, 0);
    }

    @Override
    public InputStream open(String location, long offset) {
        try {
            InputStream in = Files.newInputStream(Path.of(location));
            in.skipNBytes(offset);
            return in;
        } catch (NoSuchFileException e) {
            throw new TarnException(ErrorCode.FILE_MISSING, location + " is not there.", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public OutputStream create(String location) {
        return new ByteArrayOutputStream() {
            private boolean closed;

            @Override
            public void close() throws IOException {
                if (closed) {
                    return;
                }
                closed = true;
                claim(location);
                Path target = Path.of(location);
                Files.createDirectories(target.getParent());
                Files.write(target, toByteArray());
            }
        };
    }

    @Override
    public void moveIn(Path local, String location) {
        claim(location);
        try {
            Path target = Path.of(location);
            Files.createDirectories(target.getParent());
            Files.move(local, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** No name is written twice, and no more is written than the lever allows. */
    private void claim(String location) {
        if (writesLeft.getAndDecrement() <= 0) {
            throw new TarnException(
                    ErrorCode.STORAGE_FULL, "No space is left for " + location + ".");
        }
        if (!written.add(location) || Files.exists(Path.of(location))) {
            throw new AssertionError(location + " was written twice");
        }
    }

    @Override
    public Path local(StoredFile file) {
        return Path.of(file.location());
    }

    @Override
    public void delete(String location) {
        try {
            Files.deleteIfExists(Path.of(location));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {}
}
