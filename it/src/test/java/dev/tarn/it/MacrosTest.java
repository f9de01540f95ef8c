package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.run.RunStatus;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The macros that packages call the same way in every database, run for their values. */
class MacrosTest {
    @TempDir Path root;

    /** Every line is a condition; those that do not hold are returned. */
    private String broken(String conditions) {
        StringBuilder sql = new StringBuilder();
        int line = 0;
        for (String condition : conditions.strip().split("\n")) {
            sql.append(sql.isEmpty() ? "" : "\nunion all\n")
                    .append("select %d as line, %s as holds".formatted(++line, condition.strip()));
        }
        try (Workshop shop = new Workshop(root)) {
            shop.put("models/conditions.sql", sql.toString());
            RunReport report = shop.build();
            assertThat(report.problems()).isEmpty();
            return String.join(
                    "\n",
                    shop.rows("select line from conditions where holds is not true order by line"));
        }
    }

    @Test
    void datesMoveAndCompare() {
        assertThat(
                        broken(
                                """
                                {{ dateadd('day', 10, "cast('2018-01-01' as timestamp)") }} = timestamp '2018-01-11'
                                {{ dateadd('month', -1, "'2018-03-31'") }} = timestamp '2018-02-28'
                                {{ dbt.dateadd('year', 1, "date '2020-02-29'") }} = date '2021-02-28'
                                {{ dateadd('day', 1, 'cast(null as timestamp)') }} is null
                                {{ datediff("'2018-01-01'", "'2018-01-02'", 'day') }} = 1
                                {{ datediff("'2018-01-02'", "'2018-01-01'", 'month') }} = 0
                                {{ datediff("'2018-12-31'", "'2019-01-01'", 'year') }} = 1
                                {{ datediff("'2018-01-01 01:59:59'", "'2018-01-01 02:00:01'", 'hour') }} = 1
                                {{ datediff("'2019-12-30'", "'2020-01-02'", 'week') }} = 0
                                {{ datediff("'2019-12-31'", "'2019-12-27'", 'week') }} = -1
                                {{ datediff("'2020-01-04'", "'2020-01-05'", 'week') }} = 1
                                {{ datediff("'2020-01-05'", "'2020-01-11 23:00:00'", 'WEEK') }} = 0
                                {{ datediff("'2020-01-15'", "'2020-01-01'", 'week') }} = -2
                                {{ date_trunc('month', "timestamp '2018-05-17 10:00:00'") }} = date '2018-05-01'
                                {{ date_trunc('day', "'2018-05-17 10:00:00'") }} = timestamp '2018-05-17'
                                {{ last_day("date '2018-02-03'", 'month') }} = date '2018-02-28'
                                {{ last_day("date '2018-02-03'", 'quarter') }} = date '2018-03-31'
                                {{ last_day("date '2018-02-03'", 'year') }} = date '2018-12-31'
                                {{ dbt.date(2023, 9, 4) }} = date '2023-09-04'
                                {{ dbt.get_powers_of_two(1024) }} = 10
                                {{ dbt.get_intervals_between("'2020-01-01'", "'2020-01-11'", 'day') }} = 10
                                (select count(*) from ({{ dbt.date_spine('day', "'2023-09-01'", "'2023-09-10'") }})) = 9
                                (select max(generated_number) from ({{ dbt.generate_series(10) }})) = 10
                                {{ dbt.current_timestamp() }} > timestamp '2020-01-01'
                                {{ dates_in_range('20200130', '20200201') | length }} = 3
                                '{{ partition_range('20200101, 20200102') | join(';') }}' = '20200101;20200102'
                                """))
                .isEmpty();
    }

    @Test
    void textsAreTakenApartAndPutTogether() {
        assertThat(
                        broken(
                                """
                                {{ dbt.concat(["'a'", "'b'"]) }} = 'ab'
                                {{ dbt.hash("'ab'") }} = '187ef4436122d1cc2f40dc2b92f0eba0'
                                {{ length("'abcdef'") }} = 6
                                {{ position("'def'", "'abcdef'") }} = 4
                                {{ replace("'google.com'", "'.com'", "'.eu'") }} = 'google.eu'
                                {{ right("'December'", 3) }} = 'ber'
                                {{ dbt.right("'fishtown'", 0) }} = ''
                                {{ split_part("'a|b|c'", "'|'", 2) }} = 'b'
                                {{ split_part("'a|b|c'", "'|'", -1) }} = 'c'
                                {{ split_part("'a|b|c'", "'|'", 4) }} is null
                                {{ string_literal('my_string') }} = 'my_string'
                                '{{ escape_single_quotes("they're") }}' = 'they''re'
                                {{ safe_cast("'12'", type_int()) }} = 12
                                {{ safe_cast("'x'", dbt.type_int()) }} is null
                                {{ dbt.cast("'2020-01-01'", 'date') }} = date '2020-01-01'
                                {{ cast_bool_to_text('true') }} = 'true'
                                (select {{ listagg('x', "';'", 'order by x') }} from (values ('b'), ('a'), ('c')) as v(x)) = 'a;b;c'
                                (select {{ dbt.listagg('x', "','", 'order by x desc', 2) }} from (values ('b'), ('a'), ('c')) as v(x)) = 'c,b'
                                (select {{ any_value('x') }} from (values ('a'), ('a')) as v(x)) = 'a'
                                (select {{ bool_or('x') }} from (values (false), (true)) as v(x))
                                (select count(*) from (select 1 {{ except() }} select 1)) = 0
                                (select count(*) from (select 1 {{ intersect() }} select 1)) = 1
                                {{ array_construct([1, 2, 3]) }} = [1, 2, 3]
                                len({{ array_construct() }}) = 0
                                {{ array_append(array_construct([1]), 2) }} = [1, 2]
                                {{ array_concat(array_construct([1]), array_construct([2])) }} = [1, 2]
                                ({{ dbt.equals('null', 'null') }}) and not ({{ dbt.equals('null', '1') }})
                                typeof(cast(1 as {{ type_bigint() }})) = 'BIGINT'
                                typeof(cast(1 as {{ type_string() }})) = 'VARCHAR'
                                typeof(cast(1 as {{ type_numeric() }})) = 'DECIMAL(28,6)'
                                typeof(cast(1 as {{ dbt.type_float() }})) = 'FLOAT'
                                typeof(cast(1 as {{ type_boolean() }})) = 'BOOLEAN'
                                typeof({{ dbt.current_timestamp() }}::{{ type_timestamp() }}) = 'TIMESTAMP'
                                """))
                .isEmpty();
    }

