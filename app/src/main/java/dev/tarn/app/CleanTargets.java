package dev.tarn.app;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.project.ProjectCompiler;
import dev.tarn.project.ProjectRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The folders that a project wants removed when it is cleaned, and those that nobody may remove.
 *
 * @param sources what people wrote
 * @param tables where tables and the catalog are; nothing inside of it may go either
 */
public record CleanTargets(Path root, List<Path> folders, List<Path> sources, List<Path> tables) {
    static CleanTargets of(ProjectRequest request, Settings settings) {
        Path root = request.root().toAbsolutePath().normalize();
        List<Path> tables = new ArrayList<>();
        tables.add(settings.workDirectory().toAbsolutePath().normalize());
        if (!settings.warehouse().contains("://")) {
            tables.add(Path.of(settings.warehouse()).toAbsolutePath().normalize());
        }
        return new CleanTargets(
                root,
                below(root, ProjectCompiler.cleanTargets(request)),
                below(root, ProjectCompiler.sourceFolders(request)),
                tables);
    }

    private static List<Path> below(Path root, List<String> folders) {
        return folders.stream().map(f -> root.resolve(f).normalize()).toList();
    }

    /**
     * The folders to remove, once it is clear that all of them may go.
     *
     * @param outside whether folders outside of the project may go, too
     */
    public List<Path> allowed(boolean outside) {
        for (Path folder : folders) {
            if (root.startsWith(folder)
                    || sources.stream().anyMatch(s -> s.startsWith(folder))
                    || tables.stream()
                            .anyMatch(t -> t.startsWith(folder) || folder.startsWith(t))) {
                throw refused(folder, "holds files of the project or its tables");
            }
            if (!outside && !folder.startsWith(root)) {
                throw refused(
                        folder,
                        "is outside of the project, which needs --no-clean-project-files-only");
            }
        }
        return folders;
    }

    private static TarnException refused(Path folder, String reason) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "Nothing was removed: 'clean-targets' of dbt_project.yml names %s, which %s. Take it out of the list."
                        .formatted(folder, reason));
    }
}
