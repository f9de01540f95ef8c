package dev.tarn.project;

import dev.tarn.model.TarnException;
import dev.tarn.project.PackageVersion.Condition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Decides which packages a project gets: what it asks for, what those ask for, and so on. */
final class PackageResolver {
    private final Path root;
    private final PackageFetcher fetcher;
    private final List<Path> folders;
    private final UnaryOperator<YamlValue> render;
    private final Function<Path, Optional<ProjectFile>> projectFile;
    private final Map<String, Resolved> resolved = new LinkedHashMap<>();
    private final Map<String, List<PackageSpec.Hub>> wishes = new LinkedHashMap<>();
    private final Map<String, PackageVersion> chosen = new HashMap<>();
    private final Deque<Asked> open = new ArrayDeque<>();

    /**
     * @param folders where packages may lie that would otherwise come from the network
     */
    PackageResolver(
            Path root,
            PackageFetcher fetcher,
            List<Path> folders,
            UnaryOperator<YamlValue> render,
            Function<Path, Optional<ProjectFile>> projectFile) {
        this.root = root;
        this.fetcher = fetcher;
        this.folders = folders;
        this.render = render;
        this.projectFile = projectFile;
    }

    /**
     * A package with everything decided.
     *
     * @param version a version or a commit; empty for folders
     * @param onDisk whether the folder stays where it is
     * @param direct whether the project itself asks for it
     */
    record Resolved(
            String name,
            PackageSpec spec,
            String version,
            Path folder,
            boolean onDisk,
            boolean direct) {}

    /** A wish, and the folder of the project that has it. */
    private record Asked(PackageSpec spec, Path by) {}

    /** What a project asks for in its {@code packages.yml} or {@code dependencies.yml}. */
    static List<PackageSpec> wanted(
            Path project, String shown, UnaryOperator<YamlValue> render, Problems problems) {
        List<PackageSpec> wanted = new ArrayList<>();
        int files = 0;
        for (String file : List.of("packages.yml", "dependencies.yml")) {
            Path path = project.resolve(file);
            if (Files.isRegularFile(path)) {
                files++;
                ProjectFiles.text(path, shown + file, problems)
                        .ifPresent(text ->
                                wanted.addAll(
                                        new PackagesFileReader(problems)
                                                .read(shown + file, text, render)));
            }
        }
        if (files == 2 && shown.isEmpty() && !wanted.isEmpty()) {
            List<String> sources = wanted.stream().map(s -> s.place().file()).distinct().toList();
            if (sources.size() == 2) {
                problems.add(PackageErrors.twoFiles(wanted.getLast().place()));
            }
        }
        return wanted;
    }

    List<Resolved> resolve(List<PackageSpec> specs) {
        specs.forEach(s -> open.add(new Asked(s, root)));
        while (!open.isEmpty()) {
            Asked asked = open.remove();
            switch (asked.spec()) {
                case PackageSpec.Local local -> local(local, asked.by());
                case PackageSpec.Git git -> git(git, asked.by());
                case PackageSpec.Archive archive ->
                        settle(
                                archive.url(),
                                archive,
                                "",
                                () -> fetcher.fetch(archive),
                                asked.by());
                case PackageSpec.Hub hub -> hub(hub, asked.by());
            }
        }
        return List.copyOf(resolved.values());
    }

