package dev.tarn.app;

import dev.tarn.project.CompileCache;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where what compiles remember lies, and which program may use it. */
final class CompileMemory {
    private final Path file;
    private final boolean wanted;
    private @Nullable CompileCache cache;

    /**
     * @param wanted whether anything is remembered at all
     */
    CompileMemory(Path workDirectory, boolean wanted) {
        this.file = workDirectory.resolve("compile-cache");
        this.wanted = wanted;
    }

    synchronized Optional<CompileCache> cache() {
        if (cache == null && wanted) {
            cache = CompileCache.open(file, program(System.getProperty("java.class.path", "")));
        }
        return Optional.ofNullable(cache);
    }

    /** Writes down what is new. */
    synchronized void save() {
        if (cache != null) {
            cache.save();
        }
    }

    /**
     * Forgets everything.
     *
     * @return the bytes that were remembered
     */
    long forget(boolean dryRun) {
        try {
            long bytes = Files.exists(file) ? Files.size(file) : 0;
            if (!dryRun) {
                Files.deleteIfExists(file);
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Changes when the program or one of its libraries does: their files, sizes and times. A folder
     * of classes counts by all its files.
     */
    static String program(String classPath) {
        StringBuilder all = new StringBuilder(Runtime.version().toString());
        for (String entry : classPath.split(File.pathSeparator)) {
            describe(Path.of(entry), all);
        }
        return all.toString();
    }

    private static void describe(Path entry, StringBuilder all) {
        TreeMap<String, String> files = new TreeMap<>();
        try (Stream<Path> walk = Files.isDirectory(entry) ? Files.walk(entry) : Stream.of(entry)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                files.put(
                        file.toString(),
                        Files.size(file) + "@" + Files.getLastModifiedTime(file).toMillis());
            }
        } catch (IOException | UncheckedIOException e) {
            files.put(entry.toString(), "unreadable");
        }
        all.append('\n').append(files);
    }
}
