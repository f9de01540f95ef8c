package dev.tarn.project;

import dev.tarn.model.Place;
import java.util.List;
import java.util.Optional;

/** One entry of {@code packages.yml}: where a package comes from. */
sealed interface PackageSpec {
    Place place();

    /** What it is called before anybody has looked into it. */
    String shown();

    /**
     * A folder.
     *
     * @param path as written, relative to the project that asks
     */
    record Local(Place place, String path) implements PackageSpec {
        @Override
        public String shown() {
            return path;
        }
    }

    /**
     * A git repository.
     *
     * @param revision a branch, a tag or a commit; empty for the repository's own choice
     * @param subdirectory where in it the package is
     * @param written the address before variables were filled in, which may be secrets
     */
    record Git(
            Place place,
            String url,
            Optional<String> revision,
            Optional<String> subdirectory,
            String written)
            implements PackageSpec {
        @Override
        public String shown() {
            return withoutUser(written);
        }

        /** The last part of the address, without its extension. */
        String repository() {
            String bare = url.replaceAll("/+$", "").replaceAll("\\.git$", "");
            return bare.substring(Math.max(bare.lastIndexOf('/'), bare.lastIndexOf(':')) + 1);
        }
    }

    /** A package of the hub, {@code owner/name}, in some versions. */
    record Hub(
            Place place, String name, List<PackageVersion.Condition> versions, boolean prereleases)
            implements PackageSpec {
        public Hub {
            versions = List.copyOf(versions);
        }

        @Override
        public String shown() {
            return name;
        }

        /** The name without the owner. */
        String bareName() {
            return name.substring(name.indexOf('/') + 1);
        }
    }

    /** An address without a name and password in front of its host, templates aside. */
    private static String withoutUser(String url) {
        return url.contains("{{") ? url : url.replaceFirst("^(\\w+://)[^/@]+@", "$1");
    }

    /**
     * An archive at some address.
     *
     * @param written the address before variables were filled in, which may be secrets
     */
    record Archive(Place place, String url, String name, String written) implements PackageSpec {
        @Override
        public String shown() {
            return name;
        }
    }
}
