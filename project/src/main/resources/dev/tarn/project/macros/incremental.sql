{# SQL by which new rows meet old ones, for materializations that projects write themselves. #}

{% macro get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) %}
    {%- set conditions = kwargs.get('predicates', incremental_predicates) -%}
    {{- adapter.dispatch('get_merge_sql', 'dbt')(target, source, unique_key, dest_columns, conditions) -}}
{% endmacro %}

{% macro default__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) %}
    {%- if execute -%}{%- do check_merge_settings() -%}{%- endif -%}
    {%- set predicates = incremental_predicates or [] -%}
    {%- set conditions = [predicates] if predicates is string else predicates | list -%}
    {%- set key = config.get('merge_on_using_columns') or unique_key or [] -%}
    {%- set keys = [key] if key is string else key | list -%}
    {%- for key in keys -%}
        {%- do conditions.append('DBT_INTERNAL_SOURCE.' ~ key ~ ' = DBT_INTERNAL_DEST.' ~ key) -%}
    {%- endfor -%}
    {%- if not keys -%}{%- do conditions.append('false') -%}{%- endif -%}
    {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
    {%- set clauses = config.get('merge_clauses') or {} -%}
    {%- set changed = clauses.get('when_matched', [{
        'action': 'update',
        'mode': 'explicit',
        'condition': config.get('merge_update_condition'),
        'update': {
            'include': config.get('merge_update_columns'),
            'exclude': config.get('merge_exclude_columns'),
            'set_expressions': config.get('merge_update_set_expressions') or {},
        },
    }] if keys else []) -%}
    {%- set added = clauses.get('when_not_matched', [{
        'action': 'insert',
        'mode': 'explicit',
        'condition': config.get('merge_insert_condition'),
        'insert': {'columns': [columns], 'values': [columns]},
    }]) -%}
    {%- set header = config.get('sql_header', none) -%}
    {{- header if header is not none }}
merge into {{ target }} as DBT_INTERNAL_DEST
using {{ source }} as DBT_INTERNAL_SOURCE
on ({{ conditions | join(') and (') }})
{%- for branch in changed %}
when matched {{ merge_branch(branch, dest_columns) }}
{%- endfor %}
{%- for branch in added %}
when not matched {{ 'by ' ~ branch.get('by') if branch.get('by') }} {{ merge_branch(branch, dest_columns) }}
{%- endfor %}
{% endmacro %}

{# One branch of a merge, as merge_clauses of dbt on DuckDB describe it. #}
{% macro merge_branch(branch, dest_columns) %}
    {%- set condition = branch.get('condition') -%}
    {%- set action = branch.get('action') -%}
    {%- set mode = branch.get('mode') -%}
    {%- if condition -%}
        and ({{ condition if condition is string else condition | join(') and (') }})
    {%- endif %} then {% if action in ['update', 'insert'] and mode == 'by_name' -%}
        {{ action }} by name
    {%- elif action in ['update', 'insert'] and mode in ['by_position', 'star'] -%}
        {{ action }} by position
    {%- elif action == 'update' -%}
        update set {{ merge_assignments(branch, dest_columns) | join(', ') }}
    {%- elif action == 'insert' and mode == 'explicit' -%}
        {%- set insert = branch.get('insert') or {} -%}
        insert ({{ insert.get('columns', []) | join(', ') }}) values ({{ insert.get('values', []) | join(', ') }})
    {%- elif action == 'delete' -%}
        delete
    {%- elif action == 'do_nothing' -%}
        do nothing
    {%- elif action == 'error' -%}
        error{{ " '" ~ branch.get('error_message') | replace("'", "''") ~ "'" if branch.get('error_message') }}
    {%- else -%}
        {{ exceptions.raise_compiler_error("A branch of merge_clauses has the action '" ~ action ~ "' and the mode '" ~ mode ~ "'. Actions are update, insert, delete, do_nothing and error; update and insert have the mode by_name, by_position, star or explicit.") }}
    {%- endif -%}
{% endmacro %}

{% macro merge_assignments(branch, dest_columns) %}
    {%- set update = branch.get('update') or {} -%}
    {%- set expressions = update.get('set_expressions') or branch.get('set_expressions') or {} -%}
    {%- set sets = [] -%}
    {%- for column, expression in expressions.items() -%}
        {%- do sets.append(column ~ ' = ' ~ expression) -%}
    {%- endfor -%}
    {%- if branch.get('mode') == 'explicit' -%}
        {%- for column in get_merge_update_columns(update.get('include'), update.get('exclude'), dest_columns) -%}
            {%- if column.replace('"', '').replace("'", '') not in expressions -%}
                {%- do sets.append(column ~ ' = DBT_INTERNAL_SOURCE.' ~ column) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(sets) }}
{% endmacro %}

{# What dbt on DuckDB says of wrong settings when rows are to be merged. #}
{% macro check_merge_settings() %}
    {%- set wrong = [] -%}
    {%- set others = [] -%}
    {%- for name in ['merge_update_condition', 'merge_insert_condition', 'merge_update_columns', 'merge_update_set_expressions', 'merge_exclude_columns', 'merge_on_using_columns', 'merge_returning_columns'] -%}
        {%- set value = config.get(name) -%}
        {%- if value is none -%}
        {%- elif name.endswith('condition') -%}
            {%- if value is not string -%}{%- do wrong.append(name ~ ' must be a string, found: ' ~ value) -%}{%- endif -%}
        {%- elif name.endswith('expressions') -%}
            {%- if value is not mapping -%}{%- do wrong.append(name ~ ' must be a dictionary, found: ' ~ value) -%}{%- endif -%}
        {%- elif value is string or value is mapping or value is not sequence -%}
            {%- do wrong.append(name ~ ' must be a list') -%}
        {%- else -%}
            {%- for item in value if item is not string -%}
                {%- do wrong.append(name ~ ' must contain only string values, found: ' ~ item) -%}
            {%- endfor -%}
        {%- endif -%}
        {%- if (value or value is number) and name not in ['merge_on_using_columns', 'merge_returning_columns'] -%}
            {%- do others.append(name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set clauses = config.get('merge_clauses') -%}
    {%- if clauses is none -%}
    {%- elif clauses is not mapping -%}
        {%- do wrong.append('merge_clauses must be a dictionary, found: ' ~ clauses) -%}
    {%- else -%}
        {%- if 'when_matched' not in clauses and 'when_not_matched' not in clauses -%}
            {%- do wrong.append("merge_clauses must contain at least one of 'when_matched' or 'when_not_matched' keys") -%}
        {%- endif -%}
        {%- for side in ['when_matched', 'when_not_matched'] if side in clauses -%}
            {%- set branches = clauses[side] -%}
            {%- if branches is string or branches is mapping or branches is not sequence -%}
                {%- do wrong.append('merge_clauses.' ~ side ~ ' must be a list') -%}
            {%- elif not branches -%}
                {%- do wrong.append('merge_clauses.' ~ side ~ ' must contain at least one element') -%}
            {%- else -%}
                {%- for branch in branches if branch is not mapping -%}
                    {%- do wrong.append('merge_clauses.' ~ side ~ ' elements must be dictionaries, found: ' ~ branch) -%}
                {%- endfor -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if others -%}
            {%- do wrong.append('When merge_clauses is specified, the following basic merge configurations will be ignored and should be removed: ' ~ others | join(', ') ~ '. Define your merge behavior within merge_clauses instead.') -%}
        {%- endif -%}
    {%- endif -%}
    {%- if wrong -%}
        {{ exceptions.raise_compiler_error('MERGE configuration errors:\n' ~ wrong | join('\n')) }}
    {%- endif -%}
{% endmacro %}

{% macro get_merge_unique_key_match(source_unique_key, target_unique_key) %}
    {{ return(adapter.dispatch('get_merge_unique_key_match', 'dbt')(source_unique_key, target_unique_key)) }}
{% endmacro %}

{% macro default__get_merge_unique_key_match(source_unique_key, target_unique_key) %}
    {{- return(equals(source_unique_key, target_unique_key) | trim) -}}
{% endmacro %}

{% macro get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) %}
    {{- adapter.dispatch('get_delete_insert_merge_sql', 'dbt')(target, source, unique_key, dest_columns, incremental_predicates) -}}
{% endmacro %}

{% macro default__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) %}
    {%- if unique_key -%}
    {%- set keys = unique_key if unique_key is string else unique_key | join(', ') -%}
delete from {{ target }} as DBT_INTERNAL_DEST
where ({{ keys }}) in (select distinct {{ keys }} from {{ source }} as DBT_INTERNAL_SOURCE)
    {%- for condition in incremental_predicates or [] %}
    and {{ condition }}
    {%- endfor -%};
    {% endif -%}
    {{ get_insert_into_sql(target, source, dest_columns) }}
{% endmacro %}

{% macro get_insert_overwrite_merge_sql(target, source, dest_columns, predicates, include_sql_header=false) %}
    {{- adapter.dispatch('get_insert_overwrite_merge_sql', 'dbt')(target, source, dest_columns, predicates, include_sql_header) -}}
{% endmacro %}

{% macro default__get_insert_overwrite_merge_sql(target, source, dest_columns, predicates, include_sql_header) %}
delete from {{ target }} as DBT_INTERNAL_DEST
where {{ predicates | join(' and ') if predicates else 'true' }};
{{ get_insert_into_sql(target, source, dest_columns) }}
{% endmacro %}

{% macro get_insert_into_sql(target_relation, temp_relation, dest_columns) %}
    {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
insert into {{ target_relation }} ({{ columns }})
(select {{ columns }} from {{ temp_relation }})
{% endmacro %}

{% macro get_incremental_append_sql(arg_dict) %}
    {{ return(adapter.dispatch('get_incremental_append_sql', 'dbt')(arg_dict)) }}
{% endmacro %}

{% macro default__get_incremental_append_sql(arg_dict) %}
    {{ return(get_insert_into_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['dest_columns'])) }}
{% endmacro %}

{% macro get_incremental_delete_insert_sql(arg_dict) %}
    {{ return(adapter.dispatch('get_incremental_delete_insert_sql', 'dbt')(arg_dict)) }}
{% endmacro %}

{% macro default__get_incremental_delete_insert_sql(arg_dict) %}
    {{ return(get_delete_insert_merge_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['unique_key'], arg_dict['dest_columns'], arg_dict['incremental_predicates'])) }}
{% endmacro %}

