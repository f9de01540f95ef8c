package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.run.RunStatus;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements around nodes and runs: part of the run's transaction. */
final class HooksTest {
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

    private void project(String more) {
        shop.put(
                "dbt_project.yml",
                "name: shop\nversion: '1.0'\nmodels: {shop: {+materialized: table}}\n" + more);
    }

    private RunReport build() {
        RunReport report = shop.build();
        assertThat(Workshop.told(report.problems())).isEmpty();
        return report;
    }

    @Test
    void statementsRunBeforeAndAfterANode() {
        project("on-run-start: ['create table if not exists main.log (who varchar, n integer)']\n");
        shop.put(
                "models/a.sql",
                """
                {{ config(
                    pre_hook="insert into main.log values ('before', 1)",
                    post_hook=[
                        "insert into main.log (n, who) select count(*), '{{ this.identifier }}' from {{ this }}",
                        {"sql": "delete from {{ this }} where id = 2", "transaction": false},
                        "grant select on {{ this }} to somebody"]) }}
                select 1 as id union all select 2
                """);
        build();

        assertThat(shop.rows("select who, n from main.log order by n"))
                .containsExactly("before|1", "a|2");
        assertThat(shop.rows("select id from main.a")).containsExactly("1");
    }

    @Test
    void tablesThatHooksMakeForAWhileAreGoneAfterwards() {
        project(
                """
                on-run-start:
                  - "create temporary table main.s as select 1 as id; create table main.kept as from main.s"
                """);
        shop.put(
                "models/a.sql",
                """
                {{ config(
                    pre_hook="create temporary table main.h as select 7 as id",
                    post_hook="create table main.after as select id + 1 as id from main.h") }}
                select 1 as id
                """);
        build();

        assertThat(shop.rows("select id from main.kept")).containsExactly("1");
        assertThat(shop.rows("select id from main.after")).containsExactly("8");
        assertThat(shop.tarn().tableNames(dev.tarn.app.At.MAIN).stream().map(n -> n.table()))
                .containsExactlyInAnyOrder("a", "after", "kept");
    }

    @Test
    void theEndOfARunKnowsItsResults() {
        project(
                """
                on-run-end:
                  - "create or replace table main.audit as select '' as node, '' as status where false"
                  - "{% for r in results %}insert into main.audit values ('{{ r.node.name }}', '{{ r.status }}');{% endfor %}"
                """);
        shop.put("models/a.sql", "select 1 as id");
        shop.put("models/b.sql", "select * from {{ ref('a') }}");
        build();

        assertThat(shop.rows("select * from main.audit order by all"))
                .containsExactly("a|success", "b|success");
    }

    @Test
    void everyKindOfStatementIsExecutedOnTheRef() {
        project(
                """
                on-run-end: |
                  create schema if not exists x;
                  create table x.t as select 1 as id, 'a;b' as word union all select 2, 'c';
                  update x.t set word = upper(word), id = id * 10 where id = 1;
                  alter table x.t add column more bigint;
                  alter table x.t rename column word to text;
                  insert into x.t by name select 3 as id, 7 as more;
                  create view x.v as select count(*) as n from x.t;
                  create table x.gone (id integer primary key, name varchar(20) not null);
                  drop table x.gone;
                  drop table if exists x.gone;
                  alter table x.t rename to u; -- a comment
                  create or replace view x.v as select count(*) as n from x.u;
                  truncate table x.none_of_this_if_it_existed_not
                """
                        .replace("  truncate table x.none_of_this_if_it_existed_not\n", ""));
        shop.put("models/a.sql", "select 1 as id");
        build();

        assertThat(shop.rows("select * from x.u order by id"))
                .containsExactly("2|c|null", "3|null|7", "10|A;B|null");
        assertThat(shop.rows("select n from x.v")).containsExactly("3");
    }

