package dev.tarn.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of a package, {@code major.minor.patch} and maybe what makes it a prerelease.
 *
 * @param prerelease empty for a release
 */
record PackageVersion(long major, long minor, long patch, String prerelease)
        implements Comparable<PackageVersion> {
    private static final Pattern TEXT =
            Pattern.compile(
                    "v?(\\d+)\\.(\\d+)\\.(\\d+)(?:-?([0-9A-Za-z.-]+))?(?:\\+[0-9A-Za-z.-]+)?");
    private static final Pattern CONDITION = Pattern.compile("\\s*(>=|<=|==|=|>|<)?\\s*(\\S+)\\s*");

    static Optional<PackageVersion> parse(String text) {
        Matcher m = TEXT.matcher(text.strip());
        return m.matches()
                ? Optional.of(
                        new PackageVersion(
                                Long.parseLong(m.group(1)),
                                Long.parseLong(m.group(2)),
                                Long.parseLong(m.group(3)),
                                m.group(4) == null ? "" : m.group(4)))
                : Optional.empty();
    }

    /** One bound on versions, such as {@code >=1.0.0}. */
    record Condition(String operator, PackageVersion version) {
        /** A condition; several may stand in one text, between commas. */
        static Optional<List<Condition>> parse(String text) {
            List<Condition> conditions = new ArrayList<>();
            for (String part : text.split(",")) {
                Matcher m = CONDITION.matcher(part);
                Optional<PackageVersion> version =
                        m.matches() ? PackageVersion.parse(m.group(2)) : Optional.empty();
                if (version.isEmpty()) {
                    return Optional.empty();
                }
                String operator = m.group(1) == null || m.group(1).equals("==") ? "=" : m.group(1);
                conditions.add(new Condition(operator, version.get()));
            }
            return Optional.of(conditions);
        }

        boolean allows(PackageVersion candidate) {
            int compared = candidate.compareTo(version);
            return switch (operator) {
                case ">=" -> compared >= 0;
                case "<=" -> compared <= 0;
                case ">" -> compared > 0;
                case "<" -> compared < 0;
                default -> compared == 0;
            };
        }

        @Override
        public String toString() {
            return operator + version;
        }
    }

    boolean isPrerelease() {
        return !prerelease.isEmpty();
    }

    /** The newest that all conditions allow; prereleases only where they are wanted. */
    static Optional<PackageVersion> newest(
            List<PackageVersion> versions, List<Condition> conditions, boolean prereleases) {
        boolean exact = conditions.stream().anyMatch(c -> c.operator().equals("="));
        return versions.stream()
                .filter(v -> prereleases || exact || !v.isPrerelease())
                .filter(v -> conditions.stream().allMatch(c -> c.allows(v)))
                .max(PackageVersion::compareTo);
    }

    @Override
    public int compareTo(PackageVersion other) {
        int numbers = Long.compare(major, other.major);
        numbers = numbers != 0 ? numbers : Long.compare(minor, other.minor);
        numbers = numbers != 0 ? numbers : Long.compare(patch, other.patch);
        if (numbers != 0) {
            return numbers;
        }
        if (isPrerelease() != other.isPrerelease()) {
            return isPrerelease() ? -1 : 1;
        }
        return comparePrereleases(prerelease, other.prerelease);
    }

    /** Part by part: numbers as numbers, and before words. */
    private static int comparePrereleases(String mine, String others) {
        String[] a = mine.split("\\.");
        String[] b = others.split("\\.");
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            boolean left = a[i].matches("\\d{1,18}");
            boolean right = b[i].matches("\\d{1,18}");
            int compared =
                    left && right
                            ? Long.compare(Long.parseLong(a[i]), Long.parseLong(b[i]))
                            : left != right ? (left ? -1 : 1) : a[i].compareTo(b[i]);
            if (compared != 0) {
                return compared;
            }
        }
        return Integer.compare(a.length, b.length);
    }

    @Override
    public String toString() {
        String numbers = major + "." + minor + "." + patch;
        return isPrerelease() ? numbers + "-" + prerelease : numbers;
    }
}
