package dev.tarn.cli.dbt;

import dev.tarn.cli.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Removes the folders that a project calls {@code clean-targets}. */
final class CleanVerb extends Verb {
    @Option(
            names = "--clean-project-files-only",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true")
    boolean projectFilesOnly = true;

    CleanVerb(Console console, Stopping stopping) {
        super(console, stopping);
    }

    @Override
    int run(Session session) {
        for (Path folder : session.tarn().cleanTargets().allowed(!projectFilesOnly)) {
            if (Files.exists(folder)) {
                session.log().info("Checking " + folder);
                remove(folder);
                session.log().info("Cleaned " + folder);
            }
        }
        session.log().info("Finished cleaning all paths.");
        return DONE;
    }

    private static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
