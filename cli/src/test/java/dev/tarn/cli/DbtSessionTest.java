package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings, macros and types that statements of a project make, and who understands them. */
final class DbtSessionTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
        shop.put("dbt_project.yml", "name: shop\nmodels: {+materialized: table}\n");
    }

    private void builds() {
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
    }

    private String built(String model) {
        return String.join("\n", shop.rows("select * from " + model));
    }

    @Test
    void aHeaderDecidesHowTheQueryOfItsModelIsUnderstood() {
        shop.put(
                "models/zoned.sql",
                """
                {% call set_sql_header(config) %}
                set session time zone 'Asia/Kolkata';
                create temp macro half(x) as x / 2;
                {%- endcall %}
                select half(5) as h, strftime(timestamptz '2020-01-01 00:00:00+00', '%H:%M') as t\
                """);
        shop.put(
                "models/added.sql",
                """
                {{ config(materialized='incremental', sql_header='set integer_division = true') }}
                select 5 / 2 as h\
                """);
        shop.put("models/plain.sql", "select 5 / 2 as h, current_setting('timezone') as t");

        builds();
        builds();

        assertThat(built("zoned")).isEqualTo("2.5,05:30");
        assertThat(built("plain")).isEqualTo("2.5,UTC");
        assertThat(shop.rows("select * from added")).containsExactly("2", "2");
    }

    @Test
    void aHeaderMayBeOnTopOfAContract() {
        shop.put(
                "models/promised.sql",
                """
                {{ config(sql_header="create temp macro twice(x) as x * 2") }}
                select twice(2) as n\
                """);
        shop.put(
                "models/m.yml",
                """
                models:
                  - name: promised
                    config: {contract: {enforced: true}}
                    columns: [{name: n, data_type: integer}]
                """);
        builds();
        assertThat(built("promised")).isEqualTo("4");

        shop.put("models/promised.sql", shop.text("models/promised.sql").replace("n", "o"));
        assertThat(shop.dbt("build")).isEqualTo(1);
    }

    @Test
    void macrosOfTheStartAreThereForTheWholeRun() {
        shop.put(
                "dbt_project.yml",
                """
                name: shop
                on-run-start:
                  - "{{ make_macros() }}"
                  - "set timezone = 'Asia/Kolkata'"
                """);
        shop.put(
                "macros/make.sql",
                """
                {% macro make_macros() %}
                create or replace macro {{ target.schema }}.twice(x) as x * 2;
                create or replace macro upto(n := 3) as table select i from range(n) t(i);
                create or replace type mood as enum ('sad', 'glad');
                {% endmacro %}
                """);
        shop.put("models/a.sql", "{{ config(materialized='table') }} select twice(3) as six");
        shop.put("models/b.sql", "select twice(six + 1), i from {{ ref('a') }}, upto(2)");
        shop.put(
                "models/c.sql",
                """
                {{ config(materialized='table') }}
                select 'glad'::mood as m, sum(i) as s, current_setting('timezone') as t
                from {{ ref('b') }}
                """);
        shop.put("tests/t.sql", "select * from {{ ref('b') }} where i > twice(1)");

        builds();
        builds();

        assertThat(shop.rows("select \"twice((six + 1))\", i from b order by i"))
                .containsExactly("14,0", "14,1");
        assertThat(built("c")).isEqualTo("glad,1,UTC");
        assertThat(shop.console().run("build")).as(shop.console().out()).isZero();
    }

    @Test
    void anotherBodyOfAMacroBuildsAnewWhatCallsIt() {
        String project =
                "name: shop\nmodels: {+materialized: table}\non-run-start: \"create macro f(x) as x + %s\"\n";
        shop.put("models/a.sql", "select f(1) as n");
        shop.put("models/other.sql", "select 1 as n");
        shop.put("dbt_project.yml", project.formatted(1));
        builds();
        assertThat(built("a")).isEqualTo("2");

        shop.put("dbt_project.yml", project.formatted(2));
        builds();

        assertThat(built("a")).isEqualTo("3");
        assertThat(shop.console().run("build")).isZero();
        assertThat(shop.console().out()).contains("1 ok, 1 unchanged");
    }

    @Test
    void aHookMakesThemForItsNodeOrForAll() {
        shop.put(
                "models/a.sql",
                """
                {{ config(pre_hook=[
                    "create temp macro own(x) as x + 1",
                    "create macro everyones(x) as x + 2",
                    "set variable k = 7"]) }}
                select own(1) as n, everyones(1) as o, getvariable('k') as k
                """);
        shop.put(
                "models/b.sql",
                "select everyones(n) as n, getvariable('k') as k from {{ ref('a') }}");
        builds();
        assertThat(built("a")).isEqualTo("2,3,7");
        assertThat(built("b")).isEqualTo("4,");

        shop.put("models/b.sql", "select own(n) as n from {{ ref('a') }}");
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(shop.console().out()).contains("Function 'own' does not exist");

        shop.put(
                "models/b.sql",
                "{{ config(pre_hook='drop macro everyones') }} select everyones(n) as n from {{ ref('a') }}");
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(shop.console().out()).contains("Function 'everyones' does not exist");
    }

    @Test
    void aViewThatCannotDoWithoutIsRefused() {
        shop.put(
                "models/v.sql",
                """
                {{ config(materialized='view', sql_header="create temp macro typed(x integer) as x") }}
                select typed(1) as n
                """);
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(shop.console().out())
                .contains("models/v.sql:")
                .contains(
                        "is there while the run works, and not when somebody reads the view. Make it a table");
    }

    @Test
    void mistakesInThemAreToldWhereTheyStand() {
        shop.put(
                "models/a.sql",
                "{{ config(sql_header='create macro f(x) as nothing(x)') }} select 1 as n");
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(shop.console().out())
                .contains("models/a.sql:1:")
                .contains("Function 'nothing' does not exist");
    }

    @Test
    void showUnderstandsTheHeaderAndMayWhatModelsMay() {
        shop.put(
                "models/a.sql",
                "{{ config(sql_header=\"set timezone = 'Asia/Kolkata'\") }} select current_setting('timezone') as z");
        assertThat(shop.dbt("show", "--select", "a")).as(shop.console().out()).isZero();
        assertThat(shop.console().out()).contains("| Asia/Kolkata |");
        shop.put(
                "models/b.sql",
                "{{ config(sql_header='with x as (select 8 as n)') }} select n from x");
        assertThat(shop.dbt("show", "--select", "b")).as(shop.console().out()).isZero();
        assertThat(shop.console().out()).contains("| 8 |");
        assertThat(shop.dbt("show", "--inline", "select current_setting('timezone') as z"))
                .isZero();
        assertThat(shop.console().out()).contains("| UTC |");
    }

    @Test
    void showKnowsTheMacrosOfTheStart() {
        shop.put(
                "dbt_project.yml",
                """
                name: shop
                on-run-start:
                  - "create or replace macro plus(x, y) as x + y"
                  - "{{ more() }}"
                  - "{% set n = run_query('select 1').columns[0][0] %}create macro late() as {{ n }}"
                """);
        shop.put(
                "macros/more.sql",
                "{% macro more() %} create table if not exists t as select 1 as i; create macro"
                        + " first(n) as table select * from range(n); {% endmacro %}");
        shop.put("models/a.sql", "select plus(1, 2) as three");
        assertThat(shop.dbt("show", "--select", "a")).as(shop.console().out()).isZero();
        assertThat(shop.console().out()).contains("|     3 |");
        assertThat(shop.dbt("show", "--inline", "select count(*) + 10 as c from first(4)"))
                .as(shop.console().out())
                .isZero();
        assertThat(shop.console().out()).contains("| 14 |");
        assertThat(shop.dbt("show", "--inline", "select * from t"))
                .as("nothing else of the start is done")
                .isEqualTo(2);
    }

    @Test
    void whoTypesStatementsIsToldThatNoCatalogKeepsThem() {
        assertThat(shop.console().run("sql", "create macro f(x) as x")).isNotZero();
        assertThat(shop.console().err())
                .contains("CREATE MACRO is for hooks and headers of a project");
        assertThat(shop.console().run("sql", "set timezone = 'UTC'")).isNotZero();
        assertThat(shop.console().err()).contains("SET has no effect here. Leave it out.");
    }
}
