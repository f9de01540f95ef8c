package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.TarnException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Installs the packages a project asks for into its folder {@code dbt_packages}, and writes down in
 * {@code package-lock.yml} which ones those were, so that the next time brings the same.
 */
public final class PackageInstaller {
    /** What it is called on the command line. */
    static final String VERB = "deps";

    private static final String LOCK = "package-lock.yml";
    private static final String FOLDERS = "TARN_PACKAGE_FOLDERS";
    private static final String HUB = "DBT_PACKAGE_HUB_URL";

    private final ProjectRequest request;
    private final Path root;
    private final Problems problems = new Problems();

    private PackageInstaller(ProjectRequest request) {
        this.request = request;
        this.root = request.root().toAbsolutePath().normalize();
    }

    /**
     * A package that is there now.
     *
     * @param name what the package calls itself
     * @param origin where it came from
     * @param version a version, a commit, or nothing for folders
     */
    public record Installed(String name, String origin, String version) {}

    /**
     * Installs what the project asks for.
     *
     * @param upgrade look for newer versions even if the lock file still fits
     * @return the packages, also those that packages ask for
     * @throws TarnException {@code PACKAGE_INVALID}, {@code PACKAGE_UNAVAILABLE}; what was
     *     installed before is then still there
     */
    public static List<Installed> install(ProjectRequest request, boolean upgrade) {
        return new PackageInstaller(request).install(upgrade, true);
    }

    /** Decides which versions are meant and writes them down, without installing them. */
    public static List<Installed> lock(ProjectRequest request) {
        return new PackageInstaller(request).install(true, false);
    }

    private List<Installed> install(boolean upgrade, boolean placed) {
        if (!Files.isRegularFile(root.resolve("dbt_project.yml"))) {
            throw new TarnException(ProjectErrors.noProject(request.root()));
        }
        UnaryOperator<YamlValue> render = new ProjectLoader(request, problems).earlyRendering();
        Map<String, Object> flags = new HashMap<>(request.flags());
        flags.put("WHICH", VERB);
        ProjectLoader loader = new ProjectLoader(request.withFlags(flags), problems);
        ProjectFile project =
                loader.projectFile(root).orElseThrow(() -> new TarnException(problems.sorted()));
        List<PackageSpec> wanted = PackageResolver.wanted(root, "", render, problems);
        problems.throwIfAny();
        Path scratch = temporary();
        try {
            String digest = LockDigest.of(root);
            PackageFetcher fetcher =
                    new PackageFetcher(
                            scratch,
                            new PackageHub(Optional.ofNullable(request.environment().find(HUB))));
            PackageResolver resolver =
                    new PackageResolver(root, fetcher, folders(), render, loader::projectFile);
            Optional<List<PackageSpec>> locked =
                    upgrade ? Optional.empty() : locked(digest, render);
            List<PackageResolver.Resolved> resolved = resolver.resolve(locked.orElse(wanted));
            for (PackageResolver.Resolved one : resolved) {
                if (one.name().equals(project.name())) {
                    throw new TarnException(
                            PackageErrors.sameName(
                                    one.spec().place(),
                                    one.name(),
                                    one.spec().shown(),
                                    "the project itself"));
                }
            }
            if (placed) {
                place(resolved, root.resolve(project.packagesPath()));
            }
            writeLock(resolved, digest);
            return resolved.stream()
                    .map(r -> new Installed(r.name(), r.spec().shown(), r.version()))
                    .toList();
        } catch (IOException e) {
            throw new TarnException(
                    PackageErrors.cannotInstall(
                            Place.of("packages.yml"),
                            project.packagesPath(),
                            String.valueOf(e.getMessage())));
        } finally {
            delete(scratch);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("tarn-packages");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Folders that hold packages which would otherwise come from the network. */
    private List<Path> folders() {
        String given = request.environment().find(FOLDERS);
        return given == null || given.isBlank()
                ? List.of()
                : Arrays.stream(given.split(File.pathSeparator))
                        .filter(f -> !f.isBlank())
                        .map(f -> root.resolve(f).normalize())
                        .toList();
    }

    /** What the lock file says, if it was made for the same wishes. */
    private Optional<List<PackageSpec>> locked(String digest, UnaryOperator<YamlValue> render)
            throws IOException {
        Path lock = root.resolve(LOCK);
        if (!Files.isRegularFile(lock)) {
            return Optional.empty();
        }
        String text = Files.readString(lock);
        if (!text.contains("sha1_hash: " + digest)) {
            return Optional.empty();
        }
        List<PackageSpec> specs = new PackagesFileReader(problems).read(LOCK, text, render);
        problems.throwIfAny();
        return Optional.of(specs);
    }

    private void place(List<PackageResolver.Resolved> resolved, Path installed) throws IOException {
        Map<String, PackageResolver.Resolved> byName = new LinkedHashMap<>();
        for (PackageResolver.Resolved one : resolved) {
            PackageResolver.Resolved other = byName.putIfAbsent(one.name(), one);
            if (other != null) {
                throw new TarnException(
                        PackageErrors.sameName(
                                one.spec().place(),
                                one.name(),
                                other.spec().shown(),
                                one.spec().shown()));
            }
        }
        delete(installed);
        Files.createDirectories(installed);
        for (PackageResolver.Resolved one : resolved) {
            Path target = installed.resolve(one.name());
            if (one.onDisk()) {
                link(target, one.folder());
            } else {
                copy(one.folder(), target);
            }
        }
    }

    /** A folder is linked, so that changes in it are seen; where that cannot be, copied. */
    private void link(Path target, Path folder) throws IOException {
        Path parent = target.getParent();
        try {
            Files.createSymbolicLink(target, parent == null ? folder : parent.relativize(folder));
        } catch (UnsupportedOperationException | IOException | SecurityException e) {
            copy(folder, target);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path inside = from.relativize(file);
                boolean left =
                        inside.startsWith(".git")
                                || inside.startsWith("dbt_packages")
                                || inside.startsWith("target");
                if (!left) {
                    Path target = to.resolve(inside.toString());
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(target);
                    } else if (Files.isRegularFile(file)) {
                        Files.copy(file, target);
                    }
                }
            }
        }
    }

    private void writeLock(List<PackageResolver.Resolved> resolved, String digest)
            throws IOException {
        StringBuilder text = new StringBuilder("packages:\n");
        for (PackageResolver.Resolved one : resolved) {
            if (!one.direct() && one.spec() instanceof PackageSpec.Local) {
                continue;
            }
            text.append("  - name: ").append(one.name()).append('\n');
            switch (one.spec()) {
                case PackageSpec.Local local -> line(text, "local", local.path());
                case PackageSpec.Git git -> {
                    line(text, "git", git.written());
                    line(text, "revision", one.version());
                    git.subdirectory().ifPresent(s -> line(text, "subdirectory", s));
                }
                case PackageSpec.Hub hub -> {
                    line(text, "package", hub.name());
                    line(text, "version", one.version());
                }
                case PackageSpec.Archive archive -> line(text, "tarball", archive.written());
            }
        }
        if (resolved.isEmpty()) {
            text.setLength(0);
            text.append("packages: []\n");
        }
        Files.writeString(root.resolve(LOCK), text.append("sha1_hash: " + digest + "\n"));
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append("    ")
                .append(key)
                .append(": '")
                .append(value.replace("'", "''"))
                .append("'\n");
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
