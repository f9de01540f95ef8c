package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.BuildOptions;
import dev.tarn.app.BuildRequest;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Templates that look at data see what the same run has made before them. */
class LateModelsTest {
    @TempDir Path root;

    private static final String PIVOT =
            """
            {%- set kinds = run_query('select distinct kind from ' ~ ref('items') ~ ' order by kind') -%}
            select
            {%- for kind in kinds.columns[0].values() if execute %}
                count(*) filter (where kind = '{{ kind }}') as {{ kind }}{{ ',' if not loop.last }}
            {%- endfor %}
            from {{ ref('items') }}
            """;

    @Test
    void columnsAndValuesOfTheSameRunAreSeen() {
        try (Workshop shop = new Workshop(root)) {
            shop.put("seeds/items.csv", "id,kind\n1,book\n2,pen\n3,book\n")
                    .put(
                            "models/starred.sql",
                            """
                            select
                            {%- for column in adapter.get_columns_in_relation(ref('items')) %}
                                {{ column.quoted }} as {{ column.name }}_of_item{{ ',' if not loop.last }}
                            {%- endfor %}
                            from {{ ref('items') }}
                            """)
                    .put("models/pivoted.sql", PIVOT)
                    .put("models/reader.sql", "select book + pen as n from {{ ref('pivoted') }}")
                    .put(
                            "tests/same.sql",
                            "{% if execute %}{% set n = run_query('select n from ' ~ ref('reader'))"
                                    + ".rows[0][0] %}{% endif %}select 1 where {{ n or 0 }} != 3"
                                    + " -- {{ ref('reader') }}");
            RunReport report = shop.build();
            assertThat(report.problems()).isEmpty();
            assertThat(report.run().status()).isEqualTo(RunStatus.PUBLISHED);
            assertThat(shop.rows("select id_of_item, kind_of_item from starred order by 1"))
                    .containsExactly("1|book", "2|pen", "3|book");
            assertThat(shop.rows("select book, pen from pivoted")).containsExactly("2|1");
            shop.put("seeds/items.csv", "id,kind\n1,book\n2,pen\n3,ink\n4,pen\n");
            assertThat(shop.build().problems()).isEmpty();
            assertThat(shop.rows("select book, ink, pen from pivoted")).containsExactly("1|1|2");
        }
    }

    @Test
    void anUnchangedLateModelIsNotBuiltAgain() {
        try (Workshop shop = new Workshop(root)) {
            shop.put("seeds/items.csv", "id,kind\n1,book\n").put("models/pivoted.sql", PIVOT);
            shop.build();
            assertThat(Workshop.outcome(shop.build()))
                    .containsEntry("model pivoted", TaskStatus.UNCHANGED.name());
        }
    }

    @Test
    void whatTheWarehouseHoldsIsListed() {
        try (Workshop shop = new Workshop(root)) {
            shop.put("seeds/items.csv", "id,kind\n1,book\n")
                    .put(
                            "models/listed.sql",
                            """
                            -- {{ ref('items') }}
                            select table_name, column_name, data_type
                            from {{ target.database }}.information_schema.columns
                            where table_schema = '{{ target.schema }}' and table_name = 'items'
                            """)
                    .put(
                            "models/asked.sql",
                            """
                            -- {{ ref('items') }}
                            {% set there = load_relation(ref('items')) %}
                            {% set missing = adapter.get_relation(target.database, 'main', 'nothing') %}
                            select '{{ there }} {{ there.is_table }} {{ missing is none }}' as answer
                            """);
            assertThat(shop.build().problems()).isEmpty();
            assertThat(shop.rows("from listed order by column_name"))
                    .containsExactly("items|id|INTEGER", "items|kind|VARCHAR");
            assertThat(shop.rows("from asked")).containsExactly("main.items True True");
        }
    }

    @Test
    void whatATemplateRefusesFailsItsNodeOnly() {
        try (Workshop shop = new Workshop(root)) {
            shop.put("models/good.sql", "select 1 as id")
                    .put(
                            "models/bad.sql",
                            "{% if execute %}{{ exceptions.raise_compiler_error('Not for this database') }}"
                                    + "{% endif %}select 1 as id")
                    .put("models/after.sql", "select * from {{ ref('bad') }}");
            RunReport report = shop.build();
            assertThat(Workshop.outcome(report))
                    .containsEntry("model good", "SUCCEEDED")
                    .containsEntry("model bad", "FAILED")
                    .containsEntry("model after", "SKIPPED");
            assertThat(Workshop.told(report.problems()))
                    .isEqualTo("models/bad.sql:1:31: Not for this database. [TEMPLATE_FAILED]");
        }
    }

    @Test
    void goingOnFailsWrongNodesOneByOne() {
        try (Workshop shop = new Workshop(root)) {
            shop.put("models/good.sql", "select 1 as id")
                    .put("models/wrong.sql", "select amout from {{ ref('good') }}")
                    .put("models/unknown.sql", "select {{ nothing.like_this }}");
            RunReport report =
                    shop.build(
                            BuildRequest.everything("build")
                                    .with(BuildOptions.NONE.withKeepGoing(true)));
            assertThat(Workshop.outcome(report))
                    .containsEntry("model good", "SUCCEEDED")
                    .containsEntry("model wrong", "FAILED")
                    .containsEntry("model unknown", "FAILED");
            assertThat(report.run().status()).isEqualTo(RunStatus.FAILED);
        }
    }

    @Test
    void hooksThatLookAtDataSeeTheirModel() {
        try (Workshop shop = new Workshop(root)) {
            shop.put(
                            "models/a.sql",
                            """
                            {{ config(post_hook="{{ remember(this) }}") }}
                            select 1 as id union all select 2
                            """)
                    .put(
                            "macros/remember.sql",
                            "{% macro remember(relation) %}{% set n = run_query('select count(*) from ' ~"
                                    + " relation).columns[0].values()[0] %}create table main.memory as"
                                    + " select {{ n }} as rows_seen{% endmacro %}");
            assertThat(shop.build().problems()).isEmpty();
            assertThat(shop.rows("from memory")).containsExactly("2");
        }
    }

    @Test
    void aSourceThatNobodyReadsMayBeMissing() {
        try (Workshop shop = new Workshop(root)) {
            shop.put("models/s.yml", "sources:\n  - name: raw\n    tables: [{name: items}]\n")
                    .put("models/a.sql", "select 1 as id -- {{ source('raw', 'items') }}")
                    .put("models/b.sql", "select * from {{ source('raw', 'items') }}");
            RunReport report = shop.build();
            assertThat(Workshop.outcome(report))
                    .containsEntry("model a", "SUCCEEDED")
                    .containsEntry("model b", "FAILED");
            assertThat(Workshop.told(report.problems()))
                    .isEqualTo(
                            "models/b.sql:1:1: raw.items does not exist yet, and 'b' reads it. Whoever"
                                    + " fills this source has to do so first. [TABLE_NOT_FOUND]");
        }
    }
}
