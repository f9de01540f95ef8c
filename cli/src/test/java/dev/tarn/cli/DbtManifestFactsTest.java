package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs that read {@code manifest.json} look for in it, word for word as dbt tells it. */
final class DbtManifestFactsTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
        shop.put("models/orders.sql", "select 1 as id, timestamp '2026-01-01' as ts, 5 as amount");
    }

    private Map<String, Object> told(String section, String id) {
        assertThat(shop.dbt("parse")).as(shop.console().out()).isZero();
        return DbtFolder.map(DbtFolder.map(shop.artifact("manifest.json").get(section)).get(id));
    }

    private static List<?> macros(Map<String, Object> facts) {
        return DbtFolder.list(DbtFolder.map(facts.get("depends_on")).get("macros"));
    }

    private void semanticLayer(String exports) {
        shop.put(
                "models/days.sql",
                "{{ config(materialized='table') }} select date '2026-01-01' as d");
        shop.put(
                "models/layer.yml",
                """
                models:
                  - name: days
                    time_spine: {standard_granularity_column: d}
                    columns: [{name: d, granularity: day}]
                semantic_models:
                  - name: orders
                    model: ref('orders')
                    defaults: {agg_time_dimension: ts}
                    entities: [{name: id, type: primary}]
                    dimensions: [{name: ts, type: time, type_params: {time_granularity: day}}]
                    measures: [{name: amount, agg: sum}]
                metrics:
                  - {name: amount, label: Amount, type: simple, type_params: {measure: amount}}
                groups: [{name: money, owner: {name: me}}]
                saved_queries:
                  - name: kept
                    query_params: {metrics: [amount]}
                    config: {export_as: table, schema: outer, group: money}
                    exports:
                """
                        + exports.indent(6));
    }

    @Test
    void contractsAndConstraintsAreToldAsTheyAreWritten() {
        shop.put(
                "models/orders.yml",
                """
                models:
                  - name: orders
                    config: {contract: {enforced: true, alias_types: false}}
                    columns:
                      - {name: id, data_type: integer, constraints: [{type: not_null, warn_unsupported: false}]}
                      - {name: ts, data_type: timestamp}
                      - {name: amount, data_type: integer}
                """);
        Map<String, Object> model = told("nodes", "model.shop.orders");
        assertThat(DbtFolder.map(model.get("contract")))
                .containsEntry("enforced", true)
                .containsEntry("alias_types", false);
        Map<String, Object> id = DbtFolder.map(DbtFolder.map(model.get("columns")).get("id"));
        assertThat(DbtFolder.map(DbtFolder.list(id.get("constraints")).getFirst()))
                .containsEntry("warn_unenforced", true)
                .containsEntry("warn_unsupported", false);
    }

    @Test
    void exportsOfSavedQueriesSayWhereTheyGo() {
        semanticLayer(
                """
                - {name: plain}
                - {name: other, config: {alias: another, export_as: view, schema: inner}}
                """);
        Map<String, Object> query = told("saved_queries", "saved_query.shop.kept");
        assertThat(query.get("exports"))
                .isEqualTo(
                        List.of(
                                Map.of(
                                        "name",
                                        "plain",
                                        "config",
                                        Map.of(
                                                "export_as", "table",
                                                "schema_name", "outer",
                                                "alias", "plain",
                                                "database", "tarn"),
                                        "unrendered_config",
                                        Map.of()),
                                Map.of(
                                        "name",
                                        "other",
                                        "config",
                                        Map.of(
                                                "export_as", "view",
                                                "schema_name", "inner",
                                                "alias", "another",
                                                "database", "tarn"),
                                        "unrendered_config",
                                        Map.of(
                                                "alias", "another",
                                                "export_as", "view",
                                                "schema", "inner"))));
        assertThat(query).containsEntry("group", "money");
        assertThat(DbtFolder.map(shop.artifact("manifest.json").get("group_map")))
                .containsEntry("money", List.of("saved_query.shop.kept"));
    }

    @Test
    void anExportIsATableOrAView() {
        semanticLayer("- {name: odd, config: {export_as: cache}}");
        assertThat(shop.dbt("parse")).isEqualTo(2);
        assertThat(shop.console().out())
                .contains(
                        "models/layer.yml:20:41: Export 'odd' of saved query 'kept' cannot be"
                                + " exported as 'cache'. Write 'export_as: table' or 'export_as:"
                                + " view' under its 'config', or under that of the saved query.");
    }

    @Test
    void macrosSayWhatTheyCallAndWhereTheyAreDescribed() {
        shop.put(
                "macros/m.sql",
                """
                {# gone() #}
                {% macro one(x) %}
                  {{ return(two() | upper) }} '{{ "three()" }}' three() {{ dbt.type_string() }}
                {% endmacro %}
                {% macro two() %}{{ adapter.dispatch('four', 'shop')() }}{% endmacro %}
                {% macro three() %}{% endmacro %}
                {% macro four() %}{{ adapter.dispatch('four')() }}{% endmacro %}
                {% macro default__four() %}{% endmacro %}
                {% materialization own, default %}
                  {% call statement('main') %}select 1{% endcall %}
                  {{ return({'relations': []}) }}
                {% endmaterialization %}
                {% materialization both, default, supported_languages=['sql', 'python'] %}
                {% endmaterialization %}
                """);
        shop.put(
                "macros/m.yml",
                """
                macros:
                  - name: one
                    description: The first.
                    meta: {k: v}
                    docs: {show: false}
                    arguments: [{name: x, type: string, description: what}, {name: y}]
                """);
        Map<String, Object> one = told("macros", "macro.shop.one");
        assertThat(macros(one)).isEqualTo(List.of("macro.shop.two", "macro.dbt.type_string"));
        assertThat(one)
                .containsEntry("patch_path", "shop://macros/m.yml")
                .containsEntry("description", "The first.")
                .containsEntry("meta", Map.of("k", "v"));
        assertThat(DbtFolder.map(one.get("docs"))).containsEntry("show", false);
        assertThat(DbtFolder.list(one.get("arguments"))).hasSize(2);
        assertThat(DbtFolder.map(DbtFolder.list(one.get("arguments")).get(1)))
                .containsEntry("name", "y")
                .containsEntry("type", null)
                .containsEntry("description", "");
        assertThat(macros(told("macros", "macro.shop.two")))
                .isEqualTo(List.of("macro.shop.four", "macro.shop.default__four"));
        assertThat(macros(told("macros", "macro.shop.four")))
                .isEqualTo(List.of("macro.shop.default__four"));
        Map<String, Object> own = told("macros", "macro.shop.materialization_own_default");
        assertThat(own).containsEntry("supported_languages", List.of("sql"));
        assertThat(macros(own)).isEqualTo(List.of("macro.dbt.statement"));
        assertThat(told("macros", "macro.shop.materialization_both_default"))
                .containsEntry("supported_languages", List.of("sql", "python"));
    }

    @Test
    void nodesNameTheMacrosThatTheyCallThemselves() {
        shop.put("macros/m.sql", "{% macro a() %}{{ b() }}{% endmacro %}");
        shop.put("macros/n.sql", "{% macro b() %}1{% endmacro %}");
        shop.put(
                "models/m.sql",
                "{{ config(post_hook='select {{ b() }}') }} select {{ a() }} as id"
                        + " {% if is_incremental() %} {% endif %}");
        assertThat(macros(told("nodes", "model.shop.m")).stream().map(String::valueOf))
                .containsExactlyInAnyOrder(
                        "macro.shop.a", "macro.dbt.is_incremental", "macro.shop.b");
    }

    @Test
    void testsTellTheirShortNamesSettingsAndReferences() {
        shop.put(
                "models/t.yml",
                """
                models:
                  - name: orders
                    columns:
                      - name: id
                        data_tests:
                          - unique
                          - accepted_values:
                              values: ['a long value', 'another value', 'and still one more']
                          - relationships:
                              {to: ref('orders'), field: id, config: {where: "id > 1", alias: al}}
                """);
        assertThat(shop.dbt("parse")).as(shop.console().out()).isZero();
        Map<String, Object> nodes = DbtFolder.map(shop.artifact("manifest.json").get("nodes"));
        Map<String, Object> values = test(nodes, "test.shop.accepted_values");
        String shortened = String.valueOf(values.get("alias"));
        assertThat(shortened).matches("accepted_values_orders_[0-9a-f]{32}");
        assertThat(DbtFolder.map(values.get("config"))).containsEntry("alias", shortened);
        assertThat(DbtFolder.map(values.get("unrendered_config")))
                .isEqualTo(Map.of("alias", shortened));
        assertThat(values)
                .containsEntry("path", shortened + ".sql")
                .containsEntry(
                        "raw_code",
                        "{{ test_accepted_values(**_dbt_generic_test_kwargs) }}{{ config(alias=\""
                                + shortened
                                + "\") }}");
        Map<String, Object> related = test(nodes, "test.shop.relationships");
        assertThat(related)
                .containsEntry("alias", "al")
                .containsEntry("path", "relationships_orders_id__id__ref_orders_.sql")
                .containsEntry(
                        "raw_code",
                        "{{ test_relationships(**_dbt_generic_test_kwargs) }}{{"
                                + " config(where=\"id > 1\",alias=\"al\") }}");
        assertThat(DbtFolder.list(related.get("refs"))).hasSize(2);
        assertThat(macros(related))
                .isEqualTo(List.of("macro.dbt.test_relationships", "macro.dbt.get_where_subquery"));
        assertThat(DbtFolder.map(nodes.get("model.shop.orders")))
                .containsEntry("primary_key", List.of("id"));
    }

    private static Map<String, Object> test(Map<String, Object> nodes, String prefix) {
        return nodes.entrySet().stream()
                .filter(e -> e.getKey().startsWith(prefix))
                .map(e -> DbtFolder.map(e.getValue()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void sourcesTellWhatIsSaidOfThemAndOfTheirTables() {
        shop.put(
                "models/s.yml",
                """
                sources:
                  - name: raw
                    schema: main
                    meta: {a: 1}
                    tags: [t]
                    config: {meta: {b: 2}, tags: [u]}
                    tables:
                      - name: orders
                        meta: {c: 3}
                        columns: [{name: id, data_tests: [unique], tags: [v]}]
                """);
        Map<String, Object> source = told("sources", "source.shop.raw.orders");
        assertThat(source).containsEntry("source_meta", Map.of("a", 1, "b", 2));
        assertThat(source).containsEntry("unrendered_schema", "main");
        assertThat(DbtFolder.map(source.get("unrendered_config")))
                .containsEntry("meta", Map.of("a", 1, "b", 2, "c", 3))
                .containsEntry("tags", List.of("t", "u"))
                .containsEntry("loaded_at_field", null);
        assertThat(shop.listed("--select", "tag:t", "--resource-type", "test"))
                .isEqualTo(List.of("shop.source_unique_raw_orders_id"));
    }

    @Test
    void docsBlocksSayWhereTheyAre() {
        shop.put("models/notes/d.md", "{% docs word %} A word. {% enddocs %}");
        shop.put("models/d.yml", "models: [{name: orders, description: '{{ doc(\"word\") }}'}]");
        Map<String, Object> doc = told("docs", "doc.shop.word");
        assertThat(doc)
                .containsEntry("path", "notes/d.md")
                .containsEntry("original_file_path", "models/notes/d.md")
                .containsEntry("block_contents", "A word.");
        assertThat(told("docs", "doc.dbt.__overview__")).containsEntry("package_name", "dbt");
        assertThat(told("nodes", "model.shop.orders"))
                .containsEntry("description", "A word.")
                .containsEntry("doc_blocks", List.of("doc.shop.word"));
    }

    @Test
    void selectorsAreWrittenOut() {
        shop.put(
                "selectors.yml",
                """
                selectors:
                  - name: marts
                    description: all of them
                    definition:
                      union:
                        - {method: tag, value: mart, children: true}
                        - "2+path:models/x+"
                        - exclude: [old]
                  - name: again
                    default: true
                    definition: {method: selector, value: marts}
                  - {name: one, definition: {tag: mart}}
                """);
        Map<String, Object> definition =
                Map.of(
                        "union",
                        List.of(
                                Map.of("method", "tag", "value", "mart", "children", true),
                                Map.of(
                                        "parents",
                                        true,
                                        "parents_depth",
                                        "2",
                                        "method",
                                        "path",
                                        "value",
                                        "models/x",
                                        "children",
                                        true),
                                Map.of(
                                        "exclude",
                                        List.of(Map.of("method", "fqn", "value", "old")))));
        assertThat(told("selectors", "marts"))
                .isEqualTo(
                        Map.of(
                                "name",
                                "marts",
                                "description",
                                "all of them",
                                "definition",
                                definition));
        assertThat(told("selectors", "again"))
                .isEqualTo(Map.of("name", "again", "default", true, "definition", definition));
        assertThat(told("selectors", "one").get("definition"))
                .isEqualTo(Map.of("method", "tag", "value", "mart"));
    }

    @Test
    void sourcesThatAreNotUsedAreThereAsDisabled() {
        shop.put(
                "models/s.yml",
                "sources: [{name: raw, tables: [{name: used}, {name: gone, config: {enabled: false}}]}]");
        assertThat(shop.dbt("parse")).as(shop.console().out()).isZero();
        Map<String, Object> disabled =
                DbtFolder.map(shop.artifact("manifest.json").get("disabled"));
        assertThat(disabled.keySet()).containsExactly("source.shop.raw.gone");
        Map<String, Object> source =
                DbtFolder.map(DbtFolder.list(disabled.get("source.shop.raw.gone")).getFirst());
        assertThat(source).containsEntry("name", "gone").containsEntry("schema", "raw");
        assertThat(DbtFolder.map(source.get("config"))).containsEntry("enabled", false);
    }

    @Test
    void hooksOfRunsAreCountedFromZero() {
        shop.put(
                "dbt_project.yml",
                "name: shop\nversion: '1.0'\non-run-start: [select 1, select 2]\non-run-end: select 3\n");
        assertThat(told("nodes", "operation.shop.shop-on-run-start-1"))
                .containsEntry("index", 1)
                .containsEntry("schema", "main");
        assertThat(told("nodes", "operation.shop.shop-on-run-end-0")).containsEntry("index", 0);
    }
}
