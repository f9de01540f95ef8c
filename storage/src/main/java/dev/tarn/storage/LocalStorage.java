package dev.tarn.storage;

import dev.tarn.spi.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Files of this machine. Locations are paths or {@code file:} URIs. What it has written is on the
 * disk, not only in the system's memory, before anybody can see it.
 */
public final class LocalStorage implements Storage {
    private final NewFiles newFiles;

    public LocalStorage(Clock clock) {
        newFiles = new NewFiles(clock);
    }

    @Override
    public boolean handles(String location) {
        return location.startsWith("file:") || !location.contains("://");
    }

    @Override
    public List<StoredFile> list(String folderOrGlob) {
        if (!Glob.isGlob(folderOrGlob)) {
            return walk(folderOrGlob, path(folderOrGlob), Optional.empty());
        }
        String plain = folderOrGlob.startsWith("file:") ? folderOrGlob.substring(5) : folderOrGlob;
        Glob glob = Glob.of(plain.replaceAll("/+", "/"));
        String root = glob.root().isEmpty() && plain.startsWith("/") ? "/" : glob.root();
        return walk(folderOrGlob, path(root), Optional.of(glob));
    }

    @Override
    public Optional<StoredFile> find(String location) {
        Path file = path(location);
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isDirectory()
                    ? Optional.empty()
                    : Optional.of(stored(location, attributes));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw StorageErrors.ofLocal(location, e);
        }
    }

    @Override
    public InputStream open(String location) {
        return open(location, 0);
    }

    @Override
    public InputStream open(String location, long offset) {
        try {
            SeekableByteChannel channel = Files.newByteChannel(path(location));
            channel.position(offset);
            return Channels.newInputStream(channel);
        } catch (IOException e) {
            throw StorageErrors.ofLocal(location, e);
        }
    }

    @Override
    public OutputStream create(String location) {
        return newFiles.create(path(location), location);
    }

    @Override
    public void moveIn(Path local, String location) {
        newFiles.moveIn(local, path(location), location);
    }

    @Override
    public Path local(StoredFile file) {
        Path path = path(file.location());
        if (!Files.isRegularFile(path)) {
            throw StorageErrors.missing(file.location());
        }
        return path;
    }

    @Override
    public void delete(String location) {
        try {
            Files.deleteIfExists(path(location));
        } catch (NotDirectoryException e) {
            return;
        } catch (IOException e) {
            throw StorageErrors.ofLocal(location, e);
        }
    }

    @Override
    public void close() {}

    private static Path path(String location) {
        try {
            return location.startsWith("file:") ? Path.of(URI.create(location)) : Path.of(location);
        } catch (IllegalArgumentException e) {
            throw StorageErrors.notALocation(location);
        }
    }

    private static StoredFile stored(String location, BasicFileAttributes attributes) {
        long nanos = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        return new StoredFile(
                location,
                attributes.size(),
                attributes.lastModifiedTime().toInstant(),
                attributes.size() + "-" + nanos);
    }

    private static List<StoredFile> walk(String location, Path root, Optional<Glob> glob) {
        List<StoredFile> found = new ArrayList<>();
        try {
            Files.walkFileTree(
                    root,
                    EnumSet.of(FileVisitOption.FOLLOW_LINKS),
                    glob.map(Glob::depth).orElse(Integer.MAX_VALUE),
                    new Collector(root, glob, found));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw StorageErrors.ofLocal(location, e);
        }
        found.sort(Comparator.comparing(StoredFile::location));
        return List.copyOf(found);
    }

    /** Gathers the files of a folder that may change while it is looked at. */
    private static final class Collector extends SimpleFileVisitor<Path> {
        private final Path root;
        private final Optional<Glob> glob;
        private final List<StoredFile> found;

        Collector(Path root, Optional<Glob> glob, List<StoredFile> found) {
            this.root = root;
            this.glob = glob;
            this.found = found;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean skipped = glob.isEmpty() && !folder.equals(root) && isHidden(folder);
            return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            boolean wanted =
                    glob.map(g -> g.matches(file.toString()))
                            .orElse(file.equals(root) || !isHidden(file));
            if (attributes.isRegularFile() && wanted) {
                found.add(stored(file.toString(), attributes));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            boolean gone = e instanceof NoSuchFileException && !file.equals(root);
            if (gone || e instanceof FileSystemLoopException) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }

        private static boolean isHidden(Path path) {
            return Glob.isHidden(String.valueOf(path.getFileName()));
        }
    }
}
