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
    void anEphemeralModelThatFailsHasNoResultOfItsOwn() {
        shop.put(
                "models/base.sql",
                "{{ config(materialized='ephemeral') }} {{ adapter.invent() }} select 1 as id");
        shop.put(
                "models/mid.sql",
                "{{ config(materialized='ephemeral') }} select * from {{ ref('base') }}");
        shop.put("models/child.sql", "select * from {{ ref('mid') }}");
        shop.put("models/grand.sql", "select * from {{ ref('child') }}");
        shop.put("models/other.sql", "select 1 as id");
        String because =
                "Compilation Error in model.shop.%s, caused by compilation error in referenced ephemeral model model.shop.%s";
        assertThat(shop.dbt("run")).isEqualTo(1);
        assertThat(shop.statuses())
                .isEqualTo(
                        Map.of(
                                "model.shop.other", "success",
                                "model.shop.child", "skipped",
                                "model.shop.grand", "skipped"));
        assertThat(result("model.shop.child"))
                .containsEntry("message", because.formatted("child", "base"));
        assertThat(result("model.shop.grand"))
                .containsEntry("message", because.formatted("grand", "base"));
        assertThat(shop.lines())
                .contains(
                        "Completed with 2 errors, 0 partial successes, and 0 warnings:",
                        "  models/base.sql:1:51: adapter.invent is not supported. [UNSUPPORTED]",
                        "Done. PASS=1 WARN=0 ERROR=0 SKIP=2 NO-OP=0 TOTAL=3");
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(result("model.shop.child"))
                .containsEntry("message", because.formatted("child", "mid"));
        assertThat(result("model.shop.grand")).containsEntry("status", "skipped");
        shop.put("models/base.sql", "{{ config(materialized='ephemeral') }} select 1 as id");
        assertThat(shop.dbt("retry")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select * from main.grand")).containsExactly("1");
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
        shop.put("models/c.sql", "select * from {{ ref('b') }}");
        assertThat(shop.dbt("run")).isEqualTo(1);
        assertThat(shop.statuses())
                .isEqualTo(
                        Map.of(
                                "model.shop.a",
                                "success",
                                "model.shop.b",
                                "error",
                                "model.shop.c",
                                "skipped"));
        assertThat(result("model.shop.b").get("message"))
                .asString()
                .contains("File data/lost.csv does not exist. [FILE_MISSING]");
        assertThat(shop.console().out())
                .contains("ERROR creating sql view model main.b", "SKIP relation main.c")
                .doesNotContain("source raw.lost");
        shop.put(
                "models/t.yml",
                "models: [{name: a}]\nsources: [{name: raw, meta: {external_location: 'data/{name}.csv'}, tables: [{name: t}, {name: lost, columns: [{name: id, data_tests: [unique]}]}]}]\n");
        shop.put("models/s.yml", "");
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(shop.statuses().values())
                .containsExactlyInAnyOrder("success", "error", "skipped", "skipped");
        assertThat(result("model.shop.b"))
                .containsEntry("status", "skipped")
                .containsEntry("compiled", false)
                .containsEntry("compiled_code", null);
        shop.put("data/lost.csv", "id\n2\n");
        assertThat(shop.dbt("retry")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select * from main.c")).containsExactly("2");
    }

    @Test
    void whatCountsFailuresGivesAWholeNumber() {
        shop.put("models/n.sql", "select 1 as n union all select null");
        shop.put(
                "models/s.yml",
                """
                models:
                  - name: n
                    columns:
                      - name: n
                        data_tests:
                          - not_null: {name: gone, config: {fail_calc: max(n)}}
                          - not_null: {name: part, config: {fail_calc: '1.7'}}
                          - not_null: {name: endless, config: {fail_calc: count(*) / 0}}
                          - not_null: {name: truth, config: {fail_calc: count(*) > 0}}
                          - not_null: {name: right, config: {fail_calc: 'coalesce(sum(n), 2.0)', severity: warn}}
                """);
        assertThat(shop.dbt("build", "--select", "n")).isEqualTo(1);
        assertThat(shop.statuses().values())
                .containsExactlyInAnyOrder("success", "error", "error", "error", "error", "warn");
        assertThat(shop.console().out())
                .contains(
                        "fail_calc of 'gone' is max(n), which gave null and not a whole number."
                                + " Write, for example, coalesce(sum(n), 0). [DATA_INVALID]",
                        "which gave 1.7 and not",
                        "which gave Infinity and not",
                        "which gave true and not");
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
                        "Compilation Error in macro fill (macros/m.sql)\n"
                                + "  macros/m.sql:2:33: too many. In macro 'fill'."
                                + " [TEMPLATE_FAILED]");
    }

    @Test
    void hooksAtTheEndHearOfWhatHasNoWork() {
        shop.put("tarn.yml", "run: {publish: each}\n");
        shop.put(
                "dbt_project.yml",
                """
                name: shop
                on-run-start: create table if not exists main.log (name text, status text)
                on-run-end: >
                  {% for r in results %}
                  insert into main.log values ('{{ r.node.name }}', '{{ r.status }}');
                  {% endfor %}
                """);
        shop.put("models/a.sql", "select 1 as id");
        shop.put("models/broken.sql", "select id + nothing as id from {{ ref('a') }}");
        shop.put(
                "models/all.yml",
                """
                exposures:
                  - {name: fine, type: dashboard, owner: {name: us}, depends_on: [ref('a')]}
                  - {name: hurt, type: dashboard, owner: {name: us}, depends_on: [ref('broken')]}
                """);
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(shop.rows("select name, status from main.log"))
                .containsExactlyInAnyOrder(
                        "a,success", "broken,error", "fine,no-op", "hurt,skipped");
    }

    @Test
    void statementsAroundARunAreResults() {
        shop.put(
                "dbt_project.yml",
                """
                name: shop
                on-run-start:
                  - create table if not exists main.log (w text)
                  - ""
                on-run-end:
                  - "insert into main.log values ('{{ results | length }}')"
                  - "insert into main.nowhere select 1"
                  - "insert into main.log values ('never')"
                """);
        shop.put("models/a.sql", "select 1 as id");
        assertThat(shop.dbt("run")).isEqualTo(1);
        assertThat(DbtFolder.list(shop.artifact("run_results.json").get("results")))
                .extracting(r ->
                        DbtFolder.map(r).get("unique_id") + " " + DbtFolder.map(r).get("status"))
                .containsExactly(
                        "operation.shop.shop-on-run-start-0 success",
                        "operation.shop.shop-on-run-start-1 success",
                        "model.shop.a success",
                        "operation.shop.shop-on-run-end-0 success",
                        "operation.shop.shop-on-run-end-1 error",
                        "operation.shop.shop-on-run-end-2 skipped");
        assertThat(new Shapes().wrong("run_results", shop.artifact("run_results.json"))).isEmpty();
        assertThat(result("operation.shop.shop-on-run-start-0"))
                .containsEntry("message", "shop.on-run-start.0 passed")
                .containsEntry("failures", 0)
                .containsEntry("thread_id", "main");
        assertThat(result("operation.shop.shop-on-run-end-1"))
                .containsEntry("failures", 1)
                .containsEntry(
                        "message",
                        """
                        shop.on-run-end.1 failed, error:
                         dbt_project.yml:7:5: There is no table or view main.nowhere. `tarn tables` lists what there is. [TABLE_NOT_FOUND]\
                        """);
        assertThat(shop.console().out())
                .contains("1 of 2 OK hook: shop.on-run-start.0 ...")
                .contains("2 of 3 ERROR hook: shop.on-run-end.1 ...")
                .contains("Finished running 5 project hooks, 1 view model in")
                .contains("Done. PASS=4 WARN=0 ERROR=1 SKIP=1 NO-OP=0 TOTAL=6");
        Object start =
                DbtFolder.map(shop.artifact("manifest.json").get("nodes"))
                        .get("operation.shop.shop-on-run-start-0");
        assertThat(DbtFolder.map(start))
                .containsEntry("resource_type", "operation")
                .containsEntry("tags", List.of("on-run-start"))
                .containsEntry("raw_code", "create table if not exists main.log (w text)");
        assertThat(new Shapes().wrong("manifest", shop.artifact("manifest.json"))).isEmpty();

        shop.put(
                "dbt_project.yml",
                "name: shop\non-run-start: create table if not exists main.log (w text)\n");
        assertThat(shop.dbt("retry")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select id from main.a")).containsExactly("1");
    }

    @Test
    void nodesAreTriedThoughTheStartFails() {
        String start = "name: shop\non-run-start: [insert into main.nowhere select 1, select 1]\n";
        shop.put("dbt_project.yml", start + "on-run-end: select 2\n");
        shop.put("models/a.sql", "select 1 as id");
        assertThat(shop.dbt("run")).isEqualTo(1);
        assertThat(shop.statuses())
                .containsEntry("operation.shop.shop-on-run-start-0", "error")
                .containsEntry("operation.shop.shop-on-run-start-1", "skipped")
                .containsEntry("model.shop.a", "success")
                .containsEntry("operation.shop.shop-on-run-end-0", "success");
        assertThat(shop.console().out())
                .contains("Done. PASS=2 WARN=0 ERROR=1 SKIP=1 NO-OP=0 TOTAL=4")
                .contains("Nothing of this run was published");

        shop.put("dbt_project.yml", start + "flags: {skip_nodes_if_on_run_start_fails: true}\n");
        assertThat(shop.dbt("run")).isEqualTo(1);
        assertThat(shop.statuses()).containsEntry("model.shop.a", "skipped");
    }

    @Test
    void aBuildTellsOfExposuresWhetherWhatTheyAreAboutIsThere() {
        shop.put("tarn.yml", "run: {publish: each}\n");
        shop.put("models/a.sql", "select 1 as id").put("models/b.sql", "select 2 as id");
        shop.put(
                "models/p.yml",
                """
                models: [{name: b, columns: [{name: id, data_tests: [{accepted_values: {values: [2]}}]}]}]
                exposures:
                  - name: of_a
                    type: dashboard
                    owner: {name: me}
                    depends_on: ["ref('a')"]
                    tags: [own]
                    config: {tags: [board], meta: {k: 1}}
                  - name: of_b
                    type: dashboard
                    owner: {name: me}
                    depends_on: ["ref('b')"]
                  - {name: of_nothing, type: ml, owner: {name: me}}
                """);
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
        assertThat(result("exposure.shop.of_a"))
                .containsEntry("status", "no-op")
                .containsEntry("message", "NO-OP")
                .containsEntry("failures", 0);
        assertThat(new Shapes().wrong("run_results", shop.artifact("run_results.json"))).isEmpty();
        assertThat(shop.lines()).contains("Done. PASS=3 WARN=0 ERROR=0 SKIP=0 NO-OP=3 TOTAL=6");
        assertThat(shop.listed("--select", "tag:board")).containsExactly("exposure:shop.of_a");
        assertThat(shop.listed("--select", "tag:own")).containsExactly("exposure:shop.of_a");
        assertThat(shop.dbt("build", "--select", "exposure:of_a"))
                .as(shop.console().out())
                .isZero();
        assertThat(shop.statuses()).isEqualTo(Map.of("exposure.shop.of_a", "no-op"));

        shop.put("models/a.sql", "select nope as id").put("models/b.sql", "select 3 as id");
        assertThat(shop.dbt("build", "--exclude", "exposure:of_nothing")).isEqualTo(1);
        assertThat(shop.statuses())
                .containsEntry("model.shop.a", "error")
                .containsEntry("exposure.shop.of_a", "skipped")
                .containsEntry("model.shop.b", "success")
                // The test of 'b' failed, but 'b' is there.
                .containsEntry("exposure.shop.of_b", "no-op")
                .doesNotContainKey("exposure.shop.of_nothing");
        shop.put("models/a.sql", "select 1 as id").put("models/b.sql", "select 2 as id");
        // What succeeded is not built again: its test looks at the view as it was made.
        assertThat(shop.dbt("retry")).isEqualTo(1);
        assertThat(shop.statuses()).containsEntry("model.shop.a", "success").containsValue("fail");
        assertThat(shop.dbt("run")).isZero();
        assertThat(shop.statuses().keySet()).containsExactly("model.shop.a", "model.shop.b");
    }

    @Test
    void aTestThatPassesHasNoFailures() {
        shop.put(
                "tests/few.sql",
                "{{ config(warn_if='> 5', error_if='> 9') }} select a from {{ ref('good') }}");
        shop.put("models/good.sql", "select 1 as a");
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
        assertThat(result("test.shop.few"))
                .containsEntry("status", "pass")
                .containsEntry("failures", 0);
    }

    @Test
    void theEndOfARunSeesResultsAsObjects() {
        shop.put(
                "dbt_project.yml",
                """
                name: shop
                vars: {loud: "{{ false }}"}
                quoting: {schema: false}
                on-run-end: "{{ tell(results) }}"
                """);
        shop.put(
                "macros/tell.sql",
                """
                {% macro tell(results) %}
                  {% for r in results %}
                    {% set last = r.timing | last %}
                    {% set d = r.to_dict() %}
                    {% do log([r.node.name, r.node.to_dict()['alias'], d.status, d.node.name,
                               r.timing | map(attribute='name') | join('+'),
                               last.started_at <= last.completed_at, last.to_dict().name,
                               d.timing | length, r['status'], r.nothing is defined] | join(' '), info=true) %}
                  {% endfor %}
                  {% set c = builtins.ref.config %}
                  {% do log([adapter.config.quoting.database, adapter.config.target_name, c.quoting.schema,
                             c.vars.to_dict(), c.vars.vars.loud] | join(' '), info=true) %}
                  {% do log('loud is ' ~ (var('loud') is string) ~ var('loud'), info=true) %}
                {% endmacro %}
                """);
        shop.put("models/a.sql", "select 1 as id");
        assertThat(shop.dbt("run")).as(shop.console().out()).isZero();
        assertThat(shop.lines())
                .contains("a a success a compile+execute True execute 2 success False")
                .contains("True dev False {'loud': '{{ false }}'} {{ false }}")
                .as("as in dbt, a template in a variable gives text")
                .contains("loud is TrueFalse");
    }

    @Test
    void whatATemplateTellsIsToldOnce() {
        shop.put("models/a.sql", "select 1 as id");
        shop.put(
                "models/b.sql",
                """
                {% if execute %}{% do log('looking', info=true) %}{% do print('seeing') %}{% endif %}
                {% set n = run_query('select count(*) from ' ~ ref('a')).columns[0][0] %}
                select {{ n }} as n
                """);
        assertThat(shop.dbt("run")).as(shop.console().out()).isZero();
        assertThat(shop.lines()).containsOnlyOnce("looking");
        assertThat(shop.console().out()).containsOnlyOnce("seeing");
        assertThat(shop.text("target/compiled/shop/models/b.sql").strip())
                .as("the code it was built with")
                .isEqualTo("select 1 as n");
    }

    @Test
    void aTableIsShortForItsRowsAndFalseWithoutAny() {
        shop.put("models/a.sql", "select 1 as id");
        shop.put(
                "models/b.sql",
                """
                {% set t = run_query('select id + 6, 8 as columns from ' ~ ref('a')) %}
                {% set gone = run_query('select id from ' ~ ref('a') ~ ' where id > 1') %}
                select '{% if execute %}{{ t[0][0] }}{{ t[-1][1] }}{{ t['columns'] | length }}{{ 'none' if not gone }}{% endif %}' as w
                """);
        assertThat(shop.dbt("run")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select w from main.b")).containsExactly("782none");
    }

    @Test
    void relativeNamesOfFilesInQueriesAreTheProjects() {
        shop.put("data/t.csv", "id\n7\n");
        shop.put("dbt_project.yml", "name: shop\nmodels: {+materialized: table}\n");
        shop.put("models/a.sql", "select * from read_csv('data/t.csv')");
        shop.put("models/b.sql", "select * from 'data/*.csv'");
        shop.put(
                "models/c.sql",
                "select {{ run_query(\"from 'data/t.csv'\").rows[0][0] if execute else 0 }} as id");
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
        for (String model : new String[] {"a", "b", "c"}) {
            assertThat(shop.rows("select id from main." + model)).as(model).containsExactly("7");
        }
    }
}
