package dev.tarn.project;

import dev.tarn.jinja.JinjaException;
import dev.tarn.model.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the models, seeds, tests and property files of one package. */
final class PackageReader {
    /** Folders among the tests with something else in them. */
    private static final Set<String> NO_TESTS = Set.of("generic", "fixtures");

    private final CompileScope scope;
    private final ProjectFile project;
    private final ProjectFiles files;
    private final Problems problems;
    private final DraftBuilder drafts;

    PackageReader(CompileScope scope, ProjectFile project, ProjectFiles files, Problems problems) {
        this.scope = scope;
        this.project = project;
        this.files = files;
        this.problems = problems;
        this.drafts = new DraftBuilder(scope, project, problems);
    }

    void read() {
        List<String> modelPaths = new ArrayList<>(project.modelPaths());
        if (project.name().equals(scope.root().name())) {
            modelPaths.add(Draft.STREAMS);
        }
        List<ProjectFiles.Found> modelFiles = files.below(modelPaths);
        List<ProjectFiles.Found> seedFiles = files.below(project.seedPaths());
        add(Draft.Kind.MODEL, modelFiles, "sql");
        add(Draft.Kind.MODEL, modelFiles, "py");
        add(Draft.Kind.SEED, seedFiles, "csv");
        add(Draft.Kind.SINGULAR, singularTests(), "sql");
        List<ProjectFiles.Found> snapshotFiles = files.below(project.snapshotPaths());
        readSnapshots(snapshotFiles);
        List<ProjectFiles.Found> analysisFiles = files.below(project.analysisPaths());
        add(Draft.Kind.ANALYSIS, analysisFiles, "sql");
        List<ProjectFiles.Found> functionFiles = files.below(project.functionPaths());
        add(Draft.Kind.FUNCTION, functionFiles, "sql");
        functionFiles.stream()
                .filter(f -> f.hasExtension("py", "js"))
                .forEach(f ->
                        problems.add(
                                ProjectErrors.functionLanguage(Place.of(f.shown()), f.stem())));
        Set<ProjectFiles.Found> properties = new LinkedHashSet<>();
        for (List<ProjectFiles.Found> all :
                List.of(
                        modelFiles,
                        functionFiles,
                        seedFiles,
                        snapshotFiles,
                        analysisFiles,
                        files.below(project.testPaths()),
                        files.below(project.macroPaths()))) {
            all.stream().filter(f -> f.hasExtension("yml", "yaml")).forEach(properties::add);
        }
        readProperties(properties);
        settle();
    }

    /** Describes what other packages have; all of them have been read. */
    void describeOthers() {
        drafts.describeOthers();
    }

    private void add(Draft.Kind kind, List<ProjectFiles.Found> found, String extension) {
        List<ProjectFiles.Found> matching =
                found.stream().filter(f -> f.hasExtension(extension)).toList();
        if (kind == Draft.Kind.SEED) {
            matching.forEach(f -> drafts.addFile(kind, f, ""));
        } else {
            files.texts(matching).forEach((f, text) -> drafts.addFile(kind, f, text));
        }
    }

    private List<ProjectFiles.Found> singularTests() {
        return files.below(project.testPaths()).stream()
                .filter(f -> f.folders().isEmpty() || !NO_TESTS.contains(f.folders().getFirst()))
                .toList();
    }

    private void readSnapshots(List<ProjectFiles.Found> found) {
        files.texts(found.stream().filter(f -> f.hasExtension("sql")).toList())
                .forEach(drafts::addSnapshots);
    }

    private void readProperties(Set<ProjectFiles.Found> found) {
        Map<ProjectFiles.Found, String> texts = files.texts(found);
        NodeContext context = new NodeContext(scope, project.name());
        Map<ProjectFiles.Found, PropertyFile> read = new HashMap<>();
        List<ProjectFiles.Found> ordered = new ArrayList<>(texts.keySet());
        PropertyFileReader reader =
                new PropertyFileReader(
                        problems, scope.request().notes(), new YamlCache(scope.request().cache()));
        for (ProjectFiles.Found file : ordered) {
            String text = texts.getOrDefault(file, "");
            read.put(
                    file,
                    reader.read(file.shown(), text, YamlRendering.with(s -> evaluate(s, context))));
        }
        for (ProjectFiles.Found file : ordered) {
            PropertyFile properties = read.get(file);
            if (properties != null) {
                drafts.addProperties(properties, file.folders());
            }
        }
    }

    private @Nullable Object evaluate(YamlValue.Scalar scalar, NodeContext context) {
        try {
            return scope.fromEnvironment()
                    .late(
                            context,
                            () ->
                                    scope.jinja()
                                            .parse(scalar.place().file(), scalar.text())
                                            .evaluate(context));
        } catch (JinjaException e) {
            problems.add(EarlyContext.inYaml(e, scalar));
            return null;
        }
    }

    /** Brings settings together and makes the tests that property files ask for. */
    private void settle() {
        List<Draft> own =
                scope.nodes().drafts().stream()
                        .filter(d -> d.packageName.equals(project.name()))
                        .toList();
        own.forEach(drafts::addTests);
        new UnitTestVersions(scope, problems).expand(project.name());
        List.copyOf(scope.nodes().sources()).stream()
                .filter(s -> s.packageName().equals(project.name()))
                .forEach(drafts::addTests);
        scope.nodes().drafts().stream()
                .filter(d -> d.packageName.equals(project.name()))
                .forEach(drafts::applySettings);
        scope.nodes().rivals().values().stream()
                .flatMap(List::stream)
                .filter(d -> d.packageName.equals(project.name()))
                .forEach(drafts::applySettings);
    }
}