{% macro get_incremental_merge_sql(arg_dict) %}
    {{ return(adapter.dispatch('get_incremental_merge_sql', 'dbt')(arg_dict)) }}
{% endmacro %}

{% macro default__get_incremental_merge_sql(arg_dict) %}
    {{ return(get_merge_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['unique_key'], arg_dict['dest_columns'], arg_dict['incremental_predicates'])) }}
{% endmacro %}

{% macro get_incremental_insert_overwrite_sql(arg_dict) %}
    {{ return(adapter.dispatch('get_incremental_insert_overwrite_sql', 'dbt')(arg_dict)) }}
{% endmacro %}

{% macro default__get_incremental_insert_overwrite_sql(arg_dict) %}
    {{ return(get_insert_overwrite_merge_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['dest_columns'], arg_dict['incremental_predicates'])) }}
{% endmacro %}

{% macro get_incremental_microbatch_sql(arg_dict) %}
    {{ return(adapter.dispatch('get_incremental_microbatch_sql', 'dbt')(arg_dict)) }}
{% endmacro %}

{% macro default__get_incremental_microbatch_sql(arg_dict) %}
    {%- set time = config.require('event_time') -%}
    {%- set period = [] -%}
    {%- if model.batch and model.batch.event_time_start -%}
        {%- do period.append(time ~ " >= timestamp '" ~ model.batch.event_time_start ~ "'") -%}
    {%- endif -%}
    {%- if model.batch and model.batch.event_time_end -%}
        {%- do period.append(time ~ " < timestamp '" ~ model.batch.event_time_end ~ "'") -%}
    {%- endif -%}
    {{ return(get_insert_overwrite_merge_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['dest_columns'], (arg_dict['incremental_predicates'] or []) + period)) }}
{% endmacro %}

