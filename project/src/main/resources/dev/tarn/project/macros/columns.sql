{# Columns: of relations, of queries, and how those of a table change. #}

{% macro get_columns_in_relation(relation) %}
    {{ return(adapter.dispatch('get_columns_in_relation', 'dbt')(relation)) }}
{% endmacro %}

{% macro default__get_columns_in_relation(relation) %}
    {{ return(adapter.get_columns_in_relation(relation)) }}
{% endmacro %}

{% macro sql_convert_columns_in_relation(table) %}
    {%- set columns = [] -%}
    {%- for row in table -%}{%- do columns.append(api.Column(row[0], row[1])) -%}{%- endfor -%}
    {{ return(columns) }}
{% endmacro %}

{% macro get_columns_for_unit_tests(relation) %}
    {{ return(adapter.dispatch('get_columns_for_unit_tests', 'dbt')(relation)) }}
{% endmacro %}

{% macro default__get_columns_for_unit_tests(relation) %}
    {{ return(adapter.get_columns_in_relation(relation)) }}
{% endmacro %}

{% macro get_list_of_column_names(columns) %}
    {{ return(columns | map(attribute='name') | list) }}
{% endmacro %}

{% macro get_empty_subquery_sql(select_sql, select_sql_header=none) %}
    {{ return(adapter.dispatch('get_empty_subquery_sql', 'dbt')(select_sql, select_sql_header)) }}
{% endmacro %}

{% macro default__get_empty_subquery_sql(select_sql, select_sql_header=none) %}
    {{- select_sql_header if select_sql_header is not none }}
select * from (
{{ select_sql }}
) as no_rows
where false
limit 0
{% endmacro %}

{% macro get_empty_schema_sql(columns) %}
    {{ return(adapter.dispatch('get_empty_schema_sql', 'dbt')(columns)) }}
{% endmacro %}

{% macro default__get_empty_schema_sql(columns) %}
    {%- set casts = [] -%}
    {%- set untyped = [] -%}
    {%- for key in columns -%}
        {%- set column = columns[key] -%}
        {%- if not column['data_type'] -%}
            {%- do untyped.append(column['name']) -%}
        {%- else -%}
            {%- set shown = adapter.quote(column['name']) if column.get('quote') else column['name'] -%}
            {%- do casts.append(cast('null', column['data_type']) ~ ' as ' ~ shown) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if untyped -%}{{ exceptions.column_type_missing(column_names=untyped) }}{%- endif -%}
    select {{ casts | join(', ') }}
{% endmacro %}

{% macro get_column_schema_from_query(select_sql, select_sql_header=none) %}
    {{ return(adapter.get_column_schema_from_query(get_empty_subquery_sql(select_sql, select_sql_header))) }}
{% endmacro %}

{% macro get_columns_in_query(select_sql) %}
    {{ return(adapter.dispatch('get_columns_in_query', 'dbt')(select_sql)) }}
{% endmacro %}

{% macro default__get_columns_in_query(select_sql) %}
    {%- call statement('get_columns_in_query', fetch_result=true) -%}
        {{ get_empty_subquery_sql(select_sql) }}
    {%- endcall -%}
    {{ return(load_result('get_columns_in_query').table.columns | map(attribute='name') | list) }}
{% endmacro %}

{% macro alter_column_type(relation, column_name, new_column_type) %}
    {{ return(adapter.dispatch('alter_column_type', 'dbt')(relation, column_name, new_column_type)) }}
{% endmacro %}

{% macro default__alter_column_type(relation, column_name, new_column_type) %}
    {%- call statement('alter_column_type') -%}
        alter table {{ relation.render() }} alter column {{ adapter.quote(column_name) }} set data type {{ new_column_type }}
    {%- endcall -%}
{% endmacro %}

{% macro alter_relation_add_remove_columns(relation, add_columns=none, remove_columns=none) %}
    {{ return(adapter.dispatch('alter_relation_add_remove_columns', 'dbt')(relation, add_columns, remove_columns)) }}
{% endmacro %}

{% macro default__alter_relation_add_remove_columns(relation, add_columns, remove_columns) %}
    {%- for column in add_columns or [] -%}
        {%- do run_query('alter table ' ~ relation.render() ~ ' add column ' ~ column.quoted ~ ' ' ~ column.expanded_data_type) -%}
    {%- endfor -%}
    {%- for column in remove_columns or [] -%}
        {%- do run_query('alter table ' ~ relation.render() ~ ' drop column ' ~ column.quoted) -%}
    {%- endfor -%}
{% endmacro %}

{% macro create_columns(relation, columns) %}
    {{- adapter.dispatch('create_columns', 'dbt')(relation, columns) -}}
{% endmacro %}

{% macro default__create_columns(relation, columns) %}
    {%- do alter_relation_add_remove_columns(relation, add_columns=columns) -%}
{% endmacro %}

{% macro get_quoted_csv(column_names) %}
    {%- set quoted = [] -%}
    {%- for column in column_names -%}{%- do quoted.append(adapter.quote(column)) -%}{%- endfor -%}
    {{ return(quoted | join(', ')) }}
{% endmacro %}

{% macro diff_columns(source_columns, target_columns) %}
    {%- set known = target_columns | map(attribute='name') | list -%}
    {{ return(source_columns | rejectattr('name', 'in', known) | list) }}
{% endmacro %}

{% macro diff_column_data_types(source_columns, target_columns) %}
    {{ return(adapter.dispatch('diff_column_data_types', 'dbt')(source_columns, target_columns)) }}
{% endmacro %}

{% macro default__diff_column_data_types(source_columns, target_columns) %}
    {%- set changed = [] -%}
    {%- for new in source_columns -%}
        {%- for old in target_columns if old.name == new.name -%}
            {%- if new.expanded_data_type != old.expanded_data_type and not new.can_expand_to(other_column=old) -%}
                {%- do changed.append({'column_name': old.name, 'new_type': new.expanded_data_type}) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(changed) }}
{% endmacro %}

