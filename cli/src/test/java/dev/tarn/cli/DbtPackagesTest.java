package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages that are missing or meant for another dbt, and what the environment tells. */
final class DbtPackagesTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aFolder() {
        shop = new DbtFolder(folder);
        shop.put("models/a.sql", "select 1 as a");
    }

    @Test
    void packagesThatAreNotInstalledAreRefused() {
        shop.put(
                "packages.yml",
                "packages:\n  - {local: ../tools}\n  - {package: dbt-labs/dbt_utils, version: 1.3.0}\n");
        assertThat(shop.dbt("build")).isEqualTo(2);
        assertThat(shop.console().out())
                .contains(
                        "packages.yml:2:5: The project asks for 2 packages, and none is in"
                                + " dbt_packages. Missing: ../tools, dbt-labs/dbt_utils. Run `tarn"
                                + " deps`. [FILE_MISSING]");
        shop.put("dbt_packages/tools/dbt_project.yml", "name: tools\nversion: '1.0'\n");
        assertThat(shop.dbt("build")).isEqualTo(2);
        assertThat(shop.console().out())
                .contains(
                        "packages.yml:3:5: The project asks for 2 packages, and only 1 is in"
                                + " dbt_packages. Missing: dbt-labs/dbt_utils. Run `tarn deps`."
                                + " [FILE_MISSING]");
        shop.put("dbt_packages/dbt_utils/dbt_project.yml", "name: dbt_utils\nversion: '1.3.0'\n");
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
    }

    @Test
    void packagesForAnotherDbtAreRefusedUnlessNobodyAsks() {
        shop.put(
                "dbt_packages/tools/dbt_project.yml",
                "name: tools\nversion: '1.0'\nrequire-dbt-version: ['>=0.8.0', '<1.0.0']\n");
        assertThat(shop.dbt("build")).isEqualTo(2);
        assertThat(shop.console().out())
                .contains(
                        "dbt_packages/tools/dbt_project.yml:3:22: Package 'tools' wants a version of"
                                + " dbt that is >=0.8.0 and <1.0.0. Tarn does what dbt 1.10.0 does."
                                + " Take another version of the package, or set version_check: false"
                                + " under flags in dbt_project.yml. [UNSUPPORTED]");
        assertThat(shop.dbt("build", "--no-version-check")).as(shop.console().out()).isZero();
        assertThat(shop.dbt("--no-version-check", "parse")).isZero();
        shop.put("dbt_project.yml", "name: shop\nversion: '1.0'\nflags: {version_check: false}\n");
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
        assertThat(shop.console().run("build")).isZero();
    }

    @Test
    void theEnvironmentDescribesAnInvocation() {
        shop.console().withEnvironment("DBT_ENV_CUSTOM_ENV_team", "sales");
        shop.put("models/b.sql", "select '{{ dbt_metadata_envs.team }}' as team");
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select team from main.b")).containsExactly("sales");
        assertThat(DbtFolder.map(shop.artifact("run_results.json").get("metadata")))
                .containsEntry("env", Map.of("team", "sales"));
        shop.console().withEnvironment("DBT_ENV_CUSTOM_ENV_team", "stock");
        assertThat(shop.dbt("build")).isZero();
        assertThat(shop.rows("select team from main.b")).containsExactly("stock");
    }

    @Test
    void whatAMacroNamesAndNobodyHasEndsTheReading() {
        shop.put("macros/m.sql", "{% macro m() %}{{ dbt_utils.star(ref('a')) }}{% endmacro %}");
        shop.put("models/b.sql", "select {{ dbt_utils.star(ref('a')) }} from {{ ref('a') }}");
        assertThat(shop.dbt("build")).as(shop.console().out()).isEqualTo(1);
        assertThat(shop.statuses())
                .containsEntry("model.shop.b", "error")
                .containsEntry("model.shop.a", "success");
        shop.put("models/b.sql", "select {{ m() }} from {{ ref('a') }}");
        assertThat(shop.dbt("parse")).isEqualTo(2);
        assertThat(shop.console().out())
                .contains("macros/m.sql:1:19: 'dbt_utils' is undefined.")
                .contains("In macro 'm' called at models/b.sql:1:11");
    }

    @Test
    void theNameOfAPackageHasItsVariables() {
        shop.put("dbt_packages/tools/dbt_project.yml", "name: tools\nversion: '1.0'\n");
        shop.put(
                "dbt_packages/tools/macros/m.sql",
                "{% macro m() %}{{ var('word', var('tools', {}).get('word')) }}{% endmacro %}");
        shop.put(
                "dbt_project.yml",
                "name: shop\nversion: '1.0'\nvars:\n  tools: {word: mine, other: [1, 2]}\n");
        shop.put(
                "models/b.sql",
                "select '{{ tools.m() }}' as word, {{ var('tools').get('other') | sum }} as n");
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select word, n from main.b")).containsExactly("mine,3");
    }

    @Test
    void aMaterializationMayMakeNothing() {
        shop.put(
                "macros/noted.sql",
                """
                {% materialization noted, default %}
                  {% call noop_statement('main', 'seen ' ~ model.name) %}{{ sql }}{% endcall %}
                  {{ return({'relations': []}) }}
                {% endmaterialization %}
                """);
        shop.put("models/b.sql", "{{ config(materialized='noted') }} select 1 as b");
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
        assertThat(shop.statuses()).containsEntry("model.shop.b", "success");
    }

    @Test
    void whatAPackageDoesNotDescribeAnotherMay() {
        shop.put("dbt_packages/tools/dbt_project.yml", "name: tools\nversion: '1.0'\n");
        shop.put("dbt_packages/tools/models/told.sql", "select 1 as id union all select 1");
        shop.put("dbt_packages/tools/models/own.sql", "select 1 as id");
        shop.put(
                "dbt_packages/tools/models/own.yml",
                "models: [{name: own, description: mine}, {name: a, description: ours}]\n");
        shop.put(
                "models/told.yml",
                """
                models:
                  - name: told
                    description: from outside
                    config: {materialized: table, tags: [seen]}
                    columns: [{name: id, data_tests: [unique]}]
                """);
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(shop.statuses())
                .isEqualTo(
                        Map.of(
                                "model.tools.told",
                                "success",
                                "model.tools.own",
                                "success",
                                "model.shop.a",
                                "success",
                                "test.shop.unique_told_id.751acc3f8d",
                                "fail"));
        Map<String, Object> nodes = DbtFolder.map(shop.artifact("manifest.json").get("nodes"));
        assertThat(DbtFolder.map(nodes.get("model.tools.told")))
                .containsEntry("description", "from outside")
                .containsEntry("patch_path", "shop://models/told.yml")
                .containsEntry("tags", List.of("seen"));
        assertThat(DbtFolder.map(nodes.get("model.shop.a")))
                .containsEntry("description", "ours")
                .containsEntry("patch_path", "tools://models/own.yml");
        shop.put("models/own.yml", "models: [{name: own, description: other}]\n");
        assertThat(shop.dbt("parse")).isEqualTo(2);
        assertThat(shop.console().out())
                .contains(
                        "models/own.yml:1:17: The description of model 'own' is here twice: first"
                                + " at dbt_packages/tools/models/own.yml:1:17.");
    }
}
