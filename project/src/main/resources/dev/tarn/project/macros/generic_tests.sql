{# The tests every project has. Each returns the rows that break the rule. #}

{% macro get_where_subquery(relation) %}
    {{ return(adapter.dispatch('get_where_subquery', 'dbt')(relation)) }}
{% endmacro %}

{% macro default__get_where_subquery(relation) %}
    {%- set condition = config.get('where', '') -%}
    {%- if condition -%}
        {{ return('(select * from ' ~ relation ~ ' where ' ~ condition ~ ') dbt_subquery') }}
    {%- endif -%}
    {{ return(relation) }}
{% endmacro %}

{% test unique(model, column_name) %}
    {{ adapter.dispatch('test_unique', 'dbt')(model, column_name) }}
{% endtest %}

{% macro default__test_unique(model, column_name) %}
select
    {{ column_name }} as unique_field,
    count(*) as n_records
from {{ model }}
where {{ column_name }} is not null
group by {{ column_name }}
having count(*) > 1
{% endmacro %}

{% test not_null(model, column_name) %}
    {{ adapter.dispatch('test_not_null', 'dbt')(model, column_name) }}
{% endtest %}

{% macro default__test_not_null(model, column_name) %}
select *
from {{ model }}
where {{ column_name }} is null
{% endmacro %}

{% test accepted_values(model, column_name, values, quote=True) %}
    {{ adapter.dispatch('test_accepted_values', 'dbt')(model, column_name, values, quote) }}
{% endtest %}

{% macro default__test_accepted_values(model, column_name, values, quote=True) %}
{%- if values is undefined or values is none -%}
    {{ exceptions.missing_argument("Test 'accepted_values' needs the argument 'values': a list.") }}
{%- endif %}
select
    {{ column_name }} as value_field,
    count(*) as n_records
from {{ model }}
where {{ column_name }} not in (
    {%- for value in values %}
    {% if quote %}'{{ value | string | replace("'", "''") }}'{% else %}{{ value }}{% endif %}
    {%- if not loop.last %},{% endif %}
    {%- endfor %}
)
group by {{ column_name }}
{% endmacro %}

{% test relationships(model, column_name, to, field) %}
    {{ adapter.dispatch('test_relationships', 'dbt')(model, column_name, to, field) }}
{% endtest %}

{% macro default__test_relationships(model, column_name, to, field) %}
{%- if to is undefined or field is undefined -%}
    {{ exceptions.missing_argument("Test 'relationships' needs the arguments 'to', such as ref('customers'), and 'field', a column of it.") }}
{%- endif %}
select child.from_field
from (
        select {{ column_name }} as from_field
        from {{ model }}
        where {{ column_name }} is not null
    ) as child
left join (select {{ field }} as to_field from {{ to }}) as parent
    on parent.to_field = child.from_field
where parent.to_field is null
{% endmacro %}
