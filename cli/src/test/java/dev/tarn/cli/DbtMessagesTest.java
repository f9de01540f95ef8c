package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What results say of a failure: which kind of mistake in which node, and behind it the reason. */
final class DbtMessagesTest {
    @TempDir Path root;

    private DbtFolder shop;

    @BeforeEach
    void begin() {
        shop = new DbtFolder(root.resolve("shop"));
        shop.put("dbt_project.yml", "name: shop");
        shop.put("tarn.yml", "run: {publish: each}");
        shop.put("models/ok.sql", "select 1 as a");
    }

    private Map<String, Object> messages() {
        Map<String, Object> messages = new LinkedHashMap<>();
        for (Object result : DbtFolder.list(shop.artifact("run_results.json").get("results"))) {
            Map<String, Object> one = DbtFolder.map(result);
            messages.put(String.valueOf(one.get("unique_id")), String.valueOf(one.get("message")));
        }
        return messages;
    }

    private String out() {
        return String.join("\n", shop.lines());
    }

    @Test
    void queriesFailWhenTheyRun() {
        shop.put("models/base.sql", "select 1 as a");
        shop.put("models/gone.sql", "select nope from {{ ref('base') }}");
        shop.put("models/broken.sql", "select 1 as a frm x");
        shop.put(
                "models/asks.sql", "{% if execute %}{% do run_query('select 1 frm') %}{% endif %}");
        shop.put("seeds/s.csv", "a,b\n1,x\n");
        shop.put("seeds/s.yml", "seeds: [{name: s, config: {column_types: {b: int}}}]");
        shop.put(
                "snapshots/past.sql",
                "{% snapshot past %}{{ config(unique_key='k', strategy='check', check_cols='all')"
                        + " }} select 1 as a{% endsnapshot %}");
        shop.put("tests/one.sql", "select nope from {{ ref('ok') }}");
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(messages())
                .containsEntry("model.shop.ok", "OK")
                .containsEntry(
                        "model.shop.gone",
                        "Runtime Error in model gone (models/gone.sql)\n"
                                + "  models/gone.sql:1:8: Column 'nope' does not exist in main.base."
                                + " [COLUMN_NOT_FOUND]")
                .containsEntry(
                        "model.shop.broken",
                        "Runtime Error in model broken (models/broken.sql)\n"
                                + "  models/broken.sql:1:15: The SQL cannot be read from 'frm' on."
                                + " [SQL_SYNTAX]")
                .containsEntry(
                        "seed.shop.s",
                        "Runtime Error in seed s (seeds/s.csv)\n"
                                + "  seeds/s.csv:1:1: Value 'x' is not an INTEGER. Use TRY_CAST to"
                                + " get null instead. [DATA_INVALID]")
                .containsEntry(
                        "snapshot.shop.past",
                        "Runtime Error in snapshot past (snapshots/past.sql)\n"
                                + "  snapshots/past.sql:1:1: Column 'k' does not exist. Did you mean"
                                + " 'a'? [COLUMN_NOT_FOUND]")
                .containsEntry(
                        "test.shop.one",
                        "Runtime Error in test one (tests/one.sql)\n"
                                + "  tests/one.sql:1:8: Column 'nope' does not exist in main.ok."
                                + " [COLUMN_NOT_FOUND]");
        assertThat(messages().get("model.shop.asks"))
                .asString()
                .startsWith("Runtime Error in model asks (models/asks.sql)\n  ");
        // On the terminal, the heading stands once.
        assertThat(out())
                .containsOnlyOnce("Runtime Error in model gone (models/gone.sql)")
                .contains(
                        "Runtime Error in model gone (models/gone.sql)\n"
                                + "  models/gone.sql:1:8: Column 'nope' does not exist");
    }

