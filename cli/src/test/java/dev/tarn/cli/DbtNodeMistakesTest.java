package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mistakes of which dbt says nothing before the node runs that has them. */
final class DbtNodeMistakesTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
        shop.put("tarn.yml", "run: {publish: each}\n");
        shop.put("models/a.sql", "{{ config(materialized='table') }} select 1 as id, 'x' as v");
    }

    private void snapshot(String name, String settings) {
        shop.put(
                "snapshots/" + name + ".sql",
                "{%% snapshot %s %%}{{ config(unique_key='id', %s) }} select * from {{ ref('a') }}{%% endsnapshot %%}"
                        .formatted(name, settings));
    }

    private int dbt(String... args) {
        return shop.dbt(args);
    }

    private String console() {
        return shop.console().out() + shop.console().err();
    }

    @Test
    void aSnapshotOfAnUnknownKindFailsAlone() {
        snapshot("good", "strategy='check', check_cols=['v']");
        snapshot("guess", "strategy='guess'");
        snapshot("gone", "strategy='check', check_cols='all', hard_deletes='never'");
        snapshot(
                "twice",
                "strategy='check', check_cols='all', hard_deletes='ignore', invalidate_hard_deletes=true");
        assertThat(dbt("build")).as(console()).isEqualTo(1);
        assertThat(shop.statuses())
                .isEqualTo(
                        Map.of(
                                "model.shop.a", "success",
                                "snapshot.shop.good", "success",
                                "snapshot.shop.guess", "error",
                                "snapshot.shop.gone", "error",
                                "snapshot.shop.twice", "error"));
        assertThat(console())
                .contains("The specified strategy macro 'guess' was not found")
                .contains("Invalid setting for property hard_deletes: 'never'")
                .contains("You cannot set both the invalidate_hard_deletes and hard_deletes");
    }

    @Test
    void aSnapshotWhoseColumnsAreCalledOtherwiseSinceIsToldOfThem() {
        shop.put("tarn.yml", "run: {publish: each}\n");
        snapshot("s", "strategy='check', check_cols=['v']");
        assertThat(dbt("build")).as(console()).isZero();
        snapshot(
                "s",
                "strategy='check', check_cols=['v'], snapshot_meta_column_names={'dbt_valid_to': 'gone_at'}");
        assertThat(dbt("build")).isEqualTo(1);
        assertThat(shop.lines())
                .contains("Compilation Error in snapshot s (snapshots/s.sql)")
                .anyMatch(l ->
                        l.contains(
                                "Snapshot target is missing configured columns (missing \"gone_at\")."));
    }

    @Test
    void aSnapshotMayHaveAStrategyOfTheProject() {
        shop.put(
                "macros/strategy.sql",
                """
                {% macro snapshot_by_word_strategy(node, old, new, config, exists) %}
                  {% do return({
                    'unique_key': config['unique_key'],
                    'updated_at': "timestamp '2026-01-01 00:00:00'",
                    'row_changed': old ~ '.v <> ' ~ new ~ '.v',
                    'scd_id': snapshot_hash_arguments([config['unique_key'], 'v']),
                    'hard_deletes': 'ignore',
                  }) %}
                {% endmacro %}
                """);
        snapshot("own", "strategy='by_word'");
        assertThat(dbt("build")).as(console()).isZero();
        shop.put("models/a.sql", "{{ config(materialized='table') }} select 1 as id, 'y' as v");
        assertThat(dbt("build")).as(console()).isZero();
        assertThat(shop.rows("select v, dbt_valid_to is null from main.own order by v"))
                .containsExactly("x,false", "y,true");
    }

    @Test
    void anUnknownStrategyFailsWhereItIsNeededFirst() {
        shop.put(
                "models/b.sql",
                "{{ config(materialized='incremental', incremental_strategy='guess') }} select 1 as id");
        shop.put(
                "models/c.sql",
                "{{ config(materialized='incremental', on_schema_change='guess') }} select 1 as id");
        assertThat(dbt("--debug", "run")).as(console()).isZero();
        assertThat(console()).contains("Setting 'incremental_strategy' cannot be 'guess'");
        assertThat(dbt("run")).as(console()).isEqualTo(1);
        assertThat(shop.statuses())
                .isEqualTo(
                        Map.of(
                                "model.shop.a", "success",
                                "model.shop.b", "error",
                                "model.shop.c", "success"));
    }

    @Test
    void aModelWithoutASchemaFailsAlone() {
        shop.put(
                "macros/schema.sql",
                "{% macro generate_schema_name(name, node) %}{{ return(none if node.name == 'b' else 'main') }}{% endmacro %}");
        shop.put("models/b.sql", "select 1 as id");
        assertThat(dbt("run")).as(console()).isEqualTo(1);
        assertThat(shop.statuses())
                .isEqualTo(Map.of("model.shop.a", "success", "model.shop.b", "error"));
        assertThat(console()).contains("gives model 'b' no schema");
    }

    @Test
    void aVariableThatNobodySetIsNoPartOfAName() {
        shop.put(
                "macros/schema.sql",
                "{% macro generate_schema_name(name, node) %}{{ name ~ '_' ~ var('who') if name else 'main' }}{% endmacro %}");
        shop.put("models/b.sql", "{{ config(schema='gold') }} select 1 as id");
        assertThat(dbt("run", "--select", "a")).as(console()).isEqualTo(2);
        assertThat(console()).contains("macros/schema.sql:1:").contains("'who'");
        assertThat(dbt("run", "--vars", "who: me")).as(console()).isZero();
        assertThat(shop.rows("select * from gold_me.b")).containsExactly("1");
    }

    @Test
    void testsAreNamedByTheProjectsMacro() {
        shop.put(
                "macros/alias.sql",
                "{% macro generate_alias_name(name, node) %}{{ ('t_' if node.resource_type == 'test' else '') ~ (name or node.name) }}{% endmacro %}");
        shop.put("tests/plain.sql", "select 1 as x where false");
        shop.put("tests/named.sql", "{{ config(alias='nice') }} select 1 as x where false");
        shop.put(
                "models/all.yml",
                "models: [{name: a, columns: [{name: id, data_tests: [unique]}]}]");
        assertThat(
                        shop.listed(
                                "--resource-type",
                                "test",
                                "--output",
                                "json",
                                "--output-keys",
                                "alias"))
                .isEqualTo(
                        List.of(
                                "{\"alias\":\"t_nice\"}",
                                "{\"alias\":\"t_plain\"}",
                                "{\"alias\":\"t_unique_a_id\"}"));
    }

    @Test
    void aTestThatEndsWithASemicolonFails() {
        shop.put("tests/ended.sql", "select 1 as x where false;\n");
        assertThat(dbt("build")).as(console()).isEqualTo(1);
        assertThat(shop.statuses()).containsEntry("test.shop.ended", "error");
    }

    @Test
    void aUnitTestFailsOnceHoweverManyRowsDiffer() {
        shop.put("models/b.sql", "select id from {{ ref('a') }}");
        shop.put(
                "models/unit.yml",
                """
                unit_tests:
                  - name: differs
                    model: b
                    given: [{input: ref('a'), rows: [{id: 1}, {id: 2}]}]
                    expect: {rows: [{id: 3}, {id: 4}]}
                """);
        assertThat(dbt("test")).as(console()).isEqualTo(1);
        assertThat(
                        DbtFolder.map(
                                DbtFolder.list(shop.artifact("run_results.json").get("results"))
                                        .getFirst()))
                .containsEntry("status", "fail")
                .containsEntry("failures", 1)
                .hasEntrySatisfying(
                        "message",
                        m ->
                                assertThat(String.valueOf(m).lines())
                                        .containsExactlyInAnyOrder(
                                                "actual differs from expected:",
                                                "",
                                                "@@ ,id",
                                                "---,3",
                                                "---,4",
                                                "+++,1",
                                                "+++,2"));
        assertThat(console()).contains("FAIL 1 b::differs").contains("  ---,3");
    }

    @Test
    void aSourceHasNoTestsOfItsOwn() {
        shop.put(
                "models/all.yml",
                "sources: [{name: raw, data_tests: [unique], tables: [{name: t}]}]");
        assertThat(dbt("parse")).as(console()).isEqualTo(2);
        assertThat(console()).contains("data_tests");
    }

    @Test
    void aWarningOfAnOperationCanBeAnError() {
        shop.put(
                "macros/m.sql", "{% macro m() %}{% do exceptions.warn('careful') %}{% endmacro %}");
        assertThat(dbt("run-operation", "m")).as(console()).isZero();
        assertThat(dbt("--warn-error", "run-operation", "m")).as(console()).isEqualTo(1);
        assertThat(dbt("run-operation", "m", "--args", "[1]")).isEqualTo(2);
        assertThat(console()).contains("--args takes names and values");
    }

    @Test
    void aContractWithoutATypeFailsItsModelAlone() {
        shop.put(
                "models/c.sql", "{{ config(contract={'enforced': true}) }} select 1 as id, 2 as n");
        shop.put(
                "models/c.yml",
                "models: [{name: c, columns: [{name: id}, {name: n, data_type: int}]}]");
        assertThat(dbt("parse")).as(console()).isZero();
        assertThat(dbt("run")).as(console()).isEqualTo(1);
        assertThat(shop.statuses())
                .isEqualTo(Map.of("model.shop.a", "success", "model.shop.c", "error"));
        assertThat(console())
                .contains(
                        "The contract of model 'c' is enforced, so column 'id' needs a data_type");
    }

    @Test
    void aContractThatCannotBeKeptIsRefused() {
        shop.put("models/c.sql", "select 1 as id, 2 as n");
        String model =
                "models: [{name: c, %s, columns: [{name: id, data_type: int, constraints: [{type: primary_key}]}, {name: n, data_type: int%s}]}]";
        String enforced = "config: {contract: {enforced: true}, materialized: %s}";
        shop.put(
                "models/c.yml",
                model.formatted(
                        enforced.formatted("table"), ", constraints: [{type: primary_key}]"));
        assertThat(dbt("parse")).isEqualTo(2);
        assertThat(console()).contains("Model 'c' has more than one primary key.");
        shop.put(
                "models/c.yml",
                model.formatted(
                        enforced.formatted("table")
                                + ", constraints: [{type: primary_key, columns: [n]}]",
                        ""));
        assertThat(dbt("parse")).isEqualTo(2);
        assertThat(console()).contains("Model 'c' has more than one primary key.");
        shop.put("models/c.yml", model.formatted(enforced.formatted("incremental"), ""));
        assertThat(dbt("parse")).isEqualTo(2);
        assertThat(console())
                .contains(
                        "Incremental model 'c' has a contract, so on_schema_change is"
                                + " 'append_new_columns' or 'fail', not 'ignore'.");
        shop.put(
                "models/c.yml",
                model.formatted(
                        "config: {contract: {enforced: true}, materialized: incremental,"
                                + " on_schema_change: fail}",
                        ""));
        assertThat(dbt("run")).as(console()).isZero();
    }

    @Test
    void aUnitTestIsSkippedWithItsModel() {
        shop.put("models/b.sql", "select id from {{ ref('a') }}");
        shop.put(
                "models/p.yml",
                """
                models:
                  - name: a
                    columns: [{name: id, data_tests: [{accepted_values: {values: [5]}}]}]
                unit_tests:
                  - name: ut
                    model: b
                    given: [{input: ref('a'), rows: [{id: 1}]}]
                    expect: {rows: [{id: 1}]}
                """);
        assertThat(dbt("build")).as(console()).isEqualTo(1);
        assertThat(shop.statuses())
                .containsEntry("model.shop.a", "success")
                .containsEntry("unit_test.shop.b.ut", "skipped")
                .containsEntry("model.shop.b", "skipped");

        shop.put("models/a.sql", "select nope as id");
        assertThat(dbt("build")).as(console()).isEqualTo(1);
        assertThat(shop.statuses())
                .containsEntry("model.shop.a", "error")
                .containsEntry("unit_test.shop.b.ut", "skipped");
        // Its rows have the types of the table that is there.
        assertThat(dbt("test", "--select", "ut")).as(console()).isZero();
    }

    @Test
    void filesWithNothingInThemAreListedAndNotBuilt() {
        shop.put("models/empty.sql", "").put("models/blank.sql", " \n").put("tests/t.sql", "");
        assertThat(dbt("build")).as(console()).isZero();
        assertThat(shop.statuses()).isEqualTo(Map.of("model.shop.a", "success"));
        assertThat(shop.listed()).containsExactly("shop.a", "shop.blank", "shop.empty", "shop.t");
        assertThat(shop.listed("--select", "empty", "a")).containsExactly("shop.a", "shop.empty");

        shop.put("models/b.sql", "select * from {{ ref('empty') }}");
        shop.put("models/c.sql", "-- nothing");
        shop.put("seeds/s.csv", "");
        assertThat(dbt("build")).as(console()).isEqualTo(1);
        assertThat(shop.statuses())
                .isEqualTo(
                        Map.of(
                                "model.shop.a", "success",
                                "model.shop.b", "error",
                                "model.shop.c", "error",
                                "seed.shop.s", "error"));
        assertThat(console())
                .contains("main.empty does not exist yet")
                .contains("Seed 's' is an empty file.");
    }

    @Test
    void hooksAreSaidOnceAndSeedsReadNothing() {
        shop.put("models/b.sql", "{{ config({'pre_hook': 'x', 'pre-hook': 'y'}) }} select 1 as id");
        assertThat(dbt("parse")).isEqualTo(2);
        assertThat(console()).contains("models/b.sql:1:", "either pre_hook or pre-hook, not both");
        shop.put("models/b.sql", "select 1 as id");
        shop.put("seeds/s.csv", "id\n1\n");
        String hook = "seeds: [{name: s, config: {post_hook: \"update %s set id = 2\"}}]";
        shop.put("seeds/p.yml", hook.formatted("{{ ref('a') }}"));
        assertThat(dbt("parse")).isEqualTo(2);
        assertThat(console())
                .contains("A hook of seed 's' refers to another node. Seeds cannot depend");
        shop.put("seeds/p.yml", hook.formatted("{{ this }}"));
        assertThat(dbt("build")).as(console()).isZero();
        assertThat(shop.rows("select id from main.s")).containsExactly("2");
    }

    @Test
    void debugLooksAtTheProfileAndNotAtModels() {
        shop.put("profiles.yml", "shop: {outputs: {default: {type: duckdb}}}\n");
        shop.put("models/b.sql", "select * from {{ ref('gone') }}");
        assertThat(dbt("debug", "--connection")).as(console()).isZero();
        assertThat(dbt("debug", "--connection", "--profile", "none")).isEqualTo(1);
        assertThat(console()).contains("There is no profile 'none' here, but: shop.");
    }

    @Test
    void whatIsReadWithoutARefIsReadAnewWhenItChanged() {
        assertThat(shop.console().run("sql", "create table main.t as select 1 as id")).isZero();
        shop.put("models/b.sql", "{{ config(materialized='table') }} select * from main.t");
        shop.put("models/v.sql", "{{ config(materialized='view') }} select * from main.t");
        shop.put("models/w.sql", "{{ config(materialized='table') }} select * from {{ ref('v') }}");
        shop.put("tests/few.sql", "select * from main.t where id > 1");
        assertThat(dbt("build")).as(console()).isZero();
        assertThat(dbt("build")).as(console()).isZero();
        assertThat(console()).contains("main.b", "OK created sql table model main.b");
        assertThat(messages()).containsEntry("model.shop.b", "same code, same inputs");

        assertThat(shop.console().run("sql", "insert into main.t values (2)")).isZero();
        assertThat(dbt("build")).as(console()).isEqualTo(1);
        assertThat(shop.statuses()).containsEntry("test.shop.few", "fail");
        assertThat(shop.rows("select count(*) from main.b")).containsExactly("2");
        assertThat(shop.rows("select count(*) from main.w")).containsExactly("2");
    }

    @Test
    void whatStandsInThePlaceOfAViewIsReadAnewWhenItChanged() {
        shop.put("models/v.sql", "{{ config(materialized='view') }} select 1 as id");
        shop.put("models/w.sql", "{{ config(materialized='table') }} select * from {{ ref('v') }}");
        assertThat(shop.console().run("sql", "create table main.v as select 5 as id")).isZero();
        assertThat(dbt("run", "--select", "w")).as(console()).isZero();
        assertThat(shop.console().run("sql", "insert into main.v values (6)")).isZero();
        assertThat(dbt("run", "--select", "w")).as(console()).isZero();
        assertThat(shop.rows("select * from main.w order by id")).containsExactly("5", "6");

        assertThat(dbt("run")).as(console()).isZero();
        shop.put("models/v.sql", "{{ config(materialized='view') }} select 2 as id");
        assertThat(dbt("run", "--select", "w")).as(console()).isZero();
        assertThat(shop.rows("select * from main.w")).containsExactly("1");
        assertThat(dbt("run")).as(console()).isZero();
        assertThat(shop.rows("select * from main.w")).containsExactly("2");
        assertThat(dbt("run")).as(console()).isZero();
        assertThat(messages()).containsEntry("model.shop.w", "same code, same inputs");
    }

    @Test
    void whatAsksForTheTimeOrReadsFilesIsBuiltEachTime() {
        shop.put("data/x.csv", "id\n1\n");
        Path file = shop.path("data/x.csv");
        shop.put(
                "models/b.sql",
                "{{ config(materialized='table') }} from read_csv('%s')".formatted(file));
        shop.put("models/v.sql", "select * from '%s'".formatted(file));
        shop.put("models/w.sql", "{{ config(materialized='table') }} from {{ ref('v') }}");
        shop.put("models/t.sql", "{{ config(materialized='table') }} select now() as t, 1 as id");
        shop.put("tests/few.sql", "select * from {{ ref('a') }} where random() > 1");
        assertThat(dbt("build")).as(console()).isZero();
        String before = shop.rows("select t from main.t").getFirst();
        shop.put("data/x.csv", "id\n1\n2\n");
        assertThat(dbt("build")).as(console()).isZero();
        assertThat(shop.rows("select count(*) from main.b")).containsExactly("2");
        assertThat(shop.rows("select count(*) from main.w")).containsExactly("2");
        assertThat(shop.rows("select t from main.t").getFirst()).isNotEqualTo(before);
        assertThat(messages())
                .containsEntry("model.shop.a", "same code, same inputs")
                .containsEntry("test.shop.few", "null");
    }

    private Map<String, Object> messages() {
        Map<String, Object> messages = new java.util.HashMap<>();
        for (Object result : DbtFolder.list(shop.artifact("run_results.json").get("results"))) {
            Map<String, Object> one = DbtFolder.map(result);
            messages.put(String.valueOf(one.get("unique_id")), String.valueOf(one.get("message")));
        }
        return messages;
    }

    @Test
    void aConditionThatIsNoneIsAnErrorOfItsTest() {
        shop.put(
                "models/a.yml",
                "models: [{name: a, columns: [{name: id, data_tests: [{not_null: {config: {error_if: 'zz'}}}, unique]}]}]");
        assertThat(dbt("build")).as(console()).isEqualTo(1);
        assertThat(shop.statuses().values()).containsExactlyInAnyOrder("success", "error", "pass");
    }

    @Test
    void anArgumentThatATestDoesNotHaveFailsItAlone() {
        shop.put(
                "models/a.yml",
                "models: [{name: a, columns: [{name: id, data_tests: [{not_null: {nope: 1}}, {unique: {modle: 1}}]}, {name: v, data_tests: [not_null]}]}]");
        assertThat(dbt("parse")).as(console()).isZero();
        assertThat(dbt("build")).as(console()).isEqualTo(1);
        assertThat(shop.statuses().values())
                .containsExactlyInAnyOrder("success", "error", "error", "pass");
        assertThat(console())
                .contains(
                        "models/a.yml:1:55: Test 'not_null': macro 'not_null' takes no keyword argument 'nope'. [TEMPLATE_FAILED]");
    }

    @Test
    void aContractWithoutColumnsFailsItsModelAlone() {
        shop.put("models/b.sql", "{{ config(contract={'enforced': true}) }} select 1 as id");
        assertThat(dbt("build")).as(console()).isEqualTo(1);
        assertThat(shop.statuses())
                .isEqualTo(Map.of("model.shop.a", "success", "model.shop.b", "error"));
        assertThat(console())
                .contains("The contract of model 'b' is enforced, but no columns are declared.");
    }
}
