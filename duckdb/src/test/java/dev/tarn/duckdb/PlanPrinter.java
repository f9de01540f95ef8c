package dev.tarn.duckdb;

import dev.tarn.sql.Expression;
import dev.tarn.sql.Operator;
import java.util.List;
import java.util.stream.Collectors;

/** Writes plans as short text, one operator a line, for comparing. */
final class PlanPrinter {
    private PlanPrinter() {}

    static String print(Operator root) {
        StringBuilder out = new StringBuilder();
        print(root, "", out);
        return out.toString();
    }

    private static void print(Operator operator, String indent, StringBuilder out) {
        out.append(indent).append(head(operator));
        if (!operator.expressions().isEmpty()) {
            out.append(' ').append(list(operator.expressions()));
        }
        out.append('\n');
        operator.below().forEach(o -> print(o, indent + "  ", out));
    }

    private static String head(Operator operator) {
        return switch (operator) {
            case Operator.Scan o -> {
                List<String> path = o.relation();
                yield "scan " + String.join(".", path.subList(1, path.size())) + o.columns();
            }
            case Operator.FunctionScan o ->
                    "%s makes %d of %d arguments, keeps %s"
                            .formatted(o.function(), o.width(), o.arguments(), o.kept());
            case Operator.Rows o -> "rows " + o.width();
            case Operator.Ready o -> "ready " + o.width();
            case Operator.Project o -> "project";
            case Operator.Filter o -> "filter" + kept(o.kept());
            case Operator.Aggregate o ->
                    "aggregate by "
                            + o.groups().size()
                            + (o.groupings().isEmpty() ? "" : o.groupings());
            case Operator.Extend o -> "extend";
            case Operator.Arrange o -> o.what() + kept(o.kept());
            case Operator.Join o ->
                    "join "
                            + o.kind()
                            + " of "
                            + o.pairs().size()
                            + kept(o.leftKept())
                            + kept(o.rightKept());
            case Operator.Pivot o -> "pivot " + o.groups() + " " + o.width();
            case Operator.Merge o -> "merge";
            case Operator.Except o -> "except";
            case Operator.Common o -> "common " + o.id();
            case Operator.Recursive o -> "recursive " + o.id();
            case Operator.Use o -> "use " + o.id() + " of " + o.width();
            case Operator.Unknown o -> "UNKNOWN " + o.name();
        };
    }

    private static String kept(List<Integer> kept) {
        return kept.isEmpty() ? "" : " keeps " + kept;
    }

    private static String list(List<Expression> expressions) {
        return expressions.stream()
                .map(PlanPrinter::text)
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String text(Expression expression) {
        return switch (expression) {
            case Expression.Input e -> "#" + e.index();
            case Expression.Constant e -> "'";
            case Expression.Cast e -> "cast " + text(e.value());
            case Expression.Call e -> e.function().name() + list(e.arguments());
            case Expression.Operation e -> e.name() + list(e.operands());
            case Expression.Lambda e -> "lambda " + text(e.body());
            case Expression.Unknown e -> "UNKNOWN " + e.name() + list(e.parts());
        };
    }
}