    @Test
    void whatTheProjectSaysIsCompiled() {
        shop.put(
                "models/raised.sql",
                "{% if execute %}{{ exceptions.raise_compiler_error('not so') }}{% endif %}");
        shop.put("models/lacks.sql", "{% if execute %}{{ no_macro() }}{% endif %} select 1 as a");
        shop.put("models/unset.sql", "{% if execute %}{{ env_var('NONE_SUCH') }}{% endif %}");
        shop.put("models/odd.sql", "{{ config(materialized='odd') }} select 1 as a");
        shop.put("models/kept.sql", "{{ config(materialized='table') }} select 'x' as a");
        shop.put(
                "models/grows.sql",
                "{{ config(materialized='incremental', on_schema_change='fail') }} select 1 as a"
                        + "{% if is_incremental() %}, 2 as b{% endif %}");
        shop.put(
                "models/m.yml",
                """
                models:
                  - name: kept
                    config: {contract: {enforced: true}}
                    columns: [{name: a, data_type: int}]
                """);
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(messages())
                .containsEntry("model.shop.grows", "OK")
                .containsEntry(
                        "model.shop.raised",
                        "Compilation Error in model raised (models/raised.sql)\n"
                                + "  models/raised.sql:1:31: not so. [TEMPLATE_FAILED]")
                .containsEntry(
                        "model.shop.kept",
                        """
                        Compilation Error in model kept (models/kept.sql)
                          models/kept.sql:1:1: Model 'kept' does not keep its contract. Make names and data types of the columns equal in both.
                          | column_name | definition_type | contract_type | mismatch_reason    |
                          | ----------- | --------------- | ------------- | ------------------ |
                          | a           | VARCHAR         | INTEGER       | data type mismatch | [TYPE_MISMATCH]\
                        """);
        Map<String, String> kinds = new LinkedHashMap<>();
        messages()
                .forEach((id, text) ->
                        kinds.put(id, text.toString().lines().findFirst().orElse("")));
        assertThat(kinds)
                .containsEntry("model.shop.odd", "Compilation Error in model odd (models/odd.sql)")
                .containsEntry(
                        "model.shop.lacks", "Compilation Error in model lacks (models/lacks.sql)")
                .containsEntry(
                        "model.shop.unset", "Parsing Error in model unset (models/unset.sql)");
        assertThat(shop.dbt("run", "-s", "grows")).isEqualTo(1);
        assertThat(messages())
                .containsEntry(
                        "model.shop.grows",
                        "Compilation Error in model grows (models/grows.sql)\n"
                                + "  models/grows.sql:1:1: The columns of main.grows changed (new:"
                                + " b) and on_schema_change is 'fail'. Set it to"
                                + " 'append_new_columns' or 'sync_all_columns', or build with"
                                + " --full. [SCHEMA_CHANGE_REFUSED]");
        assertThat(shop.dbt("compile", "-s", "raised")).isEqualTo(2);
        assertThat(out())
                .contains(
                        "Encountered an error:\nCompilation Error in model raised"
                                + " (models/raised.sql)\n  models/raised.sql:1:31: not so.");
        // What is told does not decide what is to be done again.
        assertThat(shop.dbt("build")).isEqualTo(1);
        shop.put("models/raised.sql", "select 1 as a");
        assertThat(shop.dbt("retry")).isEqualTo(1);
        assertThat(shop.statuses())
                .containsEntry("model.shop.raised", "success")
                .doesNotContainKey("model.shop.ok");
    }

    @Test
    void atTheEndOfARunTheResultsSayTheSame() {
        shop.put("models/base.sql", "select 1 as a");
        shop.put("models/gone.sql", "select nope from {{ ref('base') }}");
        shop.put(
                "models/ok.yml",
                "models: [{name: ok, columns: [{name: a, data_tests: [{accepted_values: {arguments: {values: [2]}}}]}]}]");
        shop.put(
                "dbt_project.yml",
                """
                name: shop
                on-run-end:
                  - "{% for r in results %}{% do log(r.unique_id ~ '|' ~ r.status ~ '|' ~ r.message, true) %}{% endfor %}"
                """);
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(out())
                .contains(
                        "model.shop.ok|success|OK",
                        "model.shop.gone|error|Runtime Error in model gone (models/gone.sql)\n"
                                + "  models/gone.sql:1:8: Column 'nope' does not exist",
                        "|fail|Got 1 result, configured to fail if != 0");
    }

