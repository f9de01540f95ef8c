package dev.tarn.project;

import dev.tarn.jinja.JinjaEnvironment;
import dev.tarn.jinja.JinjaException;
import dev.tarn.jinja.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Folders for what is made, as a project file names them; needed before the project is read. */
public final class ProjectFolders {
    private static final List<String> KEYS = List.of("target-path", "log-path");

    private ProjectFolders() {}

    /** By key, those that are named. Mistakes in the file are told when the project is read. */
    public static Map<String, String> of(ProjectRequest request) {
        Map<String, String> folders = new LinkedHashMap<>();
        Path file = request.root().resolve("dbt_project.yml");
        if (!Files.isRegularFile(file)) {
            return folders;
        }
        try {
            Object read =
                    new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
            if (read instanceof Map<?, ?> said) {
                for (String key : KEYS) {
                    if (said.get(key) instanceof String folder && !folder.isBlank()) {
                        folders.put(key, filledIn(folder, request));
                    }
                }
            }
        } catch (IOException | YAMLException | JinjaException e) {
            return Map.of();
        }
        return folders;
    }

    private static String filledIn(String folder, ProjectRequest request) {
        return folder.contains("{{")
                ? Values.text(
                        JinjaEnvironment.builder()
                                .build()
                                .parse("dbt_project.yml", folder)
                                .evaluate(name -> EarlyContext.resolve(name, request, Map.of())))
                : folder;
    }
}
