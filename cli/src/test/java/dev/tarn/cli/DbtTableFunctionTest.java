package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users of dbt see of models that become table functions. */
final class DbtTableFunctionTest {
    @TempDir Path root;
    private DbtFolder shop;

    @BeforeEach
    void begin() {
        shop = new DbtFolder(root.resolve("shop"));
        shop.put("dbt_project.yml", "name: shop");
        shop.put("tarn.yml", "run: {publish: each}");
        shop.put("models/base.sql", "{{ config(materialized='table') }} select 1 as a, 2 as b");
        shop.put(
                "models/f.sql",
                "{{ config(materialized='table_function', parameters='x') }}"
                        + " select * from {{ ref('base') }} where a = x");
        shop.put("models/one.sql", "select b as c from {{ ref('f') }}(1)");
    }

    private Map<String, Object> node(String name) {
        return DbtFolder.map(
                DbtFolder.map(shop.artifact("manifest.json").get("nodes"))
                        .get("model.shop." + name));
    }

    @Test
    void itIsBuiltListedAndShownLikeAModel() {
        shop.put(
                "models/m.yml",
                "models: [{name: f, columns: [{name: a, data_tests: [not_null]}]}]");
        assertThat(shop.dbt("run", "--threads", "1")).as(String.join("\n", shop.lines())).isZero();
        assertThat(String.join("\n", shop.lines()))
                .contains(
                        "2 of 3 START sql table_function model main.f ",
                        "2 of 3 OK created sql table_function model main.f ",
                        "Finished running 1 table model, 1 table function model, 1 view model in");
        assertThat(shop.statuses()).containsEntry("model.shop.f", "success");
        assertThat(node("f")).containsEntry("relation_name", "\"tarn\".\"main\".\"f\"");
        assertThat(DbtFolder.map(node("f").get("config")))
                .containsEntry("materialized", "table_function");
        assertThat(shop.dbt("list", "-s", "config.materialized:table_function")).isZero();
        assertThat(shop.lines()).containsExactly("shop.f", "shop.not_null_f_a");
        assertThat(shop.dbt("show", "--inline", "select * from {{ ref('f') }}(1)")).isZero();
        assertThat(shop.lines()).contains("| 1 | 2 |");
        // A test asks for rows, and there are none without arguments.
        assertThat(shop.dbt("test", "-s", "f")).isEqualTo(1);
        assertThat(shop.statuses().values()).containsExactly("error");
        shop.put("models/m.yml", "models: []");
        assertThat(shop.dbt("docs", "generate")).isZero();
        assertThat(DbtFolder.map(shop.artifact("catalog.json").get("nodes")))
                .containsOnlyKeys("model.shop.base", "model.shop.one");
        assertThat(DbtFolder.map(DbtFolder.map(node("one").get("config")).get("tarn")))
                .asString()
                .isEqualTo(
                        "{columns={c={data_type=INTEGER, from=[{node=model.shop.base, column=b,"
                                + " as_is=true}]}}}");
    }

    @Test
    void aColumnThatATemplateAddsIsSeenByThoseThatCallAfterwards() {
        shop.put(
                "models/late.sql",
                """
                -- depends_on: {{ ref('one') }}
                {{ config(materialized='table') }}
                {% set more %}alter table {{ ref('base') }} add column d integer default 42{% endset %}
                {% set unused = run_query(more) %}
                select * from {{ ref('f') }}(1)
                """);
        assertThat(shop.dbt("run")).as(String.join("\n", shop.lines())).isZero();
        assertThat(shop.rows("select * from main.late")).containsExactly("1,2,42");
    }
}
