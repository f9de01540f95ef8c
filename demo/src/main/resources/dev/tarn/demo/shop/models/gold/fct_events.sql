{{ config(
    materialized='incremental',
    incremental_strategy='append'
) }}

-- Each event once. What was sent again later meets the event that is there already and is left out.
-- Not partitioned: a day is a few megabytes, and a file that small costs more than it helps.
select
    event_id,
    session_id,
    customer_id,
    event_type,
    occurred_at,
    cast(occurred_at as date) as occurred_on,
    path,
    product_id,
    device,
    ingested_at
from {{ ref('web_events') }} as events
{% if is_incremental() %}
where
    events.ingested_at > (
        select coalesce(max(ingested_at), timestamptz '1970-01-01 00:00:00+00') from {{ this }}
    )
    and not exists (
        select 1 from {{ this }} as known where known.event_id = events.event_id
    )
{% endif %}
qualify row_number() over (partition by event_id order by ingested_at) = 1
