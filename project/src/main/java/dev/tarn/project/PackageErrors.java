package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import java.nio.file.Path;
import java.util.List;

/** What is said about packages: where they come from and which of them do not fit together. */
final class PackageErrors {
    private PackageErrors() {}

    private static Problem invalid(Place place, String message) {
        return Problem.at(ErrorCode.PACKAGE_INVALID, place, message);
    }

    private static Problem unavailable(Place place, String message) {
        return Problem.at(ErrorCode.PACKAGE_UNAVAILABLE, place, message);
    }

    static Problem shape(Place place) {
        return invalid(
                place,
                "A package says where it comes from: 'package', 'git', 'local' or 'tarball'.");
    }

    static Problem privatePackage(Place place) {
        return invalid(
                place,
                "'private' packages need dbt Cloud. Write the repository's address as 'git', with the"
                        + " token from the environment: git: \"https://{{ env_var('GIT_TOKEN')"
                        + " }}@github.com/owner/name.git\".");
    }

    static Problem projects(Place place) {
        return invalid(
                place,
                "'projects' need dbt Cloud. Install the other project as a package under 'packages'.");
    }

    static Problem hubName(Place place, String name) {
        return invalid(
                place,
                "'%s' is not the name of a package: write owner/name, such as dbt-labs/dbt_utils."
                        .formatted(name));
    }

    static Problem versionMissing(Place place, String name) {
        return invalid(
                place,
                "Package '%s' has no 'version'. Write one, or a list of bounds.".formatted(name));
    }

    static Problem version(Place place, String name, String version) {
        return invalid(
                place,
                ("Package '%s' wants version '%s', which is not a version. Write it as 1.2.3, or as"
                                + " a list such as ['>=1.0.0', '<2.0.0'].")
                        .formatted(name, version));
    }

    static Problem twoFiles(Place place) {
        return invalid(
                place,
                "Packages are asked for in packages.yml and in dependencies.yml. Keep one of the two.");
    }

    static Problem noFolder(Place place, String path, Path folder) {
        return invalid(
                place,
                "There is no package in %s: %s has no dbt_project.yml.".formatted(path, folder));
    }

    static Problem conflict(Place place, String name, List<String> wanted) {
        return invalid(
                place,
                "No version of package '%s' fits all that is asked of it: %s."
                        .formatted(name, String.join(", ", wanted)));
    }

    static Problem revisions(Place place, String url, String one, String other) {
        return invalid(
                place,
                "Package %s is asked for in two revisions, '%s' and '%s'. Make them the same."
                        .formatted(url, one, other));
    }

    static Problem sameName(Place place, String name, String one, String other) {
        return invalid(
                place,
                "Two packages are called '%s': %s and %s. Remove one of them."
                        .formatted(name, one, other));
    }

    static Problem noVersion(Place place, String name, List<String> wanted, List<String> known) {
        return invalid(
                place,
                "Package '%s' has no version that is %s. It has %s."
                        .formatted(
                                name,
                                String.join(" and ", wanted),
                                known.isEmpty() ? "none" : String.join(", ", known)));
    }

    static Problem unknown(Place place, String name) {
        return invalid(place, "The package hub does not know '%s'.".formatted(name));
    }

    static Problem hubUnreachable(Place place, String name, String hub, String reason) {
        return unavailable(
                place,
                ("Package '%s' cannot be fetched: %s cannot be reached (%s). Check the network, or"
                                + " name a folder that holds the package in TARN_PACKAGE_FOLDERS.")
                        .formatted(name, hub, reason));
    }

    static Problem noGit(Place place, String url) {
        return unavailable(
                place,
                "Package %s comes from git, but there is no program 'git'. Install it."
                        .formatted(url));
    }

    static Problem git(Place place, String url, String said) {
        return unavailable(
                place, "Package %s cannot be fetched: git says '%s'.".formatted(url, said));
    }

    static Problem archive(Place place, String name, String reason) {
        return unavailable(
                place, "The archive of package '%s' cannot be read: %s.".formatted(name, reason));
    }

    static Problem cannotInstall(Place place, String name, String reason) {
        return Problem.at(
                ErrorCode.STORAGE_FAILED,
                place,
                "Package '%s' cannot be installed: %s.".formatted(name, reason));
    }

    static Problem notInstalled(
            Place place, int wanted, int installed, String folder, List<String> missing) {
        return Problem.at(
                ErrorCode.FILE_MISSING,
                place,
                "The project asks for %d package%s, and %s in %s.%s Run `tarn deps`."
                        .formatted(
                                wanted,
                                wanted == 1 ? "" : "s",
                                installed == 0
                                        ? "none is"
                                        : installed == 1
                                                ? "only 1 is"
                                                : "only " + installed + " are",
                                folder,
                                missing.isEmpty()
                                        ? ""
                                        : " Missing: " + String.join(", ", missing) + "."));
    }

    static Problem dbtVersion(Place place, String name, List<String> wanted, String ours) {
        return Problem.at(
                ErrorCode.UNSUPPORTED,
                place,
                "Package '%s' wants a version of dbt that is %s. Tarn does what dbt %s does. Take another version of the package, or set version_check: false under flags in dbt_project.yml."
                        .formatted(name, String.join(" and ", wanted), ours));
    }
}
