package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tarn.model.TarnException;
import dev.tarn.model.graph.NodeId;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Functions of a project, written in SQL, in the queries that call them. */
final class FunctionsTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
        shop.put("functions/double_it.sql", "SELECT value * 2\n");
        shop.put(
                "functions/f.yml",
                """
                functions:
                  - name: double_it
                    description: Doubles a number
                    arguments:
                      - {name: value, data_type: float, description: A number}
                    returns: {data_type: float}
                """);
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private RunReport build() {
        RunReport report = shop.build();
        assertThat(Workshop.told(report.problems())).isEmpty();
        return report;
    }

    private String refusal() {
        return Workshop.told(catchThrowableOfType(TarnException.class, shop::build));
    }

    @Test
    void aFunctionIsCalledByTablesViewsTestsAndHooks() {
        shop.put("seeds/raw.csv", "id,n\n1,10\n2,20\n");
        shop.put(
                "models/t.sql",
                """
                {{ config(post_hook="insert into {{ this }} select 3, {{ function('double_it') }}(id, ) from {{ ref('raw') }} where id = 2") }}
                select id, {{ function('double_it') }}(n + 1) as d from {{ ref('raw') }}
                """
                        .replace("(id, )", "(id)"));
        shop.put(
                "models/v.sql",
                """
                {{ config(materialized='view') }}
                select sum({{ function('shop', 'double_it') }}(n)) as s,
                       {{ function('double_it') }}(count(*)) as c, ')' as t -- main.double_it(
                from {{ ref('raw') }}
                """);
        shop.put(
                "tests/one.sql",
                "select * from {{ ref('t') }} where d > {{ function('double_it') }}(100)");
        RunReport report = build();
        assertThat(Workshop.outcome(report)).containsEntry("function double_it", "SUCCEEDED");
        assertThat(shop.rows("select * from main.t order by id"))
                .containsExactly("1|22.0", "2|42.0", "3|4.0");
        assertThat(shop.rows("select * from main.v")).containsExactly("60.0|4.0|)");
        assertThat(shop.tarn().project().manifest().node(new NodeId("function.shop.double_it")))
                .containsEntry("resource_type", "function")
                .containsEntry("description", "Doubles a number");
    }

    @Test
    void functionsReadTablesAndCallEachOther() {
        shop.put("seeds/raw.csv", "id,n\n1,10\n2,20\n");
        shop.put(
                "functions/total.sql",
                "select coalesce(sum({{ function('double_it') }}(n)), 0) from {{ ref('raw') }} where id >= least_id");
        shop.put("functions/plain.sql", "a || '-' || b");
        shop.put(
                "functions/g.yml",
                """
                functions:
                  - name: total
                    arguments: [{name: least_id, data_type: integer, default_value: 0}]
                    returns: {data_type: bigint}
                  - name: plain
                    arguments: [{name: a, data_type: varchar}, {name: b, data_type: varchar, default_value: "it's"}]
                    returns: {data_type: varchar}
                """);
        shop.put(
                "models/t.sql",
                "select {{ function('total') }}() as everything, {{ function('total') }}(2) as some,"
                        + " {{ function('plain') }}(1) as words");
        build();
        assertThat(shop.rows("select * from main.t")).containsExactly("60|40|1-it's");
        shop.put("seeds/raw.csv", "id,n\n1,1\n");
        build();
        assertThat(shop.rows("select everything from main.t"))
                .as("what a function reads is an input of what calls it")
                .containsExactly("2");
        shop.put("functions/double_it.sql", "select value * 3");
        build();
        assertThat(shop.rows("select everything from main.t")).containsExactly("3");
    }

    @Test
    void unitTestsAndTemplatesCallFunctionsToo() {
        shop.put("seeds/raw.csv", "n\n5\n");
        shop.put(
                "models/t.sql", "select {{ function('double_it') }}(n) as d from {{ ref('raw') }}");
        shop.put(
                "models/asked.sql",
                "{% if execute %}{% set n = run_query('select ' ~ function('double_it') ~ '(21)').columns[0].values()[0] %}"
                        + "{% endif %}select {{ n }} as n");
        shop.put(
                "models/u.yml",
                """
                unit_tests:
                  - name: doubles
                    model: t
                    given: [{input: ref('raw'), rows: [{n: 4}]}]
                    expect: {rows: [{d: 8}]}
                """);
        build();
        assertThat(shop.rows("select n from main.asked")).containsExactly("42.0");
    }

    @Test
    void mistakesAreFoundBeforeAnythingRuns() {
        shop.put("models/a.sql", "select {{ function('double_its') }}(1) as d");
        shop.put("functions/snake.py", "def entry(x): return x");
        shop.put("functions/bare.sql", "select 1");
        shop.put("functions/ordered.sql", "select a + b");
        shop.put(
                "functions/g.yml",
                """
                functions:
                  - name: ordered
                    config: {volatility: sometimes, type: aggregate}
                    arguments: [{name: a, data_type: integer, default_value: 1}, {name: b, data_type: integer}, {name: c}]
                    returns: {data_type: integer}
                """);
        assertThat(refusal())
                .isEqualTo(
                        """
                        functions/bare.sql:1:1: Function 'bare' does not say what it returns. Describe it in a property file: functions: [{name: bare, returns: {data_type: …}}]. [CONFIG_INVALID]
                        functions/g.yml:3:26: Setting 'volatility' cannot be 'sometimes': it is one of deterministic, non-deterministic, stable. [CONFIG_INVALID]
                        functions/g.yml:3:43: Function 'ordered' has type 'aggregate'. Only scalar functions can be built here. [UNSUPPORTED]
                        functions/g.yml:4:66: Argument 'b' of function 'ordered' has no default value but comes after one that has. Arguments with default values come last. [CONFIG_INVALID]
                        functions/g.yml:4:97: An argument of function 'ordered' needs 'name' and 'data_type'. [CONFIG_INVALID]
                        functions/snake.py: Function 'snake' is not written in SQL. The embedded engine runs functions in SQL only; a Python model can compute what SQL cannot. [UNSUPPORTED]
                        models/a.sql:1:11: Model 'a' calls function 'double_its', but there is none of that name. Did you mean 'double_it'? [NODE_NOT_FOUND]\
                        """);
    }

    @Test
    void aBodyThatDoesNotFitAndAWrongNumberOfArgumentsAreTold() {
        shop.put("models/a.sql", "select 1 as x, {{ function('double_it') }}(1, 2) as d");
        assertThat(refusal())
                .isEqualTo(
                        "models/a.sql:1:16: Function 'double_it' takes the arguments value, but is"
                                + " given 2. [SQL_INVALID]");
        shop.put("models/a.sql", "select {{ function('double_it') }}(1) as d");
        shop.put("functions/double_it.sql", "select valeu * 2");
        assertThat(refusal()).contains("functions/double_it.sql:1:8").contains("valeu");
    }
}
