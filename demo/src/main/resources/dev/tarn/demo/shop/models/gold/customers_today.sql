{{ config(materialized='view') }}

-- Customers as the newest extract has them.
select
    customer_key,
    customer_id,
    name,
    email,
    country_code,
    country,
    city,
    tier,
    signed_up_on,
    valid_from as unchanged_since
from {{ ref('dim_customer') }}
where is_current
