package dev.tarn.run;

import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Contract;
import dev.tarn.model.graph.Contract.Constraint;
import dev.tarn.model.graph.Contract.Target;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import dev.tarn.spi.QueryResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Looks at the rows of a table that was written but not yet shown: do they keep the contract? */
final class ConstraintCheck {
    private final Node.Model model;
    private final TaskContext context;

    ConstraintCheck(Node.Model model, TaskContext context) {
        this.model = model;
        this.context = context;
    }

    /**
     * @throws TarnException with every constraint that is broken
     */
    void check(TablePointer pointer) {
        List<Constraint> constraints =
                model.rules().contract().map(Contract::constraints).orElse(List.of());
        if (constraints.isEmpty()) {
            return;
        }
        context.writer().show(model.relation(), pointer);
        List<Problem> problems = new ArrayList<>();
        for (Constraint constraint : constraints) {
            if (!isWhole(constraint)) {
                problems.add(RunErrors.constraintIncomplete(model, constraint));
                continue;
            }
            for (Rule rule : rules(constraint)) {
                long rows = count(rule.sql());
                if (rows > 0) {
                    problems.add(RunErrors.constraintFailed(model, rule.name(), rows));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new TarnException(problems);
        }
    }

    private static boolean isWhole(Constraint constraint) {
        return switch (constraint.kind()) {
            case NOT_NULL, UNIQUE, PRIMARY_KEY -> !constraint.columns().isEmpty();
            case FOREIGN_KEY ->
                    !constraint.columns().isEmpty()
                            && (constraint.target().isPresent()
                                    || constraint.expression().isPresent());
            case CHECK, CUSTOM -> true;
        };
    }

    /** What counts the rows that break a rule. */
    private record Rule(String name, String sql) {}

    private List<Rule> rules(Constraint constraint) {
        String named = constraint.name().map(n -> " '" + n + "'").orElse("");
        String columns =
                constraint.columns().stream().map(Type::quoted).collect(Collectors.joining(", "));
        String shown = String.join(", ", constraint.columns());
        Rule notNull =
                new Rule(
                        "not_null" + named + " on " + shown,
                        constraint.columns().stream()
                                .map(c -> Type.quoted(c) + " is null")
                                .collect(
                                        Collectors.joining(
                                                " or ", "select count(*) from %s where ", "")));
        Rule unique =
                new Rule(
                        "unique" + named + " on " + shown,
                        "select coalesce(sum(n), 0) from (select count(*) as n from %s where "
                                + constraint.columns().stream()
                                        .map(c -> Type.quoted(c) + " is not null")
                                        .collect(Collectors.joining(" and "))
                                + " group by "
                                + columns
                                + " having count(*) > 1)");
        return switch (constraint.kind()) {
            case NOT_NULL -> List.of(notNull);
            case UNIQUE -> List.of(unique);
            case PRIMARY_KEY -> List.of(notNull, unique);
            case CHECK ->
                    constraint
                            .expression()
                            .map(e ->
                                    List.of(
                                            new Rule(
                                                    "check" + named + " (" + e + ")",
                                                    "select count(*) from %s where not ("
                                                            + e.replace("%", "%%")
                                                            + ")")))
                            .orElse(List.of());
            case FOREIGN_KEY ->
                    constraint
                            .target()
                            .map(t ->
                                    List.of(
                                            new Rule(
                                                    "foreign_key%s on %s, which points to %s (%s)"
                                                            .formatted(
                                                                    named,
                                                                    shown,
                                                                    t.table(),
                                                                    String.join(", ", t.columns())),
                                                    orphans(constraint.columns(), t))))
                            .orElse(List.of());
            case CUSTOM -> List.of();
        };
    }

    /**
     * Counts rows of which all columns of a key say something, and nothing is there of that name.
     */
    private static String orphans(List<String> columns, Target target) {
        List<String> told = new ArrayList<>();
        List<String> equal = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            String own = "own." + Type.quoted(columns.get(i)).replace("%", "%%");
            told.add(own + " is not null");
            equal.add(
                    "other."
                            + Type.quoted(target.columns().get(i)).replace("%", "%%")
                            + " = "
                            + own);
        }
        return "select count(*) from %%s as own where %s and not exists (select 1 from %s.%s as other where %s)"
                .formatted(
                        String.join(" and ", told),
                        Type.quoted(target.table().schema()).replace("%", "%%"),
                        Type.quoted(target.table().table()).replace("%", "%%"),
                        String.join(" and ", equal));
    }

    private long count(String sql) {
        String table =
                Type.quoted(model.relation().schema())
                        + "."
                        + Type.quoted(model.relation().table());
        try (QueryResult rows = context.session().query(SqlText.of(sql.formatted(table)))) {
            rows.next();
            return Optional.ofNullable(rows.value(0))
                    .filter(Number.class::isInstance)
                    .map(n -> ((Number) n).longValue())
                    .orElse(0L);
        }
    }
}
