package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Details that only show when the same project is built by dbt beside it. */
final class DbtDetailsTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
        shop.put("models/good.sql", "select {{ var('n', '1') }} as id");
        shop.put("models/after.sql", "select * from {{ ref('good') }}");
        shop.put("models/last.sql", "select * from {{ ref('after') }}");
        shop.put(
                "models/all.yml",
                """
                exposures:
                  - {name: board, type: dashboard, owner: {name: me}, depends_on: ["ref('last')"]}
                """);
    }

    private String printed(String macro, String... more) {
        shop.put("macros/m.sql", "{% macro m() %}" + macro + "{% endmacro %}");
        String[] args = new String[more.length + 3];
        args[0] = "-q";
        args[1] = "run-operation";
        args[2] = "m";
        System.arraycopy(more, 0, args, 3, more.length);
        assertThat(shop.dbt(args)).as(shop.console().out()).isZero();
        return shop.console().out().strip();
    }

    @Test
    void exposuresAreSkippedThroughWhatIsLeftOutAndRetried() {
        assertThat(shop.dbt("build", "--vars", "{n: nope}", "--exclude", "last")).isEqualTo(1);
        assertThat(shop.statuses())
                .containsEntry("model.shop.good", "error")
                .containsEntry("model.shop.after", "skipped")
                .containsEntry("exposure.shop.board", "skipped")
                .hasSize(3);
        assertThat(shop.dbt("retry", "--vars", "{n: 2}")).as(shop.console().out()).isZero();
        assertThat(shop.statuses())
                .containsEntry("model.shop.good", "success")
                .containsEntry("model.shop.after", "success")
                .containsEntry("exposure.shop.board", "no-op")
                .hasSize(3);
        assertThat(shop.dbt("retry")).isZero();
        assertThat(shop.statuses()).isEmpty();
    }

    @Test
    void whereNodesArePublishedOneByOneNothingIsSaidOfTheWhole() {
        assertThat(shop.dbt("run", "--vars", "{n: nope}")).isEqualTo(1);
        assertThat(shop.console().out()).contains("Nothing of this run was published");
        shop.put("tarn.yml", "run: {publish: each}\n");
        assertThat(shop.dbt("run", "--vars", "{n: nope}")).isEqualTo(1);
        assertThat(shop.console().out()).doesNotContain("Nothing of this run was published");
    }

    @Test
    void resultsOfQueriesCanBeSliced() {
        assertThat(
                        printed(
                                """
                                {%- set t = run_query("select * from (values (1,'a'),(2,'b'),(3,'c')) v(i, s) order by 1") -%}
                                {%- do print(t[0:1] | length ~ ' ' ~ t.rows[1:] | length) -%}
                                {%- do print(t.columns[1:][0].values()) -%}
                                {%- do print(t.columns[0][::-1]) -%}
                                {%- do print(t.rows[2][0:2]) -%}
                                {%- do print(t[-1]['s']) -%}
                                """))
                .isEqualTo("1 2\n('a', 'b', 'c')\n(3, 2, 1)\n(3, 'c')\nc");
    }

    @Test
    void templatesKnowHowManyThreadsAreAskedFor() {
        assertThat(printed("{% do print(target.threads) %}")).isEqualTo("1");
        assertThat(printed("{% do print(target.threads) %}", "--threads", "7")).isEqualTo("7");
    }

    @Test
    void timesAreShownAsPythonWritesThem() {
        assertThat(
                        shop.dbt(
                                "-q",
                                "show",
                                "--output",
                                "json",
                                "--inline",
                                "select timestamp '2026-01-01' as a, time '10:00' as b,"
                                        + " timestamp '2026-01-01 01:02:03.5' as c"))
                .isZero();
        assertThat(shop.console().out())
                .contains(
                        "\"a\": \"2026-01-01T00:00:00\"",
                        "\"b\": \"10:00:00\"",
                        "\"c\": \"2026-01-01T01:02:03.500000\"");
    }

    @Test
    void aProjectFileSaysHowOldSourcesMayBeThatSayNothing() {
        shop.put(
                "dbt_project.yml",
                """
                name: shop
                sources:
                  shop: {+freshness: {warn_after: {count: 1, period: day}}}
                """);
        shop.put("seeds/raw.csv", "id,made\n1,2020-01-01 10:00:00\n");
        shop.put(
                "models/sources.yml",
                """
                sources:
                  - name: main
                    tables:
                      - {name: raw, loaded_at_field: made}
                      - {name: old, identifier: raw, loaded_at_field: made, config: {freshness: {error_after: {count: 1, period: day}}}}
                      - {name: free, identifier: raw, loaded_at_field: made, freshness: null}
                """);
        assertThat(shop.dbt("seed")).as(shop.console().out()).isZero();
        assertThat(shop.dbt("source", "freshness")).isEqualTo(1);
        assertThat(DbtFolder.list(shop.artifact("sources.json").get("results")))
                .extracting(r ->
                        DbtFolder.map(r).get("unique_id") + " " + DbtFolder.map(r).get("status"))
                .containsExactlyInAnyOrder(
                        "source.shop.main.raw warn", "source.shop.main.old error");
    }

    @Test
    void aQueryForTheAgeOfASourceIsATemplateThatKnowsItsTable() {
        shop.put("seeds/raw.csv", "id,made\n1,2020-01-01 10:00:00\n");
        shop.put("seeds/none.csv", "id,made\n1,2020-01-01 10:00:00\n");
        shop.put(
                "models/sources.yml",
                """
                sources:
                  - name: main
                    config: {freshness: {warn_after: {count: 1, period: day}, error_after: {count: 9, period: day}}}
                    tables:
                      - name: raw
                        config:
                          loaded_at_query: "select max(made) from {{ this }}"
                          freshness: {error_after: null}
                      - {name: none, loaded_at_field: "case when id > 1 then made end"}
                      - {name: unknown, identifier: raw}
                      - {name: free, identifier: raw, config: {freshness: null}}
                  - name: other
                    schema: main
                    tables: [{name: raw}]
                """);
        assertThat(shop.dbt("seed")).as(shop.console().out()).isZero();
        assertThat(shop.dbt("--warn-error", "source", "freshness", "-s", "source:main.raw"))
                .as(shop.console().out())
                .isZero();
        assertThat(shop.lines()).anyMatch(l -> l.startsWith("1 of 1 WARN freshness of main.raw"));
        Map<String, Object> raw =
                DbtFolder.map(
                        DbtFolder.list(shop.artifact("sources.json").get("results")).getFirst());
        assertThat(raw).containsEntry("max_loaded_at", "2020-01-01T10:00:00+00:00");
        assertThat(DbtFolder.map(raw.get("criteria")))
                .containsEntry("error_after", null)
                .containsEntry("warn_after", Map.of("count", 1, "period", "day"));
        assertThat(shop.dbt("source", "freshness")).isEqualTo(1);
        assertThat(shop.lines())
                .contains(
                        "  No column of source 'main.unknown' says when its rows were loaded. Name"
                                + " one as 'loaded_at_field', or give a 'loaded_at_query'."
                                + " [CONFIG_INVALID]");
        assertThat(DbtFolder.list(shop.artifact("sources.json").get("results")))
                .extracting(r ->
                        DbtFolder.map(r).get("unique_id")
                                + " "
                                + DbtFolder.map(r).get("max_loaded_at"))
                .containsExactlyInAnyOrder(
                        "source.shop.main.none 0001-01-01T00:00:00+00:00",
                        "source.shop.main.raw 2020-01-01T10:00:00+00:00");
    }

    @Test
    void versionsAddTestsToThoseOfTheirModel() {
        shop.put("models/m_v1.sql", "select 1 as id");
        shop.put("models/m_v2.sql", "select 1 as id");
        shop.put(
                "models/m.yml",
                """
                models:
                  - name: m
                    latest_version: 2
                    columns: [{name: id, data_tests: [not_null]}]
                    versions:
                      - v: 1
                      - v: 2
                        columns: [{include: all}, {name: id, data_tests: [unique]}]
                exposures:
                  - {name: old, type: ml, owner: {name: me}, depends_on: ["ref('m', v=1)"]}
                """);
        assertThat(shop.listed("--select", "m.v2+"))
                .containsExactlyInAnyOrder(
                        "shop.m.v2", "shop.not_null_m_v2_id", "shop.unique_m_v2_id");
        assertThat(shop.listed("--select", "m.v1+"))
                .containsExactlyInAnyOrder(
                        "shop.m.v1", "shop.not_null_m_v1_id", "exposure:shop.old");
        shop.put("models/m.yml", "models: [{name: good, latest_version: 2}]\n");
        assertThat(shop.dbt("parse")).isEqualTo(2);
        assertThat(shop.console().out())
                .contains(
                        "models/m.yml:1:39: The latest version of model 'good' cannot be 2: it has"
                                + " no 'versions'. Say them, or take 'latest_version' out.");
    }

    @Test
    void aMeasureMayBeAMetric() {
        shop.put("models/spine.sql", "select date '2026-01-01' as day, 1 as id, 2 as amount");
        shop.put(
                "models/semantic.yml",
                """
                models:
                  - name: spine
                    time_spine: {standard_granularity_column: day}
                    columns: [{name: day, granularity: day}]
                semantic_models:
                  - name: sales
                    model: ref('spine')
                    defaults: {agg_time_dimension: sold_on}
                    entities: [{name: sale, type: primary, expr: id}]
                    dimensions: [{name: sold_on, expr: day, type: time, type_params: {time_granularity: day}}]
                    measures:
                      - {name: total, agg: sum, expr: amount, create_metric: true}
                      - {name: number, agg: count, expr: id}
                metrics:
                  - {name: twice, label: Twice, type: derived, type_params: {expr: 2 * total, metrics: [total]}, config: {meta: {of: sales}}}
                exposures:
                  - {name: chart, type: dashboard, owner: {name: me}, depends_on: ["metric('total')"]}
                """);
        assertThat(shop.listed("--resource-type", "metric"))
                .containsExactlyInAnyOrder("metric:shop.total", "metric:shop.twice");
        assertThat(shop.listed("--select", "+metric:twice", "--resource-type", "metric"))
                .containsExactlyInAnyOrder("metric:shop.total", "metric:shop.twice");
        assertThat(shop.dbt("parse")).isZero();
        assertThat(told("metrics", "metric.shop.twice"))
                .containsEntry("meta", Map.of("of", "sales"));
        assertThat(told("exposures", "exposure.shop.chart"))
                .containsEntry("metrics", List.of(List.of("total")));
        assertThat(told("metrics", "metric.shop.total"))
                .containsEntry("label", "total")
                .containsEntry("type", "simple")
                .containsEntry("description", "Metric created from measure total");
    }

    private Map<String, Object> told(String section, String id) {
        return DbtFolder.map(DbtFolder.map(shop.artifact("manifest.json").get(section)).get(id));
    }

    @Test
    void theManifestTellsWhatCallsByTheAdaptersNameComeTo() {
        shop.put(
                "macros/name.sql",
                """
                {% macro name() %}{{ return(adapter.dispatch('name', 'shop')()) }}{% endmacro %}
                {% macro default__name() %}{{ adapter.dispatch("length")("'x'") }}{% endmacro %}
                {% macro duckdb__name() %}x{% endmacro %}
                """);
        assertThat(shop.dbt("parse")).isZero();
        assertThat(told("macros", "macro.shop.name"))
                .containsEntry("depends_on", Map.of("macros", List.of("macro.shop.duckdb__name")));
        assertThat(told("macros", "macro.shop.default__name"))
                .containsEntry(
                        "depends_on",
                        Map.of("macros", List.of("macro.dbt.length", "macro.dbt.default__length")));
    }

    @Test
    void hooksKnowWhetherTheirModelIsBuiltIncrementally() {
        shop.put(
                "dbt_project.yml",
                "name: shop\nversion: '1.0'\non-run-start: ['create table if not exists main.told (what varchar)']\n");
        shop.put(
                "models/grows.sql",
                """
                {{ config(materialized='incremental',
                    pre_hook="{% if is_incremental() %}insert into main.told values ('before'){% endif %}",
                    post_hook="insert into main.told values ('{{ is_incremental() }}')") }}
                select 1 as id
                """);
        assertThat(shop.dbt("run")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select * from main.told order by 1")).containsExactly("False");
        assertThat(shop.dbt("run")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select * from main.told order by 1"))
                .containsExactly("False", "True", "before");
        assertThat(shop.dbt("run", "--full-refresh")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select * from main.told order by 1"))
                .containsExactly("False", "False", "True", "before");
    }

    @Test
    void onlyWhatIsCompiledHasAResult() {
        shop.put("models/part.sql", "{{ config(materialized='ephemeral') }} select 1 as id");
        shop.put(
                "models/unit.yml",
                """
                unit_tests:
                  - name: u
                    model: good
                    given: []
                    expect: {rows: [{id: 1}]}
                """);
        assertThat(shop.dbt("compile", "--select", "part", "good", "u")).isZero();
        assertThat(shop.statuses()).containsOnlyKeys("model.shop.good");
        assertThat(shop.dbt("docs", "generate")).isZero();
        assertThat(shop.statuses())
                .containsOnlyKeys("model.shop.good", "model.shop.after", "model.shop.last");
    }

    @Test
    void aTestOfAnIncrementalModelStopsTheProjectUntilItSaysWhich() {
        shop.put(
                "models/grown.sql",
                "{{ config(materialized='incremental') }} select 1 as id {% if is_incremental() %} where false {% endif %}");
        shop.put(
                "models/unit.yml",
                "unit_tests: [{name: u, model: grown, given: [], expect: {rows: []}}]");
        assertThat(shop.dbt("run", "--select", "good")).isEqualTo(2);
        assertThat(shop.console().out())
                .contains("Unit test 'u' does not say whether model 'grown' is built");
    }

    @Test
    void nothingLiesBetweenAnEndAndAStart() {
        assertThat(
                        shop.dbt(
                                "run",
                                "--event-time-start",
                                "2026-01-02",
                                "--event-time-end",
                                "2026-01-02"))
                .isEqualTo(2);
        assertThat(shop.console().out())
                .contains(
                        "--event-time-start must be before --event-time-end. Nothing lies between"
                                + " them. [USAGE]");
    }

    @Test
    void anUnknownEventIsToldInOneSentence() {
        assertThat(shop.dbt("--warn-error-options", "{error: [Nobody]}", "parse")).isEqualTo(2);
        assertThat(shop.console().out())
                .contains("names 'Nobody', which is no event of dbt. Write, for example,");
    }

    @Test
    void whatASeedAnsweredIsTold() {
        shop.put("seeds/two.csv", "a,b\n1,2\n3,4\n");
        assertThat(shop.dbt("seed")).as(shop.console().out()).isZero();
        Map<String, Object> result =
                DbtFolder.map(
                        DbtFolder.list(shop.artifact("run_results.json").get("results"))
                                .getFirst());
        assertThat(result)
                .containsEntry("message", "INSERT 2")
                .containsEntry("compiled", null)
                .containsEntry("relation_name", null);
        assertThat(DbtFolder.map(result.get("adapter_response")))
                .containsEntry("_message", "INSERT 2")
                .containsEntry("code", "INSERT")
                .containsEntry("rows_affected", 2);
    }

    private Map<String, Object> result() {
        return DbtFolder.map(
                DbtFolder.list(shop.artifact("run_results.json").get("results")).getFirst());
    }

    @Test
    void aSeedThatBeginsAnewIsCreated() {
        shop.put("seeds/two.csv", "a,b\n1,2\n3,4\n");
        assertThat(shop.dbt("seed", "--full-refresh")).as(shop.console().out()).isZero();
        assertThat(shop.console().out()).contains("[CREATE 2 in ");
        assertThat(result()).containsEntry("message", "CREATE 2");
        assertThat(DbtFolder.map(result().get("adapter_response")))
                .containsEntry("_message", "CREATE 2")
                .containsEntry("code", "CREATE")
                .containsEntry("rows_affected", 2);
    }

    @Test
    void whatIsBuiltPeriodByPeriodIsASuccess() {
        shop.put(
                "models/daily.sql",
                """
                {{ config(materialized='incremental', incremental_strategy='microbatch',
                          event_time='ts', batch_size='day', begin='2026-01-01') }}
                select timestamp '2026-01-01 05:00:00' as ts
                """);
        String[] days = {"--event-time-start", "2026-01-01", "--event-time-end", "2026-01-02"};
        assertThat(shop.dbt("run", "--select", "daily", days[0], days[1], days[2], days[3]))
                .as(shop.console().out())
                .isZero();
        assertThat(shop.console().out()).contains("[SUCCESS in ");
        assertThat(result()).containsEntry("message", "SUCCESS").containsEntry("failures", 0);
    }

    @Test
    void deprecationsAreAGroupOfWarnings() {
        shop.put("models/y.yml", "models: [{name: good, description: a, description: b}]");
        assertThat(shop.dbt("parse", "--warn-error-options", "{error: [Deprecations]}"))
                .isEqualTo(2);
        assertThat(
                        shop.dbt(
                                "parse",
                                "--warn-error-options",
                                "{error: [Deprecations], warn: [DuplicateYAMLKeysDeprecation]}"))
                .as(shop.console().out())
                .isZero();
        assertThat(shop.dbt("parse", "--warn-error-options", "{error: all, warn: [Deprecations]}"))
                .as(shop.console().out())
                .isZero();
        assertThat(
                        shop.dbt(
                                "parse",
                                "--warn-error-options",
                                "{error: [DuplicateYAMLKeysDeprecation], silence: [Deprecations]}"))
                .isEqualTo(2);
    }

    @Test
    void samplesHaveTwoEnds() {
        for (String sample : new String[] {"3 Days", "1 hour", "{start: '2026-01-01', end: x}"}) {
            int expected = sample.endsWith("x}") ? 2 : 0;
            assertThat(shop.dbt("run", "--select", "good", "--sample", sample))
                    .as(shop.console().out())
                    .isEqualTo(expected);
        }
        for (String sample : new String[] {"{start: '2026-01-01'}", "2026-01-01", "3 weeks"}) {
            assertThat(shop.dbt("run", "--select", "good", "--sample", sample)).isEqualTo(2);
            assertThat(shop.console().out())
                    .contains(
                            "--sample takes a number of hours, days, months or years, such as"
                                    + " '3 days', or a mapping with both ends, such as \"{start:"
                                    + " '2026-01-31', end: '2026-02-01 12:00'}\", not '"
                                    + sample
                                    + "'. [USAGE]");
        }
    }
}
