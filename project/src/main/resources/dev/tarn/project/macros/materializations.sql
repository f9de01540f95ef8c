{# What models, seeds and snapshots become, for materializations of projects that hand over to these.
   Tarn itself builds everything in its own way and never calls them. #}

{% materialization view, default %}
    {%- set old = load_cached_relation(this) -%}
    {%- set made = this.incorporate(type='view') -%}
    {{ run_hooks(pre_hooks, inside_transaction=false) }}
    {{ run_hooks(pre_hooks, inside_transaction=true) }}
    {%- if old is not none and not old.is_view -%}{%- do adapter.drop_relation(old) -%}{%- endif -%}
    {%- call statement('main') -%}{{ get_create_view_as_sql(made, sql) }}{%- endcall -%}
    {{ finish_materialization(made, old) }}
    {{ return({'relations': [made]}) }}
{% endmaterialization %}

{% materialization table, default, supported_languages=['sql'] %}
    {%- set old = load_cached_relation(this) -%}
    {%- set made = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks, inside_transaction=false) }}
    {{ run_hooks(pre_hooks, inside_transaction=true) }}
    {{ build_aside(made, old, sql) }}
    {{ finish_materialization(made, old) }}
    {{ return({'relations': [made]}) }}
{% endmaterialization %}

{% materialization table, adapter='duckdb', supported_languages=['sql'] %}
    {{ return(materialization_table_default()) }}
{% endmaterialization %}

{% materialization materialized_view, default %}
    {%- set old = load_cached_relation(this) -%}
    {%- set made = this.incorporate(type='materialized_view') -%}
    {{ run_hooks(pre_hooks, inside_transaction=false) }}
    {{ run_hooks(pre_hooks, inside_transaction=true) }}
    {%- if old is not none -%}{%- do adapter.drop_relation(old) -%}{%- endif -%}
    {%- call statement('main') -%}{{ get_create_materialized_view_as_sql(made, sql) }}{%- endcall -%}
    {{ finish_materialization(made, old) }}
    {{ return({'relations': [made]}) }}
{% endmaterialization %}

{% materialization incremental, default, supported_languages=['sql'] %}
    {%- set old = load_cached_relation(this) -%}
    {%- set made = this.incorporate(type='table') -%}
    {%- set changes = incremental_validate_on_schema_change(config.get('on_schema_change'), default='ignore') -%}
    {{ run_hooks(pre_hooks, inside_transaction=false) }}
    {{ run_hooks(pre_hooks, inside_transaction=true) }}
    {%- if old is none or old.is_view or should_full_refresh() -%}
        {{ build_aside(made, old, sql) }}
    {%- else -%}
        {%- set added = make_temp_relation(made) -%}
        {%- call statement('new_rows') -%}{{ get_create_table_as_sql(true, added, sql) }}{%- endcall -%}
        {%- set columns = process_schema_changes(changes, added, old) or adapter.get_columns_in_relation(old) -%}
        {%- set strategy = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy') or 'default') -%}
        {%- set asked = {
            'target_relation': made,
            'temp_relation': added,
            'unique_key': config.get('unique_key'),
            'dest_columns': columns,
            'incremental_predicates': config.get('predicates') or config.get('incremental_predicates'),
        } -%}
        {%- call statement('main') -%}{{ strategy(asked) }}{%- endcall -%}
        {%- do adapter.drop_relation(added) -%}
    {%- endif -%}
    {{ finish_materialization(made, old) }}
    {{ return({'relations': [made]}) }}
{% endmaterialization %}

{% materialization incremental, adapter='duckdb', supported_languages=['sql'] %}
    {{ return(materialization_incremental_default()) }}
{% endmaterialization %}

{% materialization snapshot, default %}
    {%- set old = load_cached_relation(this) -%}
    {%- set made = this.incorporate(type='table') -%}
    {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
    {{ run_hooks(pre_hooks, inside_transaction=false) }}
    {{ run_hooks(pre_hooks, inside_transaction=true) }}
    {%- set watch = strategy_dispatch(config.get('strategy')) -%}
    {%- set strategy = watch(model, 'snapshotted_data', 'source_data', model['config'], old is not none) -%}
    {%- if old is none -%}
        {%- call statement('main') -%}{{ create_table_as(false, made, build_snapshot_table(strategy, model['compiled_code'])) }}{%- endcall -%}
    {%- else -%}
        {%- set staged = build_snapshot_staging_table(strategy, model['compiled_code'], made) -%}
        {%- set missing = adapter.get_missing_columns(staged, made) | rejectattr('name', 'in', ['dbt_change_type', 'dbt_unique_key']) | list -%}
        {%- set missing = missing | rejectattr('name', 'in', staged_key_names(strategy.unique_key)) | list -%}
        {%- do create_columns(made, missing) -%}
        {%- set kept = [] -%}
        {%- for column in adapter.get_columns_in_relation(staged) if column.name not in ['dbt_change_type', 'dbt_unique_key'] + staged_key_names(strategy.unique_key) -%}
            {%- do kept.append(adapter.quote(column.name)) -%}
        {%- endfor -%}
        {%- call statement('main') -%}{{ snapshot_merge_sql(made, staged, kept) }}{%- endcall -%}
        {%- do post_snapshot(staged) -%}
        {%- do adapter.drop_relation(staged) -%}
    {%- endif -%}
    {{ finish_materialization(made, old) }}
    {{ return({'relations': [made]}) }}
{% endmaterialization %}

{% macro staged_key_names(unique_key) %}
    {%- set names = [] -%}
    {%- if unique_key is not string -%}
        {%- for key in unique_key -%}{%- do names.append('dbt_unique_key_' ~ loop.index) -%}{%- endfor -%}
    {%- endif -%}
    {{ return(names) }}
{% endmacro %}

{% macro finish_materialization(made, old) %}
    {{ run_hooks(post_hooks, inside_transaction=true) }}
    {%- do apply_grants(made, config.get('grants'), should_revoke=should_revoke(old, full_refresh_mode=true)) -%}
    {%- do persist_docs(made, model) -%}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=false) }}
{% endmacro %}

{# The query may read what it replaces, so that goes last. #}
{% macro build_aside(made, old, sql) %}
    {%- set aside = make_intermediate_relation(made) -%}
    {%- do drop_relation_if_exists(load_cached_relation(aside)) -%}
    {%- call statement('main') -%}{{ get_create_table_as_sql(false, aside, sql) }}{%- endcall -%}
    {%- do drop_relation_if_exists(old) -%}
    {%- do adapter.rename_relation(aside, made) -%}
{% endmacro %}
