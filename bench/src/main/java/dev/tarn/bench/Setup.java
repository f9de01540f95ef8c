package dev.tarn.bench;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a benchmark is to be run.
 *
 * @param scale how much data, in the benchmark's own measure; empty for its default
 * @param repetitions how often each side works; empty for the benchmark's default
 * @param work a folder for its files, emptied before
 * @param home the source tree, whose launcher starts processes; empty where there is none
 * @param progress hears what is being done
 */
record Setup(
        OptionalDouble scale,
        OptionalInt repetitions,
        Path work,
        Optional<Path> home,
        Consumer<String> progress) {

    void say(String text) {
        progress.accept(text);
    }

    /** A new empty folder. */
    Path fresh(String name) throws IOException {
        Path folder = work.resolve(name);
        delete(folder);
        return Files.createDirectories(folder);
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
                            throws IOException {
                        Files.delete(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
