package dev.tarn.project;

import dev.tarn.jinja.Block;
import dev.tarn.jinja.BlockTag;
import dev.tarn.jinja.Context;
import dev.tarn.jinja.JinjaEnvironment;
import dev.tarn.jinja.JinjaException;
import dev.tarn.jinja.Values;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Project;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a project and its packages from disk into drafts and macros. */
final class ProjectLoader {
    private static final List<String> OWN_MACROS =
            List.of(
                    "naming.sql",
                    "generic_tests.sql",
                    "types.sql",
                    "functions.sql",
                    "dates.sql",
                    "statements.sql",
                    "relations.sql",
                    "columns.sql",
                    "metadata.sql",
                    "grants.sql",
                    "incremental.sql",
                    "snapshots.sql",
                    "seeds.sql",
                    "testing.sql",
                    "files.sql",
                    "materializations.sql");

    private final ProjectRequest request;
    private final Path root;
    private final Problems problems;
    private final JinjaEnvironment jinja = environment();
    private final FromEnvironment fromEnvironment = new FromEnvironment();

    private Map<Object, @Nullable Object> target = Map.of();
    private Project.Target aim = Project.Target.STANDARD;

    ProjectLoader(ProjectRequest request, Problems problems) {
        this.request = request;
        this.root = request.root().toAbsolutePath().normalize();
        this.problems = problems;
    }

    /** One package: its project file and where it lies. */
    private record Installed(ProjectFile file, ProjectFiles files) {}

    private static JinjaEnvironment environment() {
        return JinjaEnvironment.builder()
                .blockTag(BlockTag.withSignature("test"))
                .blockTag(BlockTag.withSignature("data_test"))
                .blockTag(BlockTag.withName("snapshot"))
                .blockTag(BlockTag.withSettings("materialization"))
                .blockTag(BlockTag.rawText("docs"))
                .filter("as_text", (value, a) -> Values.text(value))
                .filter("as_bool", (value, a) -> flag(value))
                .filter("as_number", (value, a) -> asNative(value))
                .filter("as_native", (value, a) -> asNative(value))
                .filter("is_list", (value, a) -> value instanceof List<?>)
                .loopControls()
                .build();
    }

    private static Object flag(@Nullable Object value) {
        return value instanceof Boolean b
                ? b
                : Values.text(value).strip().toLowerCase(Locale.ROOT).matches("true|1|yes|on");
    }

    private static @Nullable Object asNative(@Nullable Object value) {
        if (!(value instanceof String text)) {
            return value;
        }
        Problems ignored = new Problems();
        Optional<YamlValue> read = YamlReader.read("value", text, ignored);
        return ignored.isEmpty() && read.isPresent() ? read.get().plain() : text;
    }

    /** Everything that was read; drafts are in its index. */
    CompileScope load() {
        if (!Files.isRegularFile(root.resolve("dbt_project.yml"))) {
            throw new TarnException(ProjectErrors.noProject(request.root()));
        }
        projectFile(root, new Problems(), note -> {}).ifPresent(f -> target = target(f));
        Optional<ProjectFile> rootFile = projectFile(root);
        if (rootFile.isEmpty()) {
            throw new TarnException(problems.sorted());
        }
        List<Installed> packages = new ArrayList<>();
        packages.add(new Installed(rootFile.get(), new ProjectFiles(root, root, problems)));
        packages.addAll(installed(rootFile.get()));
        Map<String, ProjectFile> byName = new LinkedHashMap<>();
        for (Installed p : packages) {
            ProjectFile first = byName.putIfAbsent(p.file().name(), p.file());
            if (first != null) {
                problems.add(
                        ProjectErrors.packageTwice(
                                p.file().namePlace(), p.file().name(), first.namePlace()));
            }
        }
        MacroLibrary macros = new MacroLibrary(rootFile.get().name());
        DocsBlocks docs = new DocsBlocks();
        CompileScope scope =
                new CompileScope(
                        request,
                        jinja,
                        macros,
                        rootFile.get(),
                        byName,
                        new Variables(request.vars(), rootFile.get(), byName),
                        target,
                        new NodeIndex(rootFile.get().name()),
                        docs,
                        new Declarations(),
                        new SharedGraph(),
                        fromEnvironment);
        loadOwnMacros(macros);
        packages.forEach(p -> loadMacros(p, macros, docs));
        List<PackageReader> readers =
                packages.stream()
                        .map(p -> new PackageReader(scope, p.file(), p.files(), problems))
                        .toList();
        readers.forEach(PackageReader::read);
        readers.forEach(PackageReader::describeOthers);
        return scope;
    }

