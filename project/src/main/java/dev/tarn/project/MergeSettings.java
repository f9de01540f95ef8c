package dev.tarn.project;

import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import dev.tarn.project.YamlValue.Sequence;
import java.util.List;
import java.util.function.Predicate;

/** Settings that only a merge understands, as dbt on DuckDB has them. */
final class MergeSettings {
    private static final List<String> CONDITIONS =
            List.of("merge_update_condition", "merge_insert_condition");
    private static final List<String> COLUMNS =
            List.of(
                    "merge_update_columns",
                    "merge_exclude_columns",
                    "merge_on_using_columns",
                    "merge_returning_columns");
    private static final String EXPRESSIONS = "merge_update_set_expressions";
    private static final String CLAUSES = "merge_clauses";

    /** Those by which a model without a strategy asks for a merge. */
    static final List<String> NAMES =
            List.of(
                    "merge_update_columns",
                    "merge_exclude_columns",
                    "merge_update_condition",
                    "merge_insert_condition",
                    EXPRESSIONS,
                    CLAUSES);

    private MergeSettings() {}

    /** Whether the macro has to say what is merged, or what is wrong when rows are to be merged. */
    static boolean needMacro(Settings settings) {
        return any(settings, List.of(CLAUSES), value -> false)
                || any(settings, CONDITIONS, MergeSettings::isText)
                || any(settings, COLUMNS, MergeSettings::isTexts)
                || any(settings, List.of(EXPRESSIONS), Mapping.class::isInstance);
    }

    /** Whether one of the settings is there and not what it should be. */
    private static boolean any(Settings settings, List<String> names, Predicate<YamlValue> right) {
        return names.stream()
                .flatMap(n -> settings.find(n).stream())
                .filter(v -> !(v instanceof Scalar s && s.isNull()))
                .anyMatch(right.negate());
    }

    private static boolean isText(YamlValue value) {
        return value instanceof Scalar && value.plain() instanceof String;
    }

    private static boolean isTexts(YamlValue value) {
        return value instanceof Sequence sequence
                && sequence.items().stream().allMatch(MergeSettings::isText);
    }
}
