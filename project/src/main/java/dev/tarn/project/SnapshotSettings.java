package dev.tarn.project;

import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.SnapshotRules;
import dev.tarn.model.graph.SnapshotRules.Changes;
import dev.tarn.model.graph.SnapshotRules.Columns;
import dev.tarn.model.graph.SnapshotRules.HardDeletes;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a snapshot's settings mean. */
final class SnapshotSettings {
    private static final Map<String, HardDeletes> HARD_DELETES =
            Map.of(
                    "ignore", HardDeletes.IGNORE,
                    "invalidate", HardDeletes.INVALIDATE,
                    "new_record", HardDeletes.NEW_RECORD);

    private static final String BY_TIME = "timestamp";
    private static final String BY_VALUE = "check";

    private final Draft draft;
    private final Settings settings;
    private final Problems problems;

    SnapshotSettings(Draft draft, Problems problems) {
        this.draft = draft;
        this.settings = draft.settings;
        this.problems = problems;
    }

    Materialization materialization() {
        List<String> key = settings.texts("unique_key", problems);
        if (key.isEmpty()) {
            missing("unique_key", "unique_key='id'");
        }
        Optional<String> updatedAt = settings.text("updated_at", problems);
        String strategy = strategy();
        switch (strategy) {
            case BY_TIME -> {
                if (updatedAt.isEmpty()) {
                    missing("updated_at", "updated_at='changed_at'");
                }
                if (settings.find("check_cols").isPresent()) {
                    problems.add(
                            SnapshotErrors.comparedByTime(
                                    settings.place("check_cols", draft.place), draft.name));
                }
            }
            case BY_VALUE -> requireColumns();
            case "" -> missing("strategy", "strategy='timestamp'");
            // A macro of the project says how: only a run that wants it fails where there is none.
            default -> {}
        }
        String word = settings.text("materialized", problems).orElse("snapshot");
        if (!word.equals("snapshot")) {
            problems.add(
                    SnapshotErrors.nothingElse(
                            settings.place("materialized", draft.place), draft.inSentence(), word));
        }
        Changes changes = strategy.equals(BY_VALUE) ? Changes.BY_VALUE : Changes.BY_TIME;
        return new Materialization.Snapshot(
                new SnapshotRules(
                        key,
                        changes,
                        updatedAt,
                        checked(),
                        hardDeletes(),
                        settings.text("dbt_valid_to_current", problems),
                        columns()));
    }

    private void missing(String key, String example) {
        problems.add(ProjectErrors.needsSetting(draft.place, "Snapshot", draft.name, key, example));
    }

    private List<String> checked() {
        List<String> columns = settings.texts("check_cols", problems);
        return columns.equals(List.of("all")) ? List.of() : columns;
    }

    private void requireColumns() {
        Optional<YamlValue> columns = settings.find("check_cols");
        if (columns.isEmpty()) {
            missing("check_cols", "check_cols='all'");
        } else if (columns.get() instanceof YamlValue.Scalar one && !one.text().equals("all")) {
            problems.add(SnapshotErrors.noList(one.place(), draft.name, one.text()));
        }
    }

    /**
     * Whether it is kept in Tarn's own way; by macros else, which refuse what nobody understands
     * when they run.
     */
    boolean isBuiltIn() {
        boolean twice =
                settings.find("hard_deletes").isPresent()
                        && settings.find("invalidate_hard_deletes").isPresent();
        return (strategy().equals(BY_TIME) || strategy().equals(BY_VALUE))
                && !twice
                && settings.text("hard_deletes", new Problems())
                        .map(HARD_DELETES::containsKey)
                        .orElse(true);
    }

    private String strategy() {
        return settings.text("strategy", new Problems()).orElse("");
    }

    private HardDeletes hardDeletes() {
        boolean invalidate = settings.flag("invalidate_hard_deletes", false, problems);
        return settings.text("hard_deletes", problems)
                .map(w -> HARD_DELETES.getOrDefault(w, HardDeletes.IGNORE))
                .orElse(invalidate ? HardDeletes.INVALIDATE : HardDeletes.IGNORE);
    }

    private Columns columns() {
        Map<String, String> names = settings.textMap("snapshot_meta_column_names", problems);
        Columns standard = Columns.STANDARD;
        return new Columns(
                names.getOrDefault("dbt_valid_from", standard.validFrom()),
                names.getOrDefault("dbt_valid_to", standard.validTo()),
                names.getOrDefault("dbt_scd_id", standard.id()),
                names.getOrDefault("dbt_updated_at", standard.updatedAt()),
                names.getOrDefault("dbt_is_deleted", standard.isDeleted()));
    }
}
