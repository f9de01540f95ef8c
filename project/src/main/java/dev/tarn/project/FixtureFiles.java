package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Files with the rows of unit tests, which any of them may name. */
final class FixtureFiles {
    private final ProjectFiles files;
    private final List<String> folders;

    FixtureFiles(CompileScope scope) {
        Path root = scope.request().root().toAbsolutePath().normalize();
        this.files = new ProjectFiles(root, root, new Problems());
        this.folders = scope.root().testPaths().stream().map(p -> p + "/fixtures").toList();
    }

    /** What is in one of them; nothing when it is not there. */
    Optional<String> text(String name, String extension) {
        return find(name, extension)
                .map(f -> ProjectFiles.text(f.path(), f.shown(), new Problems()).orElse(""));
    }

    Optional<ProjectFiles.Found> find(String name, String extension) {
        String wanted = fileName(name, extension);
        return files.below(folders).stream()
                .filter(f -> f.path().getFileName().toString().equals(wanted))
                .findFirst();
    }

    Problem missing(Place place, String test, String name, String extension) {
        return Problem.at(
                ErrorCode.FILE_MISSING,
                place,
                "Unit test '%s' needs the fixture %s, which is not below %s."
                        .formatted(test, fileName(name, extension), String.join(", ", folders)));
    }

    private static String fileName(String name, String extension) {
        return name.endsWith("." + extension) ? name : name + "." + extension;
    }
}
