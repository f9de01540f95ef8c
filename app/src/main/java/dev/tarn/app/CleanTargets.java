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
 * @param kept what people wrote, and the tables
 */
public record CleanTargets(Path root, List<Path> folders, List<Path> kept) {
    static CleanTargets of(ProjectRequest request, Settings settings) {
        Path root = request.root().toAbsolutePath().normalize();
        List<Path> kept = new ArrayList<>();
        ProjectCompiler.sourceFolders(request).forEach(f -> kept.add(root.resolve(f).normalize()));
        kept.add(settings.workDirectory().toAbsolutePath().normalize());
        if (!settings.warehouse().contains("://")) {
            kept.add(Path.of(settings.warehouse()).toAbsolutePath().normalize());
        }
        return new CleanTargets(
                root,
                ProjectCompiler.cleanTargets(request).stream()
                        .map(f -> root.resolve(f).normalize())
                        .toList(),
                kept);
    }

    /**
     * The folders to remove, once it is clear that all of them may go.
     *
     * @param outside whether folders outside of the project may go, too
     */
    public List<Path> allowed(boolean outside) {
        for (Path folder : folders) {
            if (root.startsWith(folder) || kept.stream().anyMatch(k -> k.startsWith(folder))) {
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
