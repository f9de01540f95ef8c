package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Materialization.OnSchemaChange;
import dev.tarn.model.graph.Materialization.Strategy;
import dev.tarn.model.graph.MergeRules;
import dev.tarn.model.graph.RowKey;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.SortField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a model's settings mean. */
final class ModelSettings {
    static final List<String> STRATEGIES =
            List.of("append", "merge", "delete+insert", "insert_overwrite", "microbatch");
    static final Map<String, OnSchemaChange> CHANGES =
            Map.of(
                    "ignore", OnSchemaChange.IGNORE,
                    "fail", OnSchemaChange.FAIL,
                    "append_new_columns", OnSchemaChange.APPEND_NEW_COLUMNS,
                    "sync_all_columns", OnSchemaChange.SYNC_ALL_COLUMNS);

    private static final Pattern OF_OLD_ROWS =
            Pattern.compile(
                    "(?<![\\w.\"])(?:DBT_INTERNAL_(?:DEST|TARGET)|DBT_INCREMENTAL_TARGET|target)\\s*\\.",
                    Pattern.CASE_INSENSITIVE);

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
     * @param packageName of the model
     */
    Materialization materialization(Materializations custom, String packageName) {
        String word = materialized(settings);
        if (custom.find(word).isPresent()) {
            return new Materialization.Custom(word);
        }
        return switch (word) {
            case "view" -> new Materialization.View();
            case "table", ExternalModel.WORD -> new Materialization.Table();
            case "ephemeral" -> new Materialization.Ephemeral();
            case TableFunction.WORD ->
                    new Materialization.TableFunction(TableFunction.parameters(settings));
            case "materialized_view" -> new Materialization.MaterializedView();
            case "stream" -> new StreamSettings(settings, name, place, problems).materialization();
            case "incremental" -> incremental(custom, packageName);
            // Nobody can build it: only a run that wants it fails.
            default -> new Materialization.Custom(word);
        };
    }

    /** By a macro of the project, where it says itself how new rows meet old ones. */
    private Materialization incremental(Materializations custom, String packageName) {
        String word =
                settings.text("incremental_strategy", problems)
                        .orElse("default")
                        .toLowerCase(Locale.ROOT);
        boolean own =
                custom.addsRows(word, packageName)
                        || (word.equals("default") && custom.addsRows(meant(word), packageName))
                        || (meant(word).equals("merge") && MergeSettings.needMacro(settings));
        if (!own && !STRATEGIES.contains(meant(word))) {
            // Nobody knows it: only a run that wants the model fails.
            return new Materialization.Custom("incremental");
        }
        if (!own) {
            return new Materialization.Incremental(strategy(), onSchemaChange());
        }
        if (word.equals("microbatch") && custom.addsByPeriod(packageName)) {
            problems.add(
                    ProjectErrors.microbatchIsFixed(
                            settings.place("incremental_strategy", place), name));
        }
        return new Materialization.Custom("incremental");
    }

    /** What a strategy's name is where a model does not choose one. */
    private String meant(String word) {
        String standard = key("unique_key").isEmpty() ? "append" : standard();
        return word.equals("default") ? standard : word;
    }

    private Strategy strategy() {
        RowKey key = key("unique_key");
        List<String> predicates = predicates();
        String word =
                meant(
                        settings.text("incremental_strategy", problems)
                                .orElse("default")
                                .toLowerCase(Locale.ROOT));
        Place at = settings.place("incremental_strategy", place);
        return switch (word) {
            case "append" -> new Strategy.Append();
            case "merge" -> {
                if (settings.has("merge_on_using_columns")) {
                    key = key("merge_on_using_columns");
                }
                RowKey columns = key;
                key.parts().stream()
                        .filter(p -> RowKey.column(p).isEmpty())
                        .forEach(p ->
                                problems.add(
                                        ProjectErrors.mergeKeyIsNoColumn(
                                                columns.written().orElse(at), name, p)));
                yield new Strategy.Merge(key, predicates, mergeRules());
            }
            case "insert_overwrite" -> {
                if (partitioning().isEmpty()) {
                    problems.add(ProjectErrors.overwriteNeedsPartitions(at, name));
                }
                yield new Strategy.OverwritePartitions();
            }
            case "delete+insert" -> new Strategy.DeleteInsert(key, predicates);
            case "microbatch" ->
                    new Strategy.Microbatch(
                            new BatchSettings(settings, name, place, problems).rules(),
                            predicates,
                            key);
            default -> throw new IllegalStateException("No strategy '" + word + "'.");
        };
    }

    /** What the word {@code default} means where there is a key. */
    private String standard() {
        return MergeSettings.NAMES.stream().anyMatch(settings::has) ? "merge" : "delete+insert";
    }

    /** Conditions over old rows and new ones, both under one name. */
    private List<String> predicates() {
        List<String> written = new ArrayList<>(settings.texts("predicates", problems));
        if (written.isEmpty()) {
            written.addAll(settings.texts("incremental_predicates", problems));
        }
        return written.stream()
                .map(p -> OF_OLD_ROWS.matcher(p).replaceAll(Strategy.OLD + "."))
                .toList();
    }

    private RowKey key(String setting) {
        return new RowKey(
                settings.texts(setting, problems),
                settings.find(setting).map(v -> settings.place(setting, place)));
    }

    private MergeRules mergeRules() {
        List<String> updated = settings.texts("merge_update_columns", problems);
        List<String> kept = settings.texts("merge_exclude_columns", problems);
        if (!updated.isEmpty() && !kept.isEmpty()) {
            problems.add(
                    ProjectErrors.mergeColumnsTwice(
                            settings.place("merge_exclude_columns", place), name));
        }
        Map<String, String> expressions = new TreeMap<>();
        if (settings.find("merge_update_set_expressions").orElse(null)
                instanceof YamlValue.Mapping mapping) {
            mapping.plain().forEach((c, e) -> expressions.put(c.toString(), String.valueOf(e)));
        }
        return new MergeRules(
                updated,
                kept,
                expressions,
                settings.text("merge_update_condition", problems),
                settings.text("merge_insert_condition", problems));
    }

    private OnSchemaChange onSchemaChange() {
        String word = settings.text("on_schema_change", problems).orElse("ignore");
        // As in dbt, an unknown word means the standard one; the compiler notes it.
        return CHANGES.getOrDefault(word.toLowerCase(Locale.ROOT), OnSchemaChange.IGNORE);
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
