package dev.tarn.duckdb;

import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.spi.Relation;
import dev.tarn.sql.Expression;
import dev.tarn.sql.FunctionName;
import dev.tarn.sql.Operator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks at what DuckDB bound of a query that somebody typed: it may only read relations that the
 * session found for it, and only compute with listed functions. A tree hides what a view, a macro
 * or a table function brings along; a bound plan does not. What is not known is refused. Remembers
 * what it approved. Safe for use by many threads.
 */
final class PlanCheck {
    private static final int REMEMBERED = 256;
    private static final String BUILT_IN = "system.main";

    private final AllowedFunctions functions;
    private final Map<Approval, Boolean> approved =
            new LinkedHashMap<>(64, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Approval, Boolean> eldest) {
                    return size() > REMEMBERED;
                }
            };

    /** All that a plan depends on: another state of a table of the same columns has the same. */
    private record Approval(String sql, Map<TableName, Relation> relations, List<String> path) {}

    PlanCheck(AllowedFunctions functions) {
        this.functions = functions;
    }

    /**
     * Refuses a query whose plan holds anything that is not allowed.
     *
     * @param relations those the session found for the query, and for the views it reads
     * @param path the schemas in which it looked for them
     */
    void check(
            SqlText query,
            Map<TableName, Relation> relations,
            List<String> path,
            ShapeGround ground) {
        Map<TableName, Relation> shapes = new TreeMap<>();
        relations.forEach((name, relation) -> shapes.put(name, ShapeGround.shape(relation)));
        Approval approval = new Approval(query.sql(), shapes, path);
        synchronized (approved) {
            if (approved.containsKey(approval)) {
                return;
            }
        }
        Judge judge = new Judge(query, shapes, functions);
        switch (ground.plan(query, shapes, path)) {
            case BoundPlan.Untold untold ->
                    throw RefusedSql.untold(untold.reason(), judge.views(), query.locate(0));
            case BoundPlan.Known plan -> judge.operators(plan.root());
        }
        synchronized (approved) {
            approved.put(approval, true);
        }
    }

    /** Refuses what is not allowed in the plan of one query. */
    record Judge(SqlText query, Map<TableName, Relation> relations, AllowedFunctions functions) {
        void operators(Operator root) {
            root.all()
                    .forEach(operator -> {
                        operator(operator);
                        operator.expressions().forEach(this::expression);
                    });
        }

        private void operator(Operator operator) {
            switch (operator) {
                case Operator.Scan scan -> scan(scan);
                case Operator.FunctionScan scan ->
                        function(scan.function(), functions.asTable(), query.locate(0));
                case Operator.Unknown unknown ->
                        throw RefusedSql.construct(unknown.name(), query.locate(0));
                case Operator.Rows o -> {}
                case Operator.Ready o -> {}
                case Operator.Project o -> {}
                case Operator.Filter o -> {}
                case Operator.Aggregate o -> {}
                case Operator.Extend o -> {}
                case Operator.Arrange o -> {}
                case Operator.Join o -> {}
                case Operator.Pivot o -> {}
                case Operator.Merge o -> {}
                case Operator.Except o -> {}
                case Operator.Common o -> {}
                case Operator.Recursive o -> {}
                case Operator.Use o -> {}
            }
        }

        private void scan(Operator.Scan scan) {
            List<String> path = scan.relation();
            boolean found =
                    path.size() == 3
                            && path.getFirst().startsWith(Workspaces.DATABASE)
                            && relations.containsKey(new TableName(path.get(1), path.get(2)));
            if (!found) {
                throw RefusedSql.table(String.join(".", path), query.locate(0));
            }
        }

        private void expression(Expression expression) {
            switch (expression) {
                case Expression.Call call ->
                        function(call.function(), functions.anywhere(), place(call.position()));
                case Expression.Unknown unknown ->
                        throw RefusedSql.construct(unknown.name(), place(unknown.position()));
                case Expression.Input e -> {}
                case Expression.Constant e -> {}
                case Expression.Cast e -> {}
                case Expression.Operation e -> {}
                case Expression.Lambda e -> {}
            }
            expression.parts().forEach(this::expression);
        }

        private void function(FunctionName function, Set<String> allowed, Optional<Place> place) {
            boolean builtIn = function.home().isEmpty() || function.home().equals(BUILT_IN);
            if (!builtIn || !allowed.contains(function.name())) {
                throw RefusedSql.hidden(function.name(), views(), place);
            }
        }

        private Optional<Place> place(int position) {
            return Source.of(query).locate(position).or(() -> query.locate(0));
        }

        /** The views that a query reads, which may be where the rest comes from. */
        List<TableName> views() {
            return relations.entrySet().stream()
                    .filter(e -> e.getValue() instanceof Relation.View)
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }
}
