{# Making, renaming and removing tables and views. #}

{% macro make_intermediate_relation(base_relation, suffix='__dbt_tmp') %}
    {{ return(adapter.dispatch('make_intermediate_relation', 'dbt')(base_relation, suffix)) }}
{% endmacro %}

{% macro default__make_intermediate_relation(base_relation, suffix) %}
    {{ return(default__make_temp_relation(base_relation, suffix)) }}
{% endmacro %}

{% macro make_temp_relation(base_relation, suffix='__dbt_tmp') %}
    {{ return(adapter.dispatch('make_temp_relation', 'dbt')(base_relation, suffix)) }}
{% endmacro %}

{% macro default__make_temp_relation(base_relation, suffix) %}
    {{ return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix})) }}
{% endmacro %}

{% macro make_backup_relation(base_relation, backup_relation_type, suffix='__dbt_backup') %}
    {{ return(adapter.dispatch('make_backup_relation', 'dbt')(base_relation, backup_relation_type, suffix)) }}
{% endmacro %}

{% macro default__make_backup_relation(base_relation, backup_relation_type, suffix) %}
    {{ return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix}, type=backup_relation_type)) }}
{% endmacro %}

{% macro load_cached_relation(relation) %}
    {{ return(adapter.get_relation(database=relation.database, schema=relation.schema, identifier=relation.identifier)) }}
{% endmacro %}

{% macro load_relation(relation) %}
    {{ return(load_cached_relation(relation)) }}
{% endmacro %}

{% macro get_or_create_relation(database, schema, identifier, type) %}
    {{ return(adapter.dispatch('get_or_create_relation', 'dbt')(database, schema, identifier, type)) }}
{% endmacro %}

{% macro default__get_or_create_relation(database, schema, identifier, type) %}
    {%- set there = adapter.get_relation(database=database, schema=schema, identifier=identifier) -%}
    {%- if there -%}{{ return([true, there]) }}{%- endif -%}
    {{ return([false, api.Relation.create(database=database, schema=schema, identifier=identifier, type=type)]) }}
{% endmacro %}

{% macro create_schema(relation) %}
    {{- adapter.dispatch('create_schema', 'dbt')(relation) -}}
{% endmacro %}

{% macro default__create_schema(relation) %}
    {%- call statement('create_schema') -%}create schema if not exists {{ relation.without_identifier() }}{%- endcall -%}
{% endmacro %}

{% macro drop_schema(relation) %}
    {{- adapter.dispatch('drop_schema', 'dbt')(relation) -}}
{% endmacro %}

{% macro default__drop_schema(relation) %}
    {%- call statement('drop_schema') -%}drop schema if exists {{ relation.without_identifier() }} cascade{%- endcall -%}
{% endmacro %}

{% macro drop_schema_named(schema_name) %}
    {{ return(adapter.dispatch('drop_schema_named', 'dbt')(schema_name)) }}
{% endmacro %}

{% macro default__drop_schema_named(schema_name) %}
    {{ drop_schema(api.Relation.create(database=target.database, schema=schema_name)) }}
{% endmacro %}

{% macro drop_relation(relation) %}
    {{ return(adapter.dispatch('drop_relation', 'dbt')(relation)) }}
{% endmacro %}

{% macro default__drop_relation(relation) %}
    {%- call statement('drop_relation') -%}{{ get_drop_sql(relation) }}{%- endcall -%}
{% endmacro %}

{% macro drop_relation_if_exists(relation) %}
    {%- if relation is not none -%}{%- do adapter.drop_relation(relation) -%}{%- endif -%}
{% endmacro %}

{% macro get_drop_sql(relation) %}
    {{- adapter.dispatch('get_drop_sql', 'dbt')(relation) -}}
{% endmacro %}

{% macro default__get_drop_sql(relation) %}
    {%- if relation.is_view -%}{{ drop_view(relation) }}
    {%- elif relation.is_materialized_view -%}{{ drop_materialized_view(relation) }}
    {%- else -%}{{ drop_table(relation) }}
    {%- endif -%}
{% endmacro %}

