package dev.tarn.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What readers of a model with a contract cannot rely on any more. */
final class ContractBreaks {
    /** Where rows are held to constraints. */
    private static final Set<String> TABLES = Set.of("table", "incremental");

    private final Map<?, ?> now;
    private final Map<?, ?> before;
    private final List<String> found = new ArrayList<>();

    private ContractBreaks(Map<?, ?> now, Map<?, ?> before) {
        this.now = now;
        this.before = before;
    }

    /** In words, such as {@code column 'id' is gone}; empty when nothing is broken. */
    static List<String> of(Map<?, ?> now, Map<?, ?> before) {
        ContractBreaks breaks = new ContractBreaks(now, before);
        if (Boolean.TRUE.equals(map(before.get("contract")).get("enforced"))) {
            breaks.look();
        }
        return breaks.found;
    }

    private void look() {
        if (!Boolean.TRUE.equals(map(now.get("contract")).get("enforced"))) {
            found.add("it is not enforced any more");
        }
        boolean kept = TABLES.contains(materialized(now)) && TABLES.contains(materialized(before));
        boolean constrained = !constraints(before).isEmpty();
        Map<?, ?> columns = map(now.get("columns"));
        map(before.get("columns"))
                .forEach((name, value) -> {
                    Map<?, ?> old = map(value);
                    Map<?, ?> mine = map(columns.get(name));
                    if (!columns.containsKey(name)) {
                        found.add("column '%s' is gone".formatted(name));
                    } else if (!Objects.equals(old.get("data_type"), mine.get("data_type"))) {
                        found.add(
                                "column '%s' is %s, no longer %s"
                                        .formatted(
                                                name, mine.get("data_type"), old.get("data_type")));
                    } else if (kept) {
                        lost(mine, old, " of column '" + name + "'");
                    }
                });
        if (kept) {
            lost(now, before, "");
        }
        constrained |=
                map(before.get("columns")).values().stream()
                        .anyMatch(c -> !constraints(map(c)).isEmpty());
        if (constrained
                && TABLES.contains(materialized(before))
                && !TABLES.contains(materialized(now))) {
            found.add(
                    "it is a %s, no longer a %s"
                            .formatted(materialized(now), materialized(before)));
        }
    }

    private void lost(Map<?, ?> mine, Map<?, ?> old, String where) {
        List<List<Object>> there = constraints(mine);
        for (List<Object> constraint : constraints(old)) {
            if (!there.contains(constraint)) {
                found.add("constraint %s%s is gone".formatted(constraint.getFirst(), where));
            }
        }
    }

    private static List<List<Object>> constraints(Map<?, ?> facts) {
        List<List<Object>> all = new ArrayList<>();
        if (facts.get("constraints") instanceof List<?> list) {
            for (Object item : list) {
                Map<?, ?> one = map(item);
                all.add(
                        List.of(
                                text(one.get("type")),
                                text(one.get("name")),
                                text(one.get("expression")),
                                text(one.get("columns"))));
            }
        }
        return all;
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private static String materialized(Map<?, ?> facts) {
        return text(map(facts.get("config")).get("materialized"));
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }
}
