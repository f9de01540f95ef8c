-- Events in one spelling and in UTC; doubles are still there.
select
    event_id,
    session_id,
    customer_id,
    replace(lower(event_type), '-', '_') as event_type,
    occurred_at at time zone 'UTC' as occurred_at,
    path,
    product_id,
    coalesce(device, 'unknown') as device,
    _ingested_at as ingested_at
from {{ source('shop', 'events') }}
