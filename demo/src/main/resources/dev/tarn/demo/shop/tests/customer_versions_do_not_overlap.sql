{{ config(tags=['history']) }}

select
    customer_id,
    version,
    valid_from,
    valid_to,
    lead(valid_from) over (partition by customer_id order by version) as next_valid_from
from {{ ref('dim_customer') }}
qualify valid_from >= valid_to or next_valid_from < valid_to
