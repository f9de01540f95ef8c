package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells of settings of the project's own nodes that mean nothing and look like one that does. A
 * setting may have any name, because macros and tools read some of their own: those that a macro or
 * a template asks for are passed over, and so are all that resemble nothing.
 */
final class MisspeltSettings {
    private static final Set<String> KNOWN =
            Set.of(
                    // Of all nodes.
                    "access",
                    "alias",
                    "contract",
                    "database",
                    "docs",
                    "enabled",
                    "event_time",
                    "freshness",
                    "grants",
                    "group",
                    "meta",
                    "packages",
                    "persist_docs",
                    "post-hook",
                    "pre-hook",
                    "quoting",
                    "schema",
                    "sql_header",
                    "static_analysis",
                    "tags",
                    // Of models.
                    "auto_liquid_cluster",
                    "batch_size",
                    "begin",
                    "column_types",
                    "concurrent_batches",
                    "full_refresh",
                    "incremental_predicates",
                    "incremental_strategy",
                    "language",
                    "lookback",
                    "materialized",
                    "merge_clauses",
                    "merge_exclude_columns",
                    "merge_insert_condition",
                    "merge_on_using_columns",
                    "merge_returning_columns",
                    "merge_update_columns",
                    "merge_update_condition",
                    "merge_update_set_expressions",
                    "on_configuration_change",
                    "on_schema_change",
                    "predicates",
                    "python_version",
                    "timeout",
                    "unique_key",
                    // Of seeds, snapshots, sources and functions.
                    "check_cols",
                    "dbt_valid_to_current",
                    "delimiter",
                    "hard_deletes",
                    "invalidate_hard_deletes",
                    "loaded_at_field",
                    "loaded_at_query",
                    "quote_columns",
                    "snapshot_meta_column_names",
                    "strategy",
                    "target_database",
                    "target_schema",
                    "type",
                    "updated_at",
                    "volatility",
                    // Of tests.
                    "error_if",
                    "fail_calc",
                    "limit",
                    "severity",
                    "store_failures",
                    "store_failures_as",
                    "warn_if",
                    "where",
                    // Tarn's.
                    "allowed_lateness",
                    "change_feed",
                    "cluster_by",
                    "format_version",
                    "formats",
                    "idle_after",
                    "input_changes",
                    "late",
                    "parameters",
                    "partition_by",
                    "partitioned_by",
                    "sort_by",
                    "sorted_by",
                    "table_properties",
                    "watermark",
                    "watermark_by",
                    // Of other databases, for projects that run there too.
                    "automatic_clustering",
                    "auto_refresh",
                    "backup",
                    "bind",
                    "buckets",
                    "catalog",
                    "cluster",
                    "clustered_by",
                    "compression",
                    "copy_grants",
                    "description",
                    "dist",
                    "distributed_by",
                    "enable_refresh",
                    "engine",
                    "external_volume",
                    "file_format",
                    "format",
                    "hours_to_expiration",
                    "indexes",
                    "initialize",
                    "kms_key_name",
                    "labels",
                    "liquid_clustered_by",
                    "location",
                    "location_root",
                    "max_staleness",
                    "options",
                    "order_by",
                    "partition_expiration_days",
                    "partitions",
                    "plugin",
                    "primary_key",
                    "query_tag",
                    "refresh_interval_minutes",
                    "refresh_mode",
                    "require_partition_filter",
                    "resource_tags",
                    "secure",
                    "settings",
                    "snowflake_warehouse",
                    "sort",
                    "sort_type",
                    "submission_method",
                    "table_format",
                    "target_lag",
                    "tblproperties",
                    "tmp_relation_type",
                    "transient",
                    "unlogged");

    private static final Pattern ASKED =
            Pattern.compile(
                    "\\bconfig\\s*(?:\\.\\s*(?:get|require|set|meta_get)\\s*\\(\\s*|\\[\\s*)['\"]([^'\"]+)['\"]"
                            + "|\\bconfig\\s*\\.\\s*(\\w+)");

    private final CompileScope scope;
    private final Set<Place> told = new HashSet<>();
    private Optional<Set<String>> asked = Optional.empty();

    MisspeltSettings(CompileScope scope) {
        this.scope = scope;
    }

    /** Whether it means something to Tarn, or to dbt. */
    static boolean isKnown(String key) {
        return KNOWN.contains(key);
    }

    void tell(List<Draft> drafts, Consumer<Problem> notes) {
        for (Draft draft : drafts) {
            if (!draft.packageName.equals(scope.root().name())) {
                continue;
            }
            for (Map.Entry<String, YamlValue> setting : draft.settings.values().entrySet()) {
                String key = setting.getKey();
                if (KNOWN.contains(key)) {
                    continue;
                }
                Optional<String> meant = Suggestion.closest(key, KNOWN);
                if (meant.isPresent()
                        && !isAskedFor(draft, key)
                        && told.add(setting.getValue().place())) {
                    notes.accept(misspelt(setting.getValue().place(), key, meant.get()));
                }
            }
        }
    }

    private static Problem misspelt(Place place, String key, String meant) {
        return Problem.at(
                ErrorCode.UNKNOWN_KEY,
                place,
                "Setting '%s' means nothing to Tarn. Did you mean '%s'? What is your own belongs under 'meta'."
                        .formatted(key, meant));
    }

    private boolean isAskedFor(Draft draft, String key) {
        if (asked.isEmpty()) {
            Set<String> names = new HashSet<>();
            scope.macros().sources().forEach(text -> collect(text, names));
            asked = Optional.of(names);
        }
        Set<String> own = new HashSet<>();
        collect(draft.text, own);
        return asked.get().contains(key) || own.contains(key);
    }

    private static void collect(String text, Set<String> names) {
        Matcher matcher = ASKED.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
    }
}
