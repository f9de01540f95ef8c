{# What the warehouse holds, answered from its catalog. #}

{% macro information_schema_name(database=none) %}
    {{ return(adapter.dispatch('information_schema_name', 'dbt')(database)) }}
{% endmacro %}

{% macro default__information_schema_name(database) %}
    {{- return(database ~ '.information_schema' if database else 'information_schema') -}}
{% endmacro %}

{% macro list_schemas(database) %}
    {{ return(adapter.dispatch('list_schemas', 'dbt')(database)) }}
{% endmacro %}

{% macro default__list_schemas(database) %}
    {{ return(run_query('select distinct schema_name from information_schema.schemata')) }}
{% endmacro %}

{% macro check_schema_exists(information_schema, schema) %}
    {{ return(adapter.dispatch('check_schema_exists', 'dbt')(information_schema, schema)) }}
{% endmacro %}

{% macro default__check_schema_exists(information_schema, schema) %}
    {{ return(run_query("select count(*) from information_schema.schemata where schema_name = '" ~ schema ~ "'")) }}
{% endmacro %}

{% macro list_relations_without_caching(schema_relation) %}
    {{ return(adapter.dispatch('list_relations_without_caching', 'dbt')(schema_relation)) }}
{% endmacro %}

{% macro default__list_relations_without_caching(schema_relation) %}
    {%- set query -%}
select
    '{{ schema_relation.database }}' as database,
    table_name as name,
    table_schema as schema,
    case table_type when 'VIEW' then 'view' else 'table' end as type
from information_schema.tables
where lower(table_schema) = lower('{{ schema_relation.schema }}')
    {%- endset -%}
    {{ return(run_query(query)) }}
{% endmacro %}

{% macro list_function_relations_without_caching(schema_relation) %}
    {{ return(adapter.dispatch('list_function_relations_without_caching', 'dbt')(schema_relation)) }}
{% endmacro %}

{% macro default__list_function_relations_without_caching(schema_relation) %}{{ return([]) }}{% endmacro %}

{% macro get_relations() %}
    {{ return(adapter.dispatch('get_relations', 'dbt')()) }}
{% endmacro %}

{% macro default__get_relations() %}
    {{ return(run_query('select table_schema, table_name, table_type from information_schema.tables')) }}
{% endmacro %}

{% macro get_catalog(information_schema, schemas) %}
    {{ return(adapter.dispatch('get_catalog', 'dbt')(information_schema, schemas)) }}
{% endmacro %}

{% macro default__get_catalog(information_schema, schemas) %}
    {%- set wanted = [] -%}
    {%- for schema in schemas -%}{%- do wanted.append("'" ~ schema | lower ~ "'") -%}{%- endfor -%}
    {{ return(run_query(catalog_query("lower(c.table_schema) in (" ~ (wanted | join(', ') or "''") ~ ")"))) }}
{% endmacro %}

{% macro get_catalog_relations(information_schema, relations) %}
    {{ return(adapter.dispatch('get_catalog_relations', 'dbt')(information_schema, relations)) }}
{% endmacro %}

{% macro default__get_catalog_relations(information_schema, relations) %}
    {%- set wanted = [] -%}
    {%- for relation in relations -%}
        {%- set condition = "lower(c.table_schema) = '" ~ relation.schema | lower ~ "'" -%}
        {%- if relation.identifier -%}
            {%- set condition = condition ~ " and lower(c.table_name) = '" ~ relation.identifier | lower ~ "'" -%}
        {%- endif -%}
        {%- do wanted.append('(' ~ condition ~ ')') -%}
    {%- endfor -%}
    {{ return(run_query(catalog_query(wanted | join(' or ') or 'false'))) }}
{% endmacro %}

{% macro get_catalog_for_single_relation(relation) %}
    {{ return(adapter.dispatch('get_catalog_for_single_relation', 'dbt')(relation)) }}
{% endmacro %}

{% macro default__get_catalog_for_single_relation(relation) %}
    {{ return(get_catalog_relations(none, [relation])) }}
{% endmacro %}

{% macro catalog_query(condition) %}
select
    c.table_catalog as table_database,
    c.table_schema,
    c.table_name,
    t.table_type,
    cast(null as varchar) as table_comment,
    c.column_name,
    c.ordinal_position as column_index,
    c.data_type as column_type,
    cast(null as varchar) as column_comment,
    cast(null as varchar) as table_owner
from information_schema.columns as c
join information_schema.tables as t using (table_schema, table_name)
where {{ condition }}
order by c.table_schema, c.table_name, c.ordinal_position
{% endmacro %}

{% macro get_relation_last_modified(information_schema, relations) %}
    {{ return(adapter.dispatch('get_relation_last_modified', 'dbt')(information_schema, relations)) }}
{% endmacro %}

{% macro default__get_relation_last_modified(information_schema, relations) %}
    {{ exceptions.raise_not_implemented('When a relation was last changed is not told to templates; use loaded_at_field.') }}
{% endmacro %}

{% macro collect_freshness(source, loaded_at_field, filter) %}
    {{ return(adapter.dispatch('collect_freshness', 'dbt')(source, loaded_at_field, filter)) }}
{% endmacro %}

{% macro default__collect_freshness(source, loaded_at_field, filter) %}
    {%- call statement('collect_freshness', fetch_result=true) -%}
select max({{ loaded_at_field }}) as max_loaded_at, {{ current_timestamp() }} as snapshotted_at
from {{ source }}
{% if filter %}where {{ filter }}{% endif %}
    {%- endcall -%}
    {{ return(load_result('collect_freshness')) }}
{% endmacro %}

{% macro collect_freshness_custom_sql(source, loaded_at_query) %}
    {{ return(adapter.dispatch('collect_freshness_custom_sql', 'dbt')(source, loaded_at_query)) }}
{% endmacro %}

{% macro default__collect_freshness_custom_sql(source, loaded_at_query) %}
    {%- call statement('collect_freshness_custom_sql', fetch_result=true) -%}
with asked as (
{{ loaded_at_query }}
)
select (select * from asked) as max_loaded_at, {{ current_timestamp() }} as snapshotted_at
    {%- endcall -%}
    {{ return(load_result('collect_freshness_custom_sql')) }}
{% endmacro %}

{# Descriptions live in the catalog by themselves: there is nothing to write. #}

{% macro persist_docs(relation, model, for_relation=true, for_columns=true) %}
    {{- adapter.dispatch('persist_docs', 'dbt')(relation, model, for_relation, for_columns) -}}
{% endmacro %}

{% macro default__persist_docs(relation, model, for_relation, for_columns) %}
    {%- if for_relation and config.persist_relation_docs() and model.description -%}
        {%- do run_query(alter_relation_comment(relation, model.description)) -%}
    {%- endif -%}
    {%- if for_columns and config.persist_column_docs() and model.columns -%}
        {%- do run_query(alter_column_comment(relation, model.columns)) -%}
    {%- endif -%}
{% endmacro %}

{% macro alter_relation_comment(relation, relation_comment) %}
    {{ return(adapter.dispatch('alter_relation_comment', 'dbt')(relation, relation_comment)) }}
{% endmacro %}

{% macro default__alter_relation_comment(relation, relation_comment) %}
    {{- return("comment on " ~ relation.type ~ " " ~ relation ~ " is '" ~ escape_single_quotes(relation_comment) ~ "'") -}}
{% endmacro %}

{% macro alter_column_comment(relation, column_dict) %}
    {{ return(adapter.dispatch('alter_column_comment', 'dbt')(relation, column_dict)) }}
{% endmacro %}

{% macro default__alter_column_comment(relation, column_dict) %}
    {%- set statements = [] -%}
    {%- set known = adapter.get_columns_in_relation(relation) | map(attribute='name') | map('lower') | list -%}
    {%- for name in column_dict if name | lower in known -%}
        {%- do statements.append("comment on column " ~ relation ~ "." ~ adapter.quote(name) ~ " is '" ~ escape_single_quotes(column_dict[name]['description']) ~ "'") -%}
    {%- endfor -%}
    {{- return(statements | join('; ')) -}}
{% endmacro %}

{% macro validate_doc_columns(relation, column_dict, existing_column_names) %}
    {%- set known = existing_column_names | map('lower') | list -%}
    {%- set kept = {} -%}
    {%- for name in column_dict if name | lower in known -%}{%- do kept.update({name: column_dict[name]}) -%}{%- endfor -%}
    {{ return(kept) }}
{% endmacro %}

{# Projects for DuckDB call it at the start of a run; here there are no files to tell a database about. #}
{% macro register_upstream_external_models() %}{% endmacro %}
