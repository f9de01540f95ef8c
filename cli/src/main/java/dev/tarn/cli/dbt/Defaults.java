package dev.tarn.cli.dbt;

import dev.tarn.project.ProjectFolders;
import dev.tarn.project.ProjectRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options that nobody typed: those of environment variables such as {@code DBT_FAIL_FAST}, and
 * those of {@code flags:} in dbt_project.yml. What is typed comes first, then the environment.
 */
final class Defaults {
    /** Options that are no matter of the environment or of a project. */
    private static final Set<String> TYPED_ONLY =
            Set.of(
                    "help",
                    "vars",
                    "select",
                    "exclude",
                    "selector",
                    "threads",
                    "args",
                    "inline",
                    "limit",
                    "output",
                    "output-keys",
                    "warehouse",
                    "models",
                    "model",
                    "upgrade",
                    "lock",
                    "add-package",
                    "source",
                    "port",
                    "host");

    private static final Set<String> YES = Set.of("1", "true", "t", "yes", "y", "on");
    private static final Set<String> NO = Set.of("0", "false", "f", "no", "n", "off");

    private Defaults() {}

    /** Options of a command, those that count least first. */
    static List<String> of(
            CommandSpec command, Map<String, String> environment, Path project, Clock clock) {
        Map<String, String> flags = flags(project);
        folders(environment, project, clock)
                .forEach((key, folder) -> flags.putIfAbsent(key.replace('-', '_'), folder));
        List<String> args = new ArrayList<>();
        for (OptionSpec option : command.options()) {
            String name = option.longestName().replaceFirst("^--(no-)?", "");
            if (TYPED_ONLY.contains(name)) {
                continue;
            }
            String variable = "DBT_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
            Optional.ofNullable(environment.get(variable))
                    .filter(v -> !v.isBlank())
                    .or(() -> Optional.ofNullable(flags.get(name.replace('-', '_'))))
                    .ifPresent(v -> args.addAll(typed(option, name, variable, v)));
        }
        return args;
    }

    /** Folders that a project file names at its top. */
    private static Map<String, String> folders(
            Map<String, String> environment, Path project, Clock clock) {
        return ProjectFolders.of(
                ProjectRequest.of(project, clock)
                        .withEnvironment(ProjectRequest.Environment.of(environment)));
    }

    /** The folder of artifacts, where nobody typed one. */
    static String target(Map<String, String> environment, Path project, Clock clock) {
        return Optional.ofNullable(environment.get("DBT_TARGET_PATH"))
                .filter(folder -> !folder.isBlank())
                .or(() -> Optional.ofNullable(flags(project).get("target_path")))
                .or(() ->
                        Optional.ofNullable(
                                folders(environment, project, clock).get("target-path")))
                .orElse("target");
    }

    private static List<String> typed(
            OptionSpec option, String name, String variable, String value) {
        if (!option.negatable()) {
            return List.of("--" + name, value);
        }
        String word = value.strip().toLowerCase(Locale.ROOT);
        if (YES.contains(word)) {
            return List.of("--" + name);
        }
        if (NO.contains(word)) {
            return List.of("--no-" + name);
        }
        throw DbtErrors.oneOf(variable, "true, false", value);
    }

    /** Mistakes in the file are told when the project is read. */
    private static Map<String, String> flags(Path project) {
        Map<String, String> flags = new LinkedHashMap<>();
        Path file = project.resolve("dbt_project.yml");
        if (!Files.isRegularFile(file)) {
            return flags;
        }
        try {
            Object read =
                    new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
            if (read instanceof Map<?, ?> map && map.get("flags") instanceof Map<?, ?> said) {
                said.forEach((key, value) -> {
                    if (value instanceof Map<?, ?> || value instanceof Iterable<?>) {
                        flags.put(String.valueOf(key), new Yaml().dump(value));
                    } else if (value != null) {
                        flags.put(String.valueOf(key), value.toString());
                    }
                });
            }
        } catch (IOException | YAMLException e) {
            return new LinkedHashMap<>();
        }
        return flags;
    }
}
