package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.SnapshotRules;
import dev.tarn.model.graph.SnapshotRules.Changes;
import dev.tarn.model.graph.SnapshotRules.Columns;
import dev.tarn.model.graph.SnapshotRules.HardDeletes;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a snapshot's settings mean. */
final class SnapshotSettings {
    private static final Map<String, HardDeletes> HARD_DELETES =
            Map.of(
                    "ignore", HardDeletes.IGNORE,
                    "invalidate", HardDeletes.INVALIDATE,
                    "new_record", HardDeletes.NEW_RECORD);

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
        String strategy = settings.text("strategy", problems).orElse("").toLowerCase(Locale.ROOT);
        Changes changes = strategy.equals("check") ? Changes.BY_VALUE : Changes.BY_TIME;
        switch (strategy) {
            case "timestamp" -> {
                if (updatedAt.isEmpty()) {
                    missing("updated_at", "updated_at='changed_at'");
                }
            }
            case "check" -> {
                if (settings.find("check_cols").isEmpty()) {
                    missing("check_cols", "check_cols='all'");
                }
            }
            case "" -> missing("strategy", "strategy='timestamp'");
            default ->
                    problems.add(
                            YamlErrors.notOneOf(
                                    settings.place("strategy", draft.place),
                                    "Setting 'strategy'",
                                    strategy,
                                    List.of("timestamp", "check")));
        }
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

    private HardDeletes hardDeletes() {
        boolean invalidate = settings.flag("invalidate_hard_deletes", false, problems);
        Optional<String> word = settings.text("hard_deletes", problems);
        Place at = settings.place("hard_deletes", draft.place);
        if (word.isPresent() && settings.find("invalidate_hard_deletes").isPresent()) {
            problems.add(ProjectErrors.hardDeletesTwice(at, draft.name));
        }
        if (word.isEmpty()) {
            return invalidate ? HardDeletes.INVALIDATE : HardDeletes.IGNORE;
        }
        HardDeletes found = HARD_DELETES.get(word.get().toLowerCase(Locale.ROOT));
        if (found == null) {
            problems.add(
                    YamlErrors.notOneOf(
                            at, "Setting 'hard_deletes'", word.get(), HARD_DELETES.keySet()));
            return HardDeletes.IGNORE;
        }
        return found;
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
