package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.project.PackageVersion.Condition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Reads {@code packages.yml}, {@code dependencies.yml} and {@code package-lock.yml}. */
final class PackagesFileReader {
    private final Problems problems;

    PackagesFileReader(Problems problems) {
        this.problems = problems;
    }

    /**
     * The packages a file asks for, in its order.
     *
     * @param render fills in templates
     */
    List<PackageSpec> read(String file, String text, UnaryOperator<YamlValue> render) {
        Optional<YamlValue.Mapping> mapping = YamlReader.readMapping(file, text, problems);
        if (mapping.isEmpty()) {
            return List.of();
        }
        YamlValue rendered = render.apply(mapping.get());
        YamlSection top = new YamlSection(file, (YamlValue.Mapping) rendered, problems);
        top.accept(List.of("sha1_hash"));
        List<PackageSpec> specs = new ArrayList<>();
        Map<Place, YamlValue.Mapping> written = written(mapping.get());
        for (YamlSection entry : top.sections("packages", "A package")) {
            spec(entry, written.getOrDefault(entry.place(), entry.mapping())).ifPresent(specs::add);
            entry.refuseOthers();
        }
        top.entry("projects")
                .filter(e -> !top.items("projects").isEmpty())
                .ifPresent(e -> problems.add(PackageErrors.projects(e.keyPlace())));
        top.refuseOthers();
        return specs;
    }

    /** The packages as they stand in the file, by place. */
    private static Map<Place, YamlValue.Mapping> written(YamlValue.Mapping file) {
        Map<Place, YamlValue.Mapping> written = new HashMap<>();
        if (file.find("packages").map(YamlValue.Entry::value).orElse(null)
                instanceof YamlValue.Sequence list) {
            for (YamlValue item : list.items()) {
                if (item instanceof YamlValue.Mapping one) {
                    written.put(one.place(), one);
                }
            }
        }
        return written;
    }

    private static String written(YamlValue.Mapping written, String key, String rendered) {
        return written.find(key)
                .map(YamlValue.Entry::value)
                .filter(YamlValue.Scalar.class::isInstance)
                .map(v -> ((YamlValue.Scalar) v).text())
                .orElse(rendered);
    }

    private Optional<PackageSpec> spec(YamlSection entry, YamlValue.Mapping written) {
        entry.accept(List.of("warn-unpinned", "warn_unpinned", "name"));
        Place place = entry.place();
        Optional<String> local = entry.text("local");
        Optional<String> git = entry.text("git");
        Optional<String> hub = entry.text("package");
        Optional<String> tarball = entry.text("tarball");
        Optional<String> own = entry.text("private");
        if (local.isPresent()) {
            return Optional.of(new PackageSpec.Local(place, local.get()));
        }
        if (git.isPresent()) {
            return Optional.of(
                    new PackageSpec.Git(
                            place,
                            git.get(),
                            entry.text("revision"),
                            entry.text("subdirectory"),
                            written(written, "git", git.get())));
        }
        if (hub.isPresent()) {
            return hub(entry, hub.get());
        }
        if (tarball.isPresent()) {
            return Optional.of(
                    new PackageSpec.Archive(
                            place,
                            tarball.get(),
                            entry.text("name").orElse(written(written, "tarball", tarball.get())),
                            written(written, "tarball", tarball.get())));
        }
        problems.add(
                own.isPresent() ? PackageErrors.privatePackage(place) : PackageErrors.shape(place));
        return Optional.empty();
    }

    private Optional<PackageSpec> hub(YamlSection entry, String name) {
        boolean prereleases =
                entry.flag("install_prerelease")
                        .or(() -> entry.flag("install-prerelease"))
                        .orElse(false);
        List<String> versions = entry.texts("version");
        if (!name.matches("[^/\\s]+/[^/\\s]+")) {
            problems.add(PackageErrors.hubName(entry.place(), name));
            return Optional.empty();
        }
        if (versions.isEmpty()) {
            problems.add(PackageErrors.versionMissing(entry.place(), name));
            return Optional.empty();
        }
        List<Condition> conditions = new ArrayList<>();
        for (String version : versions) {
            Optional<List<Condition>> parsed = Condition.parse(version);
            if (parsed.isEmpty()) {
                problems.add(PackageErrors.version(entry.place(), name, version));
                return Optional.empty();
            }
            conditions.addAll(parsed.get());
        }
        return Optional.of(new PackageSpec.Hub(entry.place(), name, conditions, prereleases));
    }
}
