package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What makes a node another one than it was, and what does not. */
final class DbtStateTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
        shop.put("models/a.sql", "select 1 as id");
        shop.put("models/b.sql", "select 1 as id");
        shop.put(
                "models/groups.yml",
                """
                groups:
                  - {name: some, owner: {name: Ann}}
                  - {name: others, owner: {name: Bob}}
                """);
    }

    private void said(String ofModel) {
        shop.put(
                "models/all.yml", "models:\n  - name: a\n    %s\n  - name: b\n".formatted(ofModel));
    }

    /** The next invocations are compared with the project as it is now. */
    private void keep() throws IOException {
        assertThat(shop.dbt("parse")).as(shop.console().out()).isZero();
        Files.createDirectories(folder.resolve("state"));
        Files.writeString(folder.resolve("state/manifest.json"), shop.text("target/manifest.json"));
    }

    private List<String> modified(String word) {
        return shop.listed("-s", "state:" + word, "--state", "state", "--resource-type", "model");
    }

    @Test
    void tagsGroupsAndNamesOfModelsAreNoOtherSettings() throws IOException {
        said("config: {tags: [x], group: some, materialized: view}");
        keep();
        said("config: {tags: [y], group: others, materialized: view}");
        assertThat(modified("modified")).isEmpty();

        said("config: {tags: [y], group: others, materialized: table}");
        assertThat(modified("modified.configs")).containsExactly("shop.a");
        said("config: {tags: [x], group: some, materialized: view, alias: c}");
        assertThat(modified("modified.configs")).isEmpty();
        assertThat(modified("modified.relation")).containsExactly("shop.a");
    }

    @Test
    void whoMayReferToAModelAndUntilWhenMakesAnotherOne() throws IOException {
        said("description: plain");
        keep();
        assertThat(modified("modified")).isEmpty();
        said("access: public");
        assertThat(modified("modified")).containsExactly("shop.a");
        said("deprecation_date: 2999-01-01");
        assertThat(modified("modified")).containsExactly("shop.a");
    }

    @Test
    void constraintsAreAPartOfAContract() throws IOException {
        String contract =
                "config: {materialized: table, contract: {enforced: true}}\n    columns: ";
        said(contract + "[{name: id, data_type: int}]");
        keep();
        assertThat(modified("modified.contract")).isEmpty();
        said(contract + "[{name: id, data_type: int, constraints: [{type: not_null}]}]");
        assertThat(modified("modified.contract")).containsExactly("shop.a");
    }

    @Test
    void aTestIsAnotherOneWhenItFindsSomethingElse() throws IOException {
        said("columns: [{name: id, data_tests: [{not_null: {config: {tags: [x]}}}]}]");
        keep();
        said("columns: [{name: id, data_tests: [{not_null: {config: {tags: [y]}}}]}]");
        assertThat(shop.listed("-s", "state:modified", "--state", "state")).isEmpty();
        said("columns: [{name: id, data_tests: [{not_null: {config: {severity: warn}}}]}]");
        assertThat(shop.listed("-s", "state:modified", "--state", "state"))
                .containsExactly("shop.not_null_a_id");
    }

    @Test
    void aUnitTestIsAnotherOneWhenItsRowsAre() throws IOException {
        shop.put("seeds/raw.csv", "id\n1\n2\n");
        shop.put("models/c.sql", "select id, '{{ invocation_id }}' as run from {{ ref('raw') }}");
        String test =
                """
                unit_tests:
                  - name: u
                    model: c
                    given: [{input: ref('raw')}]
                    overrides: {macros: {invocation_id: %s}}
                    expect: {format: csv, fixture: wanted}
                """;
        shop.put("models/unit.yml", test.formatted("abc"));
        shop.put("tests/fixtures/wanted.csv", "id,run\n1,abc\n2,abc\n");
        assertThat(shop.dbt("build", "-s", "raw", "c")).as(shop.console().out()).isZero();
        keep();
        assertThat(shop.listed("-s", "state:modified", "--state", "state")).isEmpty();

        shop.put("tests/fixtures/wanted.csv", "id,run\n1,abc\n3,abc\n");
        assertThat(shop.listed("-s", "state:modified", "--state", "state"))
                .containsExactly("unit_test:shop.u");
        assertThat(shop.dbt("test", "-s", "c")).isEqualTo(1);
        shop.put("tests/fixtures/wanted.csv", "id,run\n1,abc\n2,abc\n");
        shop.put("models/unit.yml", test.formatted("xyz"));
        assertThat(shop.listed("-s", "state:modified", "--state", "state"))
                .containsExactly("unit_test:shop.u");
    }

    @Test
    void whereATargetPutsExportsIsNoChangeOfThem() throws IOException {
        String query =
                "saved_queries: [{name: query, query_params: {}, exports: [{name: export, config: {export_as: table%s}}]}]";
        shop.put("models/queries.yml", query.formatted(""));
        keep();
        Path state = folder.resolve("state/manifest.json");
        String kept = Files.readString(state);
        assertThat(kept).contains("\"schema_name\": \"main\"");
        Files.writeString(
                state, kept.replace("\"schema_name\": \"main\"", "\"schema_name\": \"prod\""));
        String[] modified = {
            "-s", "state:modified", "--state", "state", "--resource-type", "saved_query"
        };
        assertThat(shop.listed(modified)).isEmpty();
        shop.put("models/queries.yml", query.formatted(", schema: prod"));
        assertThat(shop.listed(modified)).containsExactly("saved_query:shop.query");
    }
}
