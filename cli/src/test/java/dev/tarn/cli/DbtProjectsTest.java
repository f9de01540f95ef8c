package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Oddities of projects that others wrote, which dbt takes as they are. */
final class DbtProjectsTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
    }

    @Test
    void aModelThatNobodyCanBuildFailsOnlyWhereItIsWanted() {
        shop.put(
                "models/dynamic.sql",
                "{{ config(materialized='dynamic_table', target_lag='1 hour') }} select 1 as id");
        shop.put("models/reader.sql", "select id from {{ ref('dynamic') }}");
        shop.put("models/other.sql", "select 2 as id");
        assertThat(shop.dbt("run", "--select", "other")).as(shop.console().out()).isZero();
        assertThat(shop.dbt("compile")).as(shop.console().out()).isZero();
        assertThat(shop.dbt("run")).isEqualTo(1);
        assertThat(shop.console().out())
                .contains(
                        "Setting 'materialized' cannot be 'dynamic_table': it is one of ephemeral,"
                                + " external, incremental, materialized_view, stream, table,"
                                + " table_function, view.")
                .contains("Done. PASS=1 WARN=0 ERROR=1 SKIP=1");
    }

    @Test
    void theLastOfTwoSameKeysCounts() {
        shop.put("models/m.sql", "select 1 as id");
        shop.put(
                "models/m.yml",
                """
                models:
                  - name: m
                    config:
                      materialized: view
                      materialized: table
                """);
        assertThat(shop.dbt("run")).as(shop.console().out()).isZero();
        assertThat(shop.console().out())
                .contains(
                        "[WARNING]: models/m.yml:5:7: Key 'materialized' is here twice: first in"
                                + " line 4, again in line 5. Keep one of them. Until then the last"
                                + " one counts.")
                .contains("table model main.m");
        assertThat(
                        shop.dbt(
                                "run",
                                "--warn-error-options",
                                "{error: [DuplicateYAMLKeysDeprecation]}"))
                .isEqualTo(2);
    }

    @Test
    void descriptionsAreCommentsWhereThatIsAskedFor() {
        shop.put(
                "models/kept.sql",
                "{{ config(persist_docs={'relation': true, 'columns': true}) }} select 1 as id");
        shop.put("models/plain.sql", "select 1 as id");
        shop.put(
                "models/m.yml",
                """
                models:
                  - {name: kept, description: All, columns: [{name: id, description: Which}]}
                  - {name: plain, description: All, columns: [{name: id, description: Which}]}
                """);
        assertThat(shop.dbt("run")).as(shop.console().out()).isZero();
        assertThat(shop.dbt("docs", "generate")).as(shop.console().out()).isZero();
        assertThat(comments("kept")).containsExactly("All", "Which");
        assertThat(comments("plain")).containsExactly(null, null);
    }

    @Test
    void describedColumnsThatAreNotThereAreTold() {
        shop.put(
                "models/kept.sql",
                "{{ config(persist_docs={'columns': true}) }} select 1 as id, 2 as \"Two\"");
        shop.put("models/plain.sql", "select 1 as id");
        shop.put(
                "models/m.yml",
                """
                models:
                  - name: kept
                    columns: [{name: ID, description: Which}, {name: bogus, description: None}, {name: gone}, {name: two}]
                  - {name: plain, columns: [{name: bogus, description: None}]}
                """);
        assertThat(shop.dbt("run")).as(shop.console().out()).isZero();
        assertThat(shop.console().out())
                .contains(
                        "In relation main.kept: The following columns are specified in the schema but"
                                + " are not present in the database: bogus, gone [COLUMN_NOT_FOUND]")
                .doesNotContain("main.plain:");
        assertThat(shop.dbt("--warn-error", "run")).isEqualTo(1);
        assertThat(shop.console().out()).contains("are not present in the database: bogus, gone");
    }

    @Test
    void warningsAreErrorsWhereTheProjectSaysSo() {
        shop.put("models/m.sql", "select 1 as id");
        shop.put(
                "models/m.yml",
                "models: [{name: m, columns: [{name: id, data_tests: [{accepted_values: {arguments: {values: [2]}, config: {severity: warn}}}]}]}]\n");
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
        for (String flag :
                List.of(
                        "flags: {warn_error: true}",
                        "flags: {warn_error_options: {error: [LogTestResult]}}",
                        "flags: {warn_error_options: {include: all}}")) {
            shop.put("dbt_project.yml", "name: shop\n" + flag + "\n");
            assertThat(shop.dbt("build")).as(flag).isEqualTo(1);
        }
        shop.put(
                "dbt_project.yml",
                "name: shop\nflags: {warn_error_options: {error: all, warn: [LogTestResult]}}\n");
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
        shop.put("dbt_project.yml", "name: shop\nflags: {warn_error: true}\n");
        assertThat(shop.dbt("--no-warn-error", "build")).as(shop.console().out()).isZero();
    }

    private List<@Nullable Object> comments(String model) {
        Map<String, Object> entry =
                DbtFolder.map(
                        DbtFolder.map(shop.artifact("catalog.json").get("nodes"))
                                .get("model.shop." + model));
        List<@Nullable Object> comments = new ArrayList<>();
        comments.add(DbtFolder.map(entry.get("metadata")).get("comment"));
        Object id = DbtFolder.map(entry.get("columns")).get("id");
        comments.add(DbtFolder.map(id).get("comment"));
        return comments;
    }
}