    /** For which target it was read. */
    Project.Target aim() {
        return aim;
    }

    /** Templates in files that are read before the project is known. */
    UnaryOperator<YamlValue> earlyRendering() {
        return YamlRendering.with(this::early);
    }

    /** The project file of a folder; problems are noted. */
    Optional<ProjectFile> projectFile(Path folder) {
        return projectFile(folder, problems, request.notes());
    }

    private Optional<ProjectFile> projectFile(
            Path folder, Problems problems, Consumer<Problem> notes) {
        Path path = folder.resolve("dbt_project.yml");
        String shown = new ProjectFiles(root, folder, problems).shown(path);
        Optional<String> text = ProjectFiles.text(path, shown, problems);
        return text.flatMap(t ->
                new ProjectFileReader(problems, notes)
                        .read(shown, t, YamlRendering.with(s -> early(s, problems))));
    }

    private @Nullable Object early(YamlValue.Scalar scalar) {
        return early(scalar, problems);
    }

    /** Templates in project files see variables of the request and of the environment only. */
    private @Nullable Object early(YamlValue.Scalar scalar, Problems problems) {
        return fromEnvironment.early(
                request,
                watched -> EarlyContext.evaluate(jinja, watched, earlyTarget(), scalar, problems));
    }

    /** The target; until the project file says which profile counts, what is known without. */
    private Map<Object, @Nullable Object> earlyTarget() {
        if (!target.isEmpty()) {
            return target;
        }
        Map<Object, @Nullable Object> target = new LinkedHashMap<>();
        target.put("name", request.targetName().orElse("dev"));
        target.put("schema", request.schema().orElse("main"));
        target.put("type", AdapterValue.TYPE);
        target.put("database", RelationValue.DATABASE);
        return target;
    }

    private List<Installed> installed(ProjectFile rootFile) {
        Path folder = root.resolve(rootFile.packagesPath());
        List<Path> folders = folders(folder, rootFile);
        MissingPackages.find(
                        root,
                        rootFile.packagesPath(),
                        folders.stream().map(f -> f.getFileName().toString()).toList())
                .ifPresent(p -> {
                    throw new TarnException(p);
                });
        List<Installed> packages = new ArrayList<>();
        for (Path child : folders) {
            projectFile(child)
                    .ifPresent(f ->
                            packages.add(
                                    new Installed(f, new ProjectFiles(root, child, problems))));
        }
        if (WantedDbt.counts(request, rootFile)) {
            WantedDbt wanted = new WantedDbt(problems);
            wanted.check(rootFile, true);
            packages.forEach(p -> wanted.check(p.file(), false));
        }
        return packages;
    }

    /** The folders of packages; a missing folder has none. */
    private List<Path> folders(Path folder, ProjectFile rootFile) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(c -> Files.isRegularFile(c.resolve("dbt_project.yml")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            problems.add(
                    ProjectErrors.unreadable(
                            Place.of(rootFile.packagesPath()), e.getClass().getSimpleName()));
            return List.of();
        }
    }