    @Test
    void projectsReplaceMacrosByTheirOwn() {
        try (Workshop shop = new Workshop(root)) {
            shop.put(
                            "macros/own.sql",
                            "{% macro default__hash(field) %}'#' || {{ field }}{% endmacro %}")
                    .put("models/hashed.sql", "select {{ dbt.hash(\"'a'\") }} as h");
            assertThat(shop.build().run().status()).isEqualTo(RunStatus.PUBLISHED);
            assertThat(shop.rows("from hashed")).containsExactly("#a");
        }
    }

    @Test
    void whatTheAdapterIsAskedAProjectMayAnswer() {
        try (Workshop shop = new Workshop(root)) {
            shop.put("seeds/people.csv", "id,name\n1,Ann\n")
                    .put(
                            "models/asked.sql",
                            "select '{{ adapter.get_columns_in_relation(ref('people')) | map(attribute='name') | join(',') }}' as answer")
                    .put(
                            "macros/own.sql",
                            """
                            {% macro duckdb__get_columns_in_relation(relation) %}
                                {{ return(default__get_columns_in_relation(relation) | rejectattr('name', 'equalto', 'id') | list) }}
                            {% endmacro %}
                            """);
            assertThat(shop.build().problems()).isEmpty();
            assertThat(shop.rows("from asked")).containsExactly("name");
            shop.put(
                    "macros/own.sql",
                    """
                    {% macro get_columns_in_relation(relation) %}
                        {{ return([{'name': 'mine'}] + adapter.get_columns_in_relation(relation)) }}
                    {% endmacro %}
                    """);
            assertThat(shop.build().problems()).isEmpty();
            assertThat(shop.rows("from asked")).containsExactly("mine,id,name");
        }
    }

    @Test
    void statementsForOtherMaterializationsAreInTheHouseDialect() {
        try (Workshop shop = new Workshop(root)) {
            shop.put("seeds/people.csv", "id,name\n1,Ann\n")
                    .put(
                            "models/texts.sql",
                            """
                            -- depends_on: {{ ref('people') }}
                            {%- set columns = adapter.get_columns_in_relation(ref('people')) %}
                            select
                                $${{ get_merge_sql(this, 'new_rows', 'id', columns) }}$$ as merging,
                                $${{ get_delete_insert_merge_sql(this, 'new_rows', ['id'], columns, none) }}$$ as replacing,
                                $${{ create_table_as(true, make_temp_relation(this), 'select 1') }}$$ as making,
                                $${{ get_test_sql('select 1', 'count(*)', '!= 0', '>10', 5) }}$$ as testing,
                                $${{ get_show_grant_sql(this) }}$$ as granting
                            """);
            assertThat(shop.build().problems()).isEmpty();
            assertThat(
                            shop.rows(
                                    "select trim(regexp_replace(merging, '\\s+', ' ', 'g')) from texts"))
                    .containsExactly(
                            "merge into main.texts as DBT_INTERNAL_DEST using new_rows as DBT_INTERNAL_SOURCE"
                                    + " on (DBT_INTERNAL_SOURCE.id = DBT_INTERNAL_DEST.id) when matched then"
                                    + " update set \"id\" = DBT_INTERNAL_SOURCE.\"id\", \"name\" ="
                                    + " DBT_INTERNAL_SOURCE.\"name\" when not matched then insert (\"id\","
                                    + " \"name\") values (\"id\", \"name\")");
            assertThat(
                            shop.rows(
                                    "select trim(regexp_replace(making, '\\s+', ' ', 'g')) from texts"))
                    .containsExactly("create temporary table main.texts__dbt_tmp as ( select 1 )");
        }
    }
}
