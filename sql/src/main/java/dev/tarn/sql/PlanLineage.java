package dev.tarn.sql;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.ColumnLineage;
import dev.tarn.model.graph.ColumnLineage.Known;
import dev.tarn.model.graph.ColumnLineage.NotKnown;
import dev.tarn.model.graph.ColumnLineage.Use;
import dev.tarn.model.graph.ColumnName;
import dev.tarn.model.graph.QueryLineage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Follows the columns of a query down to the tables it reads. What a plan holds that is not known
 * makes what depends on it not known either.
 */
public final class PlanLineage {
    private static final Known NOTHING = new Known(new TreeMap<>());

    private final Map<Long, List<ColumnLineage>> common = new HashMap<>();
    private ColumnLineage rows = NOTHING;

    private PlanLineage() {}

    /**
     * The lineage of a query.
     *
     * @param width how many columns the query has
     */
    public static QueryLineage of(Operator root, int width) {
        Optional<String> strange =
                root.all()
                        .filter(Operator.Unknown.class::isInstance)
                        .map(o -> "the query has a part that is not known: " + name(o))
                        .findFirst();
        if (strange.isPresent()) {
            return QueryLineage.notKnown(width, strange.get());
        }
        PlanLineage lineage = new PlanLineage();
        List<ColumnLineage> columns = lineage.columns(root);
        return columns.size() == width
                ? new QueryLineage(columns, lineage.rows)
                : QueryLineage.notKnown(
                        width,
                        "the query's plan has %d columns instead of %d"
                                .formatted(columns.size(), width));
    }

    private static String name(Operator operator) {
        return operator instanceof Operator.Unknown unknown ? unknown.name() : "";
    }

    private List<ColumnLineage> columns(Operator operator) {
        return switch (operator) {
            case Operator.Scan scan -> scanned(scan);
            case Operator.FunctionScan scan -> made(scan);
            case Operator.Rows written -> written(written);
            case Operator.Ready ready -> nothing(ready.width());
            case Operator.Project project -> computed(project.columns(), columns(project.input()));
            case Operator.Filter filter -> {
                List<ColumnLineage> input = columns(filter.input());
                decide(computed(filter.conditions(), input));
                yield kept(input, filter.kept());
            }
            case Operator.Aggregate aggregate -> aggregated(aggregate);
            case Operator.Extend extend -> {
                List<ColumnLineage> input = columns(extend.input());
                yield both(input, computed(extend.added(), input));
            }
            case Operator.Arrange arrange -> kept(columns(arrange.input()), arrange.kept());
            case Operator.Join join -> joined(join);
            case Operator.Pivot pivot -> pivoted(pivot);
            case Operator.Merge merge ->
                    merge.inputs().stream().map(this::columns).reduce(this::merged).orElseThrow();
            case Operator.Except except -> {
                List<ColumnLineage> from = columns(except.from());
                decide(columns(except.without()));
                yield from;
            }
            case Operator.Common expression -> {
                common.put(expression.id(), columns(expression.definition()));
                yield columns(expression.body());
            }
            case Operator.Recursive recursive -> repeated(recursive);
            case Operator.Use use ->
                    common.getOrDefault(
                            use.id(),
                            all(use.width(), new NotKnown("it reads something out of sight")));
            case Operator.Unknown unknown ->
                    throw new IllegalStateException("Unknown parts are looked for before");
        };
    }

    private static List<ColumnLineage> scanned(Operator.Scan scan) {
        List<String> path = scan.relation();
        if (path.size() < 2) {
            return all(
                    scan.columns().size(),
                    new NotKnown("it reads %s, which is no table".formatted(path)));
        }
        TableName table = new TableName(path.get(path.size() - 2), path.getLast());
        return scan.columns().stream()
                .<ColumnLineage>map(c -> {
                    TreeMap<ColumnName, Use> origin = new TreeMap<>();
                    origin.put(new ColumnName(table, c), Use.AS_IS);
                    return new Known(origin);
                })
                .toList();
    }

    private List<ColumnLineage> made(Operator.FunctionScan scan) {
        List<ColumnLineage> input = scan.input().map(this::columns).orElse(List.of());
        ColumnLineage arguments =
                together(input.subList(0, Math.min(scan.arguments(), input.size())));
        decide(List.of(arguments));
        return both(
                all(scan.width(), arguments),
                scan.kept().isEmpty() ? List.of() : kept(input, scan.kept()));
    }

    private List<ColumnLineage> written(Operator.Rows written) {
        List<ColumnLineage> input = columns(written.input());
        return written.rows().stream()
                .map(row -> computed(row, input))
                .reduce(this::merged)
                .orElse(nothing(written.width()));
    }

