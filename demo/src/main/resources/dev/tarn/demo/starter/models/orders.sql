{{ config(materialized='view') }}

select
    order_id,
    customer,
    ordered_at,
    cast(ordered_at as date) as ordered_on,
    amount
from {{ source('landing', 'orders') }}
