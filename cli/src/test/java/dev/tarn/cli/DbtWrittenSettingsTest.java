package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings as they are written, and whose word is the last. */
final class DbtWrittenSettingsTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProjectWithAPackage() {
        shop = new DbtFolder(folder);
        shop.put(
                "dbt_project.yml",
                """
                name: shop
                version: '1.0'
                models:
                  +tags: [all]
                  shop: {+materialized: "{{ 'table' if target.name == 'prod' else 'view' }}", +tags: [ours]}
                  tools: {+materialized: table, +enabled: "{{ target.name != 'bare' }}"}
                sources: {shop: {+enabled: true}}
                exposures: {shop: {+enabled: "{{ target.name == 'dev' }}"}}
                """);
        shop.put(
                "models/a.sql",
                "{{ config(tags='here', meta={'x': 1}, pre_hook='select 1') }} select 1 as a");
        shop.put(
                "models/all.yml",
                """
                models: [{name: a, access: public, config: {alias: aa, tags: [filed]}}]
                sources: [{name: s, config: {meta: {of: source}}, tables: [{name: t, config: {tags: [x]}}]}]
                exposures: [{name: board, type: dashboard, owner: {name: us}, depends_on: ["ref('a')"]}]
                """);
        shop.put(
                "dbt_packages/tools/dbt_project.yml",
                "name: tools\nversion: '1.0'\nmodels: {+materialized: view}\n");
        shop.put(
                "dbt_packages/tools/models/tool.sql",
                "{{ config(materialized='ephemeral', tags=['own']) }} select 2 as b");
    }

    private Map<String, Object> node(String section, String id) {
        return DbtFolder.map(DbtFolder.map(shop.artifact("manifest.json").get(section)).get(id));
    }

    @Test
    void theManifestKeepsSettingsAsTheyAreWritten() {
        assertThat(shop.dbt("parse")).as(shop.console().out()).isZero();
        assertThat(node("nodes", "model.shop.a").get("unrendered_config"))
                .isEqualTo(
                        Map.of(
                                "tags", "here",
                                "materialized",
                                        "{{ 'table' if target.name == 'prod' else 'view' }}",
                                "access", "public",
                                "alias", "aa",
                                "meta", Map.of("x", 1),
                                "pre-hook", "select 1"));
        assertThat(DbtFolder.map(node("sources", "source.shop.s.t").get("unrendered_config")))
                .containsEntry("enabled", true)
                .containsEntry("meta", Map.of("of", "source"))
                .containsEntry("tags", List.of("x"))
                .containsEntry("loaded_at_field", null)
                .containsEntry("loaded_at_query", null)
                .hasSize(5);
        assertThat(node("exposures", "exposure.shop.board").get("unrendered_config"))
                .isEqualTo(Map.of("enabled", "{{ target.name == 'dev' }}"));
        Map<String, Object> first = node("nodes", "model.shop.a");
        assertThat(shop.dbt("parse", "--target", "prod")).isZero();
        assertThat(node("nodes", "model.shop.a").get("unrendered_config"))
                .isEqualTo(first.get("unrendered_config"));
        assertThat(DbtFolder.map(node("nodes", "model.shop.a").get("config")))
                .containsEntry("materialized", "table");
    }

    @Test
    void theRootProjectHasTheLastWordAboutPackages() {
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
        Map<String, Object> tool = node("nodes", "model.tools.tool");
        assertThat(DbtFolder.map(tool.get("config")))
                .containsEntry("materialized", "table")
                .containsEntry("tags", List.of("own", "all"));
        assertThat(tool.get("unrendered_config"))
                .isEqualTo(
                        Map.of(
                                "materialized", "table",
                                "tags", List.of("all"),
                                "enabled", "{{ target.name != 'bare' }}"));
        assertThat(shop.rows("select * from main.tool")).containsExactly("2");
        assertThat(shop.listed("--target", "bare")).doesNotContain("tools.tool");
    }

    @Test
    void anExposureCanBeSwitchedOff() {
        assertThat(shop.listed("--resource-type", "exposure"))
                .containsExactly("exposure:shop.board");
        assertThat(shop.dbt("parse", "--target", "prod")).isZero();
        assertThat(DbtFolder.map(shop.artifact("manifest.json").get("exposures"))).isEmpty();
        assertThat(DbtFolder.map(shop.artifact("manifest.json").get("disabled")))
                .containsKey("exposure.shop.board");
        assertThat(new Shapes().wrong("manifest", shop.artifact("manifest.json"))).isEmpty();
    }
}
