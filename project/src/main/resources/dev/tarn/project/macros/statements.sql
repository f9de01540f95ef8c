{# Running statements, and the hooks around models. #}

{% macro run_query(sql) %}
    {%- call statement('run_query_statement', fetch_result=true) -%}{{ sql }}{%- endcall -%}
    {{ return(load_result('run_query_statement').table) }}
{% endmacro %}

{# What is called with it is rendered, and nothing is done with it. #}
{% macro noop_statement(name=none, message=none, code=none, rows_affected=none, res=none) %}
    {%- set unused = caller() -%}
    {%- if execute and name is not none -%}
        {%- do store_raw_result(name, message=message, code=code, rows_affected=rows_affected, agate_table=res) -%}
    {%- endif -%}
{% endmacro %}

{% macro validate_sql(sql) %}
    {{ return(adapter.dispatch('validate_sql', 'dbt')(sql)) }}
{% endmacro %}

{% macro default__validate_sql(sql) %}
    {%- do adapter.get_column_schema_from_query(sql) -%}
    {{ return(none) }}
{% endmacro %}

{% macro make_hook_config(sql, inside_transaction) %}
    {{ return(tojson({'sql': sql, 'transaction': inside_transaction})) }}
{% endmacro %}

{% macro before_begin(sql) %}{{ return(make_hook_config(sql, inside_transaction=false)) }}{% endmacro %}

{% macro in_transaction(sql) %}{{ return(make_hook_config(sql, inside_transaction=true)) }}{% endmacro %}

{% macro after_commit(sql) %}{{ return(make_hook_config(sql, inside_transaction=false)) }}{% endmacro %}

{# A hook is a text, or a mapping with `sql` and `transaction`. Everything is one transaction here. #}
{% macro run_hooks(hooks, inside_transaction=true) %}
    {%- for hook in hooks if (hook.get('transaction', true) if hook is mapping else true) == inside_transaction -%}
        {%- set text = render(hook.get('sql') if hook is mapping else hook) -%}
        {%- if text | trim | length > 0 -%}
            {%- call statement(auto_begin=inside_transaction) -%}{{ text }}{%- endcall -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}

{% macro set_sql_header(config) %}
    {%- do config.set('sql_header', caller()) -%}
{% endmacro %}

{% macro get_show_sql(compiled_code, sql_header, limit) %}
    {%- if sql_header is not none %}
{{ sql_header }}
    {%- endif %}
    {{- get_limit_subquery_sql(compiled_code, limit) if limit is not none else compiled_code -}}
{% endmacro %}

{% macro get_limit_subquery_sql(sql, limit) %}
    {{- adapter.dispatch('get_limit_sql', 'dbt')(sql, limit) -}}
{% endmacro %}

{% macro default__get_limit_sql(sql, limit) %}
{{ sql }}
limit {{ limit }}
{% endmacro %}

{% macro default__get_limit_subquery_sql(sql, limit) %}
{{ default__get_limit_sql(sql, limit) }}
{% endmacro %}

{% macro should_full_refresh() %}
    {%- set asked = config.get('full_refresh') -%}
    {{ return(flags.FULL_REFRESH if asked is none else asked) }}
{% endmacro %}
