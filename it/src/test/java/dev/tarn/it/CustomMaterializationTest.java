package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.model.TableName;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Materializations that a project or a package writes in Jinja, in the run's transaction. */
final class CustomMaterializationTest {
    /** Builds beside the old table and swaps by renaming, as many projects do. */
    private static final String SWAPPED =
            """
            {% materialization swapped, adapter='duckdb' %}
              {%- set old = load_cached_relation(this) -%}
              {%- set target = this.incorporate(type='table') -%}
              {%- set fresh = make_intermediate_relation(target) -%}
              {%- set backup = make_backup_relation(target, 'table' if old is none else old.type) -%}
              {{ drop_relation_if_exists(load_cached_relation(fresh)) }}
              {{ drop_relation_if_exists(load_cached_relation(backup)) }}
              {{ run_hooks(pre_hooks, inside_transaction=False) }}
              {{ run_hooks(pre_hooks, inside_transaction=True) }}
              {% call statement('main') -%}
                {{ get_create_table_as_sql(False, fresh, sql) }}
              {%- endcall %}
              {% if old is not none %}{{ adapter.rename_relation(old, backup) }}{% endif %}
              {{ adapter.rename_relation(fresh, target) }}
              {% do create_indexes(target) %}
              {{ run_hooks(post_hooks, inside_transaction=True) }}
              {% do apply_grants(target, config.get('grants'), should_revoke=should_revoke(old, True)) %}
              {% do persist_docs(target, model) %}
              {{ adapter.commit() }}
              {{ drop_relation_if_exists(backup) }}
              {{ run_hooks(post_hooks, inside_transaction=False) }}
              {{ return({'relations': [target]}) }}
            {% endmaterialization %}
            """;

    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
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

    private List<String> tables(String at) {
        return shop.tarn().tableNames(At.parse(at)).stream().map(TableName::table).toList();
    }

    @Test
    void aTableIsBuiltAsideAndSwappedByRenaming() {
        shop.put("macros/swapped.sql", SWAPPED);
        shop.put("seeds/raw.csv", "id,word\n1,a\n2,b\n");
        shop.put(
                "models/t.sql",
                """
                {{ config(materialized='swapped',
                          pre_hook="create or replace table main.hooked as select 'pre' as w",
                          post_hook=["insert into main.hooked select 'post ' || count(*) from {{ this }}",
                                     {"sql": "insert into main.hooked values ('after')", "transaction": false}]) }}
                select * from {{ ref('raw') }}
                """);
        shop.put("models/reader.sql", "select count(*) as n from {{ ref('t') }}");
        build();
        assertThat(shop.rows("select id, word from main.t order by id"))
                .containsExactly("1|a", "2|b");
        assertThat(shop.rows("select w from main.hooked order by w"))
                .containsExactly("after", "post 2", "pre");

        shop.put("seeds/raw.csv", "id,word\n3,c\n");
        build();
        assertThat(shop.rows("select id, word from main.t")).containsExactly("3|c");
        assertThat(shop.rows("select n from main.reader")).containsExactly("1");
        assertThat(tables("main")).doesNotContain("t__dbt_tmp", "t__dbt_backup");
    }

