package dev.tarn.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.Relation;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries that gather the rows of hundreds of others. */
final class LongUnionsTest extends Fixture {
    private static final int BRANCHES = 130;

    @BeforeEach
    void fill() {
        session.define(
                TABLE,
                new Relation.Shape(
                        schema(
                                field(1, "id", Primitive.BIGINT),
                                field(2, "made", Primitive.DATE))));
    }

    private static String chain(IntFunction<String> branch) {
        return IntStream.range(0, BRANCHES)
                .mapToObj(branch)
                .collect(Collectors.joining("\nunion all\n"));
    }

    /** The query as DuckDB gets it. */
    private String run(String query) {
        return ((DuckDbSession) session).workspace().relations.meant(sql(query)).sql();
    }

    private static long groups(String query) {
        return query.chars().filter(c -> c == '(').count();
    }

    @Test
    void branchesOfTheSameTypesFormGroupsAndStayInOrder() {
        String query = chain(i -> "select " + i + " as n, 'branch " + i + "' as name");
        assertThat(groups(run(query))).isEqualTo(16);
        assertThat(run(query)).hasSameSizeAs(query);
        assertThat(rows(query + "\nlimit 300"))
                .isEqualTo(
                        IntStream.range(0, BRANCHES).mapToObj(i -> row(i, "branch " + i)).toList());
        assertThat(rows(query + "\norder by n desc limit 1"))
                .containsExactly(row(BRANCHES - 1, "branch " + (BRANCHES - 1)));
    }

    @Test
    void columnsOfNullsAreInAnyGroup() {
        String query =
                chain(i ->
                        i % 3 == 0
                                ? "select id, made from shop.orders"
                                : "select " + i + "::bigint, null");
        assertThat(groups(run(query))).isEqualTo(16);
        assertThat(rows("select count(*), count(made) from (" + query + ")"))
                .containsExactly(row(86L, 0L));
    }

    /** A whole number that becomes a fraction before it becomes a text is another text. */
    @Test
    void valuesAreNotTurnedIntoWhatOnlyTheirNeighboursAre() {
        String query =
                chain(i ->
                        switch (i % 4) {
                            case 0 -> "select " + i + " as x";
                            case 1 -> "select " + i + "::double";
                            case 2 -> "select " + i;
                            default -> i == 103 ? "select 'text'" : "select null";
                        });
        assertThat(
                        rows(
                                "select string_agg(x, ' ' order by 1) from ("
                                        + query
                                        + ") where x like '4%'"))
                .containsExactly(row("4 40 41.0 42 44 45.0 46 48 49.0"));
        assertThat(run(query)).isEqualTo(query);
    }

    @Test
    void commentsAndExpressionsBeforeAreNoObstacle() {
        String query =
                "with a as (select 7 as n), b as ("
                        + chain(i -> "select n + " + i + " as n from a -- the rest of a line")
                        + "\n) select sum(n)::bigint as s from b";
        assertThat(groups(run(query))).isEqualTo(3 + 16);
        assertThat(rows(query)).containsExactly(row(9295L));
    }

    @Test
    void aViewIsAsTheQueryBehindIt() {
        session.define(
                TableName.parse("shop.all_of_them"),
                new Relation.View(chain(i -> "select " + i + " as n")));
        assertThat(rows("select count(*), sum(n)::bigint from shop.all_of_them"))
                .containsExactly(row(130L, 8385L));
    }

    @Test
    void typesAreLookedAtAgainWhenARelationIsAnotherOne() {
        String query = chain(i -> i % 2 == 0 ? "select id from shop.orders" : "select 1::bigint");
        assertThat(groups(run(query))).isEqualTo(16);
        session.define(TABLE, new Relation.Shape(schema(field(1, "id", Primitive.DOUBLE))));
        assertThat(run(query)).isEqualTo(query);
    }

    @Test
    void mistakesAreToldWhereTheyStand() {
        String query =
                chain(i ->
                        i == 77 ? "select nothing from shop.orders" : "select id from shop.orders");
        assertThatThrownBy(() -> session.describe(SqlText.ofFile(query, "models/all.sql")))
                .isInstanceOfSatisfying(
                        TarnException.class,
                        e ->
                                assertThat(e.problems().getFirst().place().orElseThrow().toString())
                                        .isEqualTo("models/all.sql:155:8"));
        String narrow = chain(i -> i == 77 ? "select 1, 2" : "select 1");
        assertThatThrownBy(() -> session.describe(sql(narrow)))
                .hasMessageContaining("same number of");
        String late =
                chain(i ->
                        i == 77
                                ? "select cast(name as integer) from (select 'x' || id as name from shop.orders)"
                                : "select 1");
        List<List<@Nullable Object>> none = rows("select count(*) from (" + late + ")");
        assertThat(none).containsExactly(row(129L));
    }

    @Test
    void whatStandsBehindAQueryIsNotRun(@TempDir Path folder) {
        Path file = folder.resolve("written.csv");
        String query = chain(i -> "select 1 as n") + "; copy (select 1) to '" + file + "'";
        assertThatThrownBy(() -> session.describe(sql(query)))
                .hasMessageContaining(
                        "One query is needed here, and there are several statements.");
        assertThat(file).doesNotExist();
    }
}