    @Test
    void aHookThatFailsFailsItsNodeAndPublishesNothing() {
        project("");
        shop.put(
                "models/a.sql",
                "{{ config(post_hook='delete from main.nowhere') }} select 1 as id");
        RunReport report = shop.build();
        assertThat(report.run().status()).isEqualTo(RunStatus.FAILED);
        assertThat(Workshop.told(report.problems()))
                .isEqualTo(
                        "models/a.sql:1:4: There is no table or view main.nowhere. `tarn tables` lists"
                                + " what there is. [TABLE_NOT_FOUND]");
        assertThat(shop.tarn().tables(dev.tarn.app.At.MAIN)).isEmpty();
    }

    @Test
    void whatCannotBeHonouredIsRefused() {
        project("on-run-start: \"copy main.a to 'x.csv'\"\n");
        shop.put("models/a.sql", "select 1 as id");
        assertThat(Workshop.told(shop.build().problems()))
                .isEqualTo(
                        "dbt_project.yml:4:15: 'copy' begins no statement that can be executed. Files are written by models with materialized='external'. What"
                                + " can: select, insert, update, delete, merge, truncate, create,"
                                + " alter, comment, drop, undrop, rename, refresh. [UNSUPPORTED]");
    }

    @Test
    void hooksOfNodesThatRunAtTheSameTimeMayChangeOneTable() {
        project("on-run-start: ['create or replace table main.log (who varchar)']\n");
        for (int i = 0; i < 8; i++) {
            shop.put(
                    "models/m" + i + ".sql",
                    "{{ config(pre_hook=\"insert into main.log values ('{{ model.name }}')\","
                            + " post_hook=\"update main.log set who = upper(who) where who = '{{ this.name }}'\") }}"
                            + " select 1 as id");
        }
        build();
        assertThat(shop.rows("select who from main.log order by who"))
                .containsExactly("M0", "M1", "M2", "M3", "M4", "M5", "M6", "M7");
    }

    @Test
    void eachHookSeesWhatTheOneBeforeItDid() {
        String counted =
                "{% if execute %}insert into main.log select {{ run_query('select count(*) as n from main.log').columns[0].values()[0] }}, 'WHEN'{% endif %}";
        project(
                """
                on-run-start:
                  - create or replace table main.log (n integer, w varchar)
                  - insert into main.log values (7, 'first')
                  - "%s"
                on-run-end: ["%s"]
                """
                        .formatted(
                                counted.replace("WHEN", "start"), counted.replace("WHEN", "end")));
        shop.put(
                "models/a.sql",
                "{{ config(post_hook=[\"insert into main.log values (8, 'plain')\", \"%s\"]) }} select 1 as id"
                        .formatted(counted.replace("WHEN", "node")));
        build();
        assertThat(shop.rows("select n, w from main.log order by n"))
                .containsExactly("1|start", "3|node", "4|end", "7|first", "8|plain");
    }

    @Test
    void nothingIsDoneAroundAnEphemeralModelAndItIsNoResult() {
        project(
                """
                on-run-start: ['create or replace table main.log (w varchar)']
                on-run-end:
                  - insert into main.log values ('{{ results | length }} {{ database_schemas[0][1] }}')
                """);
        shop.put(
                "models/e.sql",
                "{{ config(materialized='ephemeral', pre_hook=\"insert into main.log values ('no')\") }} select 1 as id");
        shop.put("models/a.sql", "select * from {{ ref('e') }}");
        build();
        assertThat(shop.rows("select w from main.log")).containsExactly("1 main");
    }

    @Test
    void aRunEndsWithTheSchemasInWhichSomethingWasBuilt() {
        project(
                """
                data_tests: {shop: {+store_failures: true, +schema: kept, +severity: warn}}
                on-run-end:
                  - "create table main.ended as select '{{ schemas | sort | join(',') }}' as s"
                """);
        shop.put("models/a.sql", "{{ config(schema='good') }} select null::int as id");
        shop.put(
                "models/a.yml",
                "models: [{name: a, columns: [{name: id, data_tests: [not_null]}]}]");
        build();
        assertThat(shop.rows("select s from main.ended")).containsExactly("main_good,main_kept");
    }
}
