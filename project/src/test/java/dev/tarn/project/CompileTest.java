package dev.tarn.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Materialization.OnSchemaChange;
import dev.tarn.model.graph.Materialization.Strategy;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.Node.CheckRules;
import dev.tarn.model.graph.Node.Severity;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.graph.RowKey;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.SortField;
import dev.tarn.model.table.Transform;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("StringConcatToTextBlock") // short files read better in one piece
class CompileTest {
    @TempDir Path root;
    private ProjectFolder folder;

    @BeforeEach
    void folder() {
        folder = new ProjectFolder(root);
    }

    @Test
    void settingsCloserToTheModelWinAndTagsAddUp() {
        folder.write(
                        "dbt_project.yml",
                        """
                        name: shop
                        models:
                          +tags: all
                          shop:
                            +materialized: table
                            gold:
                              +tags: [gold]
                              +schema: gold
                              +meta: {owner: data team}
                        """)
                .write(
                        "models/gold/a.sql",
                        "{{ config(tags=['own'], materialized='view') }} select 1")
                .write(
                        "models/gold/a.yml",
                        "models:\n  - name: a\n    config: {materialized: ephemeral, tags: file}\n"
                                + "    description: \"{{ doc('about_a') }}\"\n")
                .write("models/docs.md", "{% docs about_a %}\nAll of a.\n{% enddocs %}")
                .write("models/b.sql", "select 1");
        Node.Model a = folder.model("a");
        assertThat(a.common().tags()).containsExactly("all", "gold", "file", "own");
        assertThat(a.materialization()).isEqualTo(new Materialization.View());
        assertThat(a.relation()).hasToString("main_gold.a");
        assertThat(a.common().owner()).contains("data team");
        assertThat(a.common().description()).isEqualTo("All of a.");
        assertThat(a.common().fqn()).containsExactly("shop", "gold", "a");
        assertThat(folder.model("b").materialization()).isEqualTo(new Materialization.Table());
    }

    @Test
    void projectsDecideWhereModelsGo() {
        folder.write(
                        "macros/generate_schema_name.sql",
                        "{% macro generate_schema_name(custom_schema_name, node) -%}\n"
                                + "{{ custom_schema_name or target.schema }}\n{%- endmacro %}")
                .write("models/a.sql", "{{ config(schema='gold', alias='Order') }} select 1")
                .write("models/b.sql", "select * from {{ ref('a') }} join {{ this }}");
        assertThat(folder.sql("b"))
                .isEqualTo("select * from gold.\"Order\" join dev.b".replace("dev", "main"));
        Project other = ProjectCompiler.compile(folder.request().withSchema("dev"));
        assertThat(other.defaultSchema()).isEqualTo("dev");
        assertThat(((Node.Model) ProjectFolder.node(other, "model.shop.b")).relation())
                .hasToString("dev.b");
    }

    @Test
    void incrementalModelsHaveTwoTexts() {
        folder.write(
                "models/a.sql",
                """
                {{ config(
                    materialized='incremental', unique_key=['id', 'day'],
                    incremental_predicates=["target.day > current_date - 7"],
                    on_schema_change='append_new_columns',
                    partition_by=['day(at)', 'bucket(8, id)', 'region'],
                    sort_by='at desc nulls first', table_properties={'write.x': 1}) }}
                select 1 as id {% if is_incremental() %} where true {% endif %}
                """);
        Node.Model a = folder.model("a");
        assertThat(a.materialization())
                .isEqualTo(
                        new Materialization.Incremental(
                                new Strategy.DeleteInsert(
                                        new RowKey(
                                                List.of("id", "day"),
                                                Optional.of(new Place("models/a.sql", 1, 4))),
                                        List.of("DBT_INTERNAL_DEST.day > current_date - 7")),
                                OnSchemaChange.APPEND_NEW_COLUMNS));
        assertThat(a.sql().sql().strip()).isEqualTo("select 1 as id");
        assertThat(a.incrementalSql().orElseThrow().sql().strip())
                .isEqualTo("select 1 as id  where true");
        assertThat(a.partitioning())
                .containsExactly(
                        PartitionField.of("at", new Transform.Day()),
                        PartitionField.of("id", new Transform.Bucket(8)),
                        PartitionField.of("region", new Transform.Identity()));
        assertThat(a.sortOrder())
                .containsExactly(new SortField("at", new Transform.Identity(), true, true));
        assertThat(a.tableProperties()).isEqualTo(Map.of("write.x", "1"));
    }

