package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.graph.BatchRules;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Materialization.OnSchemaChange;
import dev.tarn.model.graph.Materialization.Strategy;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.SortField;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a model's settings mean. */
final class ModelSettings {
    private static final List<String> MATERIALIZED =
            List.of("view", "table", "incremental", "ephemeral", "materialized_view");
    private static final List<String> STRATEGIES =
            List.of("append", "merge", "delete+insert", "insert_overwrite", "microbatch");
    private static final Map<String, OnSchemaChange> CHANGES =
            Map.of(
                    "ignore", OnSchemaChange.IGNORE,
                    "fail", OnSchemaChange.FAIL,
                    "append_new_columns", OnSchemaChange.APPEND_NEW_COLUMNS,
                    "sync_all_columns", OnSchemaChange.SYNC_ALL_COLUMNS);

    private static final Map<String, BatchRules.Size> BATCH_SIZES =
            Map.of(
                    "hour", BatchRules.Size.HOUR,
                    "day", BatchRules.Size.DAY,
                    "month", BatchRules.Size.MONTH,
                    "year", BatchRules.Size.YEAR);
    private static final Pattern OF_OLD_ROWS =
            Pattern.compile("\\bDBT_INTERNAL_(?:DEST|TARGET)\\.", Pattern.CASE_INSENSITIVE);
    private static final Pattern OF_NEW_ROWS =
            Pattern.compile("\\bDBT_INTERNAL_SOURCE\\.", Pattern.CASE_INSENSITIVE);

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
     * @param language of the model: {@code sql} or {@code python}
     */
    Materialization materialization(Materializations custom, String language) {
        String word = materialized(settings);
        Optional<MacroLibrary.Macro> macro = custom.find(word);
        if (macro.isPresent()) {
            Set<String> languages = Materializations.languages(macro.get());
            if (!languages.contains(language)) {
                problems.add(
                        ProjectErrors.language(
                                settings.place("materialized", place), word, languages, language));
            }
            return new Materialization.Custom(word);
        }
        return switch (word) {
            case "view" -> new Materialization.View();
            case "table" -> new Materialization.Table();
            case "ephemeral" -> new Materialization.Ephemeral();
            case "materialized_view" -> new Materialization.MaterializedView();
            case "incremental" -> new Materialization.Incremental(strategy(), onSchemaChange());
            default -> {
                Place at = settings.place("materialized", place);
                List<String> words = new ArrayList<>(MATERIALIZED);
                words.addAll(custom.words());
                problems.add(
                        YamlErrors.notOneOf(
                                at,
                                "Setting 'materialized'",
                                word,
                                words.stream().distinct().toList()));
                yield new Materialization.View();
            }
        };
    }

    private Strategy strategy() {
        List<String> key = settings.texts("unique_key", problems);
        List<String> predicates = predicates();
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
                yield new Strategy.Merge(
                        key,
                        predicates,
                        settings.texts("merge_update_columns", problems),
                        settings.texts("merge_exclude_columns", problems));
            }
            case "insert_overwrite" -> {
                if (partitioning().isEmpty()) {
                    problems.add(ProjectErrors.overwriteNeedsPartitions(at, name));
                }
                yield new Strategy.OverwritePartitions();
            }
            case "delete+insert" -> new Strategy.DeleteInsert(key, predicates);
            case "microbatch" -> new Strategy.Microbatch(batches());
            default -> {
                problems.add(
                        YamlErrors.notOneOf(
                                at, "Setting 'incremental_strategy'", word, STRATEGIES));
                yield new Strategy.Append();
            }
        };
    }

    /** Conditions on old rows, which the engine calls {@code target}. */
    private List<String> predicates() {
        List<String> written = new ArrayList<>(settings.texts("incremental_predicates", problems));
        written.addAll(settings.texts("predicates", problems));
        if (written.stream().anyMatch(p -> OF_NEW_ROWS.matcher(p).find())) {
            problems.add(
                    ProjectErrors.mergeSource(
                            settings.place("incremental_predicates", place), name));
        }
        return written.stream().map(p -> OF_OLD_ROWS.matcher(p).replaceAll("target.")).toList();
    }

    private BatchRules batches() {
        for (String key : List.of("event_time", "batch_size", "begin")) {
            if (settings.find(key).isEmpty()) {
                String example =
                        switch (key) {
                            case "event_time" -> "event_time='ordered_at'";
                            case "batch_size" -> "batch_size='day'";
                            default -> "begin='2026-01-01'";
                        };
                problems.add(
                        ProjectErrors.needsSetting(place, "Microbatch model", name, key, example));
            }
        }
        String size = settings.text("batch_size", problems).orElse("day").toLowerCase(Locale.ROOT);
        BatchRules.Size found = BATCH_SIZES.get(size);
        if (found == null) {
            problems.add(
                    YamlErrors.notOneOf(
                            settings.place("batch_size", place),
                            "Setting 'batch_size'",
                            size,
                            BATCH_SIZES.keySet()));
        }
        int lookback =
                settings.find("lookback").map(YamlValue::plain).orElse(1L) instanceof Number n
                        ? n.intValue()
                        : 1;
        return new BatchRules(
                settings.text("event_time", problems).orElse(""),
                found == null ? BatchRules.Size.DAY : found,
                lookback,
                settings.text("begin", problems).flatMap(this::begin));
    }

    private Optional<Instant> begin(String text) {
        Optional<Instant> time = TimeText.parse(text);
        if (time.isEmpty()) {
            problems.add(
                    YamlErrors.notOneOf(
                            settings.place("begin", place),
                            "Setting 'begin'",
                            text,
                            List.of("2026-01-01", "2026-01-01 00:00:00")));
        }
        return time;
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
        if (settings.find(key).orElse(null) instanceof YamlValue.Mapping mapping) {
            return byTime(mapping);
        }
        return read(key, TableLayout::partition, ProjectErrors::partition);
    }

    /**
     * Partitions as another database's settings have them, {@code {field: at, granularity: day}};
     * those by ranges of numbers mean nothing here.
     */
    private static List<PartitionField> byTime(YamlValue.Mapping mapping) {
        Map<Object, @Nullable Object> said = mapping.plain();
        Object field = said.get("field");
        String type = String.valueOf(said.getOrDefault("data_type", "date"));
        String granularity = String.valueOf(said.getOrDefault("granularity", "day"));
        return field == null || !type.matches("(?i)date|datetime|timestamp")
                ? List.of()
                : TableLayout.partition(granularity + "(" + field + ")").stream().toList();
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
        Map<String, String> properties =
                new TreeMap<>(TableFormats.properties(settings, place, problems));
        if (settings.has("cluster_by")) {
            properties.putIfAbsent(
                    "tarn.cluster-by",
                    sortOrder().stream().map(SortField::column).collect(Collectors.joining(",")));
        }
        return properties;
    }
}
