package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What public packages and projects rely on. */
final class DbtIdiomsTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
    }

    @Test
    void aColumnOfNothingIsANumber() {
        shop.put(
                "models/n.sql", "{{ config(materialized='table') }} select null as n, [null] as l");
        shop.put(
                "models/m.sql",
                "select n + 1 as a, coalesce(n, 0) as b, sum(n) over () as c from {{ ref('n') }}");
        shop.put("models/k.sql", "select n from {{ ref('n') }} where n > 5");
        shop.put("models/t.sql", "select n from {{ ref('n') }} union all select 'x'");
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select typeof(n) || typeof(l), b from main.n, main.m"))
                .containsExactly("INTEGERINTEGER[],0");
    }

    @Test
    void columnsOfSeedsHaveTheTypesThatAllTheirValuesAllow() {
        shop.put(
                "seeds/kinds.csv",
                """
                id,big,price,day,made,iso,yes,word,code,nothing
                1,1,1.0,2026-01-01,2026-01-01 10:00:00,2026-01-01T10:00:00Z,true,a,007,
                2,3000000000,1.5,2026-1-2,2026-01-02 11:00:00,2026-01-01T10:00:00.5,FALSE,"1,5",8,
                3,,,,,,,2026-01-01 10:00:00.5,9,
                """);
        assertThat(shop.dbt("seed")).as(shop.console().out()).isZero();
        assertThat(
                        shop.rows(
                                "select distinct typeof(id), typeof(big), typeof(price), typeof(day),"
                                        + " typeof(made), typeof(iso), typeof(yes), typeof(word),"
                                        + " typeof(code), typeof(nothing) from main.kinds"))
                .containsExactly(
                        "INTEGER,BIGINT,DOUBLE,DATE,TIMESTAMP,TIMESTAMP,BOOLEAN,VARCHAR,INTEGER,"
                                + "INTEGER");
        assertThat(shop.rows("select id, code, word, nothing from main.kinds order by id"))
                .containsExactly("1,7,a,", "2,8,\"1,5\",", "3,9,2026-01-01 10:00:00.5,");
    }

    @Test
    void whatIsSaidOfASeedsColumnsIsTaken() {
        shop.put("seeds/codes.csv", "id;code\n1;007\n");
        shop.put(
                "dbt_project.yml",
                "name: shop\nseeds: {shop: {+delimiter: ';', +column_types: {code: varchar(10)}}}\n");
        assertThat(shop.dbt("seed")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select * from main.codes")).containsExactly("1,007");
    }

    @Test
    void aModelMayBeThereTwiceIfOnlyOneIsSwitchedOn() {
        shop.put(
                "models/here/m.sql", "{{ config(enabled=target.type == 'duckdb') }} select 1 as n");
        shop.put("models/a/m.sql", "{{ config(enabled=target.type == 'other') }} select 2 as n");
        shop.put("models/b/m.sql", "select 3 as n");
        shop.put("dbt_project.yml", "name: shop\nmodels: {shop: {b: {+enabled: false}}}\n");
        shop.put(
                "models/m.yml",
                "models: [{name: m, columns: [{name: n, data_tests: [not_null]}]}]\n");
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select * from main.m")).containsExactly("1");
        Object disabled =
                DbtFolder.map(shop.artifact("manifest.json").get("disabled")).get("model.shop.m");
        assertThat(DbtFolder.list(disabled)).hasSize(2);

        shop.put("dbt_project.yml", "name: shop\n");
        assertThat(shop.dbt("build")).isEqualTo(2);
        assertThat(shop.lines())
                .contains(
                        "models/here/m.sql: Model 'm' is here twice: first at models/b/m.sql. Rename"
                                + " or remove one of them. [DUPLICATE_NAME]");
    }

    @Test
    void settingsAreNotKnownWhileAProjectIsRead() {
        shop.put(
                "macros/ref.sql",
                """
                {% macro ref(name) %}
                  {% if 'special' in config.get('tags', []) %}{{ return('(select 7 as n)') }}{% endif %}
                  {{ return(builtins.ref(name)) }}
                {% endmacro %}
                {% macro is_incremental() %}{{ return(dbt.is_incremental()) }}{% endmacro %}
                """);
        shop.put("models/base.sql", "select 1 as n");
        shop.put(
                "models/m.sql",
                "{{ config(tags=['special'], materialized='incremental') }} select n from {{ ref('base') }} {% if is_incremental() %}"
                        + " where n > 7 {% endif %}");
        assertThat(shop.dbt("run")).as(shop.console().out()).isZero();
        assertThat(shop.dbt("run")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select * from main.m")).containsExactly("7");
        assertThat(shop.listed("--select", "+m")).containsExactly("shop.base", "shop.m");
    }

    @Test
    void whatIsPutIntoTheContextStaysForTheRestOfATemplate() {
        shop.put(
                "macros/keep.sql",
                """
                {% macro keep(key, value) %}
                  {% set kept = context.get('__kept__', {}) %}
                  {% do kept.update({key: value}) %}
                  {% do context.update({'__kept__': kept}) %}
                {% endmacro %}
                """);
        shop.put(
                "models/m.sql",
                "{% do keep('a', 1) %}{% do keep('b', 2) %}select {{ context['__kept__']['a'] }} as a, {{ context.get('__kept__').b }} as b, {{ context.pop('__kept__') | length }} as n, '{{ context.get('__kept__', 'gone') }}' as g");
        assertThat(shop.dbt("run")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select * from main.m")).containsExactly("1,2,2,gone");
    }

    @Test
    void aTestOnlyNeedsWhatItsCodeReads() {
        shop.put("models/never_built.sql", "select 1 as n");
        shop.put(
                "tests/fine.sql",
                "-- depends_on: {{ ref('never_built') }}\nselect 1 as n where false");
        shop.put("tests/wrong.sql", "select * from {{ ref('never_built') }} where n > 1");
        assertThat(shop.dbt("test")).isEqualTo(1);
        assertThat(shop.statuses())
                .containsEntry("test.shop.fine", "pass")
                .containsEntry("test.shop.wrong", "error");
        assertThat(shop.lines())
                .contains(
                        "  tests/wrong.sql:1:1: main.never_built does not exist yet, and 'wrong' reads"
                                + " it. Build it first: `tarn build --select +wrong`."
                                + " [TABLE_NOT_FOUND]");
    }

    @Test
    void aUnitTestThatCannotBePreparedFailsAlone() {
        shop.put(
                "models/m.sql",
                "select {% if execute %}{{ exceptions.raise_compiler_error('not here') }}{% endif %} 1 as n");
        shop.put("models/fine.sql", "select 1 as n");
        shop.put(
                "models/m.yml",
                """
                unit_tests:
                  - {name: u, model: m, given: [], expect: {rows: [{n: 1}]}}
                """);
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(shop.statuses())
                .containsEntry("model.shop.fine", "success")
                .containsEntry("unit_test.shop.m.u", "error")
                .containsEntry("model.shop.m", "skipped");
    }

    @Test
    void resultsKnowWhatKindOfValuesTheirColumnsHold() {
        shop.put(
                "models/m.sql",
                """
                {% set r = run_query("select 1 as id, 1.5::decimal(3,1) as price, date '2026-01-02' as day, 'x' as word, true as yes") %}
                {% if execute %}
                select '{% for c in r.columns.values() %}{{ c.name }}={{ c.data_type.jsonify(r.rows[0][c.name]) }}{{ ';' if loop.last else ' ' }}{% endfor %}' as all_of_it
                {% else %} select 1 {% endif %}
                """);
        assertThat(shop.dbt("run")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select * from main.m"))
                .containsExactly("id=1 price=1.5 day=2026-01-02 word=x yes=True;");
    }

    @Test
    void theTargetsSchemaIsKnownWhileSettingsAreRead() {
        shop.put("models/people.sql", "select 1 as id, 'a' as name");
        shop.put(
                "snapshots/people_then.sql",
                """
                {% snapshot people_then %}
                {{ config(unique_key='id', strategy='check', check_cols='all',
                          target_database=database, target_schema=schema) }}
                select * from {{ ref('people') }}
                {% endsnapshot %}
                """);
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select id, name from main.people_then")).containsExactly("1,a");
    }

    @Test
    void variablesForArtifactsAreToldToTemplatesToo() {
        shop.console().withEnvironment("DBT_ENV_CUSTOM_ENV_team", "night");
        shop.put("models/who.sql", "select '{{ dbt_metadata_envs.team }}' as team");
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select * from main.who")).containsExactly("night");
        for (String file : java.util.List.of("manifest.json", "run_results.json")) {
            assertThat(DbtFolder.map(shop.artifact(file).get("metadata")))
                    .containsEntry("env", java.util.Map.of("team", "night"));
        }
    }

    @Test
    void aCatalogIsMadeWithoutCompilingWhenThatIsAsked() throws java.io.IOException {
        shop.put("models/one.sql", "select 1 as id");
        assertThat(shop.dbt("build")).isZero();
        java.nio.file.Files.delete(shop.path("target/manifest.json"));
        assertThat(shop.dbt("docs", "generate", "--no-compile")).isZero();
        assertThat(shop.path("target/manifest.json")).doesNotExist();
        assertThat(DbtFolder.map(shop.artifact("catalog.json").get("nodes")))
                .containsOnlyKeys("model.shop.one");
    }

    @Test
    void namesThatAreSetToNothingAreTheUsualOnes() {
        shop.put(
                "dbt_project.yml",
                """
                name: shop
                models:
                  +schema: deep
                  +alias: one_name
                  +mine: 5
                  shop:
                    inner: {+schema: null, +alias: ~}
                """);
        shop.put(
                "models/a.sql",
                "{{ config(schema=none, alias=none, mine=none) }} select '{{ config.get('mine', 'unset') }}' as v");
        shop.put("models/b.sql", "select '{{ config.get('mine') }}' as v");
        shop.put("models/b.yml", "models: [{name: b, config: {schema: null, alias: null}}]");
        shop.put("models/inner/c.sql", "{{ config(alias='c1') }} select 3 as v");
        shop.put("models/d.sql", "select 4 as v");
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select v from main.a")).containsExactly("unset");
        assertThat(shop.rows("select v from main.b")).containsExactly("5");
        assertThat(shop.rows("select v from main.c1")).containsExactly("3");
        assertThat(shop.rows("select v from main_deep.one_name")).containsExactly("4");
    }
}