    @Test
    void sourcesSayHowTheirRowsGetIn() {
        folder.write(
                "models/raw.yml",
                """
                sources:
                  - name: raw
                    schema: bronze
                    tables:
                      - name: orders
                        identifier: web_orders
                        owner: {name: Ana}
                        ingest:
                          location: landing/orders
                          format: csv
                          schema_policy: hold
                          options: {delimiter: ';', header: true}
                          column_types: {amount: 'DECIMAL(10,2)'}
                          partition_by: [month(ordered_at)]
                """);
        Node.Source source =
                (Node.Source) ProjectFolder.node(folder.compile(), "source.shop.raw.orders");
        assertThat(source.relation()).hasToString("bronze.web_orders");
        assertThat(source.common().owner()).contains("Ana");
        IngestSpec ingest = source.ingest().orElseThrow();
        assertThat(ingest.location()).isEqualTo("landing/orders");
        assertThat(ingest.format()).contains(IngestSpec.Format.CSV);
        assertThat(ingest.schemaPolicy()).isEqualTo(IngestSpec.SchemaPolicy.HOLD);
        assertThat(ingest.options()).isEqualTo(Map.of("delimiter", ";", "header", "true"));
        assertThat(ingest.columnTypes()).isEqualTo(Map.of("amount", "DECIMAL(10,2)"));
        assertThat(ingest.partitioning())
                .containsExactly(PartitionField.of("ordered_at", new Transform.Month()));
        assertThat(ingest.place()).hasToString("models/raw.yml:9:11");
    }

    @Test
    void genericTestsAreNamedAsDbtNamesThem() {
        folder.write("models/customers.sql", "select 1 as customer_id")
                .write("models/orders.sql", "select 1 as order_id, 1 as customer_id, 'x' as status")
                .write(
                        "models/schema.yml",
                        """
                        models:
                          - name: customers
                            columns:
                              - name: customer_id
                                tests: [unique, not_null]
                          - name: orders
                            columns:
                              - name: customer_id
                                data_tests:
                                  - relationships:
                                      to: ref('customers')
                                      field: customer_id
                              - name: status
                                data_tests:
                                  - accepted_values:
                                      arguments:
                                        values: ['placed', 'shipped', 'completed', 'return_pending', 'returned']
                                      config: {severity: warn, where: "status <> 'x'", limit: 5}
                        """);
        Project project = folder.compile();
        assertThat(project.nodes().keySet())
                .map(Object::toString)
                .containsExactly(
                        "model.shop.customers",
                        "model.shop.orders",
                        "test.shop.accepted_values_orders_status__placed__shipped__completed__return_pending__returned.be6b5b5ec3",
                        "test.shop.not_null_customers_customer_id.5c9bf9911d",
                        "test.shop.relationships_orders_customer_id__customer_id__ref_customers_.c6ec7f58f2",
                        "test.shop.unique_customers_customer_id.c5af1ff4b1");
        Node.Check check =
                (Node.Check)
                        ProjectFolder.node(
                                project,
                                "test.shop.accepted_values_orders_status__placed__shipped__completed__return_pending__returned.be6b5b5ec3");
        assertThat(check.rules())
                .isEqualTo(
                        new CheckRules(
                                Severity.WARN,
                                "!= 0",
                                "!= 0",
                                "count(*)",
                                Optional.of(5L),
                                Optional.empty(),
                                Optional.of(
                                        new TableName(
                                                "main_dbt_test__audit",
                                                "accepted_values_orders_1ce6ab157c285f7cd2ac656013faf758")),
                                false));
        assertThat(check.kind()).isEqualTo("accepted_values");
        assertThat(check.column()).contains("status");
        assertThat(check.sql().sql())
                .contains("from (select * from main.orders where status <> 'x') dbt_subquery");
    }

