package dev.tarn.project;

import dev.tarn.jinja.JinjaEnvironment;
import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import dev.tarn.project.YamlValue.Sequence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code profiles.yml} says about names, in the project or in the folder {@code .dbt} of its
 * user. Connections in it mean nothing to Tarn.
 *
 * @param externalRoot where models write their files that do not say it
 * @param path the file of the database, whose name SQL may have in front of schemas
 */
record ProfilesFile(
        Optional<String> target,
        Optional<String> schema,
        Optional<String> externalRoot,
        Optional<String> path,
        Optional<Long> threads,
        List<Databases.Attached> attached) {
    /** Keys that dbt on DuckDB heeds and Tarn does not. */
    private static final Set<String> IDLE =
            Set.of(
                    "settings",
                    "config_options",
                    "extensions",
                    "secrets",
                    "plugins",
                    "filesystems",
                    "use_credential_provider",
                    "remote",
                    "is_ducklake",
                    "module_paths");

    /** Extensions that are there anyway. */
    private static final Set<String> BUILT_IN = Set.of("json", "parquet", "icu", "core_functions");

    private static final String FILE = "profiles.yml";
    private static final ProfilesFile NONE = nothing(Optional.empty());

    private static ProfilesFile nothing(Optional<String> target) {
        return new ProfilesFile(
                target,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    static ProfilesFile read(
            Path root,
            ProjectFile project,
            ProjectRequest request,
            JinjaEnvironment jinja,
            Map<Object, @Nullable Object> target,
            Problems problems) {
        Path path = path(root, request);
        if (!Files.isRegularFile(path)) {
            return NONE;
        }
        Optional<Mapping> all =
                ProjectFiles.text(path, "profiles.yml", problems)
                        .flatMap(t ->
                                YamlReader.readMapping(
                                        "profiles.yml", t, problems, request.notes()));
        Optional<String> asked = Optional.ofNullable(request.environment().find("DBT_PROFILE"));
        String called = asked.or(project::profile).orElse(project.name());
        Optional<Mapping> profile = all.flatMap(a -> inner(a, called));
        if (profile.isEmpty()) {
            // Without a word, a file of other projects' profiles says nothing about this one.
            all.filter(a -> asked.or(project::profile).isPresent() && !isOfUser(path, root))
                    .ifPresent(a ->
                            problems.add(ProfileErrors.profileUnknown(a.place(), called, keys(a))));
            return NONE;
        }
        Optional<String> name =
                request.targetName()
                        .or(() -> text(profile.get(), "target", jinja, request, target, problems))
                        .or(() -> Optional.of("default"));
        Optional<Mapping> outputs = inner(profile.get(), "outputs");
        Optional<Mapping> output = outputs.flatMap(o -> inner(o, name.orElse("default")));
        if (output.isEmpty() && outputs.isPresent() && name.isPresent()) {
            problems.add(
                    ProfileErrors.targetUnknown(
                            outputs.get().place(), called, name.get(), keys(outputs.get())));
        }
        Optional<String> type =
                output.flatMap(o -> text(o, "type", jinja, request, target, problems));
        if (type.filter(AdapterValue.TYPE::equals).isEmpty()) {
            output.ifPresent(o ->
                    request.notes()
                            .accept(
                                    ProfileErrors.profileIgnored(
                                            o.place(), type.orElse("unknown"))));
            return nothing(name);
        }
        List<String> idle = idle(output.orElseThrow(), path(output.get()));
        if (!idle.isEmpty()) {
            request.notes().accept(ProfileErrors.keysIgnored(output.get().place(), idle));
        }
        return new ProfilesFile(
                name,
                output.flatMap(o -> text(o, "schema", jinja, request, target, problems)),
                output.flatMap(o -> text(o, "external_root", jinja, request, target, problems)),
                output.flatMap(o -> text(o, "path", jinja, request, target, problems)),
                output.flatMap(o -> text(o, "threads", jinja, request, target, problems))
                        .filter(t -> t.matches("[1-9][0-9]{0,4}"))
                        .map(Long::valueOf),
                attached(output.orElseThrow(), jinja, request, target, problems));
    }

    private static String path(Mapping output) {
        return output.find("path").map(e -> String.valueOf(e.value().plain())).orElse("");
    }

    /** What is said there and changes nothing. */
    private static List<String> idle(Mapping output, String path) {
        List<String> idle = new ArrayList<>();
        if (path.startsWith("md:") || path.startsWith("motherduck:")) {
            idle.add("path: " + path.substring(0, path.indexOf(':') + 1));
        }
        for (Entry entry : output.entries()) {
            boolean built =
                    entry.value() instanceof Sequence list
                            && list.items().stream()
                                    .allMatch(i -> BUILT_IN.contains(String.valueOf(i.plain())));
            boolean empty = entry.value() instanceof Scalar scalar && scalar.isNull();
            if (IDLE.contains(entry.key()) && !built && !empty) {
                idle.add(entry.key());
            }
        }
        return idle;
    }

    /** Databases without a name are called as their file is, without its ending. */
    private static List<Databases.Attached> attached(
            Mapping output,
            JinjaEnvironment jinja,
            ProjectRequest request,
            Map<Object, @Nullable Object> target,
            Problems problems) {
        List<Databases.Attached> attached = new ArrayList<>();
        if (output.find(Databases.KEY).map(Entry::value).orElse(null) instanceof Sequence list) {
            for (YamlValue item : list.items()) {
                if (!(item instanceof Mapping one)) {
                    continue;
                }
                String path = text(one, "path", jinja, request, target, problems).orElse("");
                String alias =
                        text(one, "alias", jinja, request, target, problems)
                                .orElse(Databases.named(path));
                String type =
                        text(one, "type", jinja, request, target, problems)
                                .orElse(path.contains(":") ? path.split(":", 2)[0] : "duckdb");
                if (!alias.isEmpty()) {
                    attached.add(
                            new Databases.Attached(alias, path, type.toLowerCase(Locale.ROOT)));
                }
            }
        }
        return attached;
    }

    /** Where somebody said, else in the project, else where its user has those of all projects. */
    private static Path path(Path root, ProjectRequest request) {
        String folder = request.environment().find("DBT_PROFILES_DIR");
        Path own = (folder == null ? root : root.resolve(folder)).resolve(FILE);
        String home = request.environment().find("HOME");
        return folder != null || home == null || Files.isRegularFile(own)
                ? own
                : Path.of(home).resolve(".dbt").resolve(FILE);
    }

    private static boolean isOfUser(Path path, Path root) {
        return !path.startsWith(root) && path.endsWith(Path.of(".dbt", FILE));
    }

    private static List<String> keys(Mapping mapping) {
        return mapping.entries().stream().map(Entry::key).toList();
    }

    private static Optional<Mapping> inner(Mapping mapping, String key) {
        return mapping.find(key)
                .map(Entry::value)
                .filter(Mapping.class::isInstance)
                .map(Mapping.class::cast);
    }

    private static Optional<String> text(
            Mapping mapping,
            String key,
            JinjaEnvironment jinja,
            ProjectRequest request,
            Map<Object, @Nullable Object> target,
            Problems problems) {
        Optional<Scalar> scalar =
                mapping.find(key)
                        .map(Entry::value)
                        .filter(Scalar.class::isInstance)
                        .map(Scalar.class::cast)
                        .filter(s -> !s.isNull());
        if (scalar.isEmpty()) {
            return Optional.empty();
        }
        if (!YamlRendering.isTemplate(scalar.get().text())) {
            return Optional.of(scalar.get().text());
        }
        Object value = EarlyContext.evaluate(jinja, request, target, scalar.get(), problems);
        return Optional.ofNullable(value).map(Object::toString);
    }
}
