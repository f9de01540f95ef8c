package dev.tarn.run;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Brings materialized views up to date whose inputs a run has changed, as part of the run: who sees
 * the inputs sees the views. One that can no longer be made stays as it was, and says why.
 */
final class ViewUpkeep {
    /** After these a view cannot be made, and whoever changed its inputs meant that. */
    private static final Set<ErrorCode> LEFT_BEHIND =
            Set.of(
                    ErrorCode.COLUMN_NOT_FOUND,
                    ErrorCode.TABLE_NOT_FOUND,
                    ErrorCode.SQL_INVALID,
                    ErrorCode.TYPE_MISMATCH,
                    ErrorCode.DATA_INVALID,
                    ErrorCode.SCHEMA_CHANGE_REFUSED);

    private final TaskContext.Ground ground;

    ViewUpkeep(TaskContext.Ground ground) {
        this.ground = ground;
    }

    void refresh() {
        Set<TableName> changed =
                ground.catalog().changes(RefName.of(ground.run())).stream()
                        .filter(c -> c.key().kind() == EntryKey.Kind.RELATION)
                        .map(c -> TableName.parse(c.key().name()))
                        .collect(Collectors.toCollection(HashSet::new));
        if (changed.isEmpty()) {
            return;
        }
        Map<TableName, MaterializedView> views = new TreeMap<>();
        try (TaskContext context = new TaskContext(ground)) {
            for (Versioned each : context.view().list(EntryKey.Kind.RELATION, "")) {
                MaterializedView.of(each.entry())
                        .filter(v -> v.refresh() == MaterializedView.Refresh.WITH_INPUTS)
                        .ifPresent(v -> views.put(TableName.parse(each.key().name()), v));
            }
        }
        Set<TableName> done = new HashSet<>();
        views.keySet().forEach(name -> visit(name, views, changed, done));
    }

    /** After those that it reads. */
    private void visit(
            TableName name,
            Map<TableName, MaterializedView> views,
            Set<TableName> changed,
            Set<TableName> done) {
        MaterializedView view = views.get(name);
        if (view == null || !done.add(name)) {
            return;
        }
        view.inputs().keySet().forEach(input -> visit(input, views, changed, done));
        if (view.inputs().keySet().stream().anyMatch(changed::contains) && refreshed(name)) {
            changed.add(name);
        }
    }

    private boolean refreshed(TableName name) {
        ground.cancellation().check();
        try (TaskContext context = new TaskContext(ground)) {
            Optional<Versioned> found = context.view().find(EntryKey.of(name));
            if (found.isEmpty() || !(found.get().entry() instanceof Entry.Table table)) {
                return false;
            }
            Entry next;
            boolean same;
            try {
                ViewRefresh.Done done = new ViewRefresh(context).refresh(name, table, false);
                next = done.entry();
                same = done.same();
            } catch (TarnException failure) {
                if (!LEFT_BEHIND.contains(failure.code())) {
                    throw failure;
                }
                next = behind(table, failure);
                same = next.equals(table);
            }
            if (!same) {
                context.commit(
                        List.of(Change.put(EntryKey.of(name), next, Expected.of(found))),
                        "refresh " + name);
            }
            return !same;
        }
    }

    private static Entry behind(Entry.Table table, TarnException failure) {
        Map<String, String> attributes = new HashMap<>(table.attributes());
        attributes.put(
                MaterializedView.HOW, "left behind: " + failure.problems().getFirst().message());
        return new Entry.Table(table.pointer(), attributes);
    }
}
