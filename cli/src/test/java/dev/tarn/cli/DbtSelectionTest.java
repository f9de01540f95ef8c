package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way to say which nodes are meant. */
final class DbtSelectionTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
        shop.put("seeds/raw.csv", "id\n1\n");
        shop.put("models/silver/a.sql", "select id from {{ ref('raw') }}");
        shop.put(
                "models/silver/b.sql",
                "{{ config(tags=['nightly'], materialized='table') }} select a.id from {{ ref('a') }} a join {{ source('outside', 'things') }} using (id)");
        shop.put(
                "models/gold/c.sql",
                "{{ config(group='money', access='public', meta={'owner': {'team': 'x'}}) }} select id from {{ ref('b') }}");
        shop.put("models/gold/v_v1.sql", "select id from {{ ref('a') }}");
        shop.put("models/gold/v_v2.sql", "select id from {{ ref('a') }}");
        shop.put("models/gold/v_v3.sql", "select id from {{ ref('a') }}");
        shop.put(
                "tests/one.sql",
                "select * from {{ ref('a') }} join {{ ref('c') }} using (id) where false");
        shop.put(
                "snapshots/s.sql",
                "{% snapshot s %}{{ config(unique_key='id', strategy='check', check_cols='all', target_schema='x') }} select * from {{ ref('b') }}{% endsnapshot %}");
        shop.put(
                "models/all.yml",
                """
                models:
                  - {name: a, time_spine: {standard_granularity_column: day}, columns: [{name: day, granularity: day}, {name: id, data_tests: [unique, {relationships: {arguments: {to: ref('b'), field: id}}}]}]}
                  - {name: v, latest_version: 2, versions: [{v: 1}, {v: 2}, {v: 3}]}
                groups: [{name: money, owner: {name: us}}]
                sources:
                  - {name: outside, tags: [foreign], tables: [{name: things}]}
                exposures:
                  - {name: board, type: dashboard, owner: {name: us}, tags: [nightly], depends_on: [ref('c')]}
                semantic_models:
                  - {name: facts, model: ref('b'), defaults: {agg_time_dimension: at_day}, entities: [{name: id, type: primary}], measures: [{name: many, agg: count, expr: id}], dimensions: [{name: at_day, type: time, expr: now(), type_params: {time_granularity: day}}]}
                metrics: [{name: number, label: Number, type: simple, type_params: {measure: many}}]
                saved_queries: [{name: weekly, query_params: {metrics: [number], group_by: []}}]
                unit_tests:
                  - {name: u, model: a, given: [{input: ref('raw'), rows: [{id: 1}]}], expect: {rows: [{id: 1}]}}
                """);
    }

    /** Without tests, unless they are what is looked at. */
    private List<String> meant(String... terms) {
        String[] args = new String[terms.length + 4];
        args[0] = "--select";
        System.arraycopy(terms, 0, args, 1, terms.length);
        args[terms.length + 1] = "--exclude-resource-type";
        args[terms.length + 2] = "test";
        args[terms.length + 3] = "unit_test";
        return shop.listed(args);
    }

    private List<String> tests(String mode, String term) {
        return shop.listed(
                "--select",
                term,
                "--indirect-selection",
                mode,
                "--resource-type",
                "test",
                "--output",
                "name");
    }

    @Test
    void theGraphIsWalkedAsFarAsIsSaid() {
        assertThat(meant("+b"))
                .containsExactlyInAnyOrder(
                        "shop.silver.a", "shop.silver.b", "shop.raw", "source:shop.outside.things");
        assertThat(meant("1+c")).containsExactlyInAnyOrder("shop.gold.c", "shop.silver.b");
        assertThat(meant("b+"))
                .containsExactlyInAnyOrder(
                        "exposure:shop.board",
                        "metric:shop.number",
                        "shop.gold.c",
                        "shop.silver.b",
                        "saved_query:shop.weekly",
                        "semantic_model:shop.facts",
                        "shop.s.s");
        assertThat(meant("raw+1")).containsExactlyInAnyOrder("shop.silver.a", "shop.raw");
        assertThat(meant("1+b+1"))
                .contains("shop.silver.a", "shop.gold.c", "source:shop.outside.things")
                .doesNotContain("shop.raw");
        assertThat(meant("@c"))
                .contains("exposure:shop.board", "shop.gold.c", "shop.silver.b", "shop.raw");
        assertThat(meant("+c,tag:nightly")).containsExactlyInAnyOrder("shop.silver.b");
        assertThat(meant("a c")).containsExactlyInAnyOrder("shop.silver.a", "shop.gold.c");
        assertThat(meant("a", "c")).containsExactlyInAnyOrder("shop.silver.a", "shop.gold.c");
        assertThat(
                        shop.listed(
                                "--select",
                                "models/gold",
                                "--exclude",
                                "c v",
                                "--resource-type",
                                "model"))
                .isEmpty();
    }

    @Test
    void nodesAreMeantByEveryMethod() {
        assertThat(meant("tag:nightly"))
                .containsExactlyInAnyOrder("exposure:shop.board", "shop.silver.b");
        assertThat(meant("tag:for*")).containsExactlyInAnyOrder("source:shop.outside.things");
        assertThat(meant("source:outside")).containsExactlyInAnyOrder("source:shop.outside.things");
        assertThat(meant("source:*.thin?s"))
                .containsExactlyInAnyOrder("source:shop.outside.things");
        assertThat(meant("path:models/gold/c.sql")).containsExactlyInAnyOrder("shop.gold.c");
        assertThat(meant("models/silver"))
                .containsExactlyInAnyOrder("shop.silver.a", "shop.silver.b");
        assertThat(meant("file:c.sql")).containsExactlyInAnyOrder("shop.gold.c");
        assertThat(meant("fqn:shop.silver.*"))
                .containsExactlyInAnyOrder("shop.silver.a", "shop.silver.b");
        assertThat(meant("silver")).containsExactlyInAnyOrder("shop.silver.a", "shop.silver.b");
        assertThat(meant("config.materialized:table")).containsExactlyInAnyOrder("shop.silver.b");
        assertThat(meant("config.meta.owner.team:x")).containsExactlyInAnyOrder("shop.gold.c");
        assertThat(meant("config.tags:night*")).containsExactlyInAnyOrder("shop.silver.b");
        assertThat(meant("resource_type:snapshot")).containsExactlyInAnyOrder("shop.s.s");
        assertThat(meant("package:this,resource_type:seed")).containsExactlyInAnyOrder("shop.raw");
        assertThat(meant("package:sh*,file:raw.csv")).containsExactlyInAnyOrder("shop.raw");
        assertThat(meant("group:money")).containsExactlyInAnyOrder("shop.gold.c");
        assertThat(meant("access:public")).containsExactlyInAnyOrder("shop.gold.c");
        assertThat(meant("exposure:board")).containsExactlyInAnyOrder("exposure:shop.board");
        assertThat(meant("1+exposure:*"))
                .containsExactlyInAnyOrder("exposure:shop.board", "shop.gold.c");
        assertThat(meant("metric:number")).containsExactlyInAnyOrder("metric:shop.number");
        assertThat(meant("semantic_model:facts"))
                .containsExactlyInAnyOrder("semantic_model:shop.facts");
        assertThat(meant("saved_query:weekly"))
                .containsExactlyInAnyOrder("saved_query:shop.weekly");
        assertThat(shop.listed("--select", "unit_test:u"))
                .containsExactlyInAnyOrder("unit_test:shop.u");
        assertThat(shop.listed("--select", "test_type:singular"))
                .containsExactlyInAnyOrder("shop.one");
        assertThat(shop.listed("--select", "test_type:unit"))
                .containsExactlyInAnyOrder("unit_test:shop.u");
        assertThat(shop.listed("--select", "test_name:uniq*", "--output", "name"))
                .containsExactlyInAnyOrder("unique_a_id");
    }

    @Test
    void unitTestsOfVersionsShareTheNameThatIsWritten() {
        shop.put("models/m_v1.sql", "select 1 as id");
        shop.put("models/m_v2.sql", "select 1 as id");
        shop.put(
                "models/m.yml",
                """
                models: [{name: m, versions: [{v: 1}, {v: 2}]}]
                unit_tests: [{name: each, model: m, given: [], expect: {rows: [{id: 1}]}}]
                """);
        for (String written : List.of("unit_test:each", "unit_test:shop.each")) {
            assertThat(shop.listed("--select", written))
                    .containsExactlyInAnyOrder("unit_test:shop.each_v1", "unit_test:shop.each_v2");
        }
        assertThat(shop.listed("--select", "unit_test:each_v2", "--output", "name"))
                .containsExactly("each");
    }

    @Test
    void versionsAreMeantOneByOneOrTogether() {
        assertThat(meant("v"))
                .containsExactlyInAnyOrder("shop.gold.v.v1", "shop.gold.v.v2", "shop.gold.v.v3");
        assertThat(meant("v.v1")).containsExactlyInAnyOrder("shop.gold.v.v1");
        assertThat(meant("v_v3")).containsExactlyInAnyOrder("shop.gold.v.v3");
        assertThat(meant("version:latest")).containsExactlyInAnyOrder("shop.gold.v.v2");
        assertThat(meant("version:prerelease")).containsExactlyInAnyOrder("shop.gold.v.v3");
        assertThat(meant("version:old")).containsExactlyInAnyOrder("shop.gold.v.v1");
        assertThat(meant("version:none"))
                .containsExactlyInAnyOrder("shop.gold.c", "shop.silver.a", "shop.silver.b");
        assertThat(shop.listed("--select", "version:latest", "--output", "name"))
                .containsExactlyInAnyOrder("v.v2");
    }

    @Test
    void testsComeAlongAsIsAsked() {
        String both = "relationships_a_id__id__ref_b_";
        assertThat(tests("eager", "a")).containsExactlyInAnyOrder("one", both, "unique_a_id");
        assertThat(tests("cautious", "a")).containsExactlyInAnyOrder("unique_a_id");
        assertThat(tests("buildable", "b")).containsExactlyInAnyOrder(both);
        assertThat(tests("empty", "a")).isEmpty();
        assertThat(tests("cautious", "a,test_type:generic"))
                .containsExactlyInAnyOrder("unique_a_id");
        assertThat(tests("buildable", "b,test_type:generic")).containsExactlyInAnyOrder(both);
        assertThat(tests("cautious", "a b")).containsExactlyInAnyOrder(both, "unique_a_id");
        assertThat(shop.dbt("list", "--select", "a", "--indirect-selection", "shy")).isEqualTo(2);
        assertThat(shop.lines())
                .contains(
                        "--indirect-selection is eager, cautious, buildable or empty, not 'shy'. [USAGE]");
    }

    @Test
    void selectorsHaveNames() {
        shop.put(
                "selectors.yml",
                """
                selectors:
                  - name: night
                    description: For the night
                    definition: tag:nightly
                  - name: gold_or_night
                    definition:
                      union:
                        - {method: selector, value: night, parents: true, parents_depth: 1}
                        - {method: path, value: models/gold}
                        - exclude: [{method: version, value: old}, "v.v3"]
                  - name: both
                    default: true
                    definition:
                      intersection:
                        - {method: fqn, value: a, children: true, indirect_selection: empty}
                        - {method: resource_type, value: model}
                        - exclude: [{group: money}]
                  - name: lonely
                    definition: {method: fqn, value: a, indirect_selection: empty}
                """);
        assertThat(shop.listed("--selector", "gold_or_night", "--resource-type", "model"))
                .containsExactlyInAnyOrder("shop.gold.c", "shop.gold.v.v2", "shop.silver.b");
        assertThat(shop.listed("--resource-type", "model"))
                .containsExactlyInAnyOrder(
                        "shop.gold.v.v1",
                        "shop.gold.v.v2",
                        "shop.gold.v.v3",
                        "shop.silver.a",
                        "shop.silver.b");
        assertThat(shop.listed("--selector", "lonely", "--exclude-resource-type", "unit_test"))
                .containsExactlyInAnyOrder("shop.silver.a");
    }

    @Test
    void aSelectorSaysForEachOfItsPartsWhichTestsComeAlong() {
        shop.put(
                "selectors.yml",
                """
                selectors:
                  - name: each
                    definition:
                      union:
                        - {method: fqn, value: a, indirect_selection: cautious}
                        - {method: fqn, value: b, indirect_selection: cautious}
                """);
        assertThat(shop.listed("--selector", "each", "--resource-type", "test", "--output", "name"))
                .containsExactlyInAnyOrder("unique_a_id");
    }

    @Test
    void mistakesInSelectorsAreToldWithTheirPlace() {
        shop.put(
                "selectors.yml",
                """
                selectors:
                  - name: a
                    definition: {method: selector, value: b}
                  - name: b
                    definition: {method: selector, value: a}
                  - name: typo
                    definition: {method: tag, valu: x, value: y}
                  - name: empty
                    definition: {method: tag}
                  - name: shy
                    definition: {method: tag, value: x, indirect_selection: shy}
                  - name: odd
                    definition: {method: colour, value: x}
                """);
        assertThat(said("a")).contains("Selectors refer to each other in a circle: a -> b -> a.");
        assertThat(said("typo"))
                .contains(
                        "selectors.yml:7:31: This selector cannot be read: 'valu' is not known. Did you mean 'value'?");
        assertThat(said("empty")).contains("This selector cannot be read: it has no 'value'.");
        assertThat(said("shy"))
                .contains("indirect_selection is eager, cautious, buildable or empty, not 'shy'.");
        assertThat(said("odd")).contains("'colour:x' selects by 'colour', which is not known.");
        assertThat(said("b2")).contains("There is no selector 'b2' in selectors.yml.");
    }

    private String said(String selector) {
        assertThat(shop.dbt("list", "--selector", selector)).isEqualTo(2);
        return shop.console().out();
    }

    @Test
    void nodesAreComparedWithAnEarlierState() {
        assertThat(shop.dbt("parse", "--target-path", "before")).isZero();
        assertThat(compared("state:unmodified,resource_type:model"))
                .contains("shop.silver.a", "shop.gold.c");
        assertThat(compared("state:modified")).isEmpty();
        shop.put("models/silver/a.sql", "select id + 0 as id from {{ ref('raw') }}");
        shop.put("models/silver/fresh.sql", "select 1 as n");
        shop.put(
                "models/gold/c.sql", shop.text("models/gold/c.sql").replace("'owner'", "'holder'"));
        assertThat(compared("state:modified"))
                .containsExactlyInAnyOrder("shop.gold.c", "shop.silver.a", "shop.silver.fresh");
        assertThat(compared("state:modified.body")).contains("shop.silver.a");
        assertThat(compared("state:modified.configs"))
                .as("new ones differ in everything")
                .containsExactlyInAnyOrder("shop.gold.c", "shop.silver.fresh");
        assertThat(compared("state:new")).containsExactlyInAnyOrder("shop.silver.fresh");
        assertThat(compared("state:old,path:models/silver"))
                .containsExactlyInAnyOrder("shop.silver.a", "shop.silver.b");
        assertThat(compared("state:modified.relation"))
                .containsExactlyInAnyOrder("shop.silver.fresh");
        assertThat(shop.dbt("list", "--select", "state:modified", "--state", "nowhere"))
                .isEqualTo(2);
    }

    private List<String> compared(String term) {
        return shop.listed(
                "--select",
                term,
                "--state",
                "before",
                "--exclude-resource-type",
                "test",
                "unit_test");
    }
}