    private List<ColumnLineage> aggregated(Operator.Aggregate aggregate) {
        List<ColumnLineage> input = columns(aggregate.input());
        List<ColumnLineage> groups = computed(aggregate.groups(), input);
        Stream<ColumnLineage> told =
                aggregate.groupings().stream()
                        .map(g -> together(g.stream().map(i -> at(groups, i)).toList()));
        return Stream.of(groups.stream(), computed(aggregate.aggregates(), input).stream(), told)
                .flatMap(s -> s)
                .toList();
    }

    private List<ColumnLineage> joined(Operator.Join join) {
        List<ColumnLineage> left = columns(join.left());
        List<ColumnLineage> right = columns(join.right());
        List<ColumnLineage> both = both(left, right);
        List<ColumnLineage> deciding = new ArrayList<>(computed(join.conditions(), both));
        for (Operator.Join.Pair pair : join.pairs()) {
            deciding.add(of(pair.left(), left));
            deciding.add(of(pair.right(), right));
        }
        List<ColumnLineage> fromLeft = kept(left, join.leftKept());
        List<ColumnLineage> fromRight = kept(right, join.rightKept());
        if (join.kind() != Operator.Join.Kind.MARK) {
            decide(deciding);
        }
        return switch (join.kind()) {
            case BOTH -> both(fromLeft, fromRight);
            case LEFT_ONLY -> fromLeft;
            case RIGHT_ONLY -> fromRight;
            case MARK -> both(fromLeft, List.of(together(deciding)));
        };
    }

    private List<ColumnLineage> pivoted(Operator.Pivot pivot) {
        List<ColumnLineage> input = columns(pivot.input());
        int groups = Math.min(pivot.groups(), input.size());
        return both(
                input.subList(0, groups),
                all(pivot.width() - groups, together(input.subList(groups, input.size()))));
    }

    /** What is made from itself is followed until nothing new turns up. */
    private List<ColumnLineage> repeated(Operator.Recursive recursive) {
        List<ColumnLineage> soFar = columns(recursive.start());
        while (true) {
            common.put(recursive.id(), soFar);
            List<ColumnLineage> next = merged(soFar, columns(recursive.step()));
            if (next.equals(soFar)) {
                return soFar;
            }
            soFar = next;
        }
    }

    private List<ColumnLineage> computed(List<Expression> expressions, List<ColumnLineage> input) {
        return expressions.stream().map(e -> of(e, input)).toList();
    }

    private ColumnLineage of(Expression expression, List<ColumnLineage> input) {
        return switch (expression) {
            case Expression.Input column -> at(input, column.index());
            case Expression.Constant constant -> NOTHING;
            case Expression.Cast cast -> together(List.of(of(cast.value(), input)));
            case Expression.Call call -> together(computed(call.arguments(), input));
            case Expression.Operation operation -> together(computed(operation.operands(), input));
            case Expression.Lambda lambda -> NOTHING;
            case Expression.Unknown unknown ->
                    new NotKnown("it is computed in a way that is not known: " + unknown.name());
        };
    }

    private void decide(Collection<ColumnLineage> columns) {
        rows = together(Stream.concat(Stream.of(rows), columns.stream()).toList());
    }

    private static ColumnLineage at(List<ColumnLineage> columns, int index) {
        return index >= 0 && index < columns.size()
                ? columns.get(index)
                : new NotKnown("it is a column that its input does not have");
    }

    private static List<ColumnLineage> kept(List<ColumnLineage> columns, List<Integer> kept) {
        return kept.isEmpty() ? columns : kept.stream().map(i -> at(columns, i)).toList();
    }

    private static List<ColumnLineage> both(List<ColumnLineage> first, List<ColumnLineage> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static List<ColumnLineage> all(int width, ColumnLineage each) {
        return IntStream.range(0, Math.max(0, width)).mapToObj(i -> each).toList();
    }

    private static List<ColumnLineage> nothing(int width) {
        return all(width, NOTHING);
    }

    private List<ColumnLineage> merged(List<ColumnLineage> first, List<ColumnLineage> second) {
        return IntStream.range(0, Math.max(first.size(), second.size()))
                .mapToObj(i -> merged(at(first, i), at(second, i)))
                .toList();
    }

    /** A column that comes from one place or another, in each case as it does there. */
    private static ColumnLineage merged(ColumnLineage first, ColumnLineage second) {
        if (first instanceof Known a && second instanceof Known b) {
            TreeMap<ColumnName, Use> origins = new TreeMap<>(a.origins());
            b.origins()
                    .forEach((column, use) ->
                            origins.merge(column, use, (x, y) -> x == y ? x : Use.COMPUTED));
            return new Known(origins);
        }
        return first instanceof NotKnown ? first : second;
    }

    /** A value made of several. */
    private static ColumnLineage together(Collection<ColumnLineage> columns) {
        TreeMap<ColumnName, Use> origins = new TreeMap<>();
        for (ColumnLineage column : columns) {
            switch (column) {
                case NotKnown unknown -> {
                    return unknown;
                }
                case Known known ->
                        known.origins().keySet().forEach(o -> origins.put(o, Use.COMPUTED));
            }
        }
        return new Known(origins);
    }
}
