package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What property files and the project file may not say, and what they may although it is odd. */
final class DbtYamlMistakesTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
        shop.put("tarn.yml", "run: {publish: each}\n");
        shop.put("models/a.sql", "select 1 as id");
        shop.put("macros/mac.sql", "{% macro mac() %}x{% endmacro %}");
    }

    private int dbt(String... args) {
        return shop.dbt(args);
    }

    private String console() {
        return shop.console().out() + shop.console().err();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    models: [{name: a, description: 5}] | 'description' must be text, not a number
                    models: [{name: a, columns: [{name: 7}]}] | 'name' must be text, not a number
                    models: [{name: a, columns: [{name: id, data_type: 5}]}] | 'data_type' must be text
                    models: [{name: a, columns: }] | 'columns' must be a list, not nothing
                    models: [{name: a, config: }] | 'config' must be a mapping, not nothing
                    models: [{name: a, config: {meta: 5}}] | 'meta' must be a mapping, not a number
                    models: [{name: a, config: {materialized: 5}}] | 'materialized' must be text
                    models: [{name: a, docs: {show: perhaps}}] | 'show' must be true or false, not text
                    models: [{name: a, tests: [unique], data_tests: [unique]}] | both 'tests' and 'data_tests'
                    models: [{name: a, config: {tags: 5}}] | 'tags' must be text or a list, not a number
                    models: [{name: a, config: {pre_hook: 5}}] | 'pre_hook' must be text, a mapping or a list
                    models: [{name: a, config: {quoting: 5}}] | 'quoting' must be a mapping, not a number
                    models: [{name: a, config: {column_types: 5}}] | 'column_types' must be a mapping
                    models: [{name: a, docs: {node_color: goldd}}] | neither a color's name in CSS nor a number
                    models: [{name: a, config: {docs: {node_color: "#12"}}}] | neither a color's name
                    models: [{name: a, description: "{{ nope('x') }}"}] | 'nope'
                    models: [{name: a, description: "{{ ref('a') }}"}] | 'ref'
                    models: [{name: a, columns: [{name: id, description: "{{ mac() }}"}]}] | 'mac'
                    exposures: [{name: e, type: ml, owner: {name: x}, description: "{{ doc('gone') }}"}] | No docs block is called 'gone'
                    macros: [{name: mac, description: "{{ doc('gone') }}"}] | No docs block is called 'gone'
                    models: | 'models' must be a list, not nothing
                    sources: [{name: s, tables: }] | 'tables' must be a list, not nothing
                    sources: [{name: s, schema: 5, tables: [{name: t}]}] | 'schema' must be text
                    sources: [{name: s, foo: 5, tables: [{name: t}]}] | has no key 'foo'
                    sources: [{name: s, quoting: {schema: 5}, tables: [{name: t}]}] | 'schema' must be true or false
                    sources: [{name: s, loaded_at_field: x, loaded_at_query: y, tables: [{name: t}]}] | both 'loaded_at_field' and 'loaded_at_query'
                    sources: [{name: s, freshness: {warn_after: {count: x, period: day}}, tables: [{name: t}]}] | 'count' must be a whole number, not text
                    sources: [{name: s, freshness: {warn_after: {count: 1, period: week}}, tables: [{name: t}]}] | 'period' cannot be 'week'
                    exposures: [{name: e, type: ml, owner: {name: x}, urls: y}] | Did you mean 'url'?
                    exposures: [{name: e, type: ml, owner: {name: x}, maturity: old}] | 'maturity' cannot be 'old'
                    exposures: [{name: e, type: ml, owner: {name: x}}, {name: e, type: ml, owner: {name: x}}] | Exposure 'e' is here twice
                    exposures: [{name: e, type: ml, owner: {name: x}, depends_on: [ref('a', v=1)]}] | Exposure 'e' depends on ref('a', which is no whole call.
                    groups: [{name: g, owner: {name: x}, foo: y}] | has no key 'foo'
                    macros: [{name: m, arguments: [{name: x, typ: int}]}] | Did you mean 'type'?
                    unit_tests: [{name: u, model: a, expect: {rows: []}}] | has no 'given'
                    unit_tests: [{name: u, model: a, given: [], foo: 1, expect: {rows: []}}] | has no key 'foo'
                    unit_tests: [{name: u, model: a, given: [], expect: {rows: [], format: xml}}] | 'format' cannot be 'xml'
                    unit_tests: [{name: u, model: a, given: [], expect: {rows: id}}] | 'rows' must be a list, not text
                    unit_tests: [{name: u, model: a, given: [], expect: {rows: [], format: csv}}] | 'rows' must be text, not a list
                    unit_tests: [{name: u, model: a, given: [], expect: {format: csv, fixture: gone}}] | needs the fixture gone.csv
                    """)
    void isRefusedBeforeAnythingRuns(String properties, String reason) {
        shop.put("models/p.yml", properties + "\n");
        assertThat(dbt("parse")).as(properties).isEqualTo(2);
        assertThat(console()).contains(reason).contains("models/p.yml:1:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    models: [{name: a, test: [unique]}] | Model 'a' has no key 'test'. Did you mean 'tests'?
                    models: [{name: a, columns: [{name: id, descripton: x}]}] | Did you mean 'description'?
                    modles: [{name: a}] | A property file has no key 'modles'. Did you mean 'models'?
                    sources: [{name: s, tables: [{name: t, identifer: x}]}] | Did you mean 'identifier'?
                    """)
    void isToldAndStopsNothing(String properties, String warning) {
        shop.put("models/p.yml", properties + "\n");
        assertThat(dbt("run")).as(console()).isZero();
        assertThat(console()).contains("[WARNING]: models/p.yml:1:").contains(warning);
        assertThat(dbt("--warn-error", "run")).as(console()).isEqualTo(2);
    }

    @Test
    void aTestThatNobodyWroteFailsWhereItRuns() {
        shop.put(
                "models/p.yml",
                """
                version: 1
                models:
                  - name: a
                    columns:
                      - name: id
                        data_tests: [unqiue, not_null, accepted_values, relationships]
                """);
        assertThat(dbt("run")).as(console()).isZero();
        assertThat(dbt("build")).as(console()).isEqualTo(1);
        assertThat(shop.statuses().values())
                .containsExactlyInAnyOrder("success", "error", "pass", "error", "error");
        assertThat(console())
                .contains("No generic test is called 'unqiue'. Did you mean 'unique'?")
                .contains("Test 'accepted_values' needs the argument 'values'")
                .contains("Test 'relationships' needs the arguments 'to'");
    }

    @Test
    void testsBesideModelsTestNothing() {
        shop.put(
                "models/p.yml",
                """
                models: [{name: a}]
                tests:
                  - not_null: {column_name: id}
                data_tests:
                  - unique
                  - {name: s, description: told}
                """);
        shop.put("tests/s.sql", "select 1 as id where false");
        assertThat(dbt("build")).as(console()).isZero();
        assertThat(shop.statuses())
                .isEqualTo(Map.of("model.shop.a", "success", "test.shop.s", "pass"));
        assertThat(console())
                .contains("[WARNING]: models/p.yml:2:1: Tests are listed under the model")
                .contains("[WARNING]: models/p.yml:5:5: Tests are listed under the model");
        assertThat(shop.listed("--output", "json", "--output-keys", "description", "-s", "s"))
                .containsExactly("{\"description\":\"told\"}");
    }

    @Test
    void unitTestsAndSnapshotsOfOneFileHaveFilesOfTheirOwn() {
        shop.put(
                "models/p.yml",
                """
                unit_tests:
                  - {name: u, model: a, given: [], expect: {rows: [{id: 1}]}}
                snapshots:
                  - name: s
                    relation: ref('a')
                    config: {strategy: check, check_cols: all, unique_key: id}
                """);
        assertThat(dbt("build")).as(console()).isZero();
        assertThat(shop.statuses())
                .isEqualTo(
                        Map.of(
                                "model.shop.a", "success",
                                "unit_test.shop.a.u", "pass",
                                "snapshot.shop.s", "success"));
        assertThat(folder.resolve("target/compiled/shop/models/p.yml/u.sql")).isRegularFile();
        assertThat(folder.resolve("target/compiled/shop/models/p.yml/p.yml/s.sql")).isRegularFile();
    }

    @ParameterizedTest
    @CsvSource({
        "models, holds files of the project or its tables",
        "., holds files of the project or its tables",
        ".tarn/warehouse, holds files of the project or its tables",
        ".tarn/warehouse/tables, holds files of the project or its tables",
        "../elsewhere, is outside of the project"
    })
    void cleaningRemovesNeitherSourcesNorTablesNorWhatIsElsewhere(String target, String reason)
            throws Exception {
        assertThat(dbt("run")).as(console()).isZero();
        shop.put(
                "dbt_project.yml",
                "name: shop\nclean-targets: [target, \"%s\"]\n".formatted(target));
        assertThat(dbt("clean")).isEqualTo(2);
        assertThat(console()).contains("Nothing was removed").contains(reason);
        assertThat(folder.resolve("models/a.sql")).isRegularFile();
        assertThat(folder.resolve("target/manifest.json")).isRegularFile();
        assertThat(folder.resolve(".tarn")).isDirectory();
    }

    @Test
    void cleaningRemovesWhatIsElsewhereWhenItIsTold() throws Exception {
        Path outside = folder.resolve("outside");
        Files.createDirectories(outside.resolve("deep"));
        Path project = Files.createDirectories(folder.resolve("project"));
        DbtFolder inner = new DbtFolder(project);
        inner.put("models/a.sql", "select 1 as id");
        inner.put("dbt_project.yml", "name: shop\nclean-targets: [../outside]\n");
        assertThat(inner.dbt("clean")).isEqualTo(2);
        assertThat(outside).isDirectory();
        assertThat(inner.dbt("clean", "--no-clean-project-files-only")).isZero();
        assertThat(outside).doesNotExist();
    }

    @Test
    void aProfileThatIsNotInTheFileIsMissed() {
        shop.put("dbt_project.yml", "name: shop\nprofile: shpo\n");
        shop.put("profiles.yml", "shop: {target: dev, outputs: {dev: {type: duckdb}}}\n");
        assertThat(dbt("parse")).isEqualTo(2);
        assertThat(console()).contains("There is no profile 'shpo' here").contains("'shop'?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    model-paths: models | 'model-paths' must be a list, not text
                    on-run-start: [[select 1]] | 'on-run-start' must be text, not a list
                    quoting: 5 | 'quoting' must be a mapping, not a number
                    quoting: {schema: x} | 'schema' must be true or false, not text
                    query-comment: [x] | 'query-comment' must be text or a mapping, not a list
                    config-version: 1 | 'config-version' must be the number 2
                    version: [5] | 'version' must be a version such as '1.0.0'
                    version: newest | 'version' must be a version such as '1.0.0'
                    require-dbt-version: 5 | 'require-dbt-version' must be text or a list of texts
                    require-dbt-version: newest | 'newest' is no bound on versions
                    dispatch: [{macro_namespace: dbt}] | An entry of 'dispatch' has no 'search_order'
                    flags: 5 | 'flags' must be a mapping, not a number
                    asset-paths: x | 'asset-paths' must be a list, not text
                    target-path: 5 | 'target-path' must be text, not a number
                    """)
    void theProjectFileHasItsShape(String line, String reason) {
        shop.put("dbt_project.yml", "name: shop\n" + line + "\n");
        assertThat(dbt("parse")).isEqualTo(2);
        assertThat(console()).contains("dbt_project.yml:2:").contains(reason);
    }

    @Test
    void settingsForNothingAreToldOf() {
        String known = "name: shop\nmodels:\n  shop:\n    +tags: x\n    a: {+meta: {k: 1}}\n";
        shop.put("dbt_project.yml", known);
        assertThat(dbt("--warn-error", "parse")).as(console()).isZero();
        shop.put("models/gone/b.sql", "{{ config(enabled=false) }} select 1 as id");
        shop.put("dbt_project.yml", known + "    gone: {+tags: x}\n    other: {+tags: x}\n");
        assertThat(dbt("parse")).isZero();
        assertThat(console())
                .contains("dbt_project.yml:7:13: Settings of 'models.shop.other' are for nothing")
                .doesNotContain("models.shop.gone");
        String fatal = "{error: [UnusedResourceConfigPath]}";
        assertThat(dbt("--warn-error-options", fatal, "parse")).isEqualTo(2);
    }

    @Test
    void modelsOfListAreModelsOnly() {
        shop.put(
                "models/p.yml", "models: [{name: a, data_tests: [{unique: {column_name: id}}]}]\n");
        assertThat(dbt("list", "-m", "a")).isZero();
        assertThat(console()).contains("shop.a").doesNotContain("unique");
        assertThat(dbt("list", "-m", "a", "--resource-type", "test")).isEqualTo(2);
        assertThat(dbt("list", "-m", "a", "--select", "a")).isEqualTo(2);
        assertThat(console()).contains("--models does not go with --select");
        assertThat(dbt("list", "--select", "gone")).isZero();
        assertThat(
                        dbt(
                                "--warn-error-options",
                                "{error: [NoNodesSelected]}",
                                "list",
                                "--select",
                                "gone"))
                .isEqualTo(2);
    }

    @Test
    void aTypeThatIsOnlyDescribedDoesNotChangeASeed() {
        shop.put("seeds/raw.csv", "id,word\n1,x\n");
        shop.put(
                "seeds/p.yml",
                """
                seeds:
                  - name: raw
                    columns: [{name: id, data_type: number}, {name: word, data_type: string(5)}]
                """);
        assertThat(dbt("seed")).as(console()).isZero();
        assertThat(shop.rows("select typeof(id), typeof(word) from main.raw"))
                .containsExactly("INTEGER,VARCHAR");
    }
}
