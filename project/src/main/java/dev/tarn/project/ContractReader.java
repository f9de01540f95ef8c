package dev.tarn.project;

import dev.tarn.model.graph.Contract;
import dev.tarn.model.graph.Contract.Column;
import dev.tarn.model.graph.Contract.Constraint;
import dev.tarn.model.graph.Contract.Kind;
import dev.tarn.model.graph.Contract.Target;
import dev.tarn.project.PropertyFile.ColumnEntry;
import dev.tarn.project.PropertyFile.NodeEntry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the contract of a model, when it is to be enforced. */
final class ContractReader {
    private static final Map<String, Kind> KINDS =
            Map.of(
                    "not_null", Kind.NOT_NULL,
                    "unique", Kind.UNIQUE,
                    "primary_key", Kind.PRIMARY_KEY,
                    "check", Kind.CHECK,
                    "foreign_key", Kind.FOREIGN_KEY,
                    "custom", Kind.CUSTOM);

    /** What may become of columns that a contract promises. */
    private static final Set<String> KEEPS_COLUMNS = Set.of("append_new_columns", "fail");

    private final ForeignKeys foreign;
    private final Draft draft;
    private final Problems problems;

    ContractReader(CompileScope scope, Draft draft, Problems problems) {
        this.foreign = new ForeignKeys(scope);
        this.draft = draft;
        this.problems = problems;
    }

    Optional<Contract> read() {
        if (!enforced()) {
            return Optional.empty();
        }
        List<ColumnEntry> entries = draft.entry.map(NodeEntry::columns).orElse(List.of());
        String change = word("on_schema_change", "ignore");
        if (word("materialized", "").equals("incremental") && !KEEPS_COLUMNS.contains(change)) {
            problems.add(
                    ContractErrors.change(
                            draft.settings.place("contract", draft.place), draft.name, change));
        }
        List<Column> columns = new ArrayList<>();
        List<Constraint> constraints = new ArrayList<>();
        for (ColumnEntry entry : entries) {
            columns.add(new Column(entry.name(), entry.dataType()));
            entry.mapping()
                    .find("constraints")
                    .ifPresent(
                            e -> constraints.addAll(constraints(e.value(), List.of(entry.name()))));
        }
        long keys = keys(constraints);
        draft.entry
                .flatMap(e -> e.find("constraints"))
                .ifPresent(v -> constraints.addAll(constraints(v, List.of())));
        if (keys > 1 || (keys == 1 && keys(constraints) > 1)) {
            problems.add(
                    ContractErrors.keys(draft.settings.place("contract", draft.place), draft.name));
        }
        return Optional.of(new Contract(columns, constraints));
    }

    /** Refuses types of constraints that are not known, of contracts that are not enforced, too. */
    static void checkTypes(Draft draft, Problems problems) {
        for (Mapping constraint : ForeignKeys.constraints(draft)) {
            String word = text(constraint, "type").orElse("").toLowerCase(Locale.ROOT);
            if (!KINDS.containsKey(word)) {
                problems.add(
                        YamlErrors.notOneOf(
                                constraint.place(),
                                "The type of a constraint of model '" + draft.name + "'",
                                word,
                                KINDS.keySet()));
            }
        }
    }

    private static long keys(List<Constraint> constraints) {
        return constraints.stream().filter(c -> c.kind() == Kind.PRIMARY_KEY).count();
    }

    private String word(String setting, String standard) {
        return draft.settings.plain(setting) instanceof String word ? word : standard;
    }

    private boolean enforced() {
        return draft.settings
                .find("contract")
                .filter(Mapping.class::isInstance)
                .flatMap(c -> ((Mapping) c).find("enforced"))
                .filter(e -> Boolean.TRUE.equals(e.value().plain()))
                .isPresent();
    }

    private List<Constraint> constraints(YamlValue said, List<String> column) {
        List<Constraint> constraints = new ArrayList<>();
        if (said instanceof Sequence list) {
            for (YamlValue item : list.items()) {
                if (item instanceof Mapping m) {
                    constraint(m, column).ifPresent(constraints::add);
                }
            }
        }
        return constraints;
    }

    private Optional<Constraint> constraint(Mapping mapping, List<String> column) {
        String word = text(mapping, "type").orElse("").toLowerCase(Locale.ROOT);
        Kind kind = KINDS.get(word);
        if (kind == null) {
            return Optional.empty();
        }
        List<String> columns =
                mapping.find("columns")
                        .map(e -> YamlSection.texts("'columns'", e.value(), problems))
                        .orElse(column);
        Optional<Target> target =
                kind == Kind.FOREIGN_KEY ? foreign.target(draft, mapping) : Optional.empty();
        if (target.isPresent() && target.get().columns().size() != columns.size()) {
            problems.add(
                    ContractErrors.targetColumns(
                            mapping.place(),
                            draft.name,
                            columns.size(),
                            target.get().columns().size()));
            return Optional.empty();
        }
        return Optional.of(
                new Constraint(
                        kind, text(mapping, "name"), columns, text(mapping, "expression"), target));
    }

    private static Optional<String> text(Mapping mapping, String key) {
        return mapping.find(key)
                .map(YamlValue.Entry::value)
                .filter(YamlValue.Scalar.class::isInstance)
                .map(YamlValue.Scalar.class::cast)
                .filter(s -> !s.isNull())
                .map(YamlValue.Scalar::text);
    }
}
