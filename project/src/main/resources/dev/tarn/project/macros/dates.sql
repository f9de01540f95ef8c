{# Dates and times, called the same way in every database. #}

{% macro current_timestamp() %}
    {{ return(adapter.dispatch('current_timestamp', 'dbt')()) }}
{% endmacro %}

{% macro default__current_timestamp() %}now(){% endmacro %}

{% macro date(year, month, day) %}
    {{ return(adapter.dispatch('date', 'dbt')(year, month, day)) }}
{% endmacro %}

{% macro default__date(year, month, day) %}make_date({{ year }}, {{ month }}, {{ day }}){% endmacro %}

{% macro date_trunc(datepart, date) %}
    {{ return(adapter.dispatch('date_trunc', 'dbt')(datepart, date)) }}
{% endmacro %}

{% macro default__date_trunc(datepart, date) %}date_trunc('{{ datepart }}', {{ moment_of(date) }}){% endmacro %}

{% macro dateadd(datepart, interval, from_date_or_timestamp) %}
    {{ return(adapter.dispatch('dateadd', 'dbt')(datepart, interval, from_date_or_timestamp)) }}
{% endmacro %}

{% macro default__dateadd(datepart, interval, from_date_or_timestamp) %}date_add({{ moment_of(from_date_or_timestamp) }}, interval ({{ interval }}) {{ datepart }}){% endmacro %}

{# A date in quotes is no date yet. #}
{% macro moment_of(expression) -%}
    {%- set text = expression | string | trim -%}
    {{- 'cast(' ~ text ~ ' as timestamp)' if text[:1] == "'" and text[1:].find("'") == text | length - 2 else text -}}
{%- endmacro %}

{% macro datediff(first_date, second_date, datepart) %}
    {{ return(adapter.dispatch('datediff', 'dbt')(first_date, second_date, datepart)) }}
{% endmacro %}

{# Weeks begin on Sunday, as with dbt on DuckDB; those of DuckDB itself begin on Thursday. #}
{% macro default__datediff(first_date, second_date, datepart) %}
    {%- if datepart | lower == 'week' -%}
    (date_diff('day', {{ sunday_before(first_date) }}, {{ sunday_before(second_date) }}) // 7)
    {%- else -%}
    date_diff('{{ datepart }}', cast({{ first_date }} as timestamp), cast({{ second_date }} as timestamp))
    {%- endif -%}
{% endmacro %}

{% macro sunday_before(moment) -%}
    date_trunc('week', cast({{ moment }} as timestamp) + interval 1 day)
{%- endmacro %}

{% macro last_day(date, datepart) %}
    {{ return(adapter.dispatch('last_day', 'dbt')(date, datepart)) }}
{% endmacro %}

{% macro default__last_day(date, datepart) %}
    {%- if datepart == 'quarter' -%}
    cast({{ dbt.dateadd('day', '-1', dbt.dateadd('month', '3', dbt.date_trunc('quarter', date))) }} as date)
    {%- else -%}
    cast({{ dbt.dateadd('day', '-1', dbt.dateadd(datepart, '1', dbt.date_trunc(datepart, date))) }} as date)
    {%- endif -%}
{% endmacro %}

{% macro current_timestamp_backcompat() %}
    {{ return(adapter.dispatch('current_timestamp_backcompat', 'dbt')()) }}
{% endmacro %}

{% macro get_powers_of_two(upper_bound) %}
    {%- if upper_bound <= 0 -%}
        {{ exceptions.raise_compiler_error("upper bound must be positive") }}
    {%- endif -%}
    {%- for power in range(1, 100) -%}
        {%- if upper_bound <= 2 ** power -%}{{ return(power) }}{%- endif -%}
    {%- endfor -%}
{% endmacro %}

{% macro generate_series(upper_bound) %}
    {{ return(adapter.dispatch('generate_series', 'dbt')(upper_bound)) }}
{% endmacro %}

{% macro default__generate_series(upper_bound) %}
select unnest(range(1, {{ upper_bound }} + 1)) as generated_number
{% endmacro %}

{% macro date_spine(datepart, start_date, end_date) %}
    {{ return(adapter.dispatch('date_spine', 'dbt')(datepart, start_date, end_date)) }}
{% endmacro %}

{% macro default__date_spine(datepart, start_date, end_date) %}
select cast(moment as timestamp) as date_{{ datepart }}
from (
    select unnest(generate_series(
        cast({{ start_date }} as timestamp),
        cast({{ end_date }} as timestamp),
        interval 1 {{ datepart }}
    )) as moment
) as spine
where moment < cast({{ end_date }} as timestamp)
{% endmacro %}

{% macro default__current_timestamp_backcompat() %}{{ return(current_timestamp()) }}{% endmacro %}

{% macro current_timestamp_in_utc_backcompat() %}
    {{ return(adapter.dispatch('current_timestamp_in_utc_backcompat', 'dbt')()) }}
{% endmacro %}

{% macro default__current_timestamp_in_utc_backcompat() %}{{ return(current_timestamp()) }}{% endmacro %}

{% macro default_last_day(date, datepart) %}{{ default__last_day(date, datepart) }}{% endmacro %}

{% macro default__get_powers_of_two(upper_bound) %}{{ return(get_powers_of_two(upper_bound)) }}{% endmacro %}

{% macro get_intervals_between(start_date, end_date, datepart) %}
    {{ return(adapter.dispatch('get_intervals_between', 'dbt')(start_date, end_date, datepart)) }}
{% endmacro %}

{% macro default__get_intervals_between(start_date, end_date, datepart) %}
    {%- set answer = run_query('select ' ~ dbt.datediff(start_date, end_date, datepart) ~ ' as intervals') -%}
    {{ return(answer.columns[0].values()[0] if execute else 0) }}
{% endmacro %}

{# Dates of templates, not of queries. #}

{% macro convert_datetime(date_str, date_fmt) %}
    {%- if date_str is not none and date_str -%}
        {{ return(modules.datetime.datetime.strptime(date_str, date_fmt)) }}
    {%- endif -%}
{% endmacro %}

{% macro dates_in_range(start_date_str, end_date_str=none, in_fmt='%Y%m%d', out_fmt='%Y%m%d') %}
    {%- set first = convert_datetime(start_date_str, in_fmt) -%}
    {%- set last = convert_datetime(end_date_str, in_fmt) if end_date_str is not none else first -%}
    {%- set days = [] -%}
    {%- for i in range((last - first).days + 1) -%}
        {%- set day = first + modules.datetime.timedelta(days=i) -%}
        {%- do days.append(day.strftime(out_fmt) if out_fmt else day) -%}
    {%- endfor -%}
    {{ return(days) }}
{% endmacro %}

{% macro partition_range(raw_partition_date, date_fmt='%Y%m%d') %}
    {%- set ends = (raw_partition_date | string).split(',') -%}
    {%- if ends | length > 2 -%}
        {{ exceptions.raise_compiler_error("A range of partitions is one date, or two with a comma between, not: " ~ raw_partition_date) }}
    {%- endif -%}
    {{ return(dates_in_range(ends[0] | trim, ends[-1] | trim, in_fmt=date_fmt)) }}
{% endmacro %}

{% macro py_current_timestring() %}
    {{ return(modules.datetime.datetime.now().strftime('%Y%m%d%H%M%S%f')) }}
{% endmacro %}