    @Test
    void projectsMayHaveTestsOfTheirOwn() {
        folder.write("models/a.sql", "select 1 as id")
                .write(
                        "tests/generic/above.sql",
                        "{% test above(model, column_name, limit_value=0) %}\n"
                                + "select * from {{ model }} where {{ column_name }} <= {{ limit_value }}\n"
                                + "{% endtest %}")
                .write(
                        "tests/at_least_one.sql",
                        "{{ config(severity='warn') }}\nselect * from {{ ref('a') }}")
                .write(
                        "models/a.yml",
                        "models:\n  - name: a\n    columns:\n      - name: id\n        tests:\n"
                                + "          - above: {limit_value: \"{{ var('least', 3) }}\"}\n");
        List<String> sql =
                folder.compile().nodes().values().stream()
                        .filter(Node.Check.class::isInstance)
                        .map(n ->
                                ((Node.Check) n).kind()
                                        + ": "
                                        + ((Node.Check) n).sql().sql().strip())
                        .toList();
        assertThat(sql)
                .containsExactly(
                        "above: select * from main.a where id <= 3",
                        "singular: select * from main.a");
    }

    @Test
    void variablesComeFromTheRequestThenTheProject() {
        folder.write(
                        "dbt_project.yml",
                        "name: shop\nvars:\n  a: 1\n  b: two\n  c: [x]\n  shop:\n    b: own\n")
                .write(
                        "models/m.sql",
                        "select {{ var('a') }}, '{{ var('b') }}', '{{ var('c')[0] }}',"
                                + " {{ var('d', 4) }}, '{{ env_var('E', 'none') }}'");
        assertThat(folder.sql("m")).isEqualTo("select 1, 'own', 'x', 4, 'none'");
        Project other =
                ProjectCompiler.compile(
                        folder.request()
                                .withVars(Map.of("a", 9L))
                                .withEnvironment(n -> n.equals("E") ? "set" : null));
        assertThat(((Node.Model) ProjectFolder.node(other, "model.shop.m")).sql().sql())
                .isEqualTo("select 9, 'own', 'x', 4, 'set'");
    }

    @Test
    void testsOfWhatIsSwitchedOffGoWithIt() {
        folder.write("models/a.sql", "{{ config(enabled=var('on', false)) }} select 1 as id")
                .write(
                        "models/a.yml",
                        "models:\n  - name: a\n    tests: [{unique: {column_name: id}}]\n");
        assertThat(folder.compile().nodes()).isEmpty();
    }

    @Test
    void fingerprintsChangeWithCodeAndSettingsOnly() {
        folder.write("models/a.sql", "select 1 as id").write("seeds/s.csv", "a\n1\n");
        String before = folder.model("a").common().fingerprint();
        String seed = ProjectFolder.node(folder.compile(), "seed.shop.s").common().fingerprint();
        folder.write("models/a.yml", "models:\n  - name: a\n    description: about a\n");
        assertThat(folder.model("a").common().fingerprint()).isEqualTo(before);
        folder.write("models/a.sql", "{{ config(materialized='table') }}select 1 as id");
        assertThat(folder.model("a").common().fingerprint()).isNotEqualTo(before);
        folder.write("seeds/s.csv", "a\n2\n");
        assertThat(ProjectFolder.node(folder.compile(), "seed.shop.s").common().fingerprint())
                .isNotEqualTo(seed);
    }

