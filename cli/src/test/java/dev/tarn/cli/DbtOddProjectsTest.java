package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Corners of the format where projects rely on what dbt does, and not on what one would expect. */
final class DbtOddProjectsTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
        shop.put("models/a.sql", "{{ config(materialized='table') }} select 1 as id");
    }

    private int dbt(String... args) {
        return shop.dbt(args);
    }

    private Map<String, Object> node(String id) {
        return DbtFolder.map(DbtFolder.map(shop.artifact("manifest.json").get("nodes")).get(id));
    }

    private List<Object> messages() {
        return DbtFolder.list(shop.artifact("run_results.json").get("results")).stream()
                .map(DbtFolder::map)
                .map(r -> r.get("message"))
                .toList();
    }

    private void refused(String text) {
        assertThat(dbt("parse")).as(shop.console().out()).isEqualTo(2);
        assertThat(shop.console().out() + shop.console().err()).contains(text);
    }

    @Test
    void aSnapshotAndItsTestsMayBeInOneFile() {
        shop.put(
                "snapshots/past.yml",
                """
                snapshots:
                  - name: past
                    relation: ref('a')
                    config: {unique_key: id, strategy: check, check_cols: all}
                    columns: [{name: id, data_tests: [unique]}]
                """);
        assertThat(dbt("build")).as(shop.console().out()).isZero();
        assertThat(dbt("test")).as(shop.console().out()).isZero();
        assertThat(node("snapshot.shop.past")).containsEntry("path", "past.yml/past.sql");
        assertThat(shop.path("target/compiled/shop/snapshots/past.yml/unique_past_id.sql"))
                .exists();
    }

    @Test
    void whatBecameOfModelsIsToldAsOk() {
        shop.put("models/b.sql", "select * from {{ ref('a') }}");
        shop.put("models/c.sql", "{{ config(materialized='incremental') }} select 1 as id");
        assertThat(dbt("run")).isZero();
        assertThat(messages()).containsExactly("OK", "OK", "OK");
        assertThat(dbt("run", "--select", "c")).isZero();
        assertThat(messages()).containsExactly("OK");
    }

    @Test
    void aTestIsInTheFolderOfItsPropertyFile() {
        shop.put("models/deep/b.sql", "select 1 as id");
        shop.put(
                "models/all.yml",
                "models: [{name: b, columns: [{name: id, data_tests: [unique]}]}]");
        shop.put(
                "dbt_project.yml",
                """
                name: shop
                version: '1.0'
                data_tests: {shop: {deep: {+severity: warn}}}
                """);
        assertThat(dbt("parse")).isZero();
        List<?> tests =
                DbtFolder.map(shop.artifact("manifest.json").get("nodes")).entrySet().stream()
                        .filter(e -> e.getKey().startsWith("test."))
                        .map(e -> DbtFolder.map(e.getValue()).get("fqn"))
                        .toList();
        assertThat(tests).hasToString("[[shop, unique_b_id]]");
        assertThat(shop.listed("--select", "config.severity:warn")).noneMatch(l -> l.contains("b"));
    }

    @Test
    void aTestOnAColumnHasItsTags() {
        shop.put(
                "models/all.yml",
                """
                models:
                  - name: a
                    tags: [ignored]
                    columns:
                      - name: id
                        tags: [one]
                        config: {tags: [two]}
                        data_tests: [unique]
                """);
        assertThat(shop.listed("--select", "tag:one")).containsExactly("shop.unique_a_id");
        assertThat(shop.listed("--select", "tag:two")).containsExactly("shop.unique_a_id");
        assertThat(shop.listed("--select", "shop.a", "--exclude", "tag:ignored"))
                .contains("shop.a");
    }

    @Test
    void aPartOfDocsLeavesTheRestAtItsStandard() {
        shop.put("models/all.yml", "models: [{name: a, config: {docs: {node_color: red}}}]");
        assertThat(dbt("parse")).isZero();
        assertThat(node("model.shop.a").get("docs")).hasToString("{show=true, node_color=red}");
    }

    @Test
    void aVersionMayHaveItsOwnTestsOrNone() {
        shop.put("models/dim_v1.sql", "select 1 as id");
        shop.put("models/dim_v2.sql", "select 2 as id");
        shop.put(
                "tests/generic/filled.sql",
                "{% test filled(model) %}select 1 where 1 = 0{% endtest %}");
        shop.put(
                "models/dim.yml",
                """
                models:
                  - name: dim
                    config: {tags: [base]}
                    data_tests: [filled]
                    versions:
                      - {v: 1, config: {tags: [own]}}
                      - {v: 2, data_tests: []}
                """);
        assertThat(shop.listed("--resource-type", "test", "--output", "name"))
                .containsExactly("filled_dim_v1_");
        assertThat(node("model.shop.dim.v1").get("tags")).hasToString("[own, base]");
    }

    @Test
    void aNameInTwoPackagesIsAskedBack() {
        for (String name : List.of("one", "two")) {
            shop.put(
                    "dbt_packages/" + name + "/dbt_project.yml",
                    "name: " + name + "\nversion: '1.0'\n");
            shop.put(
                    "dbt_packages/" + name + "/models/same.sql",
                    "{{ config(alias='" + name + "') }} select 1 as id");
        }
        shop.put("packages.yml", "packages: [{local: ../one}, {local: ../two}]");
        shop.put("models/b.sql", "select * from {{ ref('same') }}");
        refused(
                "models/b.sql:1:18: Model 'b' refers to 'same', which is in several packages: one, two. Write ref('one', 'same'), with the package first.");
    }

    @Test
    void privateModelsAreForTheirGroupInTestsAndExposuresToo() {
        shop.put(
                "models/all.yml",
                """
                groups: [{name: money, owner: {name: x}, description: d}]
                models:
                  - {name: a, access: private, group: money, columns: [{name: id, data_tests: [unique]}]}
                """);
        assertThat(dbt("build")).as(shop.console().out()).isZero();
        shop.put(
                "tests/mine.sql",
                "{{ config(group='money') }} select * from {{ ref('a') }} where 1 = 0");
        assertThat(dbt("parse")).as(shop.console().out()).isZero();
        shop.put("tests/other.sql", "select * from {{ ref('a') }} where 1 = 0");
        refused(
                "tests/other.sql:1:18: Test 'other' refers to 'a', which is private to group 'money'. Reference another model, or change its access.");
        shop.put("tests/other.sql", "select 1 where 1 = 0");
        shop.put(
                "models/boards.yml",
                "exposures: [{name: board, type: dashboard, owner: {name: x}, depends_on: [ref('a')]}]");
        refused(
                "models/boards.yml:1:20: Exposure 'board' refers to 'a', which is private to group 'money'. Reference another model, or change its access.");
    }

    @Test
    void whatIsSaidOfAccessHasToMakeSense() {
        shop.put("models/all.yml", "models: [{name: a, config: {access: secret}}]");
        refused(
                "models/all.yml:1:37: Model 'a' has access 'secret', which is not one of private, protected, public.");
        shop.put(
                "models/all.yml",
                "models: [{name: b, config: {access: public, materialized: ephemeral}}]");
        shop.put("models/b.sql", "select 1 as id");
        refused(
                "models/all.yml:1:37: Model 'b' is ephemeral, so it cannot have access 'public'. Give it another materialization, or another access.");
    }

    @Test
    void aGroupIsThereOnce() {
        shop.put("models/g.yml", "groups: [{name: money, owner: {name: x}}]");
        shop.put("models/h.yml", "groups: [{name: money, owner: {name: y}}]");
        refused("models/h.yml:1:17: Group 'money' is here twice: first at models/g.yml:1:17.");
    }

    @Test
    void aPackageMayKeepItsModelsToItself() {
        shop.put(
                "dbt_packages/one/dbt_project.yml",
                "name: one\nversion: '1.0'\nrestrict-access: true\n");
        shop.put("dbt_packages/one/models/own.sql", "select 1 as id");
        shop.put(
                "dbt_packages/one/models/open.sql",
                "{{ config(access='public') }} select * from {{ ref('own') }}");
        shop.put("packages.yml", "packages: [{local: ../one}]");
        shop.put("models/b.sql", "select * from {{ ref('open') }}");
        assertThat(dbt("parse")).as(shop.console().out()).isZero();
        shop.put("models/b.sql", "select * from {{ ref('own') }}");
        refused(
                "models/b.sql:1:18: Model 'b' refers to 'own', which package 'one' keeps to itself ('restrict-access'). Reference a model with 'access: public'.");
    }

    @Test
    void rowsThatPredicatesSpareAreAddedAgainInEachRun() {
        shop.put(
                "models/b.sql",
                """
                {{ config(materialized='incremental', unique_key='id', incremental_strategy='delete+insert',
                          incremental_predicates=["id < 2"]) }}
                select * from (values (1), (2)) t(id)
                """);
        assertThat(dbt("run", "--select", "b")).as(shop.console().out()).isZero();
        assertThat(dbt("run", "--select", "b")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select id from main.b order by id")).containsExactly("1", "2", "2");
    }

    @Test
    void whatIsMissingForOneNodeStopsNeitherParsingNorListing() {
        shop.put("models/b.sql", "select {{ var('nowhere') }} as id");
        assertThat(dbt("parse")).as(shop.console().out()).isZero();
        assertThat(shop.listed()).containsExactly("shop.a", "shop.b");
        assertThat(dbt("run")).isEqualTo(1);
        assertThat(shop.statuses())
                .containsEntry("model.shop.a", "success")
                .containsEntry("model.shop.b", "error");
    }

    @Test
    void rowsOfATestThatPassesAgainAreGone() {
        shop.put(
                "tests/none.sql",
                "{{ config(severity='warn', store_failures=true) }} select * from {{ ref('a') }} where id = 1");
        assertThat(dbt("build")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select id from main_dbt_test__audit.none")).containsExactly("1");
        shop.put("models/a.sql", "{{ config(materialized='table') }} select 2 as id");
        assertThat(dbt("build")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select id from main_dbt_test__audit.none")).isEmpty();
    }

    @Test
    void keptRowsAreNoMoreThanTheLimitOfTheTest() {
        shop.put(
                "models/a.sql",
                "{{ config(materialized='table') }} select unnest([1, 1, 1]) as id");
        shop.put(
                "tests/some.sql",
                "{{ config(severity='warn', store_failures=true, limit=2) }} select * from {{ ref('a') }}");
        assertThat(dbt("build")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select id from main_dbt_test__audit.some")).containsExactly("1", "1");
    }

    @Test
    void whatIsSkippedSaysWhichTestFailed() {
        shop.put("models/b.sql", "select * from {{ ref('a') }}");
        shop.put(
                "models/all.yml",
                "models: [{name: a, columns: [{name: id, data_tests: [{accepted_values: {values: [2]}}]}]}]");
        assertThat(dbt("build")).isEqualTo(1);
        assertThat(messages()).contains("because accepted_values_a_id__2 failed");
    }

    @Test
    void aPackageIsNotCalledLikeTheProject() {
        shop.put("same/dbt_project.yml", "name: shop\nversion: '1.0'\n");
        shop.put("packages.yml", "packages: [{local: same}]");
        assertThat(dbt("deps")).isEqualTo(2);
        assertThat(shop.console().out() + shop.console().err())
                .contains(
                        "Two packages are called 'shop': same and the project itself. Remove one of them.");
    }

    @Test
    void aSettingIsSaidInOnePlace() {
        shop.put("models/all.yml", "models: [{name: a, meta: {b: 1}, config: {meta: {c: 1}}}]");
        refused(
                "models/all.yml:1:20: Model 'a': 'meta' is here and in 'config'. Keep the one in 'config'.");
    }

    @Test
    void modelsThatAreToGoAreTold() {
        shop.put(
                "models/gone.yml",
                "models: [{name: old, deprecation_date: 2020-01-01}, {name: soon, deprecation_date: 2999-01-01}]");
        shop.put("models/old.sql", "select 1 as id");
        shop.put("models/soon.sql", "select 1 as id");
        shop.put(
                "models/reader.sql",
                "select id from {{ ref('old') }} union all select id from {{ ref('soon') }}");
        assertThat(shop.dbt("parse")).isZero();
        assertThat(shop.console().out())
                .contains(
                        "Model old has passed its deprecation date of 2020-01-01T00:00:00+00:00.",
                        "Model reader reads model old, whose deprecation date was 2020-01-01",
                        "Model reader reads model soon, whose deprecation date will be 2999-01-01");
        assertThat(shop.dbt("--warn-error", "parse")).isEqualTo(2);
        for (String name :
                List.of("DeprecatedModel", "DeprecatedReference", "UpcomingReferenceDeprecation")) {
            assertThat(shop.dbt("--warn-error-options", "{error: [" + name + "]}", "parse"))
                    .as(name)
                    .isEqualTo(2);
        }
        assertThat(shop.dbt("--warn-error-options", "{error: [NoNodeForYamlKey]}", "parse"))
                .isZero();
    }

    @Test
    void namesWithSpacesAreRefusedUnlessNobodyAsks() {
        shop.put("models/a b.sql", "select 1 as id");
        refused(
                "models/a b.sql:1:1: Model 'a b' has a space in its name. Rename it, or set"
                        + " require_resource_names_without_spaces: false under flags in"
                        + " dbt_project.yml. [NAME_INVALID]");
        shop.put(
                "dbt_project.yml",
                "name: shop\nversion: '1.0'\nflags: {require_resource_names_without_spaces: false}\n");
        assertThat(dbt("build")).as(shop.console().out()).isZero();
        assertThat(shop.console().out()).contains("'a b' has a space in its name");
        assertThat(shop.rows("select id from main.\"a b\"")).containsExactly("1");
    }
}
