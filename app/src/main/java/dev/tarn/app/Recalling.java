package dev.tarn.app;

import dev.tarn.app.results.KeptRows;
import dev.tarn.app.results.Question;
import dev.tarn.app.results.Recorder;
import dev.tarn.app.results.ResultStore;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.QueryTraits;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.QueryResult;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Remembers the rows of queries. A query's rows are those of the same query over the same states:
 * its text, who asked, and of each relation it reads what the catalog says it is. So an answer can
 * be missing here, and never be old.
 */
final class Recalling {
    private final ResultStore store;
    private final String principal;

    /**
     * @param principal who asks
     */
    Recalling(ResultStore store, String principal) {
        this.store = store;
        this.principal = principal;
    }

    boolean isOn() {
        return store.isOn();
    }

    Optional<KeptRows> recall(String sql, CatalogView view) {
        return store.find(new Question(principal, sql), names -> states(names, view));
    }

    Recorder record(QueryResult rows) {
        return store.record(rows);
    }

    void keep(String sql, CatalogView view, QueryTraits traits, Recorder recorded) {
        if (traits.unsteady().isEmpty()) {
            states(traits.reads(), view)
                    .ifPresent(states ->
                            store.keep(
                                    new Question(principal, sql),
                                    traits.reads(),
                                    states,
                                    recorded));
        }
    }

    /** Why a query's rows are never kept, as the rest of a sentence that begins with "it". */
    static Optional<String> never(QueryTraits traits, CatalogView view) {
        return traits.unsteady()
                .or(() ->
                        states(traits.reads(), view).isPresent()
                                ? Optional.empty()
                                : Optional.of("asks what the warehouse holds"));
    }

    /**
     * What the relations are, one on a line. Of each name everything is told that has it in any
     * schema, for that decides what a name without a schema means.
     */
    private static Optional<String> states(Set<TableName> names, CatalogView view) {
        Set<String> bare =
                names.stream()
                        .map(n -> n.table().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet());
        Map<TableName, String> states = new TreeMap<>();
        for (Versioned each : view.list(EntryKey.Kind.RELATION, "")) {
            TableName name = TableName.parse(each.key().name());
            if (names.contains(name)) {
                Optional<String> state = state(each.entry());
                if (state.isEmpty()) {
                    return Optional.empty();
                }
                states.put(name, state.get());
            } else if (bare.contains(name.table().toLowerCase(Locale.ROOT))) {
                states.put(name, "there");
            }
        }
        Set<TableName> missing = new TreeSet<>(names);
        missing.removeAll(states.keySet());
        return missing.isEmpty()
                ? Optional.of(
                        states.entrySet().stream()
                                .map(e -> e.getKey() + " " + e.getValue())
                                .collect(Collectors.joining("\n")))
                : Optional.empty();
    }

    private static Optional<String> state(Entry entry) {
        return switch (entry) {
            case Entry.Table table -> Optional.of("table " + table.content());
            case Entry.View view ->
                    Optional.of(
                            "view "
                                    + view.attributes().getOrDefault(Entry.View.DIALECT, "")
                                    + " "
                                    + view.sql());
            case Entry.Position p -> Optional.empty();
            case Entry.Judgement j -> Optional.empty();
            case Entry.Namespace n -> Optional.empty();
        };
    }
}
