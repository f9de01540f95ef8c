{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='session_id'
) }}
{% set steps = ['product_view', 'add_to_cart', 'checkout', 'purchase'] %}

-- One row for each visit. A visit that gets late events is counted anew as a whole.
select
    session_id,
    min(customer_id) as customer_id,
    min(device) as device,
    min(occurred_at) as started_at,
    cast(min(occurred_at) as date) as started_on,
    date_diff('second', min(occurred_at), max(occurred_at)) as seconds,
    count(*) as events,
    {%- for step in steps %}
    bool_or(event_type = '{{ step }}') as has_{{ step }},
    {%- endfor %}
    max(ingested_at) as ingested_at
from {{ ref('fct_events') }}
{% if is_incremental() %}
where session_id in (
    select session_id
    from {{ ref('fct_events') }}
    where ingested_at > (
        select coalesce(max(ingested_at), timestamptz '1970-01-01 00:00:00+00') from {{ this }}
    )
)
{% endif %}
group by session_id
