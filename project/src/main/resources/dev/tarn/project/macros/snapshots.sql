{# How snapshots notice that a row has changed, and the SQL that keeps its history. #}

{% macro strategy_dispatch(name) %}
    {%- set where = context -%}
    {%- set bare = name -%}
    {%- if '.' in name -%}
        {%- set where = context.get(name.split('.')[0]) -%}
        {%- set bare = name.split('.')[1] -%}
    {%- endif -%}
    {%- set found = where.get('snapshot_' ~ bare ~ '_strategy') if where else none -%}
    {%- if not found -%}
        {{ exceptions.raise_compiler_error("The specified strategy macro '" ~ bare ~ "' was not found: no macro is called snapshot_" ~ bare ~ "_strategy.") }}
    {%- endif -%}
    {{ return(found) }}
{% endmacro %}

{% macro snapshot_hash_arguments(args) %}
    {{- adapter.dispatch('snapshot_hash_arguments', 'dbt')(args) -}}
{% endmacro %}

{% macro default__snapshot_hash_arguments(args) %}
    {%- set parts = [] -%}
    {%- for arg in args -%}{%- do parts.append("coalesce(cast(" ~ arg ~ " as varchar), '')") -%}{%- endfor -%}
    md5({{ parts | join(" || '|' || ") }})
{%- endmacro %}

{% macro snapshot_get_time() %}
    {{- adapter.dispatch('snapshot_get_time', 'dbt')() -}}
{% endmacro %}

{% macro default__snapshot_get_time() %}{{ current_timestamp() }}::timestamp{% endmacro %}

{% macro get_snapshot_get_time_data_type() %}
    {%- set time = adapter.dispatch('snapshot_get_time', 'dbt')() -%}
    {%- set columns = get_column_schema_from_query('select ' ~ time ~ ' as time_column') -%}
    {{ return(columns[0].dtype if columns else none) }}
{% endmacro %}

{% macro snapshot_string_as_time(timestamp) %}
    {{- adapter.dispatch('snapshot_string_as_time', 'dbt')(timestamp) -}}
{% endmacro %}

{% macro default__snapshot_string_as_time(timestamp) %}
    {{- return("'" ~ timestamp ~ "'::timestamp") -}}
{% endmacro %}

{% macro get_snapshot_table_column_names() %}
    {{ return({
        'dbt_valid_to': 'dbt_valid_to',
        'dbt_valid_from': 'dbt_valid_from',
        'dbt_scd_id': 'dbt_scd_id',
        'dbt_updated_at': 'dbt_updated_at',
        'dbt_is_deleted': 'dbt_is_deleted',
    }) }}
{% endmacro %}

{% macro snapshot_key_list(unique_key) %}
    {{ return([unique_key] if unique_key is string else unique_key | list) }}
{% endmacro %}

{% macro snapshot_hard_deletes() %}
    {{ return(adapter.get_hard_deletes_behavior(config)) }}
{% endmacro %}

{% macro snapshot_timestamp_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
    {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
    {%- set key = config.get('unique_key') -%}
    {%- set time = config.get('updated_at') -%}
    {{ return({
        'unique_key': key,
        'updated_at': time,
        'row_changed': '(' ~ snapshotted_rel ~ '.' ~ columns.dbt_valid_from ~ ' < ' ~ current_rel ~ '.' ~ time ~ ')',
        'scd_id': snapshot_hash_arguments(snapshot_key_list(key) + [time]),
        'invalidate_hard_deletes': snapshot_hard_deletes() == 'invalidate',
        'hard_deletes': snapshot_hard_deletes(),
    }) }}
{% endmacro %}

{% macro snapshot_check_all_get_existing_columns(node, target_exists, check_cols_config) %}
    {%- set of_query = [] -%}
    {%- if check_cols_config == 'all' -%}
        {%- set of_query = get_columns_in_query(node['compiled_code']) -%}
    {%- elif check_cols_config is string or not check_cols_config -%}
        {{ exceptions.raise_compiler_error("check_cols is 'all' or a list of columns, not " ~ check_cols_config) }}
    {%- else -%}
        {%- set of_query = get_columns_in_query('select ' ~ check_cols_config | join(', ') ~ ' from (\n' ~ node['compiled_code'] ~ '\n) as checked') -%}
    {%- endif -%}
    {%- if not target_exists -%}{{ return((false, of_query)) }}{%- endif -%}
    {%- set there = adapter.get_columns_in_relation(adapter.get_relation(node.database, node.schema, node.alias)) | map(attribute='name') | list -%}
    {%- set both = [] -%}
    {%- for column in of_query if column in there -%}{%- do both.append(adapter.quote(column)) -%}{%- endfor -%}
    {{ return((both | length < of_query | length, both)) }}
{% endmacro %}

{% macro snapshot_check_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
    {%- set key = config.get('unique_key') -%}
    {%- set time = config.get('updated_at') or snapshot_get_time() -%}
    {%- set added, checked = snapshot_check_all_get_existing_columns(node, target_exists, config.get('check_cols')) -%}
    {%- set changes = [] -%}
    {%- for column in checked -%}
        {%- do changes.append(snapshotted_rel ~ '.' ~ column ~ ' is distinct from ' ~ current_rel ~ '.' ~ column) -%}
    {%- endfor -%}
    {{ return({
        'unique_key': key,
        'updated_at': time,
        'row_changed': '(' ~ (get_true_sql() if added else changes | join(' or ')) ~ ')',
        'scd_id': snapshot_hash_arguments(snapshot_key_list(key) + [time]),
        'invalidate_hard_deletes': snapshot_hard_deletes() == 'invalidate',
        'hard_deletes': snapshot_hard_deletes(),
    }) }}
{% endmacro %}

{% macro get_true_sql() %}{{ return(adapter.dispatch('get_true_sql', 'dbt')()) }}{% endmacro %}

{% macro default__get_true_sql() %}{{ return('true') }}{% endmacro %}

{% macro get_dbt_valid_to_current(strategy, columns) -%}
    coalesce(nullif({{ strategy.updated_at }}, {{ strategy.updated_at }}), {{ config.get('dbt_valid_to_current') or 'null' }}) as {{ columns.dbt_valid_to }}
{%- endmacro %}

{% macro unique_key_fields(unique_key) %}
    {%- if unique_key is string -%}
        {{ unique_key }} as dbt_unique_key
    {%- else -%}
        {%- for key in unique_key -%}{{ key }} as dbt_unique_key_{{ loop.index }}{{ ', ' if not loop.last }}{%- endfor -%}
    {%- endif -%}
{% endmacro %}

{% macro unique_key_join_on(unique_key, identifier, from_identifier) %}
    {%- if unique_key is string -%}
        {{ identifier }}.dbt_unique_key = {{ from_identifier }}.dbt_unique_key
    {%- else -%}
        {%- for key in unique_key -%}
            {{ equals(identifier ~ '.dbt_unique_key_' ~ loop.index, from_identifier ~ '.dbt_unique_key_' ~ loop.index) }}{{ ' and ' if not loop.last }}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}

{% macro unique_key_is_null(unique_key, identifier) -%}
    {{ identifier }}.dbt_unique_key{{ '' if unique_key is string else '_1' }} is null
{%- endmacro %}

{% macro unique_key_is_not_null(unique_key, identifier) -%}
    {{ identifier }}.dbt_unique_key{{ '' if unique_key is string else '_1' }} is not null
{%- endmacro %}

{% macro build_snapshot_table(strategy, sql) %}
    {{- adapter.dispatch('build_snapshot_table', 'dbt')(strategy, sql) -}}
{% endmacro %}

{% macro default__build_snapshot_table(strategy, sql) %}
    {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
select
    *,
    {{ strategy.scd_id }} as {{ columns.dbt_scd_id }},
    {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
    {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
    {{ get_dbt_valid_to_current(strategy, columns) }}
    {%- if strategy.hard_deletes == 'new_record' %},
    'False' as {{ columns.dbt_is_deleted }}
    {%- endif %}
from (
{{ sql }}
) as snapshot_query
{% endmacro %}

{% macro snapshot_staging_table(strategy, source_sql, target_relation) %}
    {{- adapter.dispatch('snapshot_staging_table', 'dbt')(strategy, source_sql, target_relation) -}}
{% endmacro %}

{% macro default__snapshot_staging_table(strategy, source_sql, target_relation) %}
    {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
    {%- set marks = strategy.hard_deletes == 'new_record' -%}
    {%- set ends = config.get('dbt_valid_to_current') -%}
    {%- set open = columns.dbt_valid_to ~ ' is null' ~ (' or ' ~ columns.dbt_valid_to ~ ' = ' ~ ends if ends else '') -%}
    {%- set deleted = 'snapshotted_data.' ~ columns.dbt_is_deleted ~ " = 'True'" -%}
    {%- set keys = unique_key_fields(strategy.unique_key) -%}
    {%- set matching = unique_key_join_on(strategy.unique_key, 'snapshotted_data', 'source_data') -%}
with snapshot_query as (
{{ source_sql }}
),
snapshotted_data as (
    select *, {{ keys }} from {{ target_relation }} where ({{ open }})
),
source_rows as (
    select
        *,
        {{ keys }},
        {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
        {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
        {{ get_dbt_valid_to_current(strategy, columns) }},
        {{ strategy.scd_id }} as {{ columns.dbt_scd_id }}
    from snapshot_query
),
insertions as (
    select 'insert' as dbt_change_type, source_data.*{{ ", 'False' as " ~ columns.dbt_is_deleted if marks }}
    from source_rows as source_data
    left join snapshotted_data on {{ matching }}
    where {{ unique_key_is_null(strategy.unique_key, 'snapshotted_data') }}
        or {{ strategy.row_changed }}{{ ' or ' ~ deleted if marks }}
),
updates as (
    select
        'update' as dbt_change_type,
        source_data.* replace (
            source_data.{{ columns.dbt_updated_at }} as {{ columns.dbt_valid_to }},
            snapshotted_data.{{ columns.dbt_scd_id }} as {{ columns.dbt_scd_id }}
        ){{ ', snapshotted_data.' ~ columns.dbt_is_deleted if marks }}
    from source_rows as source_data
    join snapshotted_data on {{ matching }}
    where {{ strategy.row_changed }}{{ ' or ' ~ deleted if marks }}
)
    {%- if strategy.hard_deletes in ['invalidate', 'new_record'] %},
gone as (
    select snapshotted_data.*
    from snapshotted_data
    left join source_rows as source_data on {{ matching }}
    where {{ unique_key_is_null(strategy.unique_key, 'source_data') }}{{ ' and not ' ~ deleted if marks }}
),
deletes as (
    select
        'delete' as dbt_change_type,
        gone.* replace (
            {{ snapshot_get_time() }} as {{ columns.dbt_valid_from }},
            {{ snapshot_get_time() }} as {{ columns.dbt_updated_at }},
            {{ snapshot_get_time() }} as {{ columns.dbt_valid_to }}
        )
    from gone
)
        {%- if marks %},
deletion_records as (
    select
        'insert' as dbt_change_type,
        gone.* replace (
            {{ snapshot_get_time() }} as {{ columns.dbt_valid_from }},
            {{ snapshot_get_time() }} as {{ columns.dbt_updated_at }},
            {{ snapshot_hash_arguments([columns.dbt_scd_id, snapshot_get_time()]) }} as {{ columns.dbt_scd_id }},
            'True' as {{ columns.dbt_is_deleted }}
        )
    from gone
)
        {%- endif %}
    {%- endif %}
select * from insertions
union all by name
select * from updates
    {%- if strategy.hard_deletes in ['invalidate', 'new_record'] %}
union all by name
select * from deletes
        {%- if marks %}
union all by name
select * from deletion_records
        {%- endif %}
    {%- endif %}
{% endmacro %}

{% macro build_snapshot_staging_table(strategy, sql, target_relation) %}
    {%- set staging = make_temp_relation(target_relation) -%}
    {%- call statement('build_snapshot_staging_relation') -%}
        {{ create_table_as(true, staging, snapshot_staging_table(strategy, sql, target_relation)) }}
    {%- endcall -%}
    {{ return(staging) }}
{% endmacro %}

{% macro snapshot_merge_sql(target, source, insert_cols) %}
    {{- adapter.dispatch('snapshot_merge_sql', 'dbt')(target, source, insert_cols) -}}
{% endmacro %}

{% macro default__snapshot_merge_sql(target, source, insert_cols) %}
    {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
    {%- set names = insert_cols | join(', ') -%}
update {{ target.render() }} as DBT_INTERNAL_DEST
set {{ columns.dbt_valid_to }} = DBT_INTERNAL_SOURCE.{{ columns.dbt_valid_to }}
from {{ source }} as DBT_INTERNAL_SOURCE
where DBT_INTERNAL_SOURCE.{{ columns.dbt_scd_id }}::text = DBT_INTERNAL_DEST.{{ columns.dbt_scd_id }}::text
    and DBT_INTERNAL_SOURCE.dbt_change_type::text in ('update', 'delete')
    and DBT_INTERNAL_DEST.{{ columns.dbt_valid_to }} is {{ 'not distinct from ' ~ config.get('dbt_valid_to_current') if config.get('dbt_valid_to_current') else 'null' }};
insert into {{ target.render() }} ({{ names }})
select {{ names }} from {{ source }} as DBT_INTERNAL_SOURCE
where DBT_INTERNAL_SOURCE.dbt_change_type::text = 'insert'
{% endmacro %}

{% macro post_snapshot(staging_relation) %}
    {{- adapter.dispatch('post_snapshot', 'dbt')(staging_relation) -}}
{% endmacro %}

{% macro default__post_snapshot(staging_relation) %}{% endmacro %}

{% macro get_updated_at_column_data_type(snapshot_sql) %}
    {%- for column in get_column_schema_from_query(snapshot_sql) if column.name | lower == 'dbt_updated_at' -%}
        {{ return(column.dtype) }}
    {%- endfor -%}
    {{ return(none) }}
{% endmacro %}

{% macro check_time_data_types(sql) %}
    {%- set has = get_updated_at_column_data_type(sql) -%}
    {%- set now = get_snapshot_get_time_data_type() -%}
    {%- if has and now and has != now -%}
        {%- do exceptions.warn('The snapshot is timed by a ' ~ has ~ ', but the time of a deletion is a ' ~ now ~ '.') -%}
    {%- endif -%}
{% endmacro %}
