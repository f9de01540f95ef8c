package dev.tarn.project;

import dev.tarn.model.Problem;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Compares the packages that a project asks for with those that are installed. */
final class MissingPackages {
    private MissingPackages() {}

    /**
     * What is to be told when fewer are installed than are asked for, as dbt counts them.
     *
     * @param folder where they are installed, as the project calls it
     * @param installed the names of the folders in it
     */
    static Optional<Problem> find(Path root, String folder, Collection<String> installed) {
        // Templates in it are for whoever installs: they may need secrets that are not here.
        List<PackageSpec> wanted =
                PackageResolver.wanted(root, "", UnaryOperator.identity(), new Problems());
        if (wanted.size() <= installed.size()) {
            return Optional.empty();
        }
        List<String> known = installed.stream().map(MissingPackages::plain).toList();
        List<PackageSpec> missing =
                wanted.stream().filter(s -> !known.contains(plain(name(s)))).toList();
        PackageSpec first = missing.isEmpty() ? wanted.getLast() : missing.getFirst();
        return Optional.of(
                PackageErrors.notInstalled(
                        first.place(),
                        wanted.size(),
                        installed.size(),
                        folder,
                        missing.stream().map(PackageSpec::shown).toList()));
    }

    /** What the folder of a package is most likely called. */
    private static String name(PackageSpec spec) {
        return switch (spec) {
            case PackageSpec.Local local -> {
                Path last = Path.of(local.path()).normalize().getFileName();
                yield last == null ? local.path() : last.toString();
            }
            case PackageSpec.Git git -> git.repository();
            case PackageSpec.Hub hub -> hub.bareName();
            case PackageSpec.Archive archive -> archive.name();
        };
    }

    private static String plain(String name) {
        return name.replace('-', '_');
    }
}
