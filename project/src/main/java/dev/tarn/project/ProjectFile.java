package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@code dbt_project.yml} of one package says.
 *
 * @param file its path as messages show it
 * @param vars global ones, and those of packages as mappings under the package's name
 * @param configs the trees {@code models:}, {@code seeds:}, … by section
 * @param dispatch search orders by macro namespace
 * @param runHooks {@code on-run-start} and {@code on-run-end}
 * @param mapping all of it
 * @param written all of it with its templates as they stand in the file
 */
record ProjectFile(
        String file,
        String name,
        Place namePlace,
        Optional<String> version,
        Optional<String> profile,
        List<String> modelPaths,
        List<String> seedPaths,
        List<String> testPaths,
        List<String> macroPaths,
        List<String> analysisPaths,
        List<String> snapshotPaths,
        List<String> docsPaths,
        List<String> functionPaths,
        String packagesPath,
        Optional<Mapping> vars,
        Map<String, Mapping> configs,
        Map<String, List<String>> dispatch,
        Map<String, List<Scalar>> runHooks,
        Mapping mapping,
        Mapping written) {
    /** A tree of settings with its templates as they stand in the file. */
    Optional<Mapping> writtenTree(String section) {
        return written.find(section)
                .or(() -> section.equals("data_tests") ? written.find("tests") : Optional.empty())
                .map(YamlValue.Entry::value)
                .filter(Mapping.class::isInstance)
                .map(Mapping.class::cast);
    }

    /** Every folder that files of the project are looked for in. */
    List<String> sourceFolders() {
        return Stream.of(
                        modelPaths,
                        seedPaths,
                        testPaths,
                        macroPaths,
                        analysisPaths,
                        snapshotPaths,
                        docsPaths,
                        functionPaths)
                .flatMap(List::stream)
                .toList();
    }

    /** Whether other packages may refer to public models only. */
    boolean keepsToItself() {
        return mapping.find("restrict-access")
                .map(YamlValue.Entry::value)
                .filter(v -> Boolean.TRUE.equals(v.plain()))
                .isPresent();
    }

    /** What {@code flags:} says of a name. */
    Optional<Object> flag(String name) {
        return mapping.find("flags")
                .map(YamlValue.Entry::value)
                .filter(Mapping.class::isInstance)
                .map(Mapping.class::cast)
                .flatMap(flags -> flags.find(name))
                .flatMap(e -> Optional.ofNullable(e.value().plain()));
    }
}
