package dev.tarn.storage;

import dev.tarn.spi.Storage.StoredFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Copies of immutable files in one folder, the least recently used ones leaving first. A copy is
 * named after location and version, so a changed file is another copy. Copies appear whole, by
 * rename; what a dead process left unfinished is removed by the next clean-up, an hour later. When
 * a copy was last asked for is its time of change.
 */
final class FileCache {
    private static final Duration IN_USE = Duration.ofMinutes(10);
    private static final Duration TOUCH_EVERY = Duration.ofMinutes(1);
    private static final Duration LEFT_BEHIND = Duration.ofHours(1);
    private static final double KEPT_SHARE = 0.9;
    private static final String UNFINISHED = ".part";
    private static final Pattern ENDING = Pattern.compile("(\\.[A-Za-z0-9]{1,8}){1,2}$");

    private final Path folder;
    private final long maxBytes;
    private final Clock clock;
    private final ConcurrentHashMap<Path, Lock> downloads = new ConcurrentHashMap<>();
    private final Lock guard = new ReentrantLock();

    /** What the copies take as far as this process knows; negative before it has looked. */
    private final AtomicLong knownBytes = new AtomicLong(-1);

    FileCache(Path folder, long maxBytes, Clock clock) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.clock = clock;
    }

    /** The copy of a file, made by {@code fetch} if there is none. */
    Path copy(StoredFile file, Fetch fetch) {
        Path copy = folder.resolve(nameOf(file));
        try {
            if (isUsable(copy, file)) {
                return copy;
            }
            Lock mine = downloads.computeIfAbsent(copy, c -> new ReentrantLock());
            mine.lock();
            try {
                if (!isUsable(copy, file)) {
                    fetch(file, copy, fetch);
                }
            } finally {
                downloads.remove(copy);
                mine.unlock();
            }
            return copy;
        } catch (IOException e) {
            throw StorageErrors.ofLocal(copy.toString(), e);
        }
    }

    /** Brings the bytes of a file to a path. */
    interface Fetch {
        void to(Path target) throws IOException;
    }

    private boolean isUsable(Path copy, StoredFile file) throws IOException {
        if (!isThere(copy, file)) {
            return false;
        }
        Instant now = clock.instant();
        if (lastUsed(copy).isAfter(now.minus(TOUCH_EVERY))) {
            return true;
        }
        return guarded(() -> {
            boolean there = isThere(copy, file);
            if (there) {
                Files.setLastModifiedTime(copy, FileTime.from(now));
            }
            return there;
        });
    }

    private static boolean isThere(Path copy, StoredFile file) throws IOException {
        try {
            return Files.size(copy) == file.bytes();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static Instant lastUsed(Path copy) throws IOException {
        try {
            return Files.getLastModifiedTime(copy).toInstant();
        } catch (NoSuchFileException e) {
            return Instant.MIN;
        }
    }

    private void fetch(StoredFile file, Path copy, Fetch fetch) throws IOException {
        Files.createDirectories(copy.toAbsolutePath().getParent());
        if (knownBytes.get() < 0) {
            cleanUp();
        }
        Path unfinished = Files.createTempFile(folder, "", UNFINISHED);
        try {
            Files.delete(unfinished);
            fetch.to(unfinished);
            Files.setLastModifiedTime(unfinished, FileTime.from(clock.instant()));
            Files.move(
                    unfinished,
                    copy,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        if (knownBytes.addAndGet(file.bytes()) > maxBytes) {
            cleanUp();
        }
    }

    /** Removes what is too much. */
    private void cleanUp() throws IOException {
        knownBytes.set(guarded(() -> evict(look())));
    }

    /** Does something while no other thread or process removes or prolongs copies. */
    private <T> T guarded(Action<T> action) throws IOException {
        guard.lock();
        try (FileChannel channel =
                        FileChannel.open(
                                folder.resolve(".lock"),
                                StandardOpenOption.WRITE,
                                StandardOpenOption.CREATE);
                FileLock lock = lock(channel)) {
            if (!lock.isValid()) {
                throw new IOException("the lock of the cache was lost");
            }
            return action.run();
        } finally {
            guard.unlock();
        }
    }

    /** Waits for the lock, also when another cache of this process has it. */
    private static FileLock lock(FileChannel channel) throws IOException {
        while (true) {
            try {
                return channel.lock();
            } catch (OverlappingFileLockException e) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private interface Action<T> {
        T run() throws IOException;
    }

    private long evict(List<Copy> copies) throws IOException {
        Instant now = clock.instant();
        long total = 0;
        List<Copy> candidates = new ArrayList<>();
        for (Copy copy : copies) {
            boolean unfinished = copy.path().toString().endsWith(UNFINISHED);
            if (unfinished && copy.lastUsed().isBefore(now.minus(LEFT_BEHIND))) {
                Files.deleteIfExists(copy.path());
            } else {
                total += copy.bytes();
            }
            if (!unfinished && copy.lastUsed().isBefore(now.minus(IN_USE))) {
                candidates.add(copy);
            }
        }
        if (total <= maxBytes) {
            return total;
        }
        candidates.sort(Comparator.comparing(Copy::lastUsed).thenComparing(Copy::path));
        for (Copy copy : candidates) {
            if (total <= maxBytes * KEPT_SHARE) {
                break;
            }
            Files.deleteIfExists(copy.path());
            total -= copy.bytes();
        }
        return total;
    }

    private List<Copy> look() throws IOException {
        List<Copy> copies = new ArrayList<>();
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<Path>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (!file.endsWith(".lock")) {
                            copies.add(
                                    new Copy(
                                            file,
                                            attributes.size(),
                                            attributes.lastModifiedTime().toInstant()));
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e)
                            throws IOException {
                        if (e instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw e;
                    }
                });
        return copies;
    }

    /** Spread over folders, with the ending that tells readers the format. */
    private static String nameOf(StoredFile file) {
        String identity = file.location() + "\n" + file.version();
        String hash = HexFormat.of().formatHex(sha256(identity)).substring(0, 40);
        Matcher ending = ENDING.matcher(file.location());
        return hash.substring(0, 2) + "/" + hash + (ending.find() ? ending.group() : "");
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java has SHA-256", e);
        }
    }

    private record Copy(Path path, long bytes, Instant lastUsed) {}
}
