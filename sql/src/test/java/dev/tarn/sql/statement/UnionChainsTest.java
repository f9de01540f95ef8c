package dev.tarn.sql.statement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.graph.SqlText;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UnionChainsTest {
    /** Each chain of three or more: what it may name, and its branches. */
    private static List<String> chains(String sql) {
        return UnionChains.of(SqlText.of(sql), 3).stream()
                .map(chain ->
                        chain.scope()
                                + ": "
                                + String.join(
                                        " | ",
                                        chain.branches().stream()
                                                .map(b -> sql.substring(b.from(), b.to()).strip())
                                                .toList()))
                .toList();
    }

    @Test
    void aChainEndsWhereItsParenthesisEnds() {
        assertThat(
                        chains(
                                """
                                select * from (
                                    select 1 -- union all
                                    union all
                                    select '(' /* ) */ Union  All select f(2, (3))
                                ) as t where x in (select 1 union all select 2)\
                                """))
                .containsExactly(": select 1 | select '(' | select f(2, (3))");
    }

    @Test
    void itBeginsBehindExpressionsAndMayNameThem() {
        assertThat(
                        chains(
                                """
                                with a as (select 1), b (x) as materialized (
                                    select * from a union all select 2 union all select 3
                                )
                                select * from b union all select 4 union all (select 5) order by 1\
                                """))
                .containsExactly(
                        "WITH a as (select 1): select * from a | select 2 | select 3",
                        """
                        WITH a as (select 1), b (x) as materialized (
                            select * from a union all select 2 union all select 3
                        ): select * from b | select 4 | (select 5) order by 1\
                        """);
    }

    @Test
    void insideOfAQueryThatHasExpressionsOfItsOwnThoseOutsideAreThereToo() {
        assertThat(
                        chains(
                                "with a as (select 1) select * from (with b as (select 2)"
                                        + " from b union all from a union all from a) as c"))
                .containsExactly("WITH a as (select 1), b as (select 2): from b | from a | from a");
    }

    @Test
    void otherOperationsAndExpressionsThatReadThemselvesAreNoChains() {
        assertThat(chains("select 1 union all select 2 except select 3 union all select 4"))
                .isEmpty();
        assertThat(chains("select 1 union select 2 union all select 3 union all select 4"))
                .isEmpty();
        assertThat(chains("select 1 union all by name select 2 union all by name select 3"))
                .isEmpty();
        assertThat(
                        chains(
                                "with recursive r as (select 1 union all select 2 union all"
                                        + " select * from r) select * from r"))
                .isEmpty();
        assertThat(chains("select 1 union all select 2")).isEmpty();
    }

    @Test
    void brokenTextsHaveNone() {
        assertThat(chains("select 1 ) union all select 2 (")).isEmpty();
        assertThat(chains("with")).isEmpty();
        assertThat(chains("with a as (select 1")).isEmpty();
        assertThat(chains("")).isEmpty();
    }
}