{% macro drop_table(relation) %}{{ return(adapter.dispatch('drop_table', 'dbt')(relation)) }}{% endmacro %}

{% macro default__drop_table(relation) %}drop table if exists {{ relation.render() }} cascade{% endmacro %}

{% macro drop_view(relation) %}{{ return(adapter.dispatch('drop_view', 'dbt')(relation)) }}{% endmacro %}

{% macro default__drop_view(relation) %}drop view if exists {{ relation.render() }} cascade{% endmacro %}

{% macro drop_materialized_view(relation) %}{{ return(adapter.dispatch('drop_materialized_view', 'dbt')(relation)) }}{% endmacro %}

{% macro default__drop_materialized_view(relation) %}drop table if exists {{ relation.render() }} cascade{% endmacro %}

{% macro truncate_relation(relation) %}
    {{ return(adapter.dispatch('truncate_relation', 'dbt')(relation)) }}
{% endmacro %}

{% macro default__truncate_relation(relation) %}
    {%- call statement('truncate_relation') -%}truncate table {{ relation.render() }}{%- endcall -%}
{% endmacro %}

{% macro rename_relation(from_relation, to_relation) %}
    {{ return(adapter.dispatch('rename_relation', 'dbt')(from_relation, to_relation)) }}
{% endmacro %}

{% macro default__rename_relation(from_relation, to_relation) %}
    {%- do adapter.rename_relation(from_relation, to_relation) -%}
{% endmacro %}

{% macro get_rename_sql(relation, new_name) %}
    {{- adapter.dispatch('get_rename_sql', 'dbt')(relation, new_name) -}}
{% endmacro %}

{% macro default__get_rename_sql(relation, new_name) %}
    {%- if relation.is_view -%}{{ get_rename_view_sql(relation, new_name) }}
    {%- elif relation.is_materialized_view -%}{{ get_rename_materialized_view_sql(relation, new_name) }}
    {%- else -%}{{ get_rename_table_sql(relation, new_name) }}
    {%- endif -%}
{% endmacro %}

{% macro get_rename_table_sql(relation, new_name) %}
    {{- adapter.dispatch('get_rename_table_sql', 'dbt')(relation, new_name) -}}
{% endmacro %}

{% macro default__get_rename_table_sql(relation, new_name) %}alter table {{ relation }} rename to {{ new_name }}{% endmacro %}

{% macro get_rename_view_sql(relation, new_name) %}
    {{- adapter.dispatch('get_rename_view_sql', 'dbt')(relation, new_name) -}}
{% endmacro %}

{% macro default__get_rename_view_sql(relation, new_name) %}alter view {{ relation }} rename to {{ new_name }}{% endmacro %}

{% macro get_rename_materialized_view_sql(relation, new_name) %}
    {{- adapter.dispatch('get_rename_materialized_view_sql', 'dbt')(relation, new_name) -}}
{% endmacro %}

{% macro default__get_rename_materialized_view_sql(relation, new_name) %}alter table {{ relation }} rename to {{ new_name }}{% endmacro %}

{% macro get_rename_intermediate_sql(relation) %}
    {{- adapter.dispatch('get_rename_intermediate_sql', 'dbt')(relation) -}}
{% endmacro %}

{% macro default__get_rename_intermediate_sql(relation) %}
    {{- get_rename_sql(make_intermediate_relation(relation), relation.identifier) -}}
{% endmacro %}

{% macro get_create_backup_sql(relation) %}
    {{- adapter.dispatch('get_create_backup_sql', 'dbt')(relation) -}}
{% endmacro %}

{% macro default__get_create_backup_sql(relation) %}
    {%- set backup = make_backup_relation(relation, relation.type) -%}
    {{- get_drop_sql(backup) }};
{{ get_rename_sql(relation, backup.identifier) -}}
{% endmacro %}

{% macro get_drop_backup_sql(relation) %}
    {{- adapter.dispatch('get_drop_backup_sql', 'dbt')(relation) -}}
{% endmacro %}