    @Test
    void aStatementAtTheEndThatFailsIsToldAmongTheFailures() {
        shop.put("dbt_project.yml", "name: shop\non-run-end: ['select * from nowhere']");
        assertThat(shop.dbt("run")).isEqualTo(1);
        assertThat(out())
                .contains(
                        "Failure in operation shop-on-run-end-0 (./dbt_project.yml)\n"
                                + "  shop.on-run-end.0 failed, error:");
    }

    @Test
    void unitTestsSayWhatIsWrongWithTheirRows() {
        shop.put("models/child.sql", "select a from {{ ref('ok') }}");
        shop.put("models/base.sql", "select 1 as a");
        shop.put("models/gone.sql", "select nope from {{ ref('base') }}");
        shop.put(
                "models/u.yml",
                """
                unit_tests:
                  - name: input
                    model: child
                    given: [{input: ref('ok'), rows: [{zz: 1}]}]
                    expect: {rows: [{a: 1}]}
                  - name: output
                    model: child
                    given: [{input: ref('ok'), rows: [{a: 1}]}]
                    expect: {rows: [{zz: 2}]}
                  - name: type
                    model: child
                    given: [{input: ref('ok'), rows: [{a: x}]}]
                    expect: {rows: [{a: 2}]}
                  - name: differs
                    model: child
                    given: [{input: ref('ok'), rows: [{a: 1}]}]
                    expect: {rows: [{a: 2}]}
                  - name: broken
                    model: gone
                    given: [{input: ref('base'), rows: [{a: 1}]}]
                    expect: {rows: [{nope: 2}]}
                """);
        assertThat(shop.dbt("test", "-s", "test_type:unit")).isEqualTo(1);
        String rows =
                "There may be an error in the unit test definition: check the data types.\n  ";
        assertThat(messages())
                .containsEntry(
                        "unit_test.shop.child.input",
                        "Compilation Error in unit_test input (models/u.yml)\n"
                                + "  models/u.yml:2:11: It could not be prepared: Invalid column"
                                + " name: 'zz' in unit test fixture for 'ok'. Accepted columns for"
                                + " 'ok' are: ['a']. [DATA_INVALID]")
                .containsEntry(
                        "unit_test.shop.child.output",
                        "Compilation Error in unit_test output (models/u.yml)\n"
                                + "  models/u.yml:6:11: It could not be prepared: Invalid column"
                                + " name: 'zz' in unit test fixture for expected output. Accepted"
                                + " columns for expected output are: ['a']. [DATA_INVALID]")
                .containsEntry(
                        "unit_test.shop.child.type",
                        "Runtime Error in unit_test type (models/u.yml)\n"
                                + "  An error occurred during execution of unit test 'type'. "
                                + rows
                                + "models/u.yml:10:11: Value 'x' is not an INTEGER. Use TRY_CAST to"
                                + " get null instead. [DATA_INVALID]")
                .containsEntry(
                        "unit_test.shop.child.differs",
                        "actual differs from expected:\n\n@@ ,a\n---,2\n+++,1")
                .containsEntry(
                        "unit_test.shop.gone.broken",
                        "Runtime Error in unit_test broken (models/u.yml)\n"
                                + "  An error occurred during execution of unit test 'broken'. "
                                + rows
                                + "models/u.yml:18:11: It could not be prepared:"
                                + " models/gone.sql:1:8: Column 'nope' does not exist in main.base."
                                + " [DATA_INVALID]");
    }
}
