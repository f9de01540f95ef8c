package dev.tarn.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SemanticLayerTest {
    private static final String MODEL =
            """
            semantic_models:
              - name: orders
                model: ref('orders')
                defaults: {agg_time_dimension: ordered_at}
                entities: [{name: order_id, type: primary}, {name: customer, type: foreign, expr: customer_id}]
                dimensions: [{name: ordered_at, type: time, type_params: {time_granularity: day}}]
                measures: [{name: order_count, agg: sum, expr: 1}, {name: amount, agg: sum}]
            """;

    @TempDir Path root;
    private ProjectFolder folder;

    @BeforeEach
    void folder() {
        folder =
                new ProjectFolder(root)
                        .write("models/orders.sql", "select 1 as order_id")
                        .write("models/days.sql", "select 1 as day")
                        .write(
                                "models/days.yml",
                                """
                                models:
                                  - name: days
                                    time_spine: {standard_granularity_column: day}
                                    columns: [{name: day, granularity: day}]
                                """)
                        .write("models/orders.yml", MODEL);
    }

    private String refusal() {
        TarnException e = catchThrowableOfType(TarnException.class, folder::compile);
        return e.problems().stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }

    private Map<?, ?> semanticManifest() {
        return Objects.requireNonNull(
                folder.compile().manifest().section("semantic_manifest").get("semantic_manifest"));
    }

    private static Map<?, ?> first(@Nullable Object list) {
        return (Map<?, ?>) ((List<?>) Objects.requireNonNull(list)).getFirst();
    }

    @Test
    void wordsMayBeInCapitalsAndWhatPeopleSayOfThemStays() {
        folder.write(
                        "models/orders.yml",
                        MODEL.replace("type: primary", "type: PRIMARY")
                                .replace("type: time", "type: Time")
                                .replace("granularity: day", "granularity: DAY")
                                .replace("expr: 1", "expr: 1, config: {meta: {type: KEPT}}")
                                .replace("agg: sum", "agg: SUM"))
                .write(
                        "models/metrics.yml",
                        "metrics: [{name: orders, label: Orders, type: SIMPLE, type_params: {measure: order_count}}]");
        Map<?, ?> model = first(semanticManifest().get("semantic_models"));
        assertThat(model.toString())
                .contains("type=primary", "type=time", "time_granularity=day", "agg=sum");
        assertThat(folder.compile().manifest().section("semantic_models").toString())
                .contains("agg=sum", "type=KEPT");
        assertThat(first(semanticManifest().get("metrics")).get("type")).isEqualTo("simple");
    }

    @Test
    void whatIsSaidOfAModelCountsForItsParts() {
        folder.write("models/docs.md", "{% docs what %}how many{% enddocs %}")
                .write(
                        "models/orders.yml",
                        MODEL.replace(
                                                "model: ref('orders')",
                                                "model: ref('orders'), config: {group: sales, meta: {a: model, b: model}}")
                                        .replace(
                                                "agg: sum, expr: 1",
                                                "agg: sum, expr: 1, description: \"{{ doc('what') }}\", config: {meta: {b: part}}")
                                        .replace(
                                                "- name: orders\n    model",
                                                "- {name: orders, model")
                                        .replace("\n    defaults", ", defaults")
                                        .replace("\n    entities", ", entities")
                                        .replace("\n    dimensions", ", dimensions")
                                        .replace("\n    measures", ", measures")
                                        .stripTrailing()
                                + "}\ngroups: [{name: sales, owner: {name: x}}]\n");
        Map<?, ?> model = first(semanticManifest().get("semantic_models"));
        assertThat(first(model.get("measures")).get("config"))
                .hasToString("{meta={a=model, b=part}}");
        assertThat(first(model.get("measures")).get("description")).isEqualTo("how many");
        assertThat(first(model.get("entities")).get("config"))
                .hasToString("{meta={a=model, b=model}}");
        assertThat(
                        Objects.requireNonNull(
                                        folder.compile()
                                                .manifest()
                                                .section("semantic_models")
                                                .get("semantic_model.shop.orders"))
                                .get("group"))
                .isEqualTo("sales");
    }

    @Test
    void templatesAskForMetrics() {
        folder.write(
                        "models/metrics.yml",
                        """
                        metrics:
                          - {name: orders, label: Orders, type: simple, type_params: {measure: order_count}}
                          - {name: spent, label: Spent, type: simple, type_params: {measure: amount}}
                          - {name: each, label: Each, type: ratio, type_params: {numerator: spent, denominator: orders}}
                          - {name: twice, label: Twice, type: derived, type_params: {expr: 2 * each, metrics: [each]}}
                        """)
                .write(
                        "models/asked.sql",
                        """
                        {% set m = metric('twice') %}{{ metric('shop', 'orders').metric_name }}: {{ m }} {{ m.label }} {{ m.type }} {{ m.package_name }}
                        {%- if execute %} {{ m.full_metric_dependency() | sort | join(',') }}; {{ m.base_metric_dependency() | sort | join(',') }};
                        {{- m.derived_metric_dependency() | sort | join(',') }}; {{ m.derived_metric_dependency_depth() }}{% endif %} */ select 1 as id /*
                        """);
        Node.Model asked = folder.model("asked");
        assertThat(asked.sql().sql())
                .contains(
                        "orders: twice Twice derived shop each,orders,spent,twice; orders,spent;each,twice; [{'twice': 1}, {'each': 2}]");
        Map<Object, @Nullable Object> facts =
                folder.compile().manifest().node(new NodeId("model.shop.asked"));
        assertThat(facts.get("metrics")).hasToString("[[twice], [shop, orders]]");
        assertThat(facts.get("depends_on"))
                .hasToString("{macros=[], nodes=[metric.shop.twice, metric.shop.orders]}");
        folder.write("models/asked.sql", "select '{{ metric('twise') }}' as id");
        assertThat(refusal())
                .isEqualTo(
                        "models/asked.sql:1:12: Model 'asked' depends on the metric 'twise', which does not exist."
                                + " Did you mean 'twice'? [NODE_NOT_FOUND]");
        folder.write("models/asked.sql", "select '{{ metric('twice') }}' as id")
                .write(
                        "dbt_project.yml",
                        "name: shop\nmetrics: {shop: {twice: {+enabled: false}}}\n");
        assertThat(refusal())
                .isEqualTo(
                        "models/asked.sql:1:12: Model 'asked' depends on the metric 'twice', which is disabled."
                                + " [CONFIG_INVALID]");
    }

    @Test
    void aMetricSaysWhatItIs() {
        folder.write("models/orders.yml", "version: 2")
                .write(
                        "models/metrics.yml",
                        """
                        metrics:
                          - {name: old, label: Old, model: "ref('orders')", calculation_method: count, expression: '*'}
                          - {name: bare, type: derived, type_params: {expr: '1'}, config: {enabled: True and False}}
                        exposures:
                          - {name: board, type: dashboard, owner: {name: x}, depends_on: [metric('none')]}
                        """);
        assertThat(refusal())
                .contains(
                        "models/metrics.yml:2:12: Metric 'old' needs 'type'. [CONFIG_INVALID]",
                        "models/metrics.yml:2:12: Metric 'old' needs 'type_params'. [CONFIG_INVALID]",
                        "models/metrics.yml:3:12: Metric 'bare' needs 'label'. [CONFIG_INVALID]",
                        "'enabled'",
                        "Exposure 'board' depends on the node 'none', which does not exist.");
    }

    @Test
    void timeSpinesHaveTheirColumns() {
        folder.write("models/orders.yml", "version: 2")
                .write(
                        "models/days.yml",
                        """
                        models:
                          - name: days
                            time_spine:
                              standard_granularity_column: day
                              custom_granularities: [{name: fiscal, column_name: fiscal_year}, {name: season}]
                            columns: [{name: day}, {name: season}]
                        """);
        assertThat(refusal())
                .isEqualTo(
                        "models/days.yml:2:11: The time spine 'days' has a custom granularity in the column 'fiscal_year',"
                                + " which is not under its 'columns'. [CONFIG_INVALID]\n"
                                + "models/days.yml:2:11: The time spine 'days' needs its column 'day' under 'columns', with a 'granularity'."
                                + " [CONFIG_INVALID]");
    }

    @Test
    void whatMetricsAndQueriesLeaveOutIsWrittenOut() {
        folder.write("dbt_project.yml", "name: shop\nsaved-queries: {+tags: [project]}\n")
                .write(
                        "models/orders.yml",
                        MODEL.replace(
                                "{name: amount, agg: sum}",
                                "{name: amount, agg: percentile, agg_params: {percentile: 0.5}, non_additive_dimension: {name: ordered_at, window_choice: MAX}}"))
                .write(
                        "models/metrics.yml",
                        """
                        metrics:
                          - name: conversion
                            label: C
                            type: conversion
                            type_params: {conversion_type_params: {entity: customer, base_measure: order_count, conversion_measure: {name: amount, fill_nulls_with: 0}, window: 7 Days}}
                          - {name: to_date, label: T, type: cumulative, type_params: {measure: amount, grain_to_date: month}}
                          - {name: both, label: B, type: derived, type_params: {expr: conversion + to_date, metrics: [conversion, {name: to_date, offset_window: 2 fiscal_years}]}}
                        saved_queries:
                          - {name: first_one, tags: [own], query_params: {metrics: [both]}, config: {tags: [config]}, exports: [{name: export, config: {export_as: TABLE}}]}
                          - {name: second_one, tags: own, query_params: {metrics: [both]}}
                        """);
        String amount =
                "{name=amount, fill_nulls_with=0, filter=null, alias=null, join_to_timespine=false}";
        String count =
                "{name=order_count, filter=null, alias=null, join_to_timespine=false, fill_nulls_with=null}";
        Map<String, Map<Object, @Nullable Object>> metrics =
                folder.compile().manifest().section("metrics");
        assertThat(Objects.requireNonNull(metrics.get("metric.shop.conversion")).toString())
                .contains(
                        "input_measures=[" + count + ", " + amount + "]",
                        "window={count=7, granularity=day}, calculation=conversion_rate, constant_properties=null",
                        "nodes=[semantic_model.shop.orders]");
        assertThat(Objects.requireNonNull(metrics.get("metric.shop.to_date")).toString())
                .contains(
                        "cumulative_type_params={window=null, grain_to_date=month, period_agg=first}");
        assertThat(Objects.requireNonNull(metrics.get("metric.shop.both")).toString())
                .contains(
                        "offset_window={count=2, granularity=fiscal_years}",
                        "input_measures=[" + count + ", {name=amount, filter=null");
        Map<String, Map<Object, @Nullable Object>> queries =
                folder.compile().manifest().section("saved_queries");
        assertThat(Objects.requireNonNull(queries.get("saved_query.shop.first_one")).toString())
                .contains(
                        "tags=[config, own]",
                        "tags=[config]}",
                        "export_as=table",
                        "{export_as=TABLE}");
        assertThat(Objects.requireNonNull(queries.get("saved_query.shop.second_one")).get("tags"))
                .hasToString("[own, project]");
        assertThat(folder.compile().manifest().section("semantic_models").toString())
                .contains(
                        "agg_params={percentile=0.5, use_discrete_percentile=false, use_approximate_percentile=false}",
                        "{name=ordered_at, window_choice=max, window_groupings=[]}");
    }

    @Test
    void theSemanticManifestHasDbtsShape() {
        folder.write(
                "models/metrics.yml",
                """
                metrics:
                  - {name: orders, label: Orders, type: simple, type_params: {measure: order_count}, filter: "{{ Dimension('a') }} = 1"}
                  - {name: spent, label: Spent, type: simple, type_params: {measure: {name: amount, fill_nulls_with: 0}}}
                  - {name: each, label: Each, type: ratio, type_params: {numerator: spent, denominator: orders}}
                saved_queries:
                  - {name: all, query_params: {metrics: [each], where: ["x"]}, exports: [{name: e, config: {export_as: table, schema: s}}]}
                """);
        Map<?, ?> manifest = semanticManifest();
        assertThat(manifest.keySet().stream().map(String::valueOf))
                .containsExactly(
                        "semantic_models", "metrics", "project_configuration", "saved_queries");
        Map<?, ?> model = first(manifest.get("semantic_models"));
        assertThat(model.keySet().stream().map(String::valueOf))
                .containsExactly(
                        "name",
                        "defaults",
                        "description",
                        "node_relation",
                        "primary_entity",
                        "entities",
                        "measures",
                        "dimensions",
                        "label",
                        "metadata",
                        "config");
        assertThat(model.get("node_relation"))
                .hasToString(
                        "{alias=orders, schema_name=main, database=tarn,"
                                + " relation_name=\"tarn\".\"main\".\"orders\"}");
        assertThat(first(model.get("measures")))
                .hasToString(
                        "{name=order_count, agg=sum, description=null, create_metric=false, expr=1,"
                                + " agg_params=null, metadata=null, non_additive_dimension=null,"
                                + " agg_time_dimension=null, label=null, config={meta={}}}");
        List<?> metrics = (List<?>) Objects.requireNonNull(manifest.get("metrics"));
        assertThat(((Map<?, ?>) metrics.getFirst()).get("filter"))
                .hasToString("{where_filters=[{where_sql_template={{ Dimension('a') }} = 1}]}");
        Map<?, ?> parameters =
                (Map<?, ?>) Objects.requireNonNull(((Map<?, ?>) metrics.get(2)).get("type_params"));
        List<?> inputs = (List<?>) Objects.requireNonNull(parameters.get("input_measures"));
        assertThat(inputs.stream().map(m -> String.valueOf(((Map<?, ?>) m).get("name"))))
                .containsExactly("amount", "order_count");
        assertThat(manifest.get("project_configuration"))
                .asString()
                .contains("primary_column={name=day, time_granularity=day}");
        assertThat(first(manifest.get("saved_queries")))
                .asString()
                .contains("exports=[{name=e, config={export_as=table, schema_name=s, alias=e}}]");
        assertThat(folder.compile().manifest().section("metrics").get("metric.shop.each"))
                .asString()
                .contains("nodes=[metric.shop.spent, metric.shop.orders]");
    }

    @Test
    void namesAreSuchAsQueriesOfMetricsUnderstand() {
        folder.write(
                "models/metrics.yml",
                """
                metrics:
                  - {name: o, label: O, type: simple, type_params: {measure: order_count}}
                  - {name: 2 many, label: O, type: simple, type_params: {measure: order_count}}
                  - {name: day, label: O, type: simple, type_params: {measure: order_count}}
                """);
        folder.write(
                "models/more.yml",
                """
                semantic_models:
                  - name: More
                    model: ref('orders')
                    defaults: {agg_time_dimension: at_day}
                    entities: [{name: the__id, type: primary}]
                    dimensions: [{name: at_day, type: time}, {name: both, type: categorical}]
                    measures: [{name: both, agg: sum}]
                """);
        String rule =
                " is invalid: names have at least two characters, which are lower case letters,"
                        + " numbers and single underscores; they begin with a letter and do not end"
                        + " with an underscore. [CONFIG_INVALID]\n";
        assertThat(refusal() + "\n")
                .isEqualTo(
                        "models/metrics.yml:2:12: The name of metric 'o'"
                                + rule
                                + "models/metrics.yml:3:12: The metric name '2 many' is invalid. It cannot contain spaces, must begin with a letter, must contain only letters, numbers and underscores. [CONFIG_INVALID]\n"
                                + "models/metrics.yml:3:12: The name of metric '2 many'"
                                + rule
                                + "models/metrics.yml:4:12: The name of metric 'day' is invalid: it means a time to queries of metrics. Choose another. [CONFIG_INVALID]\n"
                                + "models/more.yml:2:11: In semantic model 'More', 'both' is the name of two things, measure and dimension. Rename one. [CONFIG_INVALID]\n"
                                + "models/more.yml:2:11: The name of entity 'the__id' in semantic model 'More'"
                                + rule
                                + "models/more.yml:2:11: The name of semantic model 'More'"
                                + rule);
    }

    @Test
    void whatIsMissingInTheSemanticLayerIsToldTogether() {
        folder.write(
                "models/metrics.yml",
                """
                metrics:
                  - {name: orders, label: O, type: simple, type_params: {measure: order_cuont}}
                  - {name: each, label: E, type: ratio, type_params: {numerator: orders}}
                  - {name: odd, label: D, type: simpel, type_params: {}}
                  - {name: made, label: M, type: derived, type_params: {metrics: [orders, ordres]}}
                saved_queries:
                  - {name: all, query_params: {metrics: [echa]}}
                """);
        folder.write(
                "models/more.yml",
                """
                semantic_models:
                  - name: bad
                    model: ref('ordres')
                    dimensions: [{name: aa, type: colour}]
                    measures: [{name: amount, agg: summe}]
                """);
        assertThat(refusal())
                .isEqualTo(
                        """
                        models/metrics.yml:2:12: Metric 'orders' depends on the measure 'order_cuont', which does not exist. Did you mean 'order_count'? [NODE_NOT_FOUND]
                        models/metrics.yml:3:12: Metric 'each' needs 'type_params.denominator'. [CONFIG_INVALID]
                        models/metrics.yml:4:12: Metric 'odd': 'type' cannot be 'simpel': it is one of conversion, cumulative, derived, ratio, simple. Did you mean 'simple'? [CONFIG_INVALID]
                        models/metrics.yml:5:12: Metric 'made' depends on the metric 'ordres', which does not exist. Did you mean 'orders'? [NODE_NOT_FOUND]
                        models/metrics.yml:5:12: Metric 'made' needs 'type_params.expr'. [CONFIG_INVALID]
                        models/metrics.yml:7:12: Saved query 'all' depends on the metric 'echa', which does not exist. [NODE_NOT_FOUND]
                        models/more.yml:2:11: Semantic model 'bad' depends on the model 'ordres', which does not exist. Did you mean 'orders'? [NODE_NOT_FOUND]
                        models/more.yml:2:11: Semantic model 'bad' has dimensions but no primary entity. Give an entity the type 'primary', or set 'primary_entity'. [CONFIG_INVALID]
                        models/more.yml:2:11: Semantic model 'bad': a dimension: 'type' cannot be 'colour': it is one of categorical, time. [CONFIG_INVALID]
                        models/more.yml:2:11: Semantic model 'bad': measure 'amount' has no 'agg_time_dimension', and there is none under 'defaults'. [CONFIG_INVALID]
                        models/more.yml:2:11: Semantic model 'bad': measure 'amount': 'agg' cannot be 'summe': it is one of average, count, count_distinct, max, median, min, percentile, sum, sum_boolean. [CONFIG_INVALID]
                        models/orders.yml:2:11: Semantic model 'orders' has a measure 'amount', and so has another semantic model at models/more.yml:2:11. Names of measures are unique in a project. [DUPLICATE_NAME]\
                        """);
    }

    @Test
    void aSemanticModelNeedsATimeSpine() {
        folder.write("models/days.yml", "models: [{name: days}]");
        assertThat(refusal())
                .isEqualTo(
                        "models/orders.yml:2:11: Semantic models need a time spine: a model with"
                                + " 'time_spine' whose column has the granularity day or finer, or"
                                + " one called 'metricflow_time_spine'. [CONFIG_INVALID]");
        folder.write("models/metricflow_time_spine.sql", "select 1 as date_day");
        assertThat(folder.compile().nodes()).hasSize(3);
    }

    @Test
    void exposuresAndGroupsMustBeWholeAndNameWhatIsThere() {
        folder.write("models/orders.sql", "{{ config(group='sales') }} select 1 as order_id")
                .write(
                        "models/e.yml",
                        """
                        groups: [{name: sale}]
                        exposures:
                          - {name: board, type: dashbord, depends_on: [ref('order'), "source('a', 'b')"]}
                        """);
        assertThat(refusal())
                .isEqualTo(
                        """
                        models/e.yml:1:17: Group 'sale' needs an 'owner' with a name or an email. [CONFIG_INVALID]
                        models/e.yml:3:12: Exposure 'board' depends on the node 'a.b', which does not exist. [NODE_NOT_FOUND]
                        models/e.yml:3:12: Exposure 'board' depends on the node 'order', which does not exist. Did you mean 'orders'? [NODE_NOT_FOUND]
                        models/e.yml:3:12: Exposure 'board' needs an 'owner' with a name or an email. [CONFIG_INVALID]
                        models/e.yml:3:12: Exposure 'board': 'type' cannot be 'dashbord': it is one of analysis, application, dashboard, ml, notebook. Did you mean 'dashboard'? [CONFIG_INVALID]
                        models/orders.sql:1:4: Model 'orders' belongs to group 'sales', which is not defined. Did you mean 'sale'? [NODE_NOT_FOUND]\
                        """);
    }

    @Test
    void aMetricAloneNeedsItsMeasureToo() {
        folder = new ProjectFolder(root.resolve("alone"));
        folder.write(
                "models/m.yml",
                "metrics: [{name: amount, label: a, type: simple, type_params: {measure: total}}]");
        assertThat(refusal())
                .isEqualTo(
                        "models/m.yml:1:18: Metric 'amount' depends on the measure 'total', which does"
                                + " not exist. [NODE_NOT_FOUND]");
    }
}