{# Contracts. #}

{% macro get_table_columns_and_constraints() %}
    {{- adapter.dispatch('get_table_columns_and_constraints', 'dbt')() -}}
{% endmacro %}

{% macro default__get_table_columns_and_constraints() %}
    {{ return(table_columns_and_constraints()) }}
{% endmacro %}

{% macro table_columns_and_constraints() %}
    {%- set parts = [] -%}
    {%- for key in model['columns'] -%}
        {%- set column = model['columns'][key] -%}
        {%- do parts.append((adapter.quote(column['name']) if column.get('quote') else column['name']) ~ ' ' ~ column['data_type']) -%}
    {%- endfor -%}
    ({{ parts | join(', ') }})
{% endmacro %}

{% macro get_assert_columns_equivalent(sql) %}
    {{- adapter.dispatch('get_assert_columns_equivalent', 'dbt')(sql) -}}
{% endmacro %}

{% macro default__get_assert_columns_equivalent(sql) %}
    {{ return(assert_columns_equivalent(sql)) }}
{% endmacro %}

{% macro assert_columns_equivalent(sql) %}
    {%- set found = get_column_schema_from_query(sql) -%}
    {%- set promised = get_column_schema_from_query(get_empty_schema_sql(model['columns'])) -%}
    {%- set has = format_columns(found) -%}
    {%- set wants = format_columns(promised) -%}
    {%- if has | map(attribute='formatted') | sort != wants | map(attribute='formatted') | sort -%}
        {%- do exceptions.raise_contract_error(wants | map(attribute='formatted') | join(', '), has | map(attribute='formatted') | join(', ')) -%}
    {%- endif -%}
{% endmacro %}

{% macro format_columns(columns) %}
    {%- set formatted = [] -%}
    {%- for column in columns -%}
        {%- do formatted.append(adapter.dispatch('format_column', 'dbt')(column)) -%}
    {%- endfor -%}
    {{ return(formatted) }}
{% endmacro %}

{% macro default__format_column(column) %}
    {{ return({'name': column.name, 'data_type': column.dtype, 'formatted': column.name | lower ~ ' ' ~ column.dtype}) }}
{% endmacro %}

{% macro get_select_subquery(sql) %}
    {{ return(adapter.dispatch('get_select_subquery', 'dbt')(sql)) }}
{% endmacro %}

{% macro default__get_select_subquery(sql) %}
select {{ adapter.dispatch('get_column_names', 'dbt')() }}
from (
{{ sql }}
) as model_subq
{% endmacro %}

{% macro default__get_column_names() %}
    {%- set names = [] -%}
    {%- for key in model['columns'] -%}
        {%- set column = model['columns'][key] -%}
        {%- do names.append(adapter.quote(column['name']) if column.get('quote') else column['name']) -%}
    {%- endfor -%}
    {{- names | join(', ') -}}
{% endmacro %}