    @Test
    void rowsAreInsertedPeriodByPeriodIntoWhatIsThere() {
        shop.put(
                "macros/by_period.sql",
                """
                {% materialization insert_by_period, default %}
                  {%- set target = this.incorporate(type='table') -%}
                  {%- set old = adapter.get_relation(this.database, this.schema, this.identifier) -%}
                  {%- set column = config.require('timestamp_field') -%}
                  {%- set again = should_full_refresh() -%}
                  {%- if old is none or again -%}
                    {%- if old is not none %}{% do adapter.drop_relation(old) %}{% endif -%}
                    {%- call statement() -%}
                      {{ create_table_as(False, target, sql | replace('__PERIOD_FILTER__', 'false')) }}
                    {%- endcall -%}
                  {%- endif -%}
                  {%- call statement('last', fetch_result=True) -%}
                    select coalesce(max({{ column }}), date '{{ config.get('start_date') }}') as d from {{ target }}
                  {%- endcall -%}
                  {%- set last = load_result('last')['data'][0][0] -%}
                  {%- set temporary = make_temp_relation(target) -%}
                  {%- set places = adapter.get_columns_in_relation(target) | map(attribute='quoted') | join(', ') -%}
                  {%- for step in range(2) -%}
                    {%- set filter = column ~ " > date '" ~ last ~ "' + interval " ~ step ~ " year and "
                        ~ column ~ " <= date '" ~ last ~ "' + interval " ~ (step + 1) ~ " year" -%}
                    {%- call statement() -%}
                      {{ create_table_as(True, temporary, sql | replace('__PERIOD_FILTER__', filter)) }}
                    {%- endcall -%}
                    {%- do adapter.expand_target_column_types(from_relation=temporary, to_relation=target) -%}
                    {%- call statement('main', fetch_result=True) -%}
                      insert into {{ target }} ({{ places }}) (select {{ places }} from {{ temporary }})
                    {%- endcall -%}
                    {%- do adapter.drop_relation(temporary) -%}
                  {%- endfor -%}
                  {{ return({'relations': [target]}) }}
                {% endmaterialization %}
                """);
        shop.put("seeds/raw.csv", "id,day\n1,2020-03-01\n2,2021-02-01\n3,2024-01-01\n");
        shop.put(
                "models/t.sql",
                """
                {{ config(materialized='insert_by_period', timestamp_field='day', start_date='2020-01-01') }}
                select * from {{ ref('raw') }} where __PERIOD_FILTER__
                """);
        build();
        assertThat(shop.rows("select id from main.t order by id")).containsExactly("1", "2");
        shop.put("seeds/raw.csv", "id,day\n1,2020-03-01\n2,2021-02-01\n4,2022-12-31\n");
        build();
        assertThat(shop.rows("select id from main.t order by id")).containsExactly("1", "2", "4");
        assertThat(tables("main")).doesNotContain("t__dbt_tmp");
    }

    @Test
    void temporaryTablesGoWithTheirNode() {
        shop.put(
                "macros/m.sql",
                """
                {% materialization scratched, default, supported_languages=['sql'] %}
                  {%- set scratch = make_temp_relation(this) -%}
                  {%- call statement() %}{{ create_table_as(True, scratch, sql) }}{% endcall -%}
                  {%- call statement('main') %}create or replace table {{ this }} as select * from {{ scratch }}{% endcall -%}
                  {{ return({'relations': [this]}) }}
                {% endmaterialization %}
                """);
        shop.put("models/t.sql", "{{ config(materialized='scratched') }} select 7 as id");
        RunReport report = build();
        assertThat(report.tasks().getFirst().rows()).isEqualTo(1);
        assertThat(tables("main")).containsExactly("t");
    }

    @Test
    void whatReplacesABuiltInOneFollowsDbtsRules() {
        String marked =
                """
                {%% materialization %s, %s %%}
                  {%%- call statement('main') -%%}
                    create or replace %s {{ this }} as select '%s' as made_by
                  {%%- endcall -%%}
                  {{ return({'relations': [this.incorporate(type='%s')]}) }}
                {%% endmaterialization %%}
                """;
        shop.put("models/t.sql", "select 1 as id");
        shop.put("models/v.sql", "{{ config(materialized='view') }} select 1 as id");
        shop.put("models/w.sql", "{{ config(materialized='incremental') }} select 1 as id");
        shop.put("dbt_packages/tools/dbt_project.yml", "name: tools\nversion: '1.0'\n");
        shop.put("packages.yml", "packages: [{local: dbt_packages/tools}]\n");
        shop.put(
                "dbt_packages/tools/macros/m.sql",
                marked.formatted("view", "default", "view", "package", "view")
                        + marked.formatted(
                                "table", "adapter='duckdb'", "table", "package", "table"));
        build();
        assertThat(shop.rows("select * from main.v")).as("packages do not replace").contains("1");
        assertThat(shop.rows("select * from main.t")).contains("1");

        shop.put(
                "macros/m.sql",
                marked.formatted("table", "default", "table", "all", "table")
                        + marked.formatted(
                                "incremental", "adapter='duckdb'", "table", "own", "table")
                        + "{% materialization view, default %}"
                        + "{{ return(tools.materialization_view_default()) }}{% endmaterialization %}");
        build();
        assertThat(shop.rows("select * from main.t"))
                .as("Tarn's own is for this database, the project's for all")
                .containsExactly("1");
        assertThat(shop.rows("select * from main.v")).containsExactly("package");
        assertThat(shop.rows("select * from main.w")).containsExactly("own");
    }

