package dev.tarn.taps;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder for what a program is told in files, which only this account can read. It goes when it
 * is closed; those of processes that were killed go when the next one is made.
 */
final class TapFolder implements AutoCloseable {
    private static final String PREFIX = "run-";

    private final Path folder;

    private TapFolder(Path folder) {
        this.folder = folder;
    }

    static TapFolder under(Path work) {
        try {
            Files.createDirectories(work);
            sweep(work);
            String name = PREFIX + ProcessHandle.current().pid() + "-";
            boolean posix = Files.getFileStore(work).supportsFileAttributeView("posix");
            return new TapFolder(
                    posix
                            ? Files.createTempDirectory(
                                    work,
                                    name,
                                    PosixFilePermissions.asFileAttribute(
                                            PosixFilePermissions.fromString("rwx------")))
                            : Files.createTempDirectory(work, name));
        } catch (IOException e) {
            throw TapErrors.noFolder(work.toString(), String.valueOf(e.getMessage()));
        }
    }

    private static void sweep(Path work) throws IOException {
        List<Path> old;
        try (Stream<Path> all = Files.list(work)) {
            old =
                    all.filter(f -> f.getFileName().toString().matches(PREFIX + "\\d+-.*"))
                            .filter(f -> !isAlive(f.getFileName().toString()))
                            .toList();
        }
        for (Path one : old) {
            delete(one);
        }
    }

    private static boolean isAlive(String name) {
        long pid = Long.parseLong(name.substring(PREFIX.length(), name.indexOf('-', 4)));
        return ProcessHandle.of(pid).isPresent();
    }

    Path path() {
        return folder;
    }

    Path put(String name, String text) {
        Path file = folder.resolve(name);
        try {
            Files.writeString(
                    file,
                    text,
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
            return file.toAbsolutePath();
        } catch (IOException e) {
            throw TapErrors.noFolder(folder.toString(), String.valueOf(e.getMessage()));
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }

    @Override
    public void close() {
        try {
            delete(folder);
        } catch (IOException e) {
            throw TapErrors.noFolder(folder.toString(), String.valueOf(e.getMessage()));
        }
    }
}
