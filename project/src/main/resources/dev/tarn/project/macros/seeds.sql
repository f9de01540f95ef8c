{# Loading the CSV files of a project by statements, for materializations that projects write. #}

{% macro create_csv_table(model, agate_table) %}
    {{- adapter.dispatch('create_csv_table', 'dbt')(model, agate_table) -}}
{% endmacro %}

{% macro default__create_csv_table(model, agate_table) %}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- set quote = model['config'].get('quote_columns', none) -%}
    {%- set columns = [] -%}
    {%- for name in agate_table.column_names -%}
        {%- do columns.append(adapter.quote_seed_column(name, quote) ~ ' ' ~ types.get(name, 'varchar')) -%}
    {%- endfor -%}
    {%- set statement_text = 'create table ' ~ this.render() ~ ' (' ~ columns | join(', ') ~ ')' -%}
    {%- call statement('_') -%}{{ statement_text }}{%- endcall -%}
    {{ return(statement_text) }}
{% endmacro %}

{% macro reset_csv_table(model, full_refresh, old_relation, agate_table) %}
    {{- adapter.dispatch('reset_csv_table', 'dbt')(model, full_refresh, old_relation, agate_table) -}}
{% endmacro %}

{% macro default__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
    {%- if full_refresh -%}
        {%- do adapter.drop_relation(old_relation) -%}
        {{ return(create_csv_table(model, agate_table)) }}
    {%- endif -%}
    {%- do adapter.truncate_relation(old_relation) -%}
    {{ return('truncate table ' ~ old_relation.render()) }}
{% endmacro %}

{% macro load_csv_rows(model, agate_table) %}
    {{- adapter.dispatch('load_csv_rows', 'dbt')(model, agate_table) -}}
{% endmacro %}

{% macro default__load_csv_rows(model, agate_table) %}
    {%- set columns = get_seed_column_quoted_csv(model, agate_table.column_names) -%}
    {%- for batch in agate_table.rows | batch(get_batch_size()) -%}
        {%- set rows = [] -%}
        {%- for row in batch -%}
            {%- set cells = [] -%}
            {%- for value in row -%}
                {%- do cells.append('null' if value is none else string_literal(escape_single_quotes(value | string))) -%}
            {%- endfor -%}
            {%- do rows.append('(' ~ cells | join(', ') ~ ')') -%}
        {%- endfor -%}
        {%- call statement('_') -%}insert into {{ this.render() }} ({{ columns }}) values {{ rows | join(', ') }}{%- endcall -%}
    {%- endfor -%}
    {{ return('') }}
{% endmacro %}

{% macro get_seed_column_quoted_csv(model, column_names) %}
    {%- set quote = model['config'].get('quote_columns', none) -%}
    {%- set quoted = [] -%}
    {%- for name in column_names -%}{%- do quoted.append(adapter.quote_seed_column(name, quote)) -%}{%- endfor -%}
    {{ return(quoted | join(', ')) }}
{% endmacro %}

{% macro get_csv_sql(create_or_truncate_sql, insert_sql) %}
    {{- adapter.dispatch('get_csv_sql', 'dbt')(create_or_truncate_sql, insert_sql) -}}
{% endmacro %}

{% macro default__get_csv_sql(create_or_truncate_sql, insert_sql) %}
    {{- create_or_truncate_sql }};
{{ insert_sql }}
{% endmacro %}

{% macro get_binding_char() %}{{ return(adapter.dispatch('get_binding_char', 'dbt')()) }}{% endmacro %}

{% macro default__get_binding_char() %}{{ return('?') }}{% endmacro %}

{% macro get_batch_size() %}{{ return(adapter.dispatch('get_batch_size', 'dbt')()) }}{% endmacro %}

{% macro default__get_batch_size() %}{{ return(10000) }}{% endmacro %}
