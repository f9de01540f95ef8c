package dev.tarn.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes local files appear whole. The bytes go to a hidden file in the same folder and onto the
 * disk; then the file gets its name, if nobody else has it. A process that dies leaves the hidden
 * file behind; the next one that writes into the folder removes it once it is a day old.
 */
final class NewFiles {
    private static final Duration LEFT_BEHIND = Duration.ofDays(1);
    private static final String TEMPORARY = ".tarn-tmp";

    private final Clock clock;
    private final Set<Path> swept = ConcurrentHashMap.newKeySet();

    NewFiles(Clock clock) {
        this.clock = clock;
    }

    OutputStream create(Path target, String location) {
        try {
            Path temporary = temporaryFor(target);
            FileChannel channel =
                    FileChannel.open(
                            temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            return new NewFile(channel, temporary, target, location);
        } catch (IOException e) {
            throw StorageErrors.ofLocal(location, e);
        }
    }

    void moveIn(Path local, Path target, String location) {
        try {
            Path folder = folderOf(target);
            sync(local);
            try {
                name(local, target);
            } catch (AtomicMoveNotSupportedException e) {
                copyIn(local, target);
            }
            syncFolder(folder);
        } catch (FileAlreadyExistsException e) {
            throw StorageErrors.exists(location);
        } catch (NoSuchFileException e) {
            throw StorageErrors.missing(local.toString());
        } catch (IOException e) {
            throw StorageErrors.ofLocal(location, e);
        }
    }

    /** For folders on another disk, where a file cannot simply get a new name. */
    private void copyIn(Path local, Path target) throws IOException {
        Path temporary = temporaryFor(target);
        try {
            Files.copy(local, temporary);
            sync(temporary);
            name(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
        Files.delete(local);
    }

    private Path temporaryFor(Path target) throws IOException {
        Path folder = folderOf(target);
        if (swept.add(folder)) {
            sweep(folder);
        }
        return folder.resolve("." + UUID.randomUUID() + TEMPORARY);
    }

    private static Path folderOf(Path target) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null) {
            throw new FileSystemException(target.toString(), null, "it is a folder");
        }
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
        return folder;
    }

    private void sweep(Path folder) throws IOException {
        Instant old = clock.instant().minus(LEFT_BEHIND);
        try (DirectoryStream<Path> temporaries =
                Files.newDirectoryStream(folder, ".*" + TEMPORARY)) {
            for (Path temporary : temporaries) {
                if (Files.getLastModifiedTime(temporary).toInstant().isBefore(old)) {
                    Files.deleteIfExists(temporary);
                }
            }
        } catch (NoSuchFileException e) {
            return; // Another process removed it first.
        }
    }

    /**
     * Gives a file its name, which must be free. A second name in one step is what a link is; where
     * there are no links, another process could take the name between the look and the move.
     */
    private static void name(Path temporary, Path target) throws IOException {
        try {
            Files.createLink(target, temporary);
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            if (Files.exists(target)) {
                throw new FileAlreadyExistsException(target.toString());
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        Files.delete(temporary);
    }

    private static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** The stream of one new file; closing it makes the file appear, unless a write failed. */
    private static final class NewFile extends OutputStream {
        private final FileChannel channel;
        private final OutputStream out;
        private final Path temporary;
        private final Path target;
        private final String location;
        private boolean failed;
        private boolean closed;

        NewFile(FileChannel channel, Path temporary, Path target, String location) {
            this.channel = channel;
            this.out = Channels.newOutputStream(channel);
            this.temporary = temporary;
            this.target = target;
            this.location = location;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                failed = true;
                throw StorageErrors.ofLocal(location, e);
            }
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            try {
                try (channel) {
                    if (!failed) {
                        channel.force(true);
                    }
                }
                if (!failed) {
                    name(temporary, target);
                    syncFolder(folderOf(target));
                }
            } catch (FileAlreadyExistsException e) {
                throw StorageErrors.exists(location);
            } catch (IOException e) {
                throw StorageErrors.ofLocal(location, e);
            } finally {
                discard();
            }
        }

        private void discard() {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                failed = true; // Swept later, like what a dead process leaves.
            }
        }
    }
}
