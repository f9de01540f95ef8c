package dev.tarn.sql;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A step that makes rows, usually from other rows. Columns have no names here, only positions. What
 * the reader of plans does not know is an {@link Unknown}, never left out.
 */
public sealed interface Operator {
    /**
     * Reads a table.
     *
     * @param relation the parts of its name
     * @param columns those it gives, by name
     */
    record Scan(List<String> relation, List<String> columns) implements Operator {
        public Scan {
            relation = List.copyOf(relation);
            columns = List.copyOf(columns);
        }
    }

    /**
     * Rows that a function makes, for each input row if there is an input.
     *
     * @param width how many columns the function makes
     * @param arguments how many columns of the input are the function's arguments, from the first
     * @param kept columns of the input that come after the function's own
     */
    record FunctionScan(
            FunctionName function,
            Optional<Operator> input,
            int width,
            int arguments,
            List<Integer> kept)
            implements Operator {
        public FunctionScan {
            kept = List.copyOf(kept);
        }
    }

    /** Rows that were written down, as VALUES, or none at all but of so many columns. */
    record Rows(Operator input, int width, List<List<Expression>> rows) implements Operator {
        public Rows {
            rows = rows.stream().map(List::copyOf).toList();
        }
    }

    /** Rows the engine made itself while binding, as for DESCRIBE. */
    record Ready(int width) implements Operator {}

    /** Computes the columns of a SELECT. */
    record Project(Operator input, List<Expression> columns) implements Operator {
        public Project {
            columns = List.copyOf(columns);
        }
    }

    /** Lets rows pass. */
    record Filter(Operator input, List<Expression> conditions, List<Integer> kept)
            implements Operator {
        public Filter {
            conditions = List.copyOf(conditions);
            kept = List.copyOf(kept);
        }
    }

    /**
     * Groups rows: gives the groups, then the aggregates, then what GROUPING tells.
     *
     * @param groupings for each GROUPING, the groups it is about
     */
    record Aggregate(
            Operator input,
            List<Expression> groups,
            List<Expression> aggregates,
            List<List<Integer>> groupings)
            implements Operator {
        public Aggregate {
            groups = List.copyOf(groups);
            aggregates = List.copyOf(aggregates);
            groupings = groupings.stream().map(List::copyOf).toList();
        }
    }

    /** Adds columns to its input: window functions, or what UNNEST takes out of lists. */
    record Extend(Operator input, List<Expression> added) implements Operator {
        public Extend {
            added = List.copyOf(added);
        }
    }

    /**
     * Orders, cuts off, samples or drops doubles.
     *
     * @param by what decides
     * @param kept the columns it gives; empty for all
     */
    record Arrange(String what, Operator input, List<Expression> by, List<Integer> kept)
            implements Operator {
        public Arrange {
            by = List.copyOf(by);
            kept = List.copyOf(kept);
        }
    }

    /**
     * Puts two inputs side by side.
     *
     * @param pairs compared with each other, the first of the left input, the second of the right
     * @param conditions over both inputs
     * @param leftKept the columns it gives of the left; empty for all
     */
    record Join(
            Kind kind,
            Operator left,
            Operator right,
            List<Pair> pairs,
            List<Expression> conditions,
            List<Integer> leftKept,
            List<Integer> rightKept)
            implements Operator {
        public Join {
            pairs = List.copyOf(pairs);
            conditions = List.copyOf(conditions);
            leftKept = List.copyOf(leftKept);
            rightKept = List.copyOf(rightKept);
        }

        /** Which columns a join gives. */
        public enum Kind {
            BOTH,
            LEFT_ONLY,
            RIGHT_ONLY,
            /** The left ones, and whether there is a match on the right. */
            MARK
        }

        public record Pair(Expression left, Expression right) {}
    }

    /**
     * Turns values into columns.
     *
     * @param groups how many columns of the input it gives as they are, from the first
     * @param width how many columns it gives
     * @param defaults what stands where there are no rows; computed from nothing
     */
    record Pivot(Operator input, int groups, int width, List<Expression> defaults)
            implements Operator {
        public Pivot {
            defaults = List.copyOf(defaults);
        }
    }

    /** UNION, INTERSECT. */
    record Merge(List<Operator> inputs) implements Operator {
        public Merge {
            inputs = List.copyOf(inputs);
        }
    }

    /** The rows of the first input that are not in the second. */
    record Except(Operator from, Operator without) implements Operator {}

    /** A common table expression and what uses it. */
    record Common(long id, Operator definition, Operator body) implements Operator {}

    /** A common table expression that is made from itself. */
    record Recursive(long id, Operator start, Operator step) implements Operator {}

    /** The rows of a common table expression. */
    record Use(long id, int width) implements Operator {}

    /**
     * Something the reader of plans does not know.
     *
     * @param name what the engine calls it
     */
    record Unknown(String name, List<Operator> inputs, List<Expression> expressions)
            implements Operator {
        public Unknown {
            inputs = List.copyOf(inputs);
            expressions = List.copyOf(expressions);
        }
    }

    /** The operators right below this one. */
    default List<Operator> below() {
        return switch (this) {
            case Scan scan -> List.of();
            case FunctionScan scan -> scan.input().map(List::of).orElse(List.of());
            case Rows rows -> List.of(rows.input());
            case Ready ready -> List.of();
            case Project project -> List.of(project.input());
            case Filter filter -> List.of(filter.input());
            case Aggregate aggregate -> List.of(aggregate.input());
            case Extend extend -> List.of(extend.input());
            case Arrange arrange -> List.of(arrange.input());
            case Join join -> List.of(join.left(), join.right());
            case Pivot pivot -> List.of(pivot.input());
            case Merge merge -> merge.inputs();
            case Except except -> List.of(except.from(), except.without());
            case Common common -> List.of(common.definition(), common.body());
            case Recursive recursive -> List.of(recursive.start(), recursive.step());
            case Use use -> List.of();
            case Unknown unknown -> unknown.inputs();
        };
    }

    /** The expressions of this operator itself, not those in them. */
    default List<Expression> expressions() {
        return switch (this) {
            case Scan scan -> List.of();
            case FunctionScan scan -> List.of();
            case Rows rows -> rows.rows().stream().flatMap(List::stream).toList();
            case Ready ready -> List.of();
            case Project project -> project.columns();
            case Filter filter -> filter.conditions();
            case Aggregate aggregate ->
                    Stream.concat(aggregate.groups().stream(), aggregate.aggregates().stream())
                            .toList();
            case Extend extend -> extend.added();
            case Arrange arrange -> arrange.by();
            case Join join ->
                    Stream.concat(
                                    join.pairs().stream()
                                            .flatMap(p -> Stream.of(p.left(), p.right())),
                                    join.conditions().stream())
                            .toList();
            case Pivot pivot -> pivot.defaults();
            case Merge merge -> List.of();
            case Except except -> List.of();
            case Common common -> List.of();
            case Recursive recursive -> List.of();
            case Use use -> List.of();
            case Unknown unknown -> unknown.expressions();
        };
    }

    /** This operator and all below it. */
    default Stream<Operator> all() {
        return Stream.concat(Stream.of(this), below().stream().flatMap(Operator::all));
    }
}