    private void local(PackageSpec.Local local, Path by) {
        Path folder = by.resolve(local.path()).normalize();
        onDisk("local " + real(folder), local, folder, by);
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            return folder;
        }
    }

    private void onDisk(String key, PackageSpec spec, Path folder, Path by) {
        if (!resolved.containsKey(key)) {
            resolved.put(key, described(spec, "", folder, true, by));
            ask(folder);
        }
    }

    private void git(PackageSpec.Git git, Path by) {
        Optional<Path> near = near(git.repository());
        if (near.isPresent()) {
            onDisk("local " + real(near.get()), git, near.get(), by);
            return;
        }
        String key = "git " + git.url() + " " + git.subdirectory().orElse("");
        Resolved before = resolved.get(key);
        if (before != null) {
            String first = ((PackageSpec.Git) before.spec()).revision().orElse("HEAD");
            String second = git.revision().orElse("HEAD");
            if (!first.equals(second) && !before.version().equals(second)) {
                throw new TarnException(
                        PackageErrors.revisions(git.place(), git.shown(), first, second));
            }
            return;
        }
        PackageFetcher.Checkout checkout = fetcher.fetch(git);
        resolved.put(key, described(git, checkout.commit(), checkout.folder(), false, by));
        ask(checkout.folder());
    }

    /** The wishes for one package of the hub are met by one version, chosen anew for each wish. */
    private void hub(PackageSpec.Hub hub, Path by) {
        Optional<Path> near = near(hub.bareName());
        if (near.isPresent()) {
            onDisk("local " + real(near.get()), hub, near.get(), by);
            return;
        }
        List<PackageSpec.Hub> all = wishes.computeIfAbsent(hub.name(), n -> new ArrayList<>());
        all.add(hub);
        List<Condition> conditions = all.stream().flatMap(h -> h.versions().stream()).toList();
        List<PackageVersion> known = fetcher.versions(hub);
        boolean prereleases = all.stream().anyMatch(PackageSpec.Hub::prereleases);
        Optional<PackageVersion> version = PackageVersion.newest(known, conditions, prereleases);
        if (version.isEmpty()) {
            List<String> wanted = conditions.stream().map(Condition::toString).toList();
            List<String> there = known.stream().sorted().map(PackageVersion::toString).toList();
            throw new TarnException(
                    all.size() > 1
                            ? PackageErrors.conflict(hub.place(), hub.name(), wanted)
                            : PackageErrors.noVersion(hub.place(), hub.name(), wanted, there));
        }
        if (version.get().equals(chosen.put(hub.name(), version.get()))) {
            return;
        }
        Path folder = fetcher.fetch(hub, version.get());
        resolved.put(
                "hub " + hub.name(), described(hub, version.get().toString(), folder, false, by));
        ask(folder);
    }

    private interface Fetching {
        Path fetch();
    }

    private void settle(String key, PackageSpec spec, String version, Fetching work, Path by) {
        if (!resolved.containsKey(key)) {
            Path folder = work.fetch();
            resolved.put(key, described(spec, version, folder, false, by));
            ask(folder);
        }
    }

    private Resolved described(
            PackageSpec spec, String version, Path folder, boolean onDisk, Path by) {
        if (!Files.isRegularFile(folder.resolve("dbt_project.yml"))) {
            throw new TarnException(PackageErrors.noFolder(spec.place(), spec.shown(), folder));
        }
        String name = projectFile.apply(folder).map(ProjectFile::name).orElse(spec.shown());
        return new Resolved(name, spec, version, folder, onDisk, by.equals(root));
    }

    /** Takes up what a package asks for itself. */
    private void ask(Path folder) {
        Problems problems = new Problems();
        String shown = folder.startsWith(root) ? root.relativize(folder) + "/" : folder + "/";
        List<PackageSpec> wanted = wanted(folder, shown, render, problems);
        problems.throwIfAny();
        wanted.forEach(s -> open.add(new Asked(s, folder)));
    }

    /** A package of this name, or of a repository of this name, that lies at hand. */
    private Optional<Path> near(String name) {
        String plain = plain(name);
        for (Path folder : folders) {
            if (Files.isRegularFile(folder.resolve("dbt_project.yml"))) {
                Optional<String> own = projectFile.apply(folder).map(ProjectFile::name);
                if (own.map(PackageResolver::plain).filter(plain::equals).isPresent()
                        || plain(String.valueOf(folder.getFileName())).equals(plain)) {
                    return Optional.of(folder);
                }
            } else {
                try (var children = Files.list(folder)) {
                    for (Path child : children.sorted().toList()) {
                        if (plain(String.valueOf(child.getFileName())).equals(plain)
                                && Files.isRegularFile(child.resolve("dbt_project.yml"))) {
                            return Optional.of(child);
                        }
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return Optional.empty();
    }

    private static String plain(String name) {
        return name.replace('-', '_').replaceAll("^dbt_", "");
    }
}
