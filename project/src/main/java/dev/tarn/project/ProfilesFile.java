package dev.tarn.project;

import dev.tarn.jinja.JinjaEnvironment;
import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the project's own {@code profiles.yml}, if it has one, says about names. Connections in it
 * mean nothing to Tarn.
 *
 * @param externalRoot where models write their files that do not say it
 */
record ProfilesFile(
        Optional<String> target, Optional<String> schema, Optional<String> externalRoot) {
    private static final ProfilesFile NONE =
            new ProfilesFile(Optional.empty(), Optional.empty(), Optional.empty());

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
                        .flatMap(t -> YamlReader.readMapping("profiles.yml", t, problems, request.notes()));
        Optional<Mapping> profile =
                all.flatMap(a -> inner(a, project.profile().orElse(project.name())));
        if (profile.isEmpty()) {
            return NONE;
        }
        Optional<String> name =
                request.targetName()
                        .or(() -> text(profile.get(), "target", jinja, request, target, problems));
        Optional<Mapping> output =
                inner(profile.get(), "outputs").flatMap(o -> inner(o, name.orElse("default")));
        Optional<String> type =
                output.flatMap(o -> text(o, "type", jinja, request, target, problems));
        if (type.filter(AdapterValue.TYPE::equals).isEmpty()) {
            output.ifPresent(o ->
                    request.notes()
                            .accept(
                                    ProjectErrors.profileIgnored(
                                            o.place(), type.orElse("unknown"))));
            return new ProfilesFile(name, Optional.empty(), Optional.empty());
        }
        return new ProfilesFile(
                name,
                output.flatMap(o -> text(o, "schema", jinja, request, target, problems)),
                output.flatMap(o -> text(o, "external_root", jinja, request, target, problems)));
    }

    /** Where somebody said, else in the project. */
    private static Path path(Path root, ProjectRequest request) {
        String folder = request.environment().find("DBT_PROFILES_DIR");
        return (folder == null ? root : root.resolve(folder)).resolve("profiles.yml");
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
