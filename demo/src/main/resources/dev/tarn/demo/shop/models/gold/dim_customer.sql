{% set attributes = ['email', 'country_code', 'city', 'tier'] %}
-- One row for each state a customer was in, made of full extracts: a state begins with the first
-- extract that shows it and ends with the first one that does not.
with extracts as (
    select
        extract_date,
        lag(extract_date) over (order by extract_date) as previous_extract,
        lead(extract_date) over (order by extract_date) as next_extract
    from (select distinct extract_date from {{ ref('customer_states') }})
),

compared as (
    select
        state.*,
        extracts.next_extract,
        lag(state.extract_date) over by_customer as last_seen,
        lag(state.extract_date) over by_customer is distinct from extracts.previous_extract
        {%- for attribute in attributes %}
            or lag(state.{{ attribute }}) over by_customer is distinct from state.{{ attribute }}
        {%- endfor %} as is_new_state
    from {{ ref('customer_states') }} as state
    inner join extracts
        on extracts.extract_date = state.extract_date
    window by_customer as (partition by state.customer_id order by state.extract_date)
),

numbered as (
    select
        *,
        sum(case when is_new_state or last_seen is null then 1 else 0 end) over (
            partition by customer_id
            order by extract_date
            rows between unbounded preceding and current row
        ) as version
    from compared
),

versions as (
    select
        customer_id,
        cast(version as integer) as version,
        arg_max(name, extract_date) as name,
        {%- for attribute in attributes %}
        min({{ attribute }}) as {{ attribute }},
        {%- endfor %}
        min(country) as country,
        min(signed_up_on) as signed_up_on,
        min(extract_date) as first_extract,
        arg_max(coalesce(next_extract, date '9999-12-31'), extract_date) as valid_to
    from numbered
    group by customer_id, version
)

select
    md5(concat_ws('|', customer_id, version)) as customer_key,
    customer_id,
    version,
    name,
    email,
    country_code,
    country,
    city,
    tier,
    signed_up_on,
    case when version = 1 then least(signed_up_on, first_extract) else first_extract end as valid_from,
    valid_to,
    valid_to = date '9999-12-31' as is_current
from versions