    @Test
    void aMaterializationOfAPackageBuildsModelsOfTheProject() {
        shop.put("dbt_packages/tools/dbt_project.yml", "name: tools\nversion: '1.0'\n");
        shop.put("packages.yml", "packages: [{local: dbt_packages/tools}]\n");
        shop.put("dbt_packages/tools/macros/m.sql", SWAPPED);
        shop.put("models/t.sql", "{{ config(materialized='swapped') }} select 1 as id");
        build();
        assertThat(shop.rows("select id from main.t")).containsExactly("1");
    }

    @Test
    void whatFailsHalfWayLeavesNothingOfItselfAndIsRepeatedByRetry() {
        shop.put(
                "macros/m.sql",
                """
                {% materialization careless, default %}
                  {%- call statement() %}create or replace table main.half as select 1 as id{% endcall -%}
                  {%- call statement('main') %}create or replace table {{ this }} as {{ sql }}{% endcall -%}
                  {%- if var('fail', true) %}{{ exceptions.raise_compiler_error('no luck') }}{% endif -%}
                  {{ return({'relations': [this]}) }}
                {% endmaterialization %}
                """);
        shop.put("models/t.sql", "{{ config(materialized='careless') }} select 1 as id");
        shop.put("models/reader.sql", "select * from {{ ref('t') }}");
        RunReport report = shop.build();
        assertThat(report.run().status()).isEqualTo(RunStatus.FAILED);
        assertThat(Workshop.told(report.problems())).contains("macros/m.sql:4").contains("no luck");
        String at = "run:" + report.run().id();
        assertThat(tables(at)).isEmpty();
    }

    @Test
    void mistakesAreToldAsDbtDoes() {
        shop.put(
                "macros/m.sql",
                """
                {% materialization silent, default %}{% call statement('main') %}select 1{% endcall %}{% endmaterialization %}
                {% materialization odd, default %}{% call statement('main') %}select 1{% endcall %}{{ return({'tables': []}) }}{% endmaterialization %}
                {% materialization idle, default %}{{ return({'relations': [this]}) }}{% endmaterialization %}
                """);
        shop.put("models/silent.sql", "{{ config(materialized='silent') }} select 1 as id");
        shop.put("models/odd.sql", "{{ config(materialized='odd') }} select 1 as id");
        shop.put("models/idle.sql", "{{ config(materialized='idle') }} select 1 as id");
        assertThat(Workshop.told(shop.build().problems()).split("\n"))
                .containsExactlyInAnyOrder(
                        "macros/m.sql:1:1: The materialization 'silent' did not return a list of"
                                + " relations. End it with {{ return({'relations': [this]}) }}."
                                + " [TEMPLATE_FAILED]",
                        "macros/m.sql:2:1: The materialization 'odd' must return a dictionary with a"
                                + " list under 'relations', not {'tables': []}. [TEMPLATE_FAILED]",
                        "macros/m.sql:3:1: The materialization 'idle' never ran its main statement:"
                                + " {% call statement('main') %}. [TEMPLATE_FAILED]");
    }

    @Test
    void anUnknownWordAndALanguageThatDoesNotFitFailTheirModelsOnly() {
        shop.put(
                "macros/m.sql",
                "{% materialization snakes, default, supported_languages=['python'] %}{% endmaterialization %}");
        shop.put("models/a.sql", "{{ config(materialized='snakes') }} select 1 as id");
        shop.put("models/b.sql", "{{ config(materialized='snake') }} select 1 as id");
        shop.put("models/c.sql", "{{ config(materialized='table') }} select 1 as id");
        RunReport report = shop.build();
        assertThat(Workshop.told(report.problems()).split("\n"))
                .containsExactlyInAnyOrder(
                        "models/a.sql:1:4: Materialization 'snakes' only supports the languages"
                                + " python; this model is in sql. [CONFIG_INVALID]",
                        "models/b.sql:1:4: Setting 'materialized' cannot be 'snake': it is one of"
                                + " ephemeral, external, incremental, materialized_view, snakes,"
                                + " stream, table, table_function, view. Did you mean 'snakes'? [CONFIG_INVALID]");
    }
}
