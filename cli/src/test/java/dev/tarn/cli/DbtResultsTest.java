package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run_results.json} says about work that is done, fails, or is a macro's. */
final class DbtResultsTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aFolder() {
        shop = new DbtFolder(folder);
    }

    private Map<String, Object> result(String id) {
        return DbtFolder.list(shop.artifact("run_results.json").get("results")).stream()
                .map(DbtFolder::map)
                .filter(r -> id.equals(r.get("unique_id")))
                .findFirst()
                .orElseThrow();
    }

    private List<String> steps(String id) {
        return DbtFolder.list(result(id).get("timing")).stream()
                .map(t -> String.valueOf(DbtFolder.map(t).get("name")))
                .toList();
    }

    @Test
    void whatFailedHasNotExecutedAndWhatWasSkippedTookNoTime() {
        shop.put("models/good.sql", "select 1 as a");
        shop.put(
                "models/bad.sql",
                "{{ config(materialized='table') }} select cast('x' as integer) as a from {{ ref('good') }}");
        shop.put("models/after.sql", "select * from {{ ref('bad') }}");
        assertThat(shop.dbt("run", "--threads", "1")).isEqualTo(1);
        assertThat(steps("model.shop.good")).containsExactly("compile", "execute");
        assertThat(steps("model.shop.bad")).containsExactly("compile");
        assertThat(steps("model.shop.after")).isEmpty();
        assertThat(result("model.shop.good"))
                .containsEntry("thread_id", "Thread-1 (worker)")
                .containsEntry("status", "success");
        assertThat(DbtFolder.map(result("model.shop.bad").get("adapter_response"))).isEmpty();
        assertThat(new Shapes().wrong("run_results", shop.artifact("run_results.json"))).isEmpty();
    }

    @Test
    void filesThatCannotBeReadAreErrors() {
        shop.put(
                "models/s.yml",
                "sources: [{name: raw, meta: {external_location: 'data/{name}.csv'}, tables: [{name: t}, {name: lost}]}]\n");
        shop.put("data/t.csv", "id\n1\n");
        shop.put("models/a.sql", "select * from {{ source('raw', 't') }}");
        assertThat(shop.dbt("run")).as(shop.console().out()).isZero();
        assertThat(shop.statuses()).isEqualTo(Map.of("model.shop.a", "success"));
        shop.put("models/b.sql", "select * from {{ source('raw', 'lost') }}");
        assertThat(shop.dbt("run")).isEqualTo(1);
        assertThat(shop.statuses())
                .containsEntry("source.shop.raw.lost", "error")
                .containsEntry("model.shop.a", "success")
                .containsEntry("model.shop.b", "skipped");
    }

    @Test
    void anOperationHasAResultOfItsOwnAndCanBeCalledAgain() {
        shop.put(
                "macros/m.sql",
                """
                {% macro fill(n) %}
                    {% if n > 3 %}{{ exceptions.raise_compiler_error('too many') }}{% endif %}
                    {% do log('filled ' ~ n, info=True) %}
                {% endmacro %}
                """);
        assertThat(shop.dbt("run-operation", "fill", "--args", "{n: 2}")).isZero();
        Map<String, Object> file = shop.artifact("run_results.json");
        assertThat(new Shapes().wrong("run_results", file)).isEmpty();
        assertThat(result("macro.shop.fill"))
                .containsEntry("status", "success")
                .containsEntry("failures", 0)
                .containsEntry("thread_id", "MainThread")
                .containsEntry("compiled", false);
        assertThat(DbtFolder.map(file.get("args")))
                .containsEntry("which", "run-operation")
                .containsEntry("macro", "fill")
                .containsEntry("args", Map.of("n", 2));
        assertThat(shop.dbt("retry")).isZero();
        assertThat(shop.lines()).contains("filled 2");
        assertThat(shop.dbt("run-operation", "shop.fill", "--args", "{n: 4}")).isEqualTo(1);
        assertThat(result("macro.shop.fill"))
                .containsEntry("status", "error")
                .containsEntry("failures", 1)
                .containsEntry(
                        "message",
                        "macros/m.sql:2:33: too many. In macro 'fill'. [TEMPLATE_FAILED]");
    }
}