    @Test
    void packagesOnDiskBringTheirModelsAndMacros() {
        folder.write("dbt_packages/tools/dbt_project.yml", "name: tools\nvars: {x: 1}\n")
                .write(
                        "dbt_packages/tools/macros/m.sql",
                        "{% macro star() %}{{ return(adapter.dispatch('star', 'tools')()) }}{% endmacro %}\n"
                                + "{% macro default__star() %}*{% endmacro %}")
                .write("dbt_packages/tools/models/helper.sql", "select {{ var('x') }} as x")
                .write("models/a.sql", "select {{ tools.star() }} from {{ ref('helper') }}");
        assertThat(folder.sql("a")).isEqualTo("select * from main.helper");
        folder.write("macros/own.sql", "{% macro default__star() %}1 as one{% endmacro %}");
        assertThat(folder.sql("a")).isEqualTo("select 1 as one from main.helper");
    }

    @Test
    void whatMeansNothingIsNotedWhenItDoesNoHarm() {
        folder.write("models/a.sql", "select 1 as id")
                .write("packages.yml", "packages: []")
                .write(
                        "models/a.yml",
                        "models:\n  - name: b\nexposures:\n  - {name: e, type: ml, owner: {name: Ann}}\n");
        assertThat(folder.compile().nodes()).hasSize(1);
        assertThat(folder.notes)
                .map(Problem::toString)
                .containsExactly(
                        "models/a.yml:2:11: A property file describes model 'b', but there is none."
                                + " Did you mean 'a'? [NODE_NOT_FOUND]");
    }

    @Test
    void versionsOfAModelAreModelsOfTheirOwn() {
        folder.write("models/dim_v1.sql", "select 1 as id")
                .write("models/dim_v2.sql", "select 1 as id, 2 as more")
                .write("models/reads.sql", "select * from {{ ref('dim') }}")
                .write("models/reads_old.sql", "select * from {{ ref('dim', v=1) }}")
                .write(
                        "models/dim.yml",
                        """
                        models:
                          - name: dim
                            latest_version: 2
                            columns: [{name: id, data_tests: [unique]}, {name: more}]
                            versions:
                              - v: 1
                                config: {alias: old_dim}
                                columns: [{include: all, exclude: [more]}]
                              - v: 2
                        """);
        assertThat(folder.sql("reads")).isEqualTo("select * from main.dim_v2");
        assertThat(folder.sql("reads_old")).isEqualTo("select * from main.old_dim");
        assertThat(folder.compile().nodes().keySet())
                .extracting(NodeId::value)
                .contains(
                        "model.shop.dim.v1",
                        "model.shop.dim.v2",
                        "test.shop.unique_dim_v1_id.2f98b9f679",
                        "test.shop.unique_dim_v2_id.fb0fd31dac");
        folder.write("models/reads.sql", "select * from {{ ref('dim', version=3) }}");
        assertThat(folder.errors())
                .isEqualTo(
                        "models/reads.sql:1:18: Model 'reads' refers to version 3 of 'dim', which has"
                                + " these versions: 1, 2. [NODE_NOT_FOUND]");
    }

    @Test
    void privateModelsBelongToTheirGroup() {
        folder.write(
                        "models/secret.sql",
                        "{{ config(access='private', group='a') }} select 1 as id")
                .write("models/g.yml", "groups: [{name: a, owner: {email: a@b.c}}]")
                .write(
                        "models/friend.sql",
                        "{{ config(group='a') }} select * from {{ ref('secret') }}");
        assertThat(folder.compile().nodes()).hasSize(2);
        folder.write("models/other.sql", "select * from {{ ref('secret') }}");
        assertThat(folder.errors())
                .isEqualTo(
                        "models/other.sql:1:18: Model 'other' refers to 'secret', which is private to"
                                + " group 'a'. Reference another model, or change its access."
                                + " [NODE_NOT_FOUND]");
    }
}
