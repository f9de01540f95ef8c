package dev.tarn.cli;

import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.cli.log.LogSettings;
import dev.tarn.project.YamlText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which project and warehouse a command is about, and how it is opened. */
final class ProjectOptions {
    private static final String PROJECT_FILE = "dbt_project.yml";

    @Option(
            names = {"-C", "--project-dir"},
            paramLabel = "DIR",
            description = "Folder of the project. Default: this folder or the nearest one above.")
    Optional<Path> projectDir = Optional.empty();

    @Option(
            names = "--warehouse",
            paramLabel = "LOCATION",
            description = "Where the tables are. Default: what the project says.")
    Optional<String> warehouse = Optional.empty();

    @Option(
            names = "--vars",
            paramLabel = "YAML",
            description = "Variables of the project, as in --vars 'since: 2026-01-01'.")
    List<String> vars = List.of();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many nodes run at the same time.")
    Optional<Integer> threads = Optional.empty();

    @Option(
            names = "--no-cache",
            description = "Compile everything anew, and remember nothing of it.")
    boolean noCache;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log more, and show where errors come from.")
    boolean verbose;

    private boolean nothingWasThere;

    Tarn open(Console console) {
        return open(console, directory(console));
    }

    Tarn open(Console console, Path directory) {
        LogSettings.use(directory.resolve(".tarn/logs/tarn.log"), verbose);
        if (projectDir.isPresent() && !Files.isDirectory(directory)) {
            throw CliErrors.noProjectFolder(directory);
        }
        nothingWasThere =
                warehouse.isEmpty()
                        && Stream.of(PROJECT_FILE, "tarn.yml", ".tarn")
                                .noneMatch(name -> Files.exists(directory.resolve(name)));
        threads.filter(n -> n < 1)
                .ifPresent(n -> {
                    throw CliErrors.badThreads(n);
                });
        OpenRequest request =
                new OpenRequest(
                        directory,
                        warehouse,
                        variables(),
                        threads,
                        console.environment(),
                        console.clock(),
                        note -> console.err().println("note: " + note));
        return Tarn.open(noCache ? request.withoutCompileCache() : request);
    }

    /** Whether the folder had no sign of a project or warehouse when it was opened. */
    boolean nothingWasThere() {
        return nothingWasThere;
    }

    /** These options for another command line, with a space in front; empty if none was given. */
    String again() {
        return projectDir.map(dir -> " -C " + quoted(dir.toString())).orElse("")
                + warehouse.map(location -> " --warehouse " + quoted(location)).orElse("");
    }

    /** A word as a shell takes it for one. */
    static String quoted(String word) {
        return word.matches("[\\w./:@%+=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** The folder that was asked for, or the nearest one above that is a project. */
    Path directory(Console console) {
        if (projectDir.isPresent()) {
            return console.directory().resolve(projectDir.get()).normalize();
        }
        for (Path folder = console.directory(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve(PROJECT_FILE))) {
                return folder;
            }
        }
        return console.directory();
    }

    /** What {@code --vars} says. */
    Map<String, @Nullable Object> variables() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        for (String text : vars) {
            Object parsed;
            try {
                parsed = YamlText.values(text);
            } catch (IllegalArgumentException e) {
                throw CliErrors.badVars(text);
            }
            if (!(parsed instanceof Map<?, ?> map)) {
                throw CliErrors.badVars(text);
            }
            map.forEach((name, value) -> all.put(String.valueOf(name), value));
        }
        return all;
    }
}
