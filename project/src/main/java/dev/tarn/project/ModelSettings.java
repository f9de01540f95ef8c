package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Materialization.OnSchemaChange;
import dev.tarn.model.graph.Materialization.Strategy;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.SortField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What a model's settings mean. */
final class ModelSettings {
    private static final List<String> MATERIALIZED =
            List.of("view", "table", "incremental", "ephemeral");
    private static final List<String> STRATEGIES = List.of("append", "merge", "insert_overwrite");
    private static final Map<String, OnSchemaChange> CHANGES =
            Map.of(
                    "ignore", OnSchemaChange.IGNORE,
                    "fail", OnSchemaChange.FAIL,
                    "append_new_columns", OnSchemaChange.APPEND_NEW_COLUMNS,
                    "sync_all_columns", OnSchemaChange.SYNC_ALL_COLUMNS);

    private final Settings settings;
    private final String name;
    private final Place place;
    private final Problems problems;

    /**
     * @param place of the model, for what has no place of its own
     */
    ModelSettings(Settings settings, String name, Place place, Problems problems) {
        this.settings = settings;
        this.name = name;
        this.place = place;
        this.problems = problems;
    }

    static String materialized(Settings settings) {
        return settings.find("materialized")
                .filter(YamlValue.Scalar.class::isInstance)
                .map(v -> ((YamlValue.Scalar) v).text().toLowerCase(Locale.ROOT))
                .orElse("view");
    }

    /**
     * @param custom materializations that the project defines itself
     */
    Materialization materialization(Set<String> custom) {
        for (String hook : List.of("pre-hook", "post-hook")) {
            settings.find(hook)
                    .filter(v -> !(v instanceof YamlValue.Sequence s && s.items().isEmpty()))
                    .ifPresent(v -> problems.add(ProjectErrors.hooks(v.place(), name, hook)));
        }
        String word = materialized(settings);
        return switch (word) {
            case "view" -> new Materialization.View();
            case "table" -> new Materialization.Table();
            case "ephemeral" -> new Materialization.Ephemeral();
            case "incremental" -> new Materialization.Incremental(strategy(), onSchemaChange());
            default -> {
                Place at = settings.place("materialized", place);
                if (custom.contains(word) || word.equals("materialized_view")) {
                    problems.add(ProjectErrors.materialization(at, name, word));
                } else {
                    problems.add(
                            YamlErrors.notOneOf(at, "Setting 'materialized'", word, MATERIALIZED));
                }
                yield new Materialization.View();
            }
        };
    }

    private Strategy strategy() {
        List<String> key = settings.texts("unique_key", problems);
        List<String> predicates =
                new ArrayList<>(settings.texts("incremental_predicates", problems));
        predicates.addAll(settings.texts("predicates", problems));
        String standard = key.isEmpty() ? "append" : "merge";
        String word =
                settings.text("incremental_strategy", problems)
                        .orElse(standard)
                        .toLowerCase(Locale.ROOT)
                        .replace("default", standard);
        Place at = settings.place("incremental_strategy", place);
        return switch (word) {
            case "append" -> new Strategy.Append();
            case "merge" -> {
                if (key.isEmpty()) {
                    problems.add(ProjectErrors.mergeNeedsKey(at, name));
                }
                yield new Strategy.Merge(key, predicates);
            }
            case "insert_overwrite" -> {
                if (partitioning().isEmpty()) {
                    problems.add(ProjectErrors.overwriteNeedsPartitions(at, name));
                }
                yield new Strategy.OverwritePartitions();
            }
            case "delete+insert", "microbatch" -> {
                problems.add(ProjectErrors.strategy(at, name, word));
                yield new Strategy.Append();
            }
            default -> {
                problems.add(
                        YamlErrors.notOneOf(
                                at, "Setting 'incremental_strategy'", word, STRATEGIES));
                yield new Strategy.Append();
            }
        };
    }

    private OnSchemaChange onSchemaChange() {
        String word = settings.text("on_schema_change", problems).orElse("ignore");
        OnSchemaChange change = CHANGES.get(word.toLowerCase(Locale.ROOT));
        if (change == null) {
            problems.add(
                    YamlErrors.notOneOf(
                            settings.place("on_schema_change", place),
                            "Setting 'on_schema_change'",
                            word,
                            CHANGES.keySet()));
            return OnSchemaChange.IGNORE;
        }
        return change;
    }

    List<PartitionField> partitioning() {
        String key = settings.has("partitioned_by") ? "partitioned_by" : "partition_by";
        return read(key, TableLayout::partition, ProjectErrors::partition);
    }

    List<SortField> sortOrder() {
        for (String key : List.of("sort_by", "sorted_by", "cluster_by")) {
            if (settings.has(key)) {
                return read(key, TableLayout::sort, ProjectErrors::sort);
            }
        }
        return List.of();
    }

    private <T> List<T> read(
            String key,
            Function<String, Optional<T>> parse,
            java.util.function.BiFunction<Place, String, dev.tarn.model.Problem> wrong) {
        List<T> fields = new ArrayList<>();
        for (String text : settings.texts(key, problems)) {
            Optional<T> field = parse.apply(text);
            field.ifPresentOrElse(
                    fields::add, () -> problems.add(wrong.apply(settings.place(key, place), text)));
        }
        return fields;
    }

    Map<String, String> tableProperties() {
        return settings.textMap("table_properties", problems);
    }
}
