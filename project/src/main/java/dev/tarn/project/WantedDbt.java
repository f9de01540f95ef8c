package dev.tarn.project;

import dev.tarn.project.YamlValue.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A project, and each of its packages, may say with {@code require-dbt-version} for which releases
 * of dbt it is meant. Every patch of the release whose behaviour is offered is as good as another.
 */
final class WantedDbt {
    /** In the environment: whether anybody asks. */
    static final String SWITCH = "DBT_VERSION_CHECK";

    private static final String KEY = "require-dbt-version";
    private static final long LAST_PATCH = 999;
    private static final Set<String> NO = Set.of("0", "false", "f", "no", "n", "off");

    private final Problems problems;

    WantedDbt(Problems problems) {
        this.problems = problems;
    }

    /** Whether a project wants to be asked; the environment has the last word. */
    static boolean counts(ProjectRequest request, ProjectFile root) {
        String asked = request.environment().find(SWITCH);
        Optional<Object> said =
                root.mapping()
                        .find("flags")
                        .map(Entry::value)
                        .filter(YamlValue.Mapping.class::isInstance)
                        .flatMap(f -> ((YamlValue.Mapping) f).find("version_check"))
                        .map(e -> e.value().plain());
        String word =
                asked == null || asked.isBlank() ? said.map(String::valueOf).orElse("true") : asked;
        return !NO.contains(word.strip().toLowerCase(Locale.ROOT));
    }

    /**
     * Notes a problem where a project wants another dbt.
     *
     * @param root whether it is the project itself, and no package
     */
    void check(ProjectFile project, boolean root) {
        Optional<Entry> entry = project.mapping().find(KEY);
        if (entry.isEmpty()) {
            return;
        }
        List<String> written = YamlSection.texts("'" + KEY + "'", entry.get().value(), problems);
        List<PackageVersion.Condition> conditions = new ArrayList<>();
        for (String text : written) {
            conditions.addAll(PackageVersion.Condition.parse(text).orElse(List.of()));
        }
        PackageVersion first = PackageVersion.parse(Functions.DBT_VERSION).orElseThrow();
        PackageVersion last =
                new PackageVersion(first.major(), first.minor(), LAST_PATCH, first.prerelease());
        if (List.of(first, last).stream()
                .noneMatch(v -> conditions.stream().allMatch(c -> c.allows(v)))) {
            problems.add(
                    root
                            ? ProjectErrors.dbtVersion(
                                    entry.get().value().place(), written, Functions.DBT_VERSION)
                            : PackageErrors.dbtVersion(
                                    entry.get().value().place(),
                                    project.name(),
                                    written,
                                    Functions.DBT_VERSION));
        }
    }
}
