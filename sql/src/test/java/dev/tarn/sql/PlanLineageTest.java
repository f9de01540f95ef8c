package dev.tarn.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.ColumnLineage;
import dev.tarn.model.graph.ColumnLineage.Known;
import dev.tarn.model.graph.ColumnLineage.NotKnown;
import dev.tarn.model.graph.ColumnLineage.Use;
import dev.tarn.model.graph.ColumnName;
import dev.tarn.model.graph.QueryLineage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class PlanLineageTest {
    private static final ColumnName A = new ColumnName(TableName.parse("s.t"), "a");
    private static final ColumnName B = new ColumnName(TableName.parse("s.t"), "b");
    private static final Operator SCAN =
            new Operator.Scan(List.of("db", "s", "t"), List.of("a", "b"));

    @Test
    void anUnknownExpressionMakesOnlyItsColumnUnknown() {
        Operator plan =
                new Operator.Project(
                        SCAN,
                        List.of(
                                input(0),
                                new Expression.Unknown("novelty", List.of(input(1)), -1)));
        assertThat(PlanLineage.of(plan, 2).columns())
                .containsExactly(
                        known(Map.of(A, Use.AS_IS)),
                        new NotKnown("it is computed in a way that is not known: novelty"));
    }

    @Test
    void anUnknownOperatorMakesEverythingUnknown() {
        Operator plan =
                new Operator.Project(
                        new Operator.Unknown("novelty", List.of(SCAN), List.of()),
                        List.of(input(0)));
        assertThat(PlanLineage.of(plan, 1))
                .isEqualTo(
                        QueryLineage.notKnown(
                                1, "the query has a part that is not known: novelty"));
    }

    @Test
    void aPlanOfAnotherWidthIsNotBelieved() {
        assertThat(PlanLineage.of(SCAN, 3))
                .isEqualTo(QueryLineage.notKnown(3, "the query's plan has 2 columns instead of 3"));
    }

    @Test
    void aColumnThatIsNotThereIsNotKnown() {
        assertThat(PlanLineage.of(new Operator.Project(SCAN, List.of(input(7))), 1).columns())
                .containsExactly(new NotKnown("it is a column that its input does not have"));
    }

    @Test
    void whatAFilterDoesNotKnowIsSaidOfTheRows() {
        Operator plan =
                new Operator.Filter(
                        SCAN, List.of(new Expression.Unknown("x", List.of(), -1)), List.of(1));
        QueryLineage lineage = PlanLineage.of(plan, 1);
        assertThat(lineage.columns()).containsExactly(known(Map.of(B, Use.AS_IS)));
        assertThat(lineage.rows())
                .isEqualTo(new NotKnown("it is computed in a way that is not known: x"));
    }

    @Test
    void aLambdaReadsItsOwnParameters() {
        Operator plan =
                new Operator.Project(
                        SCAN,
                        List.of(
                                new Expression.Call(
                                        new FunctionName(List.of("list_transform")),
                                        List.of(input(1), new Expression.Lambda(input(0))),
                                        3)));
        assertThat(PlanLineage.of(plan, 1).columns())
                .containsExactly(known(Map.of(B, Use.COMPUTED)));
    }

    @Test
    void recursionIsFollowedUntilNothingNewTurnsUp() {
        Operator start = new Operator.Project(SCAN, List.of(input(0), input(1)));
        Operator step = new Operator.Project(new Operator.Use(4, 2), List.of(input(1), input(0)));
        assertThat(PlanLineage.of(new Operator.Recursive(4, start, step), 2).columns())
                .containsOnly(known(Map.of(A, Use.AS_IS, B, Use.AS_IS)));
    }

    @Test
    void rowsOfNothingDefinedAreNotKnown() {
        assertThat(PlanLineage.of(new Operator.Use(9, 1), 1).columns())
                .containsExactly(new NotKnown("it reads something out of sight"));
    }

    @Test
    void aFunctionScanDependsOnItsArgumentsOnly() {
        Operator plan =
                new Operator.FunctionScan(
                        new FunctionName(List.of("system", "main", "unnest")),
                        Optional.of(SCAN),
                        1,
                        1,
                        List.of(1));
        assertThat(PlanLineage.of(plan, 2).columns())
                .containsExactly(known(Map.of(A, Use.COMPUTED)), known(Map.of(B, Use.AS_IS)));
    }

    @Test
    void namesOfFunctionsTellWhereTheyAreKept() {
        FunctionName name = new FunctionName(List.of("System", "main", "Sum"));
        assertThat(name.home()).isEqualTo("system.main");
        assertThat(name.name()).isEqualTo("sum");
        assertThat(name).hasToString("system.main.sum");
    }

    private static Expression input(int index) {
        return new Expression.Input(index);
    }

    private static ColumnLineage known(Map<ColumnName, Use> origins) {
        return new Known(new TreeMap<>(origins));
    }
}