{% macro default__get_drop_backup_sql(relation) %}
    {{- get_drop_sql(make_backup_relation(relation, relation.type)) -}}
{% endmacro %}

{% macro get_create_intermediate_sql(relation, sql) %}
    {{- adapter.dispatch('get_create_intermediate_sql', 'dbt')(relation, sql) -}}
{% endmacro %}

{% macro default__get_create_intermediate_sql(relation, sql) %}
    {%- set intermediate = make_intermediate_relation(relation) -%}
    {{- get_drop_sql(intermediate) }};
{{ get_create_sql(intermediate, sql) -}}
{% endmacro %}

{% macro get_create_sql(relation, sql) %}
    {{- adapter.dispatch('get_create_sql', 'dbt')(relation, sql) -}}
{% endmacro %}

{% macro default__get_create_sql(relation, sql) %}
    {%- if relation.is_view -%}{{ get_create_view_as_sql(relation, sql) }}
    {%- elif relation.is_materialized_view -%}{{ get_create_materialized_view_as_sql(relation, sql) }}
    {%- else -%}{{ get_create_table_as_sql(false, relation, sql) }}
    {%- endif -%}
{% endmacro %}

{% macro get_replace_sql(existing_relation, target_relation, sql) %}
    {{- adapter.dispatch('get_replace_sql', 'dbt')(existing_relation, target_relation, sql) -}}
{% endmacro %}

{% macro default__get_replace_sql(existing_relation, target_relation, sql) %}
    {{- get_drop_sql(existing_relation) }};
{{ get_create_sql(target_relation, sql) -}}
{% endmacro %}

{% macro get_replace_table_sql(relation, sql) %}
    {{- adapter.dispatch('get_replace_table_sql', 'dbt')(relation, sql) -}}
{% endmacro %}

{% macro default__get_replace_table_sql(relation, sql) %}create or replace table {{ relation.render() }} as (
{{ sql }}
){% endmacro %}

{% macro get_replace_view_sql(relation, sql) %}
    {{- adapter.dispatch('get_replace_view_sql', 'dbt')(relation, sql) -}}
{% endmacro %}

{% macro default__get_replace_view_sql(relation, sql) %}create or replace view {{ relation.render() }} as (
{{ sql }}
){% endmacro %}

{% macro create_or_replace_view() %}
    {%- set target_relation = api.Relation.create(database=this.database, schema=this.schema, identifier=this.identifier, type='view') -%}
    {%- do run_hooks(pre_hooks) -%}
    {%- call statement('main') -%}{{ get_create_view_as_sql(target_relation, sql) }}{%- endcall -%}
    {%- do run_hooks(post_hooks) -%}
    {{ return({'relations': [target_relation]}) }}
{% endmacro %}

{% macro handle_existing_table(full_refresh, old_relation) %}
    {{- adapter.dispatch('handle_existing_table', 'dbt')(full_refresh, old_relation) -}}
{% endmacro %}

{% macro default__handle_existing_table(full_refresh, old_relation) %}
    {%- do adapter.drop_relation(old_relation) -%}
{% endmacro %}

{% macro get_create_table_as_sql(temporary, relation, sql) %}
    {{- adapter.dispatch('get_create_table_as_sql', 'dbt')(temporary, relation, sql) -}}
{% endmacro %}

{% macro default__get_create_table_as_sql(temporary, relation, sql) %}
    {{ return(create_table_as(temporary, relation, sql)) }}
{% endmacro %}

{% macro create_table_as(temporary, relation, compiled_code, language='sql') %}
    {%- if language != 'sql' -%}
        {{ exceptions.raise_compiler_error("create_table_as() takes SQL, not " ~ language) }}
    {%- endif -%}
    {{- adapter.dispatch('create_table_as', 'dbt')(temporary, relation, compiled_code) -}}
{% endmacro %}

{% macro default__create_table_as(temporary, relation, sql) %}
    {%- set header = config.get('sql_header', none) -%}
    {{- header if header is not none }}
create {{ 'temporary ' if temporary }}table {{ relation.render() }} as (
{{ sql }}
)
{% endmacro %}

