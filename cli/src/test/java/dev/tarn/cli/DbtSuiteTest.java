package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Behaviour that dbt's adapter tests look at and no other test here does. Which test stands for
 * which of their groups is in docs/dbt-parity.md.
 */
final class DbtSuiteTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
    }

    private void done(String... args) {
        assertThat(shop.dbt(args)).as(shop.console().out()).isZero();
    }

    private List<String> rows(String sql) {
        return shop.rows(sql);
    }

    @Test
    void columnsSayWhatKindOfTypeTheyHave() {
        shop.put(
                "models/typed.sql",
                """
                {{ config(materialized='table') }}
                select 1::smallint as a, 2::bigint as b, 3.0::real as c, 4.0::double as d,
                    5.0::decimal(10, 2) as e, 'x'::varchar as f
                """);
        shop.put(
                "models/kinds.sql",
                """
                {% for c in adapter.get_columns_in_relation(ref('typed')) %}
                select '{{ c.name }}' as name, '{{ c.is_integer() }} {{ c.is_float() }} {{ c.is_numeric() }} {{ c.is_number() }} {{ c.is_string() }}' as kinds
                {{ 'union all' if not loop.last }}
                {% endfor %}
                """);
        done("run");
        assertThat(rows("select name, kinds from main.kinds order by 1"))
                .containsExactly(
                        "a,True False False True False",
                        "b,True False False True False",
                        "c,False True False True False",
                        "d,False True False True False",
                        "e,False False True True False",
                        "f,False False False False True");
    }

    @Test
    void aModelMayChangeWhatItIsAndBack() {
        for (String kind : List.of("view", "table", "view", "incremental", "view", "table")) {
            shop.put(
                    "models/m.sql",
                    "{{ config(materialized='%s') }} select '%s' as kind".formatted(kind, kind));
            done("run");
            assertThat(rows("select kind from main.m")).as(kind).containsExactly(kind);
        }
    }

    @Test
    void aTemplateMayReplaceWhatItReads() {
        shop.put("models/upstream.sql", "select 1 as id");
        shop.put(
                "models/m.sql",
                """
                {{ config(materialized='table') }}
                {% set upstream = ref('upstream') %}
                {% if execute %}
                  {% do adapter.drop_schema(upstream) %}
                  {% do adapter.create_schema(upstream) %}
                  {% do run_query(create_view_as(upstream, 'select 2 as id')) %}
                {% endif %}
                select * from {{ upstream }}
                """);
        done("run");
        assertThat(rows("select id from main.m")).containsExactly("2");
        assertThat(rows("select id from main.upstream")).containsExactly("2");
    }

    @Test
    void aSeedMayBeginWithAMarkAndHaveQuotedNames() {
        shop.put("seeds/marked.csv", "\uFEFFid,select,two words\n1,a,\"x, y\"\n");
        shop.put("dbt_project.yml", "name: shop\nseeds: {+quote_columns: true}\n");
        done("seed");
        assertThat(rows("select id, \"select\", \"two words\" from main.marked"))
                .containsExactly("1,a,\"x, y\"");
        done("seed", "--full-refresh");
        assertThat(rows("select count(*) from main.marked")).containsExactly("1");
    }

    @Test
    void columnsComeAndGoAsTheModelSays() {
        String both =
                """
                {{ config(materialized='incremental', unique_key='id', on_schema_change='%s') }}
                {%% if is_incremental() %%} select 2 as id, %s, 'n' as added, 7::bigint as number
                {%% else %%} select 1 as id, 'o' as old, 5 as number {%% endif %%}
                """;
        Map<String, List<String>> expected =
                Map.of(
                        "append_new_columns", List.of("1,o,5,,,INTEGER", "2,,7,0,n,INTEGER"),
                        "sync_all_columns", List.of("1,5,,,BIGINT", "2,7,0,n,BIGINT"));
        expected.forEach((mode, after) -> {
            shop.put("models/m.sql", both.formatted(mode, "0 as more"));
            done("run", "--full-refresh");
            done("run");
            assertThat(rows("select *, typeof(number) from main.m order by id"))
                    .as(mode)
                    .isEqualTo(after);
        });
        shop.put("models/m.sql", both.formatted("ignore", "'k' as old"));
        done("run", "--full-refresh");
        done("run");
        assertThat(rows("select *, typeof(number) from main.m order by id"))
                .containsExactly("1,o,5,INTEGER", "2,k,7,INTEGER");
        for (String mode : List.of("fail", "ignore")) {
            shop.put("models/m.sql", both.formatted(mode, "0 as more"));
            done("run", "--full-refresh");
            assertThat(shop.dbt("run")).as(mode).isEqualTo(1);
            assertThat(shop.console().out())
                    .contains(
                            mode.equals("fail")
                                    ? "on_schema_change is 'fail'."
                                    : "models/m.sql:1:1: The query no longer has columns of main.m (old) and on_schema_change is 'ignore'. Select them, set it to 'append_new_columns', which leaves them empty in new rows, or to 'sync_all_columns', or build with --full. [SCHEMA_CHANGE_REFUSED]");
            assertThat(shop.statuses()).containsExactly(Map.entry("model.shop.m", "error"));
            assertThat(rows("select * from main.m")).containsExactly("1,o,5");
        }
    }

    @Test
    void aSeedWithAWrongDelimiterFailsWhereItsColumnsAreNotQuoted() {
        shop.put("seeds/pipes.csv", "id|name\n1|a\n");
        shop.put("seeds/fine.csv", "id,name\n1,a\n");
        String settings = "name: shop\nseeds: {+delimiter: '%s', +quote_columns: %s}\n";
        Map<String, String> wrong = new TreeMap<>(Map.of("seed.shop.pipes", "error"));
        wrong.put("seed.shop.fine", "error");
        shop.put("dbt_project.yml", settings.formatted(";", "false"));
        assertThat(shop.dbt("seed")).isEqualTo(1);
        assertThat(shop.statuses()).isEqualTo(wrong);
        assertThat(shop.console().out())
                .contains(
                        "dbt_project.yml:2:42: Column 'id|name' of seed 'pipes' is a syntax error"
                                + " without quotes, and quote_columns is false. Correct the delimiter or"
                                + " the file's first line, or leave out quote_columns. [SQL_SYNTAX]");
        shop.put("dbt_project.yml", settings.formatted("", "true"));
        assertThat(shop.dbt("seed")).isEqualTo(1);
        assertThat(shop.statuses()).isEqualTo(wrong);
        assertThat(shop.console().out())
                .contains(
                        "dbt_project.yml:2:21: Compilation error in seed 'pipes': its delimiter is one"
                                + " character, not ''. [CONFIG_INVALID]");
        shop.put("dbt_project.yml", settings.formatted(";", "true"));
        done("seed");
        assertThat(rows("select \"id|name\" from main.pipes")).containsExactly("1|a");
        shop.put("dbt_project.yml", settings.formatted("|", "false"));
        done("seed", "--select", "pipes");
        assertThat(rows("select id, name from main.pipes")).containsExactly("1,a");
    }

    @Test
    void aTypeMayGrowWithTheRows() {
        String grows =
                """
                {{ config(materialized='incremental', on_schema_change='sync_all_columns') }}
                {% if is_incremental() %} select 5000000000 as id, {'a': 1, 'b': 'x'} as nested
                {% else %} select 1 as id, {'a': 1} as nested {% endif %}
                """;
        shop.put("models/m.sql", grows);
        done("run");
        done("run");
        assertThat(rows("select id, nested.a, nested.b from main.m order by id"))
                .containsExactly("1,1,", "5000000000,1,x");
    }

    @Test
    void aKeyMayBeSeveralColumnsOrNone() {
        Map<String, List<String>> expected =
                Map.of(
                        "['x', 'y']", List.of("a,1,new", "a,2,old", "a,3,new"),
                        "'x'", List.of("a,1,new", "a,3,new"),
                        "[]", List.of("a,1,new", "a,1,old", "a,2,old", "a,3,new"),
                        "none", List.of("a,1,new", "a,1,old", "a,2,old", "a,3,new"));
        expected.forEach((key, after) -> {
            shop.put(
                    "models/m.sql",
                    """
                    {{ config(materialized='incremental', unique_key=%s) }}
                    {%% if is_incremental() %%} select 'a' as x, 1 as y, 'new' as z union all select 'a', 3, 'new'
                    {%% else %%} select 'a' as x, 1 as y, 'old' as z union all select 'a', 2, 'old' {%% endif %%}
                    """
                            .formatted(key));
            done("run", "--full-refresh");
            done("run");
            assertThat(rows("select * from main.m order by all")).as(key).isEqualTo(after);
        });
    }

    @Test
    void failuresAreKeptOrNotAsEachTestSays() {
        assertFailuresAreKeptAsEachTestSays();
    }

    private void assertFailuresAreKeptAsEachTestSays() {
        shop.put("models/m.sql", "select 1 as id union all select 1");
        shop.put(
                "models/m.yml",
                """
                models:
                  - name: m
                    columns:
                      - name: id
                        data_tests:
                          - unique: {name: kept, config: {severity: warn, store_failures: true}}
                          - unique: {name: as_table, config: {severity: warn, store_failures_as: table}}
                          - unique: {name: not_kept, config: {severity: warn, store_failures: false}}
                          - unique: {name: ephemeral, config: {severity: warn, store_failures_as: ephemeral}}
                """);
        done("build", "--store-failures");
        for (String table : List.of("kept", "as_table")) {
            assertThat(rows("select unique_field, n_records from main_dbt_test__audit." + table))
                    .as(table)
                    .containsExactly("1,2");
        }
        for (String table : List.of("not_kept", "ephemeral")) {
            assertThat(shop.console().run("query", "from main_dbt_test__audit." + table))
                    .as(table)
                    .isNotZero();
        }
    }

    @Test
    void whatSomebodyChangedIsMadeAgain() {
        shop.put("seeds/s.csv", "id\n1\n");
        shop.put("models/m.sql", "{{ config(materialized='table') }}select 1 as id");
        done("build");
        for (String statement :
                List.of(
                        "insert into main.%s values (2)",
                        "delete from main.%s",
                        "update main.%s set id = 5",
                        "alter table main.%s add column more int")) {
            for (String table : List.of("s", "m")) {
                assertThat(shop.console().run("sql", statement.formatted(table))).isZero();
            }
            done("build");
            assertThat(rows("select * from main.s")).as(statement).containsExactly("1");
            assertThat(rows("select * from main.m")).as(statement).containsExactly("1");
        }
    }

    @Test
    void itIsToldWhereRowsAreThatWereFound() {
        shop.put("models/m.sql", "select 1 as id");
        shop.put("tests/odd.sql", "{{ config(store_failures=true) }}select 7 as id");
        assertThat(shop.dbt("build")).isEqualTo(1);
        int at = shop.lines().indexOf("  See test failures:");
        assertThat(shop.lines().get(at + 2))
                .matches("  tarn query --at run:\\S+ \"select \\* from main_dbt_test__audit.odd\"");
        String run = shop.lines().get(at + 2).replaceFirst(".*--at (\\S+) .*", "$1");
        assertThat(shop.console().run("query", "--at", run, "from main_dbt_test__audit.odd"))
                .isZero();
        assertThat(shop.console().out()).contains("7");
        shop.put("tarn.yml", "run: {publish: each}\n");
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(shop.lines()).contains("  select * from main_dbt_test__audit.odd");
    }

    @Test
    void howFailuresAreKeptDecidesWhetherTheyAre() {
        shop.put("dbt_project.yml", "name: shop\ndata_tests: {+store_failures: true}\n");
        shop.put("models/m.sql", "select 1 as id");
        shop.put("tests/plain.sql", "select * from {{ ref('m') }}");
        shop.put("tests/never.sql", "{{ config(store_failures=false) }}select 1 as id");
        shop.put(
                "tests/viewed.sql",
                "{{ config(store_failures_as='view', store_failures=false) }}select 1 as id");
        shop.put("tests/unkept.sql", "{{ config(store_failures_as='ephemeral') }}select 1 as id");
        done("parse");
        Map<String, Object> nodes = DbtFolder.map(shop.artifact("manifest.json").get("nodes"));
        assertThat(
                        nodes.values().stream()
                                .map(DbtFolder::map)
                                .filter(n -> "test".equals(n.get("resource_type")))
                                .map(n -> {
                                    Map<String, Object> config = DbtFolder.map(n.get("config"));
                                    return n.get("name")
                                            + " "
                                            + config.get("store_failures")
                                            + " "
                                            + config.get("store_failures_as");
                                }))
                .containsExactlyInAnyOrder(
                        "plain true table",
                        "never false ephemeral",
                        "viewed true view",
                        "unkept false ephemeral");
    }

    @Test
    void whatEachTestSaysOfItsFailuresHoldsForMacrosToo() {
        shop.put(
                "macros/judge.sql",
                "{% materialization test, default %}{{ return(dbt.materialization_test_default()) }}{% endmaterialization %}");
        assertFailuresAreKeptAsEachTestSays();
    }

    @Test
    void aUnitTestMayHaveNamesInQuotesAndAnyCase() {
        shop.put("seeds/raw.csv", "id,select\n1,a\n");
        shop.put(
                "models/m.sql",
                "select \"select\" as \"group\", id as Total from {{ ref('raw') }}");
        shop.put(
                "models/m.yml",
                """
                unit_tests:
                  - name: quoted
                    model: m
                    given: [{input: ref('raw'), rows: [{"select": b, ID: 4}, {"select": null}]}]
                    expect: {rows: [{"group": b, total: 4}, {"group": null, total: null}]}
                """);
        done("build");
        assertThat(shop.statuses()).containsEntry("unit_test.shop.m.quoted", "pass");
    }

    @Test
    void shownRowsAreAsManyAsAreAsked() {
        shop.put("seeds/raw.csv", "n\n1\n2\n3\n4\n5\n6\n7\n");
        shop.put(
                "models/later.sql",
                "{{ config(materialized='ephemeral') }} select n + 10 as n from {{ ref('raw') }}");
        done("seed");
        for (Map.Entry<Integer, Integer> limit : Map.of(5, 5, 3, 3, -1, 7).entrySet()) {
            done(
                    "--quiet",
                    "show",
                    "--inline",
                    "select n + 100 as n from {{ ref('later') }}",
                    "--limit",
                    limit.getKey().toString(),
                    "--output",
                    "json");
            assertThat(shop.console().out().split("\"n\":", -1)).hasSize(limit.getValue() + 1);
        }
    }

    @Test
    void oneErrorStopsOnlyWhatReadsIt() {
        shop.put("seeds/raw.csv", "id\n1\n");
        for (String name : List.of("one", "two", "three")) {
            shop.put(
                    "models/" + name + ".sql",
                    "{{ config(materialized='table') }} select * from {{ ref('raw') }}");
        }
        shop.put("models/bad.sql", "select * from {{ ref('raw') }} a where nothing = 1");
        shop.put("models/reader.sql", "select * from {{ ref('bad') }}");
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(shop.statuses())
                .containsExactly(
                        Map.entry("model.shop.bad", "error"),
                        Map.entry("model.shop.one", "success"),
                        Map.entry("model.shop.reader", "skipped"),
                        Map.entry("model.shop.three", "success"),
                        Map.entry("model.shop.two", "success"),
                        Map.entry("seed.shop.raw", "success"));
    }

    @Test
    void whatIsDescribedInTheWrongPlaceIsToldAndItsTestsRun() {
        shop.put("seeds/raw.csv", "id\n1\n");
        shop.put("models/m_v1.sql", "select id from {{ ref('raw') }}");
        shop.put(
                "models/m.yml",
                """
                models:
                  - {name: raw, columns: [{name: id, data_tests: [not_null]}]}
                  - {name: m, latest_version: 1, versions: [{v: 1}, {v: 2}]}
                """);
        done("seed");
        done("--debug", "test", "--select", "raw");
        assertThat(shop.statuses().values()).containsExactly("pass");
        assertThat(shop.lines())
                .contains(
                        "[WARNING]: models/m.yml:2:12: A property file describes model 'raw', which is"
                                + " a seed. Describe it under 'seeds:'. [NODE_NOT_FOUND]",
                        "[WARNING]: models/m.yml:3:57: A property file describes version 2 of model"
                                + " 'm', but there is no model 'm_v2'. Name its file with 'defined_in'."
                                + " [NODE_NOT_FOUND]");
    }

    @Test
    void whatIsCompiledIsInTheResults() {
        shop.put("models/m.sql", "select {{ 1 + 1 }} as id");
        shop.put(
                "models/m.yml",
                "models: [{name: m, columns: [{name: id, data_tests: [not_null]}]}]");
        done("compile");
        assertThat(shop.statuses()).hasSize(2).containsEntry("model.shop.m", "success");
        Object first = DbtFolder.list(shop.artifact("run_results.json").get("results")).getFirst();
        assertThat(DbtFolder.map(first)).containsEntry("compiled_code", "select 2 as id");
        assertThat(DbtFolder.map(shop.artifact("run_results.json").get("args")))
                .containsEntry("which", "compile");
    }

    @Test
    void unitTestsAreFoundByTheirNames() {
        shop.put("models/m.sql", "select 1 as id");
        shop.put(
                "models/m.yml",
                """
                unit_tests:
                  - {name: is_one, model: m, given: [], expect: {rows: [{id: 1}]}}
                  - {name: other, model: m, given: [], expect: {rows: [{id: 1}]}}
                """);
        assertThat(shop.listed("--select", "test_name:is_*"))
                .containsExactly("unit_test:shop.is_one");
    }

    @Test
    void blanksAroundTheTimeOfEventsMeanNothing() {
        shop.put(
                "models/e.sql",
                "{{ config(materialized='table', event_time='day ') }} select date '2026-01-01' + i::integer as day from range(3) r(i)");
        shop.put(
                "models/m.sql",
                "{{ config(materialized='incremental', incremental_strategy='microbatch', event_time=' day', batch_size='day', begin='2026-01-01') }} select * from {{ ref('e') }}");
        done("run", "--event-time-start", "2026-01-01", "--event-time-end", "2026-01-03");
        assertThat(rows("select count(*) from main.m")).containsExactly("2");
    }

    @Test
    void anEphemeralModelKnowsItsSchema() {
        shop.put(
                "models/e.sql",
                "{{ config(materialized='ephemeral') }} select '{{ this.schema }}.{{ this.identifier }}' as name");
        shop.put("models/m.sql", "select name from {{ ref('e') }}");
        done("run");
        assertThat(rows("select name from main.m")).containsExactly("main.e");
    }

    @Test
    void aViewOfARunWithoutRowsHasNone() {
        shop.put("models/t.sql", "{{ config(materialized='table') }} select 1 as id");
        shop.put("models/v.sql", "select * from {{ ref('t') }}");
        done("run");
        done("run", "--empty", "--select", "v");
        assertThat(rows("select count(*) from main.v")).containsExactly("0");
        done("run");
        assertThat(rows("select count(*) from main.v")).containsExactly("1");
    }
}
