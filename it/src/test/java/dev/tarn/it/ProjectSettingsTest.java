package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tarn.app.At;
import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.app.TableReport;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.model.table.Field;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings of projects that are said in several places, and what becomes of them. */
final class ProjectSettingsTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private RunReport build() {
        RunReport report = shop.build();
        assertThat(Workshop.told(report.problems())).isEmpty();
        return report;
    }

    private void project(String more) {
        shop.put("dbt_project.yml", "name: shop\nversion: '1.0'\n" + more);
    }

    private TableReport table(String name) {
        return shop.tarn().table(new TableName("main", name), At.MAIN);
    }

    private String doc(String table, String column) {
        return table(table).schema().fields().stream()
                .filter(f -> f.name().equals(column))
                .findFirst()
                .flatMap(Field::doc)
                .orElse("");
    }

    @Test
    void granteesAreReplacedOrAddedToAndKeptWithTheTable() {
        project(
                """
                models:
                  +grants: {select: bob}
                  shop:
                    x: {+grants: {+select: [ann, bob], insert: [eve]}}
                """);
        shop.put("models/a.sql", "select 1 as id");
        shop.put("models/x/b.sql", "select 1 as id");
        shop.put("models/x/c.sql", "{{ config(grants={'select': ['zoe']}) }} select 1 as id");
        build();
        assertThat(table("a").attributes()).containsEntry("grants", "select to bob");
        assertThat(table("b").attributes())
                .containsEntry("grants", "select to bob, ann; insert to eve");
        assertThat(table("c").attributes()).containsEntry("grants", "select to zoe; insert to eve");
    }

    @Test
    void whatIsSaidAboutATableChangesWithoutBuildingItAgain() {
        project("models: {+materialized: table}\n");
        shop.put("models/a.sql", "select 1 as id");
        shop.put("models/m.yml", "models: [{name: a, description: before}]\n");
        build();
        shop.put(
                "models/m.yml",
                "models: [{name: a, description: after, config: {grants: {select: [bob]}}}]\n");
        RunReport report = build();
        assertThat(report.tasks().getFirst().status()).isEqualTo(TaskStatus.UNCHANGED);
        assertThat(report.run().status()).isEqualTo(RunStatus.PUBLISHED);
        assertThat(table("a").attributes())
                .containsEntry("description", "after")
                .containsEntry("grants", "select to bob");
        assertThat(build().run().status()).isEqualTo(RunStatus.UNCHANGED);
    }

    @Test
    void commentsStandAtTablesViewsAndColumnsWhoeverWritesThem() {
        project(
                """
                models:
                  +persist_docs: {relation: true, columns: true}
                  +materialized: table
                """);
        shop.put(
                "models/m.yml",
                """
                models:
                  - {name: v, description: "A 'view'", columns: [{name: id, description: the id}]}
                  - {name: own, description: "An 'own' one", columns: [{name: id, description: it's}]}
                """);
        shop.put("models/v.sql", "{{ config(materialized='view') }} select 1 as id");
        shop.put("models/own.sql", "{{ config(materialized='own') }} select 1 as id");
        shop.put(
                "models/hooked.sql",
                """
                {{ config(post_hook=["comment on table {{ this }} is 'from a hook'",
                                     "comment on column {{ this }}.id is 'a number'",
                                     "comment on schema main is 'nobody keeps it'"]) }}
                select 1 as id
                """);
        shop.put(
                "macros/own.sql",
                """
                {% materialization own, default %}
                  {%- set target = this.incorporate(type='table') -%}
                  {%- call statement('main') %}create or replace table {{ target }} as {{ sql }}{% endcall -%}
                  {%- do persist_docs(target, model) -%}
                  {{ return({'relations': [target]}) }}
                {% endmaterialization %}
                """);
        build();
        assertThat(table("v").listing().description()).contains("A 'view'");
        assertThat(doc("v", "id")).isEqualTo("the id");
        assertThat(table("own").listing().description()).contains("An 'own' one");
        assertThat(doc("own", "id")).isEqualTo("it's");
        assertThat(table("hooked").listing().description()).contains("from a hook");
        assertThat(doc("hooked", "id")).isEqualTo("a number");
    }

    @Test
    void aQueryCommentIsCheckedAndChangesNothing() {
        shop.put("models/a.sql", "select 1 as id");
        shop.put(
                "macros/c.sql",
                "{% macro c(node) %}{{ node.name }} {{ target.name }}{% endmacro %}"
                        + "{% macro bad() %}*/ drop{% endmacro %}");
        project("query-comment: {comment: '{{ c(node) }}', append: true, job-label: true}\n");
        build();
        project("query-comment: '{{ nobody() }}'\n");
        assertThat(refusal())
                .isEqualTo(
                        "dbt_project.yml:3:16: 'nobody' is undefined. If it comes from a package, name"
                                + " that in packages.yml and run `tarn deps`. [TEMPLATE_FAILED]");
        project("query-comment: {comment: '{{ bad() }}', attend: true}\n");
        assertThat(refusal())
                .isEqualTo(
                        """
                        dbt_project.yml:3:26: 'query-comment' must not contain '*/', which would end the comment: */ drop [CONFIG_INVALID]
                        dbt_project.yml:3:41: A key of 'query-comment' cannot be 'attend': it is one of append, comment, job-label. Did you mean 'append'? [CONFIG_INVALID]\
                        """);
    }

    private String refusal() {
        return Workshop.told(catchThrowableOfType(TarnException.class, shop::build));
    }

    @Test
    void aSourceOfAPackageIsOverridden() {
        shop.put("dbt_packages/tools/dbt_project.yml", "name: tools\nversion: '1.0'\n");
        shop.put("packages.yml", "packages: [{local: dbt_packages/tools}]\n");
        shop.put(
                "dbt_packages/tools/models/s.yml",
                """
                sources:
                  - name: raw
                    schema: elsewhere
                    description: theirs
                    tables: [{name: t, identifier: abc}, {name: u}]
                """);
        shop.put(
                "dbt_packages/tools/models/p.sql",
                "{{ config(materialized='table') }} select * from {{ source('raw', 't') }}");
        shop.put("seeds/here.csv", "id\n7\n");
        shop.put(
                "models/s.yml",
                """
                sources:
                  - name: raw
                    overrides: tools
                    schema: main
                    tables: [{name: t, identifier: here, columns: [{name: id, data_type: integer}]}]
                  - name: nothing
                    overrides: tools
                """);
        shop.build(
                new BuildRequest(
                        "seed",
                        Set.of(NodeKind.SEED),
                        List.of(),
                        List.of(),
                        RefName.MAIN,
                        false,
                        false,
                        Optional.empty()));
        build();
        assertThat(shop.rows("select id from main.p")).containsExactly("7");
        assertThat(
                        shop.tarn()
                                .project()
                                .manifest()
                                .node(new dev.tarn.model.graph.NodeId("source.tools.raw.u")))
                .containsEntry("schema", "main")
                .containsEntry("source_description", "theirs");
        shop.put("models/again.yml", "sources: [{name: raw, overrides: tools, schema: main}]\n");
        assertThat(refusal())
                .contains(
                        "The override of source 'tools.raw' is here twice: first at models/",
                        "Rename or remove one of them. [DUPLICATE_NAME]");
    }

    @Test
    void anchorsAndMergesOfYamlAreFollowed() {
        shop.put(
                "models/m.yml",
                """
                anchors:
                  - &id {name: id, description: the id, data_tests: [not_null, unique]}
                  - &base {config: {materialized: table, tags: [x]}}
                models:
                  - {name: a, columns: [*id], <<: *base}
                  - {name: b, columns: [*id]}
                """);
        shop.put("models/a.sql", "select 1 as id");
        shop.put("models/b.sql", "select 1 as id");
        assertThat(build().tasks()).hasSize(6);
        assertThat(doc("b", "id")).isEqualTo("the id");
    }
}
