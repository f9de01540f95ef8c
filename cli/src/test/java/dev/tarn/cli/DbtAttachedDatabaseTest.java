package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases that a profile attaches: read as sources, and namespaces for what is built. */
final class DbtAttachedDatabaseTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
        shop.put("dbt_project.yml", "name: shop\nprofile: shop\n");
        shop.put(
                "profiles.yml",
                """
                shop:
                  target: dev
                  outputs:
                    dev:
                      type: duckdb
                      path: ':memory:'
                      attach:
                        - {path: 'data/other.duckdb'}
                        - {path: "{{ env_var('LITE', 'data/lite.db') }}", alias: lite, type: sqlite}
                """);
    }

    private void fill(String... statements) throws IOException, SQLException {
        Path file = shop.path("data/other.duckdb");
        Files.createDirectories(shop.path("data"));
        try (var connection = DriverManager.getConnection("jdbc:duckdb:" + file);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private void done(String... args) {
        assertThat(shop.dbt(args)).as(shop.console().out()).isZero();
    }

    @Test
    void theDatabaseOfTheProfileMayStandInFrontOfTables() {
        shop.put(
                "profiles.yml",
                "shop: {target: dev, outputs: {dev: {type: duckdb, path: data/home.duckdb}}}\n");
        shop.put(
                "models/a.sql",
                "{{ config(materialized='table') }} select 1 as id, {'x': 7} as home");
        shop.put(
                "models/b.sql",
                """
                -- depends_on: {{ ref('a') }}
                select home.home.x as x, '{{ target.path }}' as p, 'from home.main.a' as t
                from home.main.a as home join "Home"."main".a as o on home.id = o.id
                """);
        shop.put(
                "macros/ask.sql",
                "{% macro ask() %}{% do log(run_query('select count(*) from home.main.a').rows[0][0] ~ ' there', true) %}{% endmacro %}");
        done("run");
        assertThat(shop.rows("select x, p, t from main.b"))
                .containsExactly("7,data/home.duckdb,from home.main.a");
        done("run-operation", "ask");
        assertThat(shop.console().out()).contains("1 there");
    }

    @Test
    void relationsOfAnAttachedDatabaseAreFoundByItsName() {
        shop.put("models/a.sql", "{{ config(database='other') }} select 1 as id");
        shop.put("models/c.sql", "select 2 as id");
        shop.put(
                "macros/ask.sql",
                """
                {% macro ask() %}
                  {% for d, n in [('other', 'a'), ('other', 'c'), (target.database, 'c'), (target.database, 'a')] %}
                    {% do log(d ~ ' ' ~ n ~ ' ' ~ (adapter.get_relation(database=d, schema='main', identifier=n) or 'none'), true) %}
                  {% endfor %}
                {% endmacro %}
                """);
        done("run");
        done("run-operation", "ask");
        assertThat(shop.console().out())
                .contains("other a other_main.a", "other c none", "tarn c main.c", "tarn a none");
    }

    @Test
    void tablesOfAnotherDatabaseAreSources() throws Exception {
        fill(
                "create table t as select 1 as id, 'a' as w",
                "create schema s",
                "create table s.u as select 7 as n");
        shop.put(
                "models/s.yml",
                """
                sources:
                  - {name: raw, database: other, schema: main, tables: [{name: t}, {name: gone}]}
                  - {name: more, database: OTHER, schema: s, tables: [{name: v, identifier: u}]}
                """);
        shop.put("models/t.sql", "select id + 1 as id, w from {{ source('raw', 't') }}");
        shop.put(
                "models/n.sql",
                "select n, '{{ source('more', 'v').database }}' as d from {{ source('more', 'v') }}");
        done("build");
        assertThat(shop.rows("select id, w from main.t")).containsExactly("2,a");
        assertThat(shop.rows("select n, d from main.n")).containsExactly("7,other");

        fill("insert into t values (5, 'b')");
        done("build");
        assertThat(shop.rows("select id, w from main.t order by id")).containsExactly("2,a", "6,b");
        shop.put("models/m.sql", "select wrong from {{ source('raw', 't') }}");
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(shop.console().out())
                .contains("models/m.sql:1:8: Column 'wrong' does not exist");
        Object source =
                DbtFolder.map(shop.artifact("manifest.json").get("sources"))
                        .get("source.shop.raw.t");
        assertThat(DbtFolder.map(source))
                .containsEntry("database", "other")
                .containsEntry("relation_name", "\"other\".\"other_main\".\"t\"");
    }

    @Test
    void whatIsBuiltForAnotherDatabaseHasSchemasOfItsOwn() throws Exception {
        Files.createDirectories(shop.path("data"));
        shop.put("models/here/a.sql", "{{ config(alias='same') }} select 1 as id");
        shop.put(
                "models/there/b.sql",
                "{{ config(alias='same', database='other') }} select id + 1 as id from {{ ref('a') }}");
        shop.put("models/c.sql", "select id, '{{ ref('b').database }}' as d from {{ ref('b') }}");
        shop.put(
                "macros/names.sql",
                "{% macro generate_database_name(custom, node) %}{{ custom or ('lite' if node.name == 'd' else target.database) }}{% endmacro %}");
        shop.put("models/d.sql", "{{ config(materialized='table') }} select 4 as id");
        done("build");
        assertThat(shop.rows("select id from main.same")).containsExactly("1");
        assertThat(shop.rows("select id from other_main.same")).containsExactly("2");
        assertThat(shop.rows("select id, d from main.c")).containsExactly("2,other");
        assertThat(shop.rows("select id from lite_main.d")).containsExactly("4");
        assertThat(shop.path("data/other.duckdb")).doesNotExist();
    }

    @Test
    void whatCannotBeAttachedIsToldToWhoeverReadsIt() {
        shop.put(
                "models/s.yml",
                """
                sources:
                  - {name: raw, database: other, schema: main, tables: [{name: t}]}
                  - {name: old, database: lite, schema: main, tables: [{name: t}]}
                """);
        shop.put("models/a.sql", "select 1 as id");
        done("build", "--select", "a");
        shop.put("models/b.sql", "select * from {{ source('raw', 't') }}");
        shop.put("models/c.sql", "select * from {{ source('old', 't') }}");
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(shop.console().out())
                .contains(
                        "models/s.yml:2:64: The profile attaches data/other.duckdb, which is no"
                                + " file. Paths are relative to the project. [FILE_MISSING]")
                .contains(
                        "models/s.yml:3:63: The profile attaches data/lite.db as a database of type"
                                + " 'sqlite'; only files of DuckDB are read that way. Give the"
                                + " source an 'ingest' block with a connector for sqlite instead."
                                + " [UNSUPPORTED]");
    }
}
