package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What dbt's options change in what a run makes. */
final class DbtFlagsTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
        shop.put("seeds/raw.csv", "id,ts\n1,2026-01-01\n2,2026-01-02\n3,2026-01-04\n");
        shop.put(
                "seeds/seeds.yml",
                "seeds: [{name: raw, config: {event_time: ts, column_types: {ts: timestamp}}}]");
        shop.put(
                "models/daily.sql",
                """
                {{ config(materialized='incremental', incremental_strategy='microbatch',
                          event_time='ts', batch_size='day', begin='2026-01-01', lookback=2) }}
                select ts, id, count(*) over () as in_batch from {{ ref('raw') }}
                """);
        shop.put(
                "models/orders.sql",
                "{{ config(materialized='table') }} select id, ts from {{ ref('raw') }}");
        shop.put(
                "models/models.yml",
                """
                models:
                  - name: orders
                    columns:
                      - {name: id, data_tests: [{accepted_values: {arguments: {values: [1, 2], quote: false}, config: {severity: warn}}}]}
                """);
    }

    private int dbt(String... args) {
        return shop.dbt(args);
    }

    private List<String> rows(String sql) {
        return shop.rows(sql);
    }

    private void build(String... args) {
        assertThat(dbt(args)).as(shop.console().out()).isZero();
    }

    @Test
    void aWarningThatIsAnErrorPublishesNothing() {
        build("build", "--exclude", "daily");
        shop.put("models/orders.sql", "{{ config(materialized='table') }} select 4 as id");
        assertThat(dbt("--warn-error", "build", "--exclude", "daily")).isEqualTo(1);
        assertThat(shop.lines())
                .contains(
                        "Done. PASS=2 WARN=0 ERROR=1 SKIP=0 NO-OP=0 TOTAL=3",
                        "Nothing of this run was published: a run becomes visible as a whole, when"
                                + " it succeeds. `dbt retry` goes on from here.");
        assertThat(rows("select count(*) from main.orders")).containsExactly("3");
        assertThat(
                        dbt(
                                "--warn-error-options",
                                "{error: all, warn: [LogTestResult]}",
                                "build",
                                "--exclude",
                                "daily"))
                .isZero();
        assertThat(rows("select count(*) from main.orders")).containsExactly("1");
    }

    @Test
    void periodsAreThoseThatAreAskedFor() {
        build("seed");
        build(
                "run",
                "--select",
                "daily",
                "--event-time-start",
                "2026-01-01",
                "--event-time-end",
                "2026-01-03T08:00:00");
        assertThat(shop.lines()).anyMatch(l -> l.contains("daily") && l.contains("OK"));
        assertThat(rows("select id, in_batch from main.daily order by id"))
                .containsExactly("1,1", "2,1");
        build(
                "run",
                "--select",
                "daily",
                "--event-time-start",
                "2026-01-04 06:00:00",
                "--event-time-end",
                "2026-01-04 07:00:00");
        assertThat(rows("select id from main.daily order by id"))
                .as("whole days, at both ends")
                .containsExactly("1", "2", "3");
        shop.put("seeds/raw.csv", "id,ts\n7,2026-01-01\n");
        build("seed");
        build(
                "run",
                "--full-refresh",
                "--select",
                "daily",
                "--event-time-start",
                "2026-01-01",
                "--event-time-end",
                "2026-01-02");
        assertThat(rows("select id from main.daily order by id")).containsExactly("7");
        assertThat(dbt("run", "--event-time-start", "2026-01-01")).isEqualTo(2);
        assertThat(dbt("run", "--event-time-start", "soon", "--event-time-end", "2026-01-02"))
                .isEqualTo(2);
    }

    @Test
    void aSampleIsTheRowsOfATime() {
        build("seed");
        build("run", "--select", "orders", "--sample", "{start: 2026-01-02, end: 2026-01-04}");
        assertThat(rows("select id from main.orders")).containsExactly("2");
        build("run", "--select", "orders", "--sample", "3 days");
        assertThat(rows("select count(*) from main.orders")).containsExactly("0");
        assertThat(dbt("run", "--select", "orders", "--sample", "some")).isEqualTo(2);
    }

    @Test
    void aViewOfASampleStaysOne() {
        shop.put(
                "models/seen.sql",
                "select raw.id, r.id as again from {{ ref('raw') }} join {{ ref('raw') }} as r using (id)");
        build("seed");
        build("run", "--select", "seen", "--sample", "{start: 2026-01-02, end: 2026-01-04}");
        assertThat(rows("select id, again from main.seen")).containsExactly("2,2");
        build("run", "--select", "seen");
        assertThat(rows("select count(*) > 1 from main.seen")).containsExactly("true");
    }

    @Test
    void whatIsRenderedIsReadWhole() {
        shop.put(
                "models/whole.sql",
                "{{ config(materialized='table') }} select count(*) as n from {{ ref('raw').render() }}");
        build("seed");
        build("run", "--select", "whole");
        List<String> all = rows("select n from main.whole");
        build("run", "--select", "whole", "--empty");
        assertThat(rows("select n from main.whole")).isEqualTo(all).doesNotContain("0");
        build("run", "--select", "whole", "--sample", "{start: 2026-01-02, end: 2026-01-04}");
        assertThat(rows("select n from main.whole")).isEqualTo(all);
    }

    @Test
    void nothingIsReadButEverythingIsMadeWhenEmpty() {
        build("seed");
        build("run", "--empty");
        assertThat(rows("select (select count(*) from main.orders), count(*) from main.daily"))
                .containsExactly("0,0");
    }

    @Test
    void ephemeralModelsReadTheSameRows() {
        shop.put(
                "models/part.sql",
                "{{ config(materialized='ephemeral') }} select * from {{ ref('raw') }}");
        shop.put(
                "models/part_of_part.sql",
                "{{ config(materialized='ephemeral') }} select * from {{ ref('part') }}");
        shop.put(
                "models/counted.sql",
                "{{ config(materialized='table') }} select count(*) as n from {{ ref('part_of_part') }}");
        build("seed");
        build("run", "--select", "counted", "--empty");
        assertThat(rows("select n from main.counted")).containsExactly("0");
        build("run", "--select", "counted", "--sample", "{start: 2026-01-02, end: 2026-01-04}");
        assertThat(rows("select n from main.counted")).containsExactly("1");
        build("compile", "--select", "counted", "--empty");
    }

    @Test
    void anUnknownOptionIsNoSelector() {
        build("seed");
        for (String option : List.of("--select", "--exclude")) {
            for (String verb : List.of("run", "build", "list", "compile", "show")) {
                assertThat(dbt(verb, option, "orders", "--nonsense")).as(verb).isEqualTo(2);
                assertThat(shop.console().out() + shop.console().err())
                        .contains("Unknown option: '--nonsense'");
            }
        }
    }

    @Test
    void rowsThatFailAreKeptWhereTestsSaySo() {
        build("build", "--store-failures", "--exclude", "daily");
        assertThat(
                        rows(
                                "select value_field, n_records from main_dbt_test__audit.accepted_values_orders_id__False__1__2"))
                .containsExactly("3,1");
    }

    @Test
    void incrementalModelsAreBuiltAnewWhenAsked() {
        shop.put(
                "models/grown.sql",
                "{{ config(materialized='incremental') }} select id from {{ ref('raw') }}");
        build("build", "--select", "raw", "grown");
        shop.put("seeds/raw.csv", "id,ts\n9,2026-01-01\n");
        build("build", "--select", "raw", "grown");
        assertThat(rows("select count(*) from main.grown")).containsExactly("4");
        build("run", "--full-refresh", "--select", "grown");
        assertThat(rows("select id from main.grown")).containsExactly("9");
    }

    @Test
    void aRetryDoesWhatDidNotSucceed() {
        shop.put(
                "models/after.sql",
                "{{ config(materialized='table') }} select 1 / (select count(*) - 3 from {{ ref('orders') }}) as n, error('no') as e");
        assertThat(dbt("build", "--exclude", "daily")).isEqualTo(1);
        shop.put("models/after.sql", "select count(*) as n from {{ ref('orders') }}");
        build("retry");
        assertThat(rows("select n from main.after")).containsExactly("3");
        build("retry");
        assertThat(shop.lines())
                .contains(
                        "Nothing to do. Try checking your model configs and model specification"
                                + " args");
    }

    @Test
    void whatIsAsBeforeIsReadFromTheStateWhenThatIsFavoured() throws IOException {
        build("build", "--exclude", "daily");
        Files.move(folder.resolve("target"), folder.resolve("prod"));
        shop.put(
                "profiles.yml", "shop: {target: dev, outputs: {dev: {type: duckdb, schema: dev}}}");
        shop.put("models/total.sql", "select count(*) as n from {{ ref('orders') }}");
        shop.put("seeds/raw.csv", "id,ts\n1,2026-01-01\n");
        shop.put("models/view.sql", "select o.id, o.id + 1 as next from {{ ref('orders') }} as o");
        build("run", "--select", "view", "--defer", "--state", "prod");
        assertThat(rows("select max(next) from dev.view"))
                .as("a view that is deferred can be read by everybody")
                .containsExactly("4");
        build("build", "--select", "raw", "orders");
        build("run", "--select", "total", "--defer", "--state", "prod");
        assertThat(rows("select n from dev.total")).containsExactly("1");
        build("run", "--select", "total", "--defer", "--favor-state", "--state", "prod");
        assertThat(rows("select n from dev.total")).containsExactly("3");
        build("run", "--select", "total");
        Path state = folder.resolve("prod/manifest.json");
        Files.writeString(state, Files.readString(state).replace("main", "nowhere"));
        assertThat(dbt("run", "--select", "total", "--defer", "--favor-state", "--state", "prod"))
                .as("it was built of another table, and the one that is favoured is not there")
                .isEqualTo(1);
    }

    @Test
    void earlierResultsAndTheAgeOfSourcesAreSelected() throws IOException {
        shop.put(
                "models/src.yml",
                """
                sources:
                  - name: main
                    tables:
                      - name: raw
                        loaded_at_field: ts
                        freshness: {warn_after: {count: 1, period: day}}
                """);
        shop.put("models/reader.sql", "select * from {{ source('main', 'raw') }}");
        shop.put(
                "models/broken.sql",
                "{{ config(materialized='table') }} select error('no') as e from {{ ref('orders') }}");
        build("seed");
        build("source", "freshness");
        assertThat(dbt("build", "--exclude", "daily")).isEqualTo(1);
        Files.move(folder.resolve("target"), folder.resolve("before"));
        assertThat(shop.listed("--select", "result:error", "--state", "before"))
                .containsExactly("shop.broken");
        assertThat(shop.listed("--select", "result:warn", "--state", "before"))
                .containsExactly("shop.accepted_values_orders_id__False__1__2");
        assertThat(
                        shop.listed(
                                "--select",
                                "result:success+",
                                "--state",
                                "before",
                                "--resource-type",
                                "model"))
                .contains("shop.broken", "shop.orders");
        shop.put("seeds/raw.csv", "id,ts\n1,2026-01-01\n2,2026-02-02\n");
        build("seed");
        build("source", "freshness");
        assertThat(shop.listed("--select", "source_status:fresher+", "--state", "before"))
                .contains("shop.reader", "source:shop.main.raw");
    }

    @Test
    void asOldAsBeforeIsNotFresher() throws IOException {
        shop.put(
                "models/src.yml",
                """
                sources:
                  - name: main
                    tables: [{name: raw, loaded_at_field: ts, freshness: {warn_after: {count: 1, period: day}}}]
                """);
        build("seed");
        build("source", "freshness");
        Files.move(folder.resolve("target"), folder.resolve("before"));
        build("source", "freshness");
        assertThat(shop.listed("--select", "source_status:fresher+", "--state", "before"))
                .isEmpty();
    }

    @Test
    void filesThatAreIgnoredAreNotThere() {
        shop.put(
                ".dbtignore",
                """
                # not yet
                models/wip/
                *.draft.sql
                !models/kept.draft.sql
                /seeds/**/old[0-9].csv
                """);
        shop.put("models/wip/deep/x.sql", "select broken from");
        shop.put("models/y.draft.sql", "{{ nobody() }}");
        shop.put("models/kept.draft.sql", "select 1 as id");
        shop.put("seeds/a/b/old1.csv", "id\n1\n");
        shop.put("seeds/a/b/older.csv", "id\n1\n");
        assertThat(shop.listed("--resource-type", "model", "--resource-type", "seed"))
                .containsExactly(
                        "shop.daily",
                        "shop.kept.draft",
                        "shop.orders",
                        "shop.a.b.older",
                        "shop.raw");
    }

    @Test
    void packagesAreWhereTheProjectPutsThem() {
        shop.put("dbt_project.yml", "name: shop\npackages-install-path: vendored\n");
        shop.put("packages.yml", "packages: [{local: tools}]");
        shop.put("tools/dbt_project.yml", "name: tools\n");
        shop.put("tools/models/seven.sql", "select 7 as seven");
        build("deps");
        assertThat(Files.exists(shop.path("vendored/tools/dbt_project.yml"))).isTrue();
        assertThat(shop.listed("--select", "package:tools")).containsExactly("tools.seven");
    }

    @Test
    void theStandardSelectionMayDependOnTheTarget() {
        shop.put(
                "selectors.yml",
                """
                selectors:
                  - name: nightly
                    default: "{{ target.name == 'dev' }}"
                    definition: {method: fqn, value: "{{ var('chosen', 'orders') }}", indirect_selection: empty}
                """);
        assertThat(shop.listed()).containsExactly("shop.orders");
        assertThat(shop.listed("--vars", "chosen: raw")).containsExactly("shop.raw");
        assertThat(shop.listed("--target", "prod")).hasSize(4);
        shop.put(
                "selectors.yml",
                "selectors: [{name: x, default: \"{{ nope() }}\", definition: orders}]");
        assertThat(dbt("list")).isEqualTo(2);
        assertThat(shop.lines())
                .contains("selectors.yml:1:32: 'nope' is undefined. [TEMPLATE_FAILED]");
    }

    @Test
    void hooksOutsideOfTheTransactionAreReadInEveryForm() {
        shop.put(
                "dbt_project.yml",
                "name: shop\non-run-start: create table if not exists main.log (n int, w text)\n");
        shop.put(
                "models/orders.sql",
                """
                {{ config(materialized='table',
                    pre_hook=["insert into main.log values (1, 'in')",
                              {'sql': "insert into main.log values (2, 'out')", 'transaction': false},
                              before_begin("insert into main.log values (3, 'before begin')")],
                    post_hook=[after_commit("insert into main.log values (4, 'after commit')"),
                               in_transaction("insert into main.log values (5, 'in')")]) }}
                select 1 as id
                """);
        build("run", "--select", "orders");
        assertThat(rows("select n, w from main.log order by n"))
                .containsExactly("1,in", "2,out", "3,before begin", "4,after commit", "5,in");
    }

    @Test
    void everyConstraintThatIsBrokenIsTold() {
        shop.put(
                "models/orders.sql",
                "{{ config(materialized='table') }} select 1 as id, 'a' as w union all select 1, null");
        shop.put(
                "models/models.yml",
                """
                models:
                  - name: orders
                    config: {contract: {enforced: true}}
                    constraints: [{type: check, expression: "id > 1", name: big}]
                    columns:
                      - {name: id, data_type: integer, constraints: [{type: unique}]}
                      - {name: w, data_type: varchar, constraints: [{type: not_null}]}
                """);
        assertThat(dbt("run", "--select", "orders")).isEqualTo(1);
        assertThat(shop.lines())
                .containsSubsequence(
                        "Runtime Error in model orders (models/orders.sql)",
                        "  models/orders.sql:1:1: orders breaks its constraint unique on id in 2"
                                + " rows. Correct the query, or the constraint. [DATA_INVALID]",
                        "  models/orders.sql:1:1: orders breaks its constraint not_null on w in 1"
                                + " row. Correct the query, or the constraint. [DATA_INVALID]",
                        "  models/orders.sql:1:1: orders breaks its constraint check 'big' (id >"
                                + " 1) in 2 rows. Correct the query, or the constraint."
                                + " [DATA_INVALID]");
    }

    @Test
    void savedQueriesStandBelowTheirMetrics() {
        shop.put(
                "models/metricflow_time_spine.sql",
                "select cast('2026-01-01' as date) as date_day");
        shop.put(
                "models/semantics.yml",
                """
                semantic_models:
                  - name: sm
                    model: ref('orders')
                    defaults: {agg_time_dimension: ts}
                    entities: [{name: id, type: primary}]
                    measures: [{name: ms, agg: sum, expr: id}]
                    dimensions: [{name: ts, type: time, type_params: {time_granularity: day}}]
                metrics: [{name: mm, label: mm, type: simple, type_params: {measure: ms}}]
                saved_queries: [{name: sq, query_params: {metrics: [mm]}}]
                """);
        assertThat(shop.listed("--select", "metric:mm+"))
                .containsExactly("metric:shop.mm", "saved_query:shop.sq");
        assertThat(shop.listed("--select", "+saved_query:sq"))
                .contains(
                        "metric:shop.mm",
                        "shop.orders",
                        "shop.raw",
                        "saved_query:shop.sq",
                        "semantic_model:shop.sm");
        assertThat(shop.listed("--select", "orders+")).contains("saved_query:shop.sq");
    }

    @Test
    void whatAnOptionCannotMeanIsRefusedBeforeAnythingIsDone() {
        shop.put(
                "profiles.yml",
                """
                shop:
                  target: dev
                  outputs:
                    dev: {type: duckdb, schema: main}
                    prod: {type: duckdb, schema: main}
                """);
        refused("--threads is 1 or more, not 0.", "run", "--threads", "0");
        refused(
                "profiles.yml:4:5: Profile 'shop' has no target 'prd', but: dev, prod. Did you mean 'prod'?",
                "run",
                "--target",
                "prd");
        refused("There is no profile 'shp' here, but: shop.", "run", "--profile", "shp");
        refused("--resource-type is one of model, seed,", "build", "--resource-type", "modle");
        refused(
                "--exclude-resource-type is one of model, seed,",
                "list",
                "--exclude-resource-type",
                "tests");
        refused("--defer needs --state or --defer-state", "run", "--defer");
        refused("'state:modified+' compares with", "run", "--select", "state:modified+");
        assertThat(shop.dbt("list", "--select", "")).isZero();
        assertThat(shop.lines()).contains("[WARNING]: No nodes selected!");
        build("seed", "--target", "prod", "--profile", "shop");
        build("show", "--select", "raw", "--limit", "1");
        assertThat(shop.lines())
                .contains("Previewing node 'raw':")
                .anyMatch(l -> l.contains("2026-01-01"));
    }

    private void refused(String why, String... args) {
        assertThat(dbt(args)).as(why).isEqualTo(2);
        assertThat(String.join("\n", shop.lines()) + shop.console().err()).contains(why);
    }
}