    private Map<Object, @Nullable Object> target(ProjectFile rootFile) {
        ProfilesFile profile =
                ProfilesFile.read(root, rootFile, request, jinja, earlyTarget(), problems);
        String name = request.targetName().or(profile::target).orElse("dev");
        aim = new Project.Target(name, profile.threads().map(Math::toIntExact));
        Map<Object, @Nullable Object> target = new LinkedHashMap<>();
        target.put("profile_name", rootFile.profile().orElse(rootFile.name()));
        target.put("name", name);
        target.put("target_name", name);
        target.put("schema", request.schema().or(profile::schema).orElse("main"));
        target.put("type", AdapterValue.TYPE);
        target.put("database", RelationValue.DATABASE);
        target.put("dbname", RelationValue.DATABASE);
        target.put(
                "threads",
                request.flags().get("THREADS") instanceof Number said
                        ? (Object) said.longValue()
                        : profile.threads().orElse(1L));
        target.put("external_root", profile.externalRoot().orElse("."));
        profile.path().ifPresent(path -> target.put(Databases.PATH, path));
        if (!profile.attached().isEmpty()) {
            target.put(Databases.KEY, Databases.facts(profile.attached()));
        }
        return target;
    }

    private void loadOwnMacros(MacroLibrary macros) {
        for (String name : OWN_MACROS) {
            try (InputStream in = ProjectLoader.class.getResourceAsStream("macros/" + name)) {
                if (in == null) {
                    throw new IllegalStateException("The program lacks its macros " + name);
                }
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                macros.add(jinja, MacroLibrary.INTERNAL, "tarn/" + name, text, problems);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void loadMacros(Installed p, MacroLibrary macros, DocsBlocks docs) {
        macros.addPackage(p.file().name());
        List<ProjectFiles.Found> files = new ArrayList<>(p.files().below(p.file().macroPaths()));
        for (String tests : p.file().testPaths()) {
            files.addAll(p.files().below(List.of(tests + "/generic")));
        }
        List<ProjectFiles.Found> sql = files.stream().filter(f -> f.hasExtension("sql")).toList();
        p.files()
                .texts(sql)
                .forEach((f, t) -> macros.add(jinja, p.file().name(), f.shown(), t, problems));
        List<String> folders = new ArrayList<>(p.file().modelPaths());
        folders.addAll(p.file().macroPaths());
        folders.addAll(p.file().seedPaths());
        folders.addAll(p.file().snapshotPaths());
        folders.addAll(p.file().analysisPaths());
        folders.addAll(p.file().functionPaths());
        folders.addAll(p.file().testPaths());
        folders.addAll(p.file().docsPaths());
        List<ProjectFiles.Found> notes =
                p.files().below(folders).stream().filter(f -> f.hasExtension("md")).toList();
        p.files().texts(notes).forEach((f, t) -> addDocs(p.file().name(), f.shown(), t, docs));
    }

    /** A text is a template that is told nothing, behind as many lines as stand before it. */
    private String rendered(String file, String text, Block block) {
        String body = block.bodyText();
        if (!body.contains("{")) {
            return body.strip();
        }
        String before = text.substring(0, block.bodySpan().startOffset()).replaceAll("[^\n]", " ");
        return jinja.parse(file, before + body).render(Context.of(Map.of())).text().strip();
    }

    private void addDocs(String packageName, String file, String text, DocsBlocks docs) {
        if (!text.contains("{%")) {
            return;
        }
        try {
            jinja.parse(file, text).blocks().stream()
                    .filter(b -> b.kind().equals("docs"))
                    .forEach(b -> {
                        Place place = TemplateErrors.place(b.span().start());
                        docs.add(
                                        new DocsBlocks.Block(
                                                packageName,
                                                b.name(),
                                                place,
                                                rendered(file, text, b)))
                                .ifPresent(first ->
                                        problems.add(
                                                ProjectErrors.duplicate(
                                                        place,
                                                        "Docs block",
                                                        b.name(),
                                                        first.place())));
                    });
        } catch (JinjaException e) {
            problems.add(TemplateErrors.problem(e, Place.of(file)));
        }
    }
}
