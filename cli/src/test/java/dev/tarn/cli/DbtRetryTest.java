package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A retry does what an invocation left undone, with the options of that invocation. */
final class DbtRetryTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
        shop.put("models/good.sql", "{{ config(materialized='table') }} select 1 as id");
        shop.put(
                "models/bad.sql",
                "select {{ var('n', '1') }} as n from {{ ref('good') }} where error('no') is null");
        shop.put("models/after.sql", "select n from {{ ref('bad') }}");
        shop.put(
                "models/all.yml",
                """
                models:
                  - {name: good, columns: [{name: id, data_tests: [{accepted_values: {arguments: {values: [2], quote: false}, config: {severity: warn}}}]}]}
                  - {name: after, columns: [{name: n, data_tests: [not_null]}]}
                """);
    }

    private void mended() {
        shop.put("models/bad.sql", "select {{ var('n', '1') }} as n from {{ ref('good') }}");
    }

    @Test
    void templatesAreToldTheVerbThatIsDoneAgain() {
        shop.put("models/bad.sql", "{{ config(materialized='table') }} select error('no') as n");
        assertThat(shop.dbt("run")).isEqualTo(1);
        shop.put(
                "models/bad.sql",
                "{{ config(materialized='table') }} select '{{ flags.WHICH }}' as n");
        assertThat(shop.dbt("retry")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select * from main.after")).containsExactly("run");
    }

    @Test
    void onlyWhatWasLeftUndoneIsDoneAgain() {
        shop.put("models/bad.sql", "{{ config(materialized='table') }} select error('no') as n");
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(shop.statuses())
                .containsEntry("model.shop.good", "success")
                .containsEntry("model.shop.bad", "error")
                .containsEntry("model.shop.after", "skipped")
                .hasSize(5);
        assertThat(shop.dbt("retry")).isEqualTo(1);
        assertThat(shop.statuses()).hasSize(3).doesNotContainKey("model.shop.good");
        mended();
        assertThat(shop.dbt("retry")).as(shop.console().out()).isZero();
        assertThat(shop.statuses().values()).containsExactly("success", "success", "pass");
        assertThat(shop.rows("select * from main.after")).containsExactly("1");
        assertThat(shop.dbt("retry")).isZero();
        assertThat(shop.statuses()).isEmpty();
        assertThat(shop.lines())
                .contains(
                        "Nothing to do. Try checking your model configs and model specification"
                                + " args");
    }

    @Test
    void theOptionsOfTheInvocationCountAgain() {
        shop.put(
                "models/bad.sql",
                "{{ config(materialized='table') }} select {{ var('n', '1') }} as n, error('no') as e");
        shop.put(
                "models/after.sql",
                "{{ config(materialized='table') }} select n from {{ ref('bad') }}");
        assertThat(shop.dbt("run", "--vars", "{n: 7}", "--full-refresh")).isEqualTo(1);
        mended();
        assertThat(shop.dbt("retry")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select * from main.after")).containsExactly("7");
        Map<String, Object> args = DbtFolder.map(shop.artifact("run_results.json").get("args"));
        assertThat(args)
                .containsEntry("which", "run")
                .containsEntry("full_refresh", true)
                .containsEntry("vars", Map.of("n", 7));
    }

    @Test
    void variablesThatAreTypedReplaceThoseOfTheInvocation() {
        shop.put(
                "models/bad.sql",
                "{{ config(materialized='table') }} select {{ var('n', '1') }} as n, error('no') as e");
        shop.put(
                "models/after.sql",
                "{{ config(materialized='table') }} select n from {{ ref('bad') }}");
        assertThat(shop.dbt("run", "--vars", "{n: 7}")).isEqualTo(1);
        mended();
        assertThat(shop.dbt("retry", "--vars", "{n: 8}")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select * from main.after")).containsExactly("8");
    }

    @Test
    void theInvocationMayBeThatOfAnotherFolder() {
        shop.put("models/bad.sql", "{{ config(materialized='table') }} select error('no') as n");
        assertThat(shop.dbt("run", "--target-path", "elsewhere")).isEqualTo(1);
        assertThat(shop.dbt("retry")).isEqualTo(2);
        assertThat(shop.lines())
                .contains(
                        "Could not find previous run in 'target' target directory. --state names the"
                                + " folder of artifacts of the invocation to retry. [FILE_MISSING]");
        mended();
        assertThat(shop.dbt("retry", "--state", "elsewhere")).as(shop.console().out()).isZero();
        assertThat(shop.statuses())
                .containsExactly(
                        Map.entry("model.shop.after", "success"),
                        Map.entry("model.shop.bad", "success"));
    }

    @Test
    void aMacroIsCalledAgainWithItsArguments() {
        shop.put(
                "macros/call.sql",
                "{% macro call_it(n) %}{% do log('called with ' ~ n, info=True) %}{% if n == 1 %}"
                        + "{{ exceptions.raise_compiler_error('not one') }}{% endif %}{% endmacro %}");
        assertThat(shop.dbt("run-operation", "call_it", "--args", "{n: 1}")).isEqualTo(1);
        assertThat(shop.statuses()).containsExactly(Map.entry("macro.shop.call_it", "error"));
        assertThat(shop.dbt("retry")).isEqualTo(1);
        assertThat(shop.lines()).contains("called with 1");
        assertThat(shop.dbt("run-operation", "call_it", "--args", "{n: 2}")).isZero();
        assertThat(shop.statuses()).containsExactly(Map.entry("macro.shop.call_it", "success"));
    }

    @Test
    void aNodeThatIsGoneIsTold() throws IOException {
        shop.put("models/lost.sql", "{{ config(materialized='table') }} select error('no') as n");
        assertThat(shop.dbt("run", "--select", "lost")).isEqualTo(1);
        Files.delete(shop.path("models/lost.sql"));
        assertThat(shop.dbt("retry")).isEqualTo(2);
        assertThat(shop.lines())
                .contains(
                        "Couldn't find 'model.shop.lost', which the previous run left undone. Run the"
                                + " verb again instead of retry. [NODE_NOT_FOUND]");
    }
}
