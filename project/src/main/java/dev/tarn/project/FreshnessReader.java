package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.job.Durations;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Reads how old a model's table may be. A mapping is dbt's own {@code build_after}, which says how
 * often a build may do something, and nothing about when one begins.
 */
final class FreshnessReader {
    private static final String KEY = "freshness";
    private static final Duration LEAST = Duration.ofSeconds(10);
    private static final Set<String> WITHOUT_ROWS = Set.of("view", "ephemeral");

    private final Draft draft;
    private final Problems problems;

    FreshnessReader(Draft draft, Problems problems) {
        this.draft = draft;
        this.problems = problems;
    }

    Optional<Duration> read() {
        Optional<YamlValue.Scalar> said =
                draft.settings
                        .find(KEY)
                        .filter(YamlValue.Scalar.class::isInstance)
                        .map(YamlValue.Scalar.class::cast)
                        .filter(s -> s.plain() != null);
        if (said.isEmpty()) {
            return Optional.empty();
        }
        Place place = said.get().place();
        Optional<Duration> within = Durations.parse(said.get().text());
        if (within.isEmpty() || within.get().compareTo(LEAST) < 0) {
            problems.add(
                    JobErrors.notTime(
                            place,
                            "Setting 'freshness' of '" + draft.name + "'",
                            said.get().text()));
            return Optional.empty();
        }
        String materialized = ModelSettings.materialized(draft.settings);
        if (WITHOUT_ROWS.contains(materialized)) {
            problems.add(
                    ErrorCode.CONFIG_INVALID,
                    place,
                    "'%s' has no rows of its own that could be old (materialized: %s). Say 'freshness' of a table."
                            .formatted(draft.name, materialized));
            return Optional.empty();
        }
        return within;
    }
}
