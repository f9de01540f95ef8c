{# Where models and seeds go, and what they are called there. Projects may define their own. #}

{% macro generate_schema_name(custom_schema_name=none, node=none) %}
    {{ return(adapter.dispatch('generate_schema_name', 'dbt')(custom_schema_name, node)) }}
{% endmacro %}

{% macro default__generate_schema_name(custom_schema_name, node) %}
    {%- if custom_schema_name is none -%}
        {{ target.schema }}
    {%- else -%}
        {{ target.schema }}_{{ custom_schema_name | trim }}
    {%- endif -%}
{% endmacro %}

{% macro generate_schema_name_for_env(custom_schema_name, node) %}
    {%- if target.name == 'prod' and custom_schema_name is not none -%}
        {{ custom_schema_name | trim }}
    {%- else -%}
        {{ target.schema }}
    {%- endif -%}
{% endmacro %}

{% macro generate_alias_name(custom_alias_name=none, node=none) %}
    {{ return(adapter.dispatch('generate_alias_name', 'dbt')(custom_alias_name, node)) }}
{% endmacro %}

{% macro default__generate_alias_name(custom_alias_name, node) %}
    {%- if custom_alias_name -%}
        {{ custom_alias_name | trim }}
    {%- else -%}
        {{ node.name }}
    {%- endif -%}
{% endmacro %}

{% macro generate_database_name(custom_database_name=none, node=none) %}
    {{ return(adapter.dispatch('generate_database_name', 'dbt')(custom_database_name, node)) }}
{% endmacro %}

{% macro default__generate_database_name(custom_database_name=none, node=none) %}
    {{- custom_database_name or target.database -}}
{% endmacro %}

{% macro generate_latest_version_pointer_alias(custom_alias_name=none, node=none) %}
    {{ return(adapter.dispatch('generate_latest_version_pointer_alias', 'dbt')(custom_alias_name, node)) }}
{% endmacro %}

{% macro default__generate_latest_version_pointer_alias(custom_alias_name=none, node=none) %}
    {{- custom_alias_name or node.name -}}
{% endmacro %}

{% macro resolve_model_name(input_model_name) %}
    {{ return(adapter.dispatch('resolve_model_name', 'dbt')(input_model_name)) }}
{% endmacro %}

{% macro default__resolve_model_name(input_model_name) %}
    {{- input_model_name | string | replace('"', '\"') -}}
{% endmacro %}
