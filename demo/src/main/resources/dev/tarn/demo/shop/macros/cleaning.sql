{# A word without the blanks around it and in small letters, for looking it up. #}
{% macro plain_word(column) -%}
    lower(trim({{ column }}))
{%- endmacro %}

{# Keeps one row for each key: the newest; where two are equally new, the one that landed last. #}
{% macro newest_per(key, newest_first) -%}
    qualify row_number() over (
        partition by {{ key }}
        order by {{ newest_first }}, _ingested_at desc, _file desc, _row desc
    ) = 1
{%- endmacro %}

{# An amount of money with a decimal point or a decimal comma. #}
{% macro amount(column) -%}
    cast(replace(trim({{ column }}), ',', '.') as decimal(12, 2))
{%- endmacro %}
