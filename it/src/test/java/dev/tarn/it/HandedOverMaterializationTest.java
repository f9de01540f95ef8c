package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.run.RunReport;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Materializations of a project that do something of their own and hand over to built-in ones. */
final class HandedOverMaterializationTest {
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

    private void build() {
        RunReport report = shop.build();
        assertThat(Workshop.told(report.problems())).isEmpty();
    }

    @Test
    void tablesAndViewsAreMadeByTheBuiltInMacros() {
        shop.put(
                "macros/m.sql",
                """
                {% materialization table, adapter='duckdb' %}
                  {% do run_query("create table if not exists main.told (word varchar)") %}
                  {% do run_query("insert into main.told values ('" ~ model.name ~ "')") %}
                  {{ return(dbt_duckdb.materialization_table_duckdb()) }}
                {% endmaterialization %}
                {% materialization view, default %}
                  {% set made = dbt.materialization_view_default() %}
                  {% do run_query("insert into main.told select '" ~ made.relations[0].identifier ~ "'") %}
                  {{ return(made) }}
                {% endmaterialization %}
                """);
        shop.put(
                "models/t.sql",
                """
                {{ config(materialized='table', pre_hook="create or replace table main.before as select 1 as x",
                          post_hook="insert into main.before select count(*) + 10 from {{ this }}") }}
                select 1 as id
                """);
        shop.put("models/v.sql", "select id + 1 as id from {{ ref('t') }}");
        build();
        build();
        assertThat(shop.rows("select word from main.told"))
                .containsExactlyInAnyOrder("t", "v", "t", "v");
        assertThat(shop.rows("select id from main.v")).containsExactly("2");
        assertThat(shop.rows("select x from main.before order by 1")).containsExactly("1", "11");
    }

    @Test
    void incrementalModelsGrowByTheBuiltInMacro() {
        shop.put(
                "macros/m.sql",
                """
                {% materialization incremental, adapter='duckdb' %}
                  {{ return(dbt.materialization_incremental_duckdb()) }}
                {% endmaterialization %}
                """);
        shop.put("seeds/raw.csv", "id,word\n1,a\n2,b\n");
        shop.put(
                "models/keyed.sql",
                """
                {{ config(materialized='incremental', unique_key='id', on_schema_change='append_new_columns') }}
                select *{{ ", 'x' as more" if is_incremental() }} from {{ ref('raw') }}
                """);
        shop.put(
                "models/added.sql",
                """
                {{ config(materialized='incremental') }}
                select * from {{ ref('raw') }}
                {% if is_incremental() %}where id > (select max(id) from {{ this }}){% endif %}
                """);
        build();
        shop.put("seeds/raw.csv", "id,word\n2,B\n3,c\n");
        build();
        assertThat(shop.rows("select id, word, more from main.keyed order by id"))
                .containsExactly("1|a|null", "2|B|x", "3|c|x");
        assertThat(shop.rows("select id, word from main.added order by id"))
                .containsExactly("1|a", "2|b", "3|c");
    }

    @Test
    void snapshotsKeepHistoryByTheBuiltInMacro() {
        shop.put(
                "macros/m.sql",
                """
                {% materialization snapshot, default %}
                  {{ return(dbt.materialization_snapshot_default()) }}
                {% endmaterialization %}
                """);
        shop.put("seeds/raw.csv", "id,word\n1,a\n2,b\n");
        shop.put(
                "snapshots/s.sql",
                """
                {% snapshot s %}
                {{ config(unique_key='id', strategy='check', check_cols=['word'], hard_deletes='invalidate') }}
                select * from {{ ref('raw') }}
                {% endsnapshot %}
                """);
        build();
        shop.put("seeds/raw.csv", "id,word\n1,A\n3,c\n");
        build();
        assertThat(
                        shop.rows(
                                "select id, word, dbt_valid_to is null from main.s order by 1, dbt_valid_from"))
                .containsExactly("1|a|false", "1|A|true", "2|b|false", "3|c|true");
    }
}
