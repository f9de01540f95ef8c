package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that other programs read: their shape, and what is in them. */
final class DbtArtifactsTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProjectWithOneOfEverything() {
        shop = new DbtFolder(folder);
        shop.put(
                "dbt_project.yml",
                """
                name: shop
                version: '1.0'
                vars: {least: 0}
                on-run-end: ["select 1"]
                models: {shop: {+materialized: table}}
                """);
        shop.put(
                "seeds/raw.csv",
                "id,amount,made\n1,10,2026-01-01 10:00:00\n2,20,2026-01-02 10:00:00\n");
        shop.put("seeds/off.csv", "id\n1\n");
        shop.put(
                "models/orders.sql",
                "{{ config(pre_hook='select 1') }} select {{ same('id') }}, amount, made from {{ ref('raw') }} where amount > {{ var('least') }}");
        shop.put("models/totals_v1.sql", "select sum(amount) as amount from {{ ref('orders') }}");
        shop.put("models/totals_v2.sql", "select count(*) as n from {{ ref('orders') }}");
        shop.put(
                "models/in_between.sql",
                "{{ config(materialized='ephemeral') }} select * from {{ source('outside', 'raw') }}");
        shop.put("models/days.sql", "select date '2026-01-01' as day");
        shop.put(
                "models/grows.sql",
                "{{ config(materialized='incremental', unique_key='id', tags=['nightly']) }} select * from {{ ref('in_between') }}");
        shop.put(
                "snapshots/kept.sql",
                "{% snapshot kept %}{{ config(unique_key='id', strategy='check', check_cols='all', target_schema='kept') }} select * from {{ ref('orders') }}{% endsnapshot %}");
        shop.put("tests/positive.sql", "select * from {{ ref('orders') }} where amount < 0");
        shop.put("analyses/look.sql", "select * from {{ ref('orders') }}");
        shop.put("macros/same.sql", "{% macro same(column) %}{{ column }}{% endmacro %}");
        shop.put("models/words.md", "{% docs order_id %}The number of an order.{% enddocs %}");
        shop.put("models/all.yml", PROPERTIES);
        shop.put("models/meaning.yml", MEANING);
    }

    private static final String PROPERTIES =
            """
            models:
              - name: orders
                description: 'Orders, see {{ doc("order_id") }}'
                access: public
                group: money
                config: {contract: {enforced: true}, meta: {owner: us}, docs: {node_color: red}}
                constraints: [{type: check, expression: amount > 0}]
                columns:
                  - name: id
                    description: '{{ doc("order_id") }}'
                    data_type: integer
                    constraints: [{type: not_null}]
                    config: {meta: {pii: false}, tags: [key]}
                    data_tests: [unique, not_null]
                  - {name: amount, data_type: integer, data_tests: [{accepted_values: {arguments: {values: [10], quote: false}, config: {severity: warn}}}]}
                  - {name: made, data_type: timestamp}
              - name: totals
                latest_version: 2
                versions: [{v: 1, deprecation_date: 2030-01-01}, {v: 2}]
              - {name: days, time_spine: {standard_granularity_column: day}, columns: [{name: day, granularity: day}]}
            seeds:
              - {name: "off", config: {enabled: false}}
              - {name: raw, description: From outside}
            sources:
              - name: outside
                schema: main
                loaded_at_field: made
                config: {freshness: {warn_after: {count: 1, period: day}, error_after: {count: 36500, period: day}}}
                tables: [{name: raw, columns: [{name: id, data_tests: [not_null]}]}]
            macros: [{name: same, description: As it is, arguments: [{name: column, type: string}]}]
            groups: [{name: money, owner: {name: us, email: us@example.org}}]
            exposures:
              - {name: board, type: dashboard, maturity: high, url: 'https://example.org', owner: {name: us}, depends_on: ["ref('orders')", "source('outside', 'raw')"]}
            unit_tests:
              - name: sums
                model: totals
                versions: {include: [1]}
                given: [{input: ref('orders'), rows: [{amount: 1}, {amount: 2}]}]
                expect: {rows: [{amount: 3}]}
            """;

    private static final String MEANING =
            """
            semantic_models:
              - name: order_facts
                model: ref('orders')
                defaults: {agg_time_dimension: made}
                entities: [{name: order, type: primary, expr: id}]
                dimensions: [{name: made, type: time, type_params: {time_granularity: day}}]
                measures: [{name: total, agg: sum, expr: amount}, {name: many, agg: sum, expr: 1}]
            metrics:
              - {name: revenue, label: Revenue, type: simple, type_params: {measure: total}, filter: "{{ Dimension('order__made') }} > '2026-01-01'"}
              - {name: growing, label: Growing, type: cumulative, type_params: {measure: total, cumulative_type_params: {window: 7 days}}}
              - {name: share, label: Share, type: ratio, type_params: {numerator: revenue, denominator: {name: revenue, filter: "true"}}}
            saved_queries:
              - name: weekly
                query_params: {metrics: [revenue], group_by: ["TimeDimension('order__made', 'day')"], where: ["{{ Dimension('order__made') }} is not null"]}
                exports: [{name: weekly_table, config: {export_as: table}}]
            """;

    @Test
    void everyArtifactHasTheShapeThatIsPublished() {
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
        assertThat(shop.dbt("docs", "generate")).as(shop.console().out()).isZero();
        assertThat(shop.dbt("source", "freshness")).as(shop.console().out()).isZero();
        Shapes shapes = new Shapes();
        for (String file : List.of("manifest", "run_results", "catalog", "sources")) {
            assertThat(shapes.wrong(file, shop.artifact(file + ".json"))).as(file).isEmpty();
        }
    }

    @Test
    void aWrongShapeIsNoticed() {
        Map<String, Object> file =
                Map.of(
                        "metadata",
                        Map.of(),
                        "results",
                        List.of(Map.of("status", "odd")),
                        "more",
                        1);
        assertThat(new Shapes().wrong("run_results", file))
                .contains("run_results has no elapsed_time", "run_results has more")
                .anyMatch(w -> w.startsWith("run_results/results/0 has no "))
                .anyMatch(w -> w.startsWith("run_results/results/0/status is no "));
    }

    private Map<String, Object> node(String id) {
        Map<String, Object> nodes = DbtFolder.map(shop.artifact("manifest.json").get("nodes"));
        return DbtFolder.map(nodes.get(id));
    }

    @Test
    void theManifestTellsWhatANodeIs() {
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
        Map<String, Object> orders = node("model.shop.orders");
        assertThat(orders)
                .containsEntry("relation_name", "\"tarn\".\"main\".\"orders\"")
                .containsEntry("compiled", true)
                .containsEntry("compiled_path", "target/compiled/shop/models/orders.sql")
                .containsEntry("path", "orders.sql")
                .containsEntry("original_file_path", "models/orders.sql")
                .containsEntry("patch_path", "shop://models/all.yml")
                .containsEntry("doc_blocks", List.of("doc.shop.order_id"))
                .containsEntry("description", "Orders, see The number of an order.");
        assertThat((Double) orders.get("created_at")).isGreaterThan(1.7e9);
        assertThat(String.valueOf(orders.get("compiled_code")))
                .contains("select id, amount, made from main.raw where amount > 0");
        assertThat(orders.get("depends_on"))
                .isEqualTo(
                        Map.of(
                                "macros",
                                List.of("macro.shop.same"),
                                "nodes",
                                List.of("seed.shop.raw")));
        Map<String, Object> id = DbtFolder.map(DbtFolder.map(orders.get("columns")).get("id"));
        assertThat(id)
                .containsEntry("meta", Map.of("pii", false))
                .containsEntry("tags", List.of("key"))
                .containsEntry("doc_blocks", List.of("doc.shop.order_id"));
        assertThat(DbtFolder.map(orders.get("checksum")))
                .containsEntry("name", "sha256")
                .hasEntrySatisfying("checksum", c -> assertThat((String) c).hasSize(64));
        assertThat(node("seed.shop.raw"))
                .containsEntry("root_path", folder.toString())
                .doesNotContainKeys("refs", "language", "compiled_path");
        Map<String, Object> manifest = shop.artifact("manifest.json");
        assertThat(DbtFolder.list(DbtFolder.map(manifest.get("group_map")).get("money")))
                .hasSize(4)
                .extracting(String::valueOf)
                .startsWith("model.shop.orders")
                .anySatisfy(t -> assertThat(t).startsWith("test.shop.unique_orders_id."));
        assertThat(
                        DbtFolder.list(
                                DbtFolder.map(manifest.get("parent_map"))
                                        .get("exposure.shop.board")))
                .map(String::valueOf)
                .containsExactlyInAnyOrder("model.shop.orders", "source.shop.outside.raw");
        Map<String, Object> revenue =
                DbtFolder.map(DbtFolder.map(manifest.get("metrics")).get("metric.shop.revenue"));
        assertThat(revenue.get("filter"))
                .asString()
                .contains("{{ Dimension('order__made') }} > '2026-01-01'");
    }

    @Test
    void docsTellColumnsTypesAndWhereTheyComeFrom() {
        shop.put("models/py.py", "def model(dbt, session):\n    return dbt.ref('orders')\n");
        shop.put(
                "models/reader.sql",
                "select o.amount, count(p.flag) as n from {{ ref('orders') }} o join {{ ref('py') }} p on p.id = o.id group by 1");
        assertThat(shop.dbt("docs", "generate")).as(shop.console().out()).isZero();
        assertThat(DbtFolder.map(node("model.shop.reader").get("config")).get("tarn"))
                .isEqualTo(
                        Map.of(
                                "columns",
                                Map.of(
                                        "amount",
                                        Map.of(
                                                "data_type",
                                                "INTEGER",
                                                "from",
                                                List.of(
                                                        Map.of(
                                                                "node",
                                                                "model.shop.orders",
                                                                "column",
                                                                "amount",
                                                                "as_is",
                                                                true))),
                                        "n",
                                        Map.of(
                                                "data_type",
                                                "BIGINT",
                                                "from",
                                                List.of(
                                                        Map.of(
                                                                "node",
                                                                "model.shop.py",
                                                                "column",
                                                                "flag",
                                                                "as_is",
                                                                false))))));
        assertThat(DbtFolder.map(node("model.shop.py").get("depends_on")))
                .containsEntry("nodes", List.of("model.shop.orders"));
        assertThat(new Shapes().wrong("manifest", shop.artifact("manifest.json"))).isEmpty();
    }

    @Test
    void theResultsTellWhatBecameOfANode() {
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
        Map<String, Object> file = shop.artifact("run_results.json");
        Map<String, Object> orders =
                DbtFolder.list(file.get("results")).stream()
                        .map(DbtFolder::map)
                        .filter(r -> "model.shop.orders".equals(r.get("unique_id")))
                        .findFirst()
                        .orElseThrow();
        assertThat(orders)
                .containsEntry("status", "success")
                .containsEntry("relation_name", "\"tarn\".\"main\".\"orders\"")
                .containsEntry("failures", null);
        assertThat(DbtFolder.map(orders.get("adapter_response"))).containsEntry("rows_affected", 2);
        assertThat(String.valueOf(orders.get("thread_id"))).startsWith("Thread-");
        assertThat(DbtFolder.list(orders.get("timing"))).hasSize(2);
        assertThat(DbtFolder.map(file.get("args")))
                .containsEntry("which", "build")
                .containsEntry("invocation_command", "dbt build");
        assertThat(shop.statuses())
                .containsEntry("unit_test.shop.totals.sums_v1", "pass")
                .containsEntry("snapshot.shop.kept", "success");
    }
}
