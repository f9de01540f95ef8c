{# What surrounds the SQL of tests. #}

{% macro get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) %}
    {{- adapter.dispatch('get_test_sql', 'dbt')(main_sql, fail_calc, warn_if, error_if, limit) -}}
{% endmacro %}

{% macro default__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) %}
select
    {{ fail_calc }} as failures,
    {{ fail_calc }} {{ warn_if }} as should_warn,
    {{ fail_calc }} {{ error_if }} as should_error
from (
{{ main_sql }}
{{ 'limit ' ~ limit if limit != none }}
) as dbt_internal_test
{% endmacro %}

{# How a test is judged, for macros of projects that do more than that around it. #}
{% materialization test, default %}
    {%- set relations = [] -%}
    {%- set rows_of = sql -%}
    {%- if should_store_failures() -%}
        {%- set kept = api.Relation.create(database=model.database, schema=model.schema, identifier=model.alias, type='table') -%}
        {%- do adapter.drop_relation(kept) if load_relation(kept) is not none -%}
        {%- call statement(auto_begin=true) -%}{{ create_table_as(false, kept, sql) }}{%- endcall -%}
        {%- do relations.append(kept) -%}
        {%- set rows_of = 'select * from ' ~ kept -%}
    {%- endif -%}
    {%- call statement('main', fetch_result=true) -%}
        {{ get_test_sql(rows_of, config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), config.get('limit')) }}
    {%- endcall -%}
    {{ return({'relations': relations}) }}
{% endmaterialization %}

{% macro should_store_failures() %}
    {%- set kept_as = config.get('store_failures_as') -%}
    {%- set asked = config.get('store_failures') -%}
    {%- if kept_as is not none -%}
        {{ return(kept_as | lower != 'ephemeral') }}
    {%- endif -%}
    {{ return(flags.STORE_FAILURES if asked is none else asked) }}
{% endmacro %}

{% macro get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) %}
    {{- adapter.dispatch('get_unit_test_sql', 'dbt')(main_sql, expected_fixture_sql, expected_column_names) -}}
{% endmacro %}

{% macro default__get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) %}
    {%- set names = expected_column_names | join(', ') -%}
with dbt_internal_unit_test_actual as (
    select {{ names }}, {{ string_literal('actual') }} as {{ adapter.quote('actual_or_expected') }}
    from (
{{ main_sql }}
    ) as made
),
dbt_internal_unit_test_expected as (
    select {{ names }}, {{ string_literal('expected') }} as {{ adapter.quote('actual_or_expected') }}
    from (
{{ expected_fixture_sql }}
    ) as wanted
)
select * from dbt_internal_unit_test_actual
union all
select * from dbt_internal_unit_test_expected
{% endmacro %}

{% macro get_fixture_sql(rows, column_name_to_data_types) %}
    {%- set types = column_name_to_data_types or {} -%}
    {%- set quoted = {} -%}
    {%- if not types -%}
        {%- for column in get_columns_for_unit_tests(this) -%}
            {%- do types.update({column.name | lower: column.data_type}) -%}
            {%- do quoted.update({column.name | lower: column.quoted}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if not types -%}
        {{ exceptions.raise_compiler_error("The columns of " ~ this ~ " are not known, so no rows can be made for the unit test.") }}
    {%- endif -%}
    {%- for row in rows or [none] %}
    {%- set given = format_row(row, types) if row is not none else {} -%}
    {%- set cells = [] -%}
    {%- for name in types -%}
        {%- do cells.append(given.get(name, safe_cast('null', types[name]) | trim) ~ ' as ' ~ quoted.get(name, name)) -%}
    {%- endfor %}
select {{ cells | join(', ') }}{{ ' limit 0' if row is none }}{{ '\nunion all' if not loop.last }}
    {%- endfor %}
{% endmacro %}

{% macro get_expected_sql(rows, column_name_to_data_types, column_name_to_quoted=none) %}
    {%- if not rows -%}select * from dbt_internal_unit_test_actual limit 0{%- endif -%}
    {%- for row in rows -%}
        {%- set cells = [] -%}
        {%- for name, value in format_row(row, column_name_to_data_types).items() -%}
            {%- do cells.append(value ~ ' as ' ~ (column_name_to_quoted or {}).get(name, name)) -%}
        {%- endfor %}
select {{ cells | join(', ') }}{{ '\nunion all' if not loop.last }}
    {%- endfor -%}
{% endmacro %}

{% macro format_row(row, column_name_to_data_types) %}
    {%- set formatted = {} -%}
    {%- for name, value in row.items() -%}
        {%- set key = name | lower -%}
        {%- if key not in column_name_to_data_types -%}
            {{ exceptions.raise_compiler_error("A unit test gives column '" ~ name ~ "', but there are only: " ~ column_name_to_data_types.keys() | join(', ')) }}
        {%- endif -%}
        {%- set literal = 'null' if value is none
            else string_literal(escape_single_quotes(value)) if value is string and not value is mapping
            else value -%}
        {%- do formatted.update({key: safe_cast(literal, column_name_to_data_types[key]) | trim}) -%}
    {%- endfor -%}
    {{ return(formatted) }}
{% endmacro %}

{% macro validate_fixture_rows(rows, row_number) %}
    {{- adapter.dispatch('validate_fixture_rows', 'dbt')(rows, row_number) -}}
{% endmacro %}

{% macro default__validate_fixture_rows(rows, row_number) %}{% endmacro %}