{% macro get_incremental_default_sql(arg_dict) %}
    {{ return(adapter.dispatch('get_incremental_default_sql', 'dbt')(arg_dict)) }}
{% endmacro %}

{% macro default__get_incremental_default_sql(arg_dict) %}
    {{ return(get_incremental_delete_insert_sql(arg_dict) if arg_dict['unique_key'] else get_incremental_append_sql(arg_dict)) }}
{% endmacro %}

{% macro get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) %}
    {{ return(adapter.dispatch('get_merge_update_columns', 'dbt')(merge_update_columns, merge_exclude_columns, dest_columns)) }}
{% endmacro %}

{% macro default__get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) %}
    {%- if merge_update_columns and merge_exclude_columns -%}
        {{ exceptions.raise_compiler_error('A model says either merge_update_columns or merge_exclude_columns, not both.') }}
    {%- elif merge_update_columns -%}
        {{ return(merge_update_columns) }}
    {%- endif -%}
    {%- set left_out = (merge_exclude_columns or []) | map('lower') | list -%}
    {%- set updated = [] -%}
    {%- for column in dest_columns if column.name | lower not in left_out -%}
        {%- do updated.append(column.quoted) -%}
    {%- endfor -%}
    {{ return(updated) }}
{% endmacro %}

{# Columns that come and go. #}

{% macro incremental_validate_on_schema_change(on_schema_change, default='ignore') %}
    {{ return(on_schema_change if on_schema_change in ['ignore', 'fail', 'append_new_columns', 'sync_all_columns'] else default) }}
{% endmacro %}

{% macro check_for_schema_changes(source_relation, target_relation) %}
    {{ return(adapter.dispatch('check_for_schema_changes', 'dbt')(source_relation, target_relation)) }}
{% endmacro %}

{% macro default__check_for_schema_changes(source_relation, target_relation) %}
    {%- set source_columns = adapter.get_columns_in_relation(source_relation) -%}
    {%- set target_columns = adapter.get_columns_in_relation(target_relation) -%}
    {%- set added = diff_columns(source_columns, target_columns) -%}
    {%- set removed = diff_columns(target_columns, source_columns) -%}
    {%- set retyped = diff_column_data_types(source_columns, target_columns) -%}
    {{ return({
        'schema_changed': (added or removed or retyped) | length > 0,
        'source_not_in_target': added,
        'target_not_in_source': removed,
        'source_columns': source_columns,
        'target_columns': target_columns,
        'new_target_types': retyped,
    }) }}
{% endmacro %}

{% macro sync_column_schemas(on_schema_change, target_relation, schema_changes_dict) %}
    {{ return(adapter.dispatch('sync_column_schemas', 'dbt')(on_schema_change, target_relation, schema_changes_dict)) }}
{% endmacro %}

{% macro default__sync_column_schemas(on_schema_change, target_relation, schema_changes_dict) %}
    {%- set removed = schema_changes_dict['target_not_in_source'] if on_schema_change == 'sync_all_columns' else [] -%}
    {%- do alter_relation_add_remove_columns(target_relation, schema_changes_dict['source_not_in_target'], removed) -%}
    {%- if on_schema_change == 'sync_all_columns' -%}
        {%- for change in schema_changes_dict['new_target_types'] -%}
            {%- do alter_column_type(target_relation, change['column_name'], change['new_type']) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}

{% macro process_schema_changes(on_schema_change, source_relation, target_relation) %}
    {{ return(adapter.dispatch('process_schema_changes', 'dbt')(on_schema_change, source_relation, target_relation)) }}
{% endmacro %}

{% macro default__process_schema_changes(on_schema_change, source_relation, target_relation) %}
    {%- if on_schema_change == 'ignore' -%}{{ return({}) }}{%- endif -%}
    {%- set changes = check_for_schema_changes(source_relation, target_relation) -%}
    {%- if changes['schema_changed'] -%}
        {%- if on_schema_change == 'fail' -%}
            {{ exceptions.raise_compiler_error('The columns of ' ~ target_relation ~ ' are no longer those of its query. Set on_schema_change to follow, or build it anew with --full-refresh.') }}
        {%- endif -%}
        {%- do sync_column_schemas(on_schema_change, target_relation, changes) -%}
    {%- endif -%}
    {{ return(changes['source_columns']) }}
{% endmacro %}
