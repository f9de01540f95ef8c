package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One target beside another: what is cloned, and what counts as changed. */
final class DbtCloneTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProjectInProduction() throws IOException {
        shop = new DbtFolder(folder);
        shop.put("dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: shop\n");
        shop.put(
                "profiles.yml",
                """
                shop:
                  target: dev
                  outputs:
                    dev: {type: duckdb, path: db, schema: dev}
                    prod: {type: duckdb, path: db, schema: prod}
                """);
        shop.put("seeds/raw.csv", "id\n1\n");
        shop.put("models/a.sql", "{{ config(materialized='table') }} select 1 as id");
        shop.put("models/e.sql", "{{ config(materialized='ephemeral') }} select 1 as id");
        shop.put("models/b.sql", "select * from {{ ref('a') }} join {{ ref('e') }} using (id)");
        shop.put("models/s.yml", "models: [{name: a, columns: [{name: id, tests: [unique]}]}]");
        dbt("build", "--target", "prod");
        Files.createDirectories(shop.path("before"));
        Files.copy(shop.path("target/manifest.json"), shop.path("before/manifest.json"));
    }

    private void dbt(String... args) {
        assertThat(shop.dbt(args)).as(shop.console().out()).isZero();
    }

    @Test
    void whatWasClonedIsTold() {
        Map<String, String> all =
                Map.of(
                        "model.shop.a", "success",
                        "model.shop.b", "success",
                        "seed.shop.raw", "success");
        dbt("clone", "--state", "before");
        assertThat(shop.statuses()).isEqualTo(all);
        assertThat(shop.console().out())
                .contains("PASS=3 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=3; 3 relations cloned.");
        assertThat(DbtFolder.map(shop.artifact("run_results.json").get("args")))
                .containsEntry("which", "clone");
        assertThat(shop.rows("select id from dev.b")).containsExactly("1");
        dbt("clone", "--state", "before");
        assertThat(shop.statuses()).as("what is there already is well").isEqualTo(all);
        shop.put("models/fresh.sql", "select 1 as id");
        dbt("clone", "--state", "before", "--select", "fresh");
        assertThat(shop.statuses()).isEqualTo(Map.of("model.shop.fresh", "success"));
    }

    @Test
    void schemasOfAnotherTargetAreNoChange() {
        assertThat(modified("state:modified")).isEmpty();
        assertThat(modified("state:modified.relation")).isEmpty();
        shop.put("models/b.sql", "{{ config(alias='other') }} select * from {{ ref('a') }}");
        assertThat(modified("state:modified.relation")).isEqualTo("shop.b");
        shop.put(
                "dbt_project.yml",
                shop.text("dbt_project.yml") + "seeds: {shop: {+schema: landed}}\n");
        assertThat(modified("state:modified")).isEqualTo("shop.b\nshop.raw");
    }

    private String modified(String term) {
        return String.join("\n", shop.listed("--select", term, "--state", "before"))
                .replaceAll("(?m)^.*No nodes selected.*$|^.*SELECTION_INVALID.*$", "")
                .strip();
    }

    @Test
    void aVersionKeepsItsContract() {
        shop.put("models/v_v1.sql", "select 1 as id, 'x' as word");
        String columns = "{name: id, data_type: int, constraints: [{type: not_null}]}";
        version("true", "table", columns + ", {name: word, data_type: varchar}");
        dbt("parse", "--target-path", "before");
        version(
                "true",
                "table",
                columns + ", {name: word, data_type: varchar}, {name: more, data_type: int}");
        assertThat(modified("state:modified")).as("more is no less").isEqualTo("shop.v.v1");
        version("true", "table", columns);
        broken("column 'word' is gone");
        version("true", "table", columns + ", {name: word, data_type: int}");
        broken("column 'word' is int, no longer varchar");
        version("true", "table", "{name: id, data_type: int}, {name: word, data_type: varchar}");
        broken("constraint not_null of column 'id' is gone");
        version("true", "view", columns + ", {name: word, data_type: varchar}");
        broken("it is a view, no longer a table");
        version("false", "table", columns + ", {name: word, data_type: varchar}");
        broken("it is not enforced any more");
    }

    @Test
    void aModelWithoutVersionsMayBreakItsContractButIsToldSo() throws IOException {
        contract("true", "[{name: id, data_type: int}, {name: word, data_type: varchar}]");
        shop.put("models/p.sql", "select 1 as id, 'x' as word");
        dbt("parse", "--target-path", "before");
        shop.put("models/p.sql", "select 1 as id");
        contract("true", "[{name: id, data_type: int}]");
        dbt("list", "--select", "state:modified", "--state", "before");
        String told =
                "Breaking change to contracted, unversioned model p (models/p.sql) since the earlier"
                        + " state: column 'word' is gone.";
        assertThat(shop.console().out()).containsOnlyOnce(told).contains("shop.p");
        assertThat(
                        shop.dbt(
                                "--warn-error-options",
                                "{error: [UnversionedBreakingChange]}",
                                "list",
                                "--select",
                                "state:modified",
                                "--state",
                                "before"))
                .isEqualTo(2);
        assertThat(shop.console().out()).contains(told);

        shop.put("models/p.sql", "{{ config(enabled=false) }} select 1 as id");
        dbt("list", "--select", "a", "state:modified.contract", "--state", "before");
        assertThat(shop.console().out()).contains("p (models/p.sql)", "the model is disabled.");
        Files.delete(shop.path("models/c.yml"));
        Files.delete(shop.path("models/p.sql"));
        dbt("list", "--select", "a", "state:modified", "--state", "before");
        assertThat(shop.console().out()).contains("the model is gone or has another name.");
        dbt("list", "--select", "state:new", "--state", "before");
        assertThat(shop.console().out()).doesNotContain("Breaking change");
    }

    private void contract(String enforced, String columns) {
        shop.put(
                "models/c.yml",
                "models: [{name: p, config: {contract: {enforced: %s}}, columns: %s}]"
                        .formatted(enforced, columns));
    }

    private void version(String enforced, String materialized, String columns) {
        shop.put(
                "models/v.yml",
                "models: [{name: v, latest_version: 1, config: {materialized: %s, contract: {enforced: %s}}, columns: [%s], versions: [{v: 1}]}]"
                        .formatted(materialized, enforced, columns));
    }

    private void broken(String reason) {
        assertThat(shop.dbt("list", "--select", "state:modified", "--state", "before"))
                .isEqualTo(2);
        assertThat(shop.console().out() + shop.console().err())
                .contains(
                        "The contract of 'model.shop.v.v1' was broken since the earlier state: "
                                + reason
                                + ". Those who read");
    }
}
