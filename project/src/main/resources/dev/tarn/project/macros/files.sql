{# Files of models, after dbt on DuckDB. Models stay tables here: no view of their files is missing. #}

{% macro external_location(relation, config) %}
    {%- set options = config.get('options', {}) -%}
    {%- set ending = '' if options.get('partition_by') is not none else '.' ~ config.get('format', 'parquet') -%}
    {{- adapter.external_root() ~ '/' ~ relation.identifier ~ ending -}}
{% endmacro %}

{% macro render_write_options(config) %}
    {%- set given = config.get('options', {}) -%}
    {%- if given is not mapping -%}
        {%- do exceptions.raise_compiler_error('The setting options must be a mapping.') -%}
    {%- endif -%}
    {%- set options = {} -%}
    {%- for name, value in given.items() -%}{%- do options.update({name: render(value | string)}) -%}{%- endfor -%}
    {%- for name in ['format', 'delimiter'] if config.get(name) -%}
        {%- do options.update({name: render(config.get(name))}) -%}
    {%- endfor -%}
    {{ return(options) }}
{% endmacro %}

{% macro location_exists(location) %}{{ return(adapter.location_exists(location)) }}{% endmacro %}

{% macro write_to_file(relation, location, options) %}
    {%- call statement('write_to_file') -%}copy {{ relation }} to '{{ location }}' ({{ options }}){%- endcall -%}
{% endmacro %}

{% macro store_relation(plugin, relation, location, format, config) %}
    {%- do adapter.store_relation(plugin, relation, adapter.get_columns_in_relation(relation), location, format, config) -%}
{% endmacro %}

{% macro get_column_names() %}
    {%- set names = [] -%}
    {%- for column in model['columns'].values() -%}{%- do names.append(column['name']) -%}{%- endfor -%}
    ({{ names | join(', ') }})
{% endmacro %}

{% macro drop_indexes_on_relation(relation) %}{% endmacro %}

{% macro duckdb_escape_comment(comment) %}
    {%- if comment is not string -%}
        {%- do exceptions.raise_compiler_error('A comment must be a text, not ' ~ comment) -%}
    {%- endif -%}
    {{ return("'" ~ comment | replace("'", "''") ~ "'") }}
{% endmacro %}

{% macro is_core_v2() %}{{ return(false) }}{% endmacro %}
