package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The program called as dbt. */
final class DbtTest {
    @TempDir Path folder;
    private TestConsole console;

    @BeforeEach
    void aProject() {
        console = new TestConsole(folder);
        put(
                "dbt_project.yml",
                "name: shop\nversion: '1.0'\nmodels: {shop: {+materialized: table}}\n");
        put("seeds/raw.csv", "id,amount\n1,10\n2,20\n");
        put("models/orders.sql", "select id, amount from {{ ref('raw') }}\n");
        put(
                "models/total.sql",
                "{{ config(materialized='view', tags=['nightly'], group='money') }} select"
                        + " sum(amount) as amount from {{ ref('orders') }}\n");
        put(
                "models/all.yml",
                """
                version: 2
                models:
                  - name: orders
                    access: public
                    meta: {team: {name: a}}
                    columns:
                      - name: id
                        data_tests: [unique]
                      - name: amount
                        data_tests:
                          - accepted_values: {arguments: {values: [10], quote: false}, config: {severity: warn}}
                groups: [{name: money, owner: {name: us}}]
                exposures:
                  - {name: board, type: dashboard, owner: {name: us}, depends_on: [ref('total')]}
                """);
    }

    private void put(String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int dbt(String... args) {
        String[] all = new String[args.length + 1];
        all[0] = "dbt";
        System.arraycopy(args, 0, all, 1, args.length);
        return console.run(all);
    }

    /** The lines without their times. */
    private List<String> lines() {
        return console.out()
                .lines()
                .map(l -> l.replaceFirst("^\\d\\d:\\d\\d:\\d\\d  ", ""))
                .toList();
    }

    private List<String> listed(String... args) {
        String[] all = new String[args.length + 1];
        all[0] = "list";
        System.arraycopy(args, 0, all, 1, args.length);
        assertThat(dbt(all)).as(console.out()).isZero();
        return lines();
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> artifact(String name) {
        try {
            return (Map<String, Object>)
                    new Yaml().load(Files.readString(folder.resolve("target").resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value);
    }

    private static List<?> list(@Nullable Object value) {
        return (List<?>) Objects.requireNonNull(value);
    }

    @Test
    void aBuildIsToldInDbtsLinesAndEndsWithItsCounts() {
        assertThat(dbt("build")).as(console.out()).isZero();

        assertThat(lines())
                .contains(
                        "Running with dbt=1.10.0",
                        "1 of 6 START seed file main.raw"
                                + " ................................................ [RUN]",
                        "Completed with 1 warning:",
                        "Done. PASS=4 WARN=1 ERROR=0 SKIP=0 NO-OP=1 TOTAL=6");
        assertThat(lines())
                .anyMatch(l ->
                        l.matches(
                                "1 of 6 OK loaded seed file main\\.raw \\.+ \\[INSERT 2 in .*s\\]"))
                .anyMatch(l ->
                        l.matches(
                                "2 of 6 OK created sql table model main\\.orders \\.+ \\[OK in"
                                        + " .*s\\]"))
                .anyMatch(l ->
                        l.matches(
                                "\\d of 6 WARN 1 accepted_values_orders_amount__False__10 \\.+"
                                        + " \\[WARN 1 in .*s\\]"));
        assertThat(dbt("--warn-error", "test")).isEqualTo(1);
        assertThat(dbt("--quiet", "build")).isZero();
        assertThat(console.out()).isEmpty();
    }

    @Test
    void aFailureEndsWithOneAndPublishesNothingAndIsRetried() {
        put("tests/none.sql", "select * from {{ ref('orders') }} where id = 2\n");
        assertThat(dbt("build")).isEqualTo(1);
        assertThat(lines())
                .contains(
                        "Failure in test none (tests/none.sql)",
                        "  Got 1 result, configured to fail if != 0",
                        "  compiled code at target/compiled/shop/tests/none.sql",
                        "Done. PASS=3 WARN=1 ERROR=1 SKIP=2 NO-OP=0 TOTAL=7");
        assertThat(results())
                .containsEntry("test.shop.none", "fail")
                .containsEntry("model.shop.orders", "success")
                .containsEntry("model.shop.total", "skipped");
        assertThat(console.run("query", "select * from main.orders")).isEqualTo(2);
        put("tests/none.sql", "select * from {{ ref('orders') }} where id = 3\n");
        assertThat(dbt("retry")).as(console.out()).isZero();
        assertThat(console.run("query", "select * from main.total", "--format", "csv")).isZero();
        assertThat(console.out()).isEqualTo("amount\n30\n");
    }

    private Map<String, String> results() {
        Map<String, String> statuses = new java.util.TreeMap<>();
        for (Object result : list(artifact("run_results.json").get("results"))) {
            statuses.put(
                    String.valueOf(map(result).get("unique_id")),
                    String.valueOf(map(result).get("status")));
        }
        return statuses;
    }

    @Test
    void whatCannotBeginEndsWithTwo() {
        put("models/bad.sql", "select * from {{ ref('nobody') }}");
        assertThat(dbt("run")).isEqualTo(2);
        assertThat(lines())
                .contains("Encountered an error:")
                .anyMatch(l -> l.startsWith("models/bad.sql:1:18: Model 'bad' refers to 'nobody'"));
        assertThat(dbt("run", "--no-such-option")).isEqualTo(2);
        assertThat(dbt("run", "--select", "orders", "--event-time-start", "2026-01-01"))
                .isEqualTo(2);
    }

    @Test
    void aModelThatFailsIsAnErrorAndItsReadersAreSkipped() {
        put("models/orders.sql", "select id, cast('x' as integer) as amount from {{ ref('raw') }}");
        assertThat(dbt("build", "--exclude", "resource_type:test")).isEqualTo(1);
        assertThat(results())
                .containsEntry("model.shop.orders", "error")
                .containsEntry("model.shop.total", "skipped");
        assertThat(lines()).contains("Runtime Error in model orders (models/orders.sql)");
    }

    @Test
    void nodesAreListedInEveryForm() {
        assertThat(listed("--resource-type", "model", "seed"))
                .containsExactlyInAnyOrder("shop.raw", "shop.orders", "shop.total");
        assertThat(listed("--resource-type", "exposure")).containsExactly("exposure:shop.board");
        assertThat(listed("--select", "tag:nightly", "--output", "path"))
                .containsExactly("models/total.sql");
        assertThat(
                        listed(
                                "--select",
                                "orders",
                                "--resource-type",
                                "model",
                                "--output",
                                "json",
                                "--output-keys",
                                "name config.materialized tags"))
                .containsExactly(
                        "{\"name\":\"orders\",\"config.materialized\":\"table\",\"tags\":[]}");
        assertThat(listed("--select", "tag:none")).contains("[WARNING]: No nodes selected!");
    }

    @Test
    void nodesAreSelectedByWhatIsSaidAboutThem() {
        List<String> models = List.of("--resource-type", "model");
        assertThat(select("access:public")).containsExactly("shop.orders");
        assertThat(select("group:money")).containsExactly("shop.total");
        assertThat(select("config.materialized:view")).containsExactly("shop.total");
        assertThat(select("config.meta.team.name:a")).containsExactly("shop.orders");
        assertThat(select("+exposure:board")).containsExactly("shop.orders", "shop.total");
        assertThat(select("orders+,config.tags:nightly")).containsExactly("shop.total");
        assertThat(select("1+total")).containsExactly("shop.orders", "shop.total");
        assertThat(select("version:none")).containsExactly("shop.orders", "shop.total");
        assertThat(listed("--select", "raw+1", "--indirect-selection", "empty"))
                .containsExactly("shop.orders", "shop.raw");
        assertThat(models).hasSize(2);
        put(
                "selectors.yml",
                """
                selectors:
                  - name: some
                    definition:
                      union:
                        - method: fqn
                          value: orders
                          children: true
                        - tag: nightly
                        - exclude:
                            - method: config.materialized
                              value: view
                """);
        assertThat(listed("--selector", "some", "--resource-type", "model"))
                .containsExactly("shop.orders");
        assertThat(dbt("list", "--selector", "sme")).isEqualTo(2);
        assertThat(console.out())
                .contains("There is no selector 'sme' in selectors.yml. Did you mean 'some'?");
    }

    private List<String> select(String term) {
        return listed("--select", term, "--resource-type", "model");
    }

    @Test
    void whatChangedSinceAnEarlierInvocationIsSelected() throws IOException {
        assertThat(dbt("build")).isZero();
        Files.move(folder.resolve("target"), folder.resolve("before"));
        put("models/total.sql", "select max(amount) as amount from {{ ref('orders') }}");
        put("models/fresh.sql", "select 1 as id");
        assertThat(
                        listed(
                                "--select",
                                "state:modified",
                                "--state",
                                "before",
                                "--resource-type",
                                "model"))
                .containsExactly("shop.fresh", "shop.total");
        assertThat(listed("--select", "state:new", "--state", "before"))
                .containsExactly("shop.fresh");
        assertThat(listed("--select", "state:modified.body", "--state", "before"))
                .containsExactly("shop.fresh", "shop.total");
        assertThat(listed("--select", "result:warn", "--state", "before"))
                .containsExactly("shop.accepted_values_orders_amount__False__10");
    }

    @Test
    void whatIsNotBuiltHereIsReadFromWhereItWasBuilt() throws IOException {
        assertThat(dbt("build")).isZero();
        Files.move(folder.resolve("target"), folder.resolve("prod"));
        put(
                "profiles.yml",
                "shop: {target: dev, outputs: {dev: {type: duckdb, schema: dev}, prod: {type:"
                        + " duckdb, schema: main}}}");
        assertThat(dbt("run", "--select", "total", "--defer", "--state", "prod"))
                .as(console.out())
                .isZero();
        assertThat(console.run("tables")).isZero();
        assertThat(console.out()).contains("dev.total").doesNotContain("dev.orders");
        assertThat(dbt("clone", "--state", "prod", "--select", "orders")).isZero();
        assertThat(console.run("query", "select count(*) as n from dev.orders", "--format", "csv"))
                .isZero();
        assertThat(console.out()).isEqualTo("n\n2\n");
        assertThat(dbt("run", "--target", "prod", "--select", "total")).isZero();
    }

    @Test
    void rowsAndCodeAreShown() {
        assertThat(dbt("build")).isZero();
        assertThat(dbt("--quiet", "show", "--select", "orders", "--limit", "1")).isZero();
        assertThat(lines())
                .containsExactly("| id | amount |", "| -- | ------ |", "|  1 |     10 |", "");
        assertThat(dbt("show", "--select", "orders", "--limit", "1")).isZero();
        assertThat(lines()).contains("Previewing node 'orders':", "|  1 |     10 |");
        assertThat(dbt("show", "--select", "no_such_node")).isZero();
        assertThat(lines())
                .contains(
                        "Nothing to do. Try checking your model configs and model specification args");
        assertThat(dbt("show")).isEqualTo(2);
        assertThat(dbt("--quiet", "compile", "--inline", "select * from {{ ref('orders') }}"))
                .isZero();
        assertThat(lines())
                .contains("select * from main.orders")
                .doesNotContain("Compiled inline node is:");
        assertThat(dbt("compile", "--inline", "select * from {{ ref('orders') }}")).isZero();
        assertThat(lines()).contains("Compiled inline node is:", "select * from main.orders");
    }

    @Test
    void macrosAreCalledInARunOfTheirOwn() {
        put(
                "macros/fill.sql",
                "{% macro fill(n) %}{% do run_query('create table main.made as select ' ~ n ~ ' as"
                        + " n') %}{% set r = run_query('select n from main.made') %}{% do log('made ' ~"
                        + " r.columns[0].values()[0], info=True) %}{% endmacro %}");
        assertThat(dbt("run-operation", "fill", "--args", "{n: 7}")).as(console.out()).isZero();
        assertThat(lines()).contains("made 7");
        assertThat(console.run("query", "select * from main.made", "--format", "csv")).isZero();
        assertThat(console.out()).isEqualTo("n\n7\n");
        assertThat(dbt("run-operation", "fil")).isEqualTo(2);
        assertThat(console.out()).contains("No macro is called 'fil'. Did you mean 'fill'?");
    }

    @Test
    void noRowsAreReadWhenNoneAreWanted() {
        assertThat(dbt("build", "--empty")).as(console.out()).isZero();
        assertThat(console.run("query", "select count(*) as n from main.orders", "--format", "csv"))
                .isZero();
        assertThat(console.out()).isEqualTo("n\n0\n");
    }

    @Test
    void theAgeOfSourcesIsLookedAt() {
        put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: main
                    loaded_at_field: "timestamp '2020-01-01'"
                    freshness: {warn_after: {count: 1, period: day}}
                    tables:
                      - name: raw
                      - name: orders
                        freshness: {error_after: {count: 1, period: hour}}
                      - name: total
                        freshness: null
                """);
        assertThat(dbt("seed")).isZero();
        assertThat(dbt("run")).as(console.out()).isZero();
        assertThat(dbt("source", "freshness")).as(console.out()).isEqualTo(1);
        List<?> results = list(artifact("sources.json").get("results"));
        assertThat(results.stream().map(r -> map(r).get("unique_id") + " " + map(r).get("status")))
                .containsExactlyInAnyOrder(
                        "source.shop.main.orders error", "source.shop.main.raw warn");
    }

    @Test
    void artifactsHaveTheKeysOfTheirSchemas() {
        assertThat(dbt("build")).isZero();
        assertThat(dbt("docs", "generate")).isZero();

        assertThat(artifact("manifest.json").keySet())
                .containsExactlyInAnyOrder(
                        "metadata",
                        "nodes",
                        "sources",
                        "macros",
                        "docs",
                        "exposures",
                        "metrics",
                        "groups",
                        "selectors",
                        "disabled",
                        "parent_map",
                        "child_map",
                        "group_map",
                        "saved_queries",
                        "semantic_models",
                        "unit_tests");
        Map<String, Object> nodes = map(artifact("manifest.json").get("nodes"));
        assertThat(map(nodes.get("model.shop.orders")).keySet())
                .contains(
                        "database",
                        "schema",
                        "name",
                        "resource_type",
                        "package_name",
                        "path",
                        "original_file_path",
                        "unique_id",
                        "fqn",
                        "alias",
                        "checksum",
                        "config",
                        "tags",
                        "description",
                        "columns",
                        "meta",
                        "group",
                        "docs",
                        "patch_path",
                        "unrendered_config",
                        "created_at",
                        "relation_name",
                        "raw_code",
                        "language",
                        "refs",
                        "sources",
                        "metrics",
                        "depends_on",
                        "compiled_path",
                        "compiled",
                        "compiled_code",
                        "extra_ctes",
                        "contract",
                        "access",
                        "constraints",
                        "version",
                        "latest_version",
                        "deprecation_date",
                        "primary_key")
                .doesNotContain("raw_sql");
        assertThat(map(map(nodes.get("model.shop.total")).get("depends_on")).get("nodes"))
                .isEqualTo(List.of("model.shop.orders"));
        assertThat(map(artifact("manifest.json").get("child_map")).get("model.shop.total"))
                .isEqualTo(List.of("exposure.shop.board"));
        assertThat(map(artifact("manifest.json").get("metadata")))
                .containsEntry(
                        "dbt_schema_version", "https://schemas.getdbt.com/dbt/manifest/v12.json");

        assertThat(dbt("build", "--full-refresh")).isZero();
        Map<String, Object> results = artifact("run_results.json");
        assertThat(results.keySet()).containsExactly("metadata", "results", "elapsed_time", "args");
        assertThat(map(list(results.get("results")).getFirst()).keySet())
                .containsExactlyInAnyOrder(
                        "status",
                        "timing",
                        "thread_id",
                        "execution_time",
                        "adapter_response",
                        "message",
                        "failures",
                        "unique_id",
                        "compiled",
                        "compiled_code",
                        "relation_name",
                        "batch_results");

        Map<String, Object> catalog = artifact("catalog.json");
        assertThat(catalog.keySet()).containsExactly("metadata", "nodes", "sources", "errors");
        Map<String, Object> orders = map(map(catalog.get("nodes")).get("model.shop.orders"));
        assertThat(orders.keySet()).containsExactly("metadata", "columns", "stats", "unique_id");
        assertThat(map(orders.get("metadata")).keySet())
                .containsExactly("type", "schema", "name", "database", "comment", "owner");
        assertThat(map(map(orders.get("columns")).get("id")))
                .containsEntry("type", "INTEGER")
                .containsEntry("index", 1);
        assertThat(artifact("semantic_manifest.json").keySet())
                .contains("semantic_models", "metrics", "project_configuration");
        assertThat(folder.resolve("target/compiled/shop/models/orders.sql")).exists();
        assertThat(folder.resolve("target/run/shop/models/orders.sql")).exists();
        assertThat(dbt("clean")).isZero();
        assertThat(folder.resolve("target")).doesNotExist();
    }
}