{% macro get_create_view_as_sql(relation, sql) %}
    {{- adapter.dispatch('get_create_view_as_sql', 'dbt')(relation, sql) -}}
{% endmacro %}

{% macro default__get_create_view_as_sql(relation, sql) %}
    {{ return(create_view_as(relation, sql)) }}
{% endmacro %}

{% macro create_view_as(relation, sql) %}
    {{- adapter.dispatch('create_view_as', 'dbt')(relation, sql) -}}
{% endmacro %}

{% macro default__create_view_as(relation, sql) %}
    {%- set header = config.get('sql_header', none) -%}
    {{- header if header is not none }}
create view {{ relation.render() }} as (
{{ sql }}
)
{% endmacro %}

{% macro get_create_materialized_view_as_sql(relation, sql) %}
    {{- adapter.dispatch('get_create_materialized_view_as_sql', 'dbt')(relation, sql) -}}
{% endmacro %}

{% macro default__get_create_materialized_view_as_sql(relation, sql) %}
    {{ return(create_table_as(false, relation, sql)) }}
{% endmacro %}

{% macro get_replace_materialized_view_sql(relation, sql) %}
    {{- adapter.dispatch('get_replace_materialized_view_sql', 'dbt')(relation, sql) -}}
{% endmacro %}

{% macro default__get_replace_materialized_view_sql(relation, sql) %}
    {{- get_replace_table_sql(relation, sql) -}}
{% endmacro %}

{% macro get_alter_materialized_view_as_sql(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) %}
    {{- adapter.dispatch('get_alter_materialized_view_as_sql', 'dbt')(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) -}}
{% endmacro %}

{% macro default__get_alter_materialized_view_as_sql(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) %}
    {{- get_replace_table_sql(relation, sql) -}}
{% endmacro %}

{% macro get_materialized_view_configuration_changes(existing_relation, new_config) %}
    {{ return(adapter.dispatch('get_materialized_view_configuration_changes', 'dbt')(existing_relation, new_config)) }}
{% endmacro %}

{% macro default__get_materialized_view_configuration_changes(existing_relation, new_config) %}{{ return(none) }}{% endmacro %}

{% macro refresh_materialized_view(relation) %}
    {{- adapter.dispatch('refresh_materialized_view', 'dbt')(relation) -}}
{% endmacro %}

{% macro default__refresh_materialized_view(relation) %}{% endmacro %}

{% macro can_clone_table() %}
    {{ return(adapter.dispatch('can_clone_table', 'dbt')()) }}
{% endmacro %}

{% macro default__can_clone_table() %}{{ return(false) }}{% endmacro %}

{% macro create_or_replace_clone(this_relation, defer_relation) %}
    {{- adapter.dispatch('create_or_replace_clone', 'dbt')(this_relation, defer_relation) -}}
{% endmacro %}

{% macro default__create_or_replace_clone(this_relation, defer_relation) %}create or replace table {{ this_relation }} as select * from {{ defer_relation }}{% endmacro %}

{# Indexes mean nothing to tables of files. #}

{% macro create_indexes(relation) %}{{- adapter.dispatch('create_indexes', 'dbt')(relation) -}}{% endmacro %}

{% macro default__create_indexes(relation) %}{% endmacro %}

{% macro get_create_index_sql(relation, index_dict) %}
    {{ return(adapter.dispatch('get_create_index_sql', 'dbt')(relation, index_dict)) }}
{% endmacro %}

{% macro default__get_create_index_sql(relation, index_dict) %}{{ return(none) }}{% endmacro %}

{% macro get_drop_index_sql(relation, index_name) %}
    {{- adapter.dispatch('get_drop_index_sql', 'dbt')(relation, index_name) -}}
{% endmacro %}

{% macro default__get_drop_index_sql(relation, index_name) %}{% endmacro %}

{% macro get_show_indexes_sql(relation) %}
    {{- adapter.dispatch('get_show_indexes_sql', 'dbt')(relation) -}}
{% endmacro %}

{% macro default__get_show_indexes_sql(relation) %}select null as name where false{% endmacro %}
