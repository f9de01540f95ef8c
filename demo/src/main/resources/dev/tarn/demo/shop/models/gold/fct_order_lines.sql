{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key=['order_id', 'line_number']
) }}

select
    concat_ws('-', lines.order_id, lines.line_number) as order_line_key,
    lines.order_id,
    lines.line_number,
    lines.product_id,
    cast(orders.ordered_at as date) as ordered_on,
    lines.quantity,
    lines.currency,
    lines.unit_price,
    lines.unit_price_eur,
    lines.amount_eur,
    lines.ingested_at
from {{ ref('order_lines') }} as lines
inner join {{ ref('orders') }} as orders
    on orders.order_id = lines.order_id
{% if is_incremental() %}
where lines.ingested_at > (
    select coalesce(max(ingested_at), timestamptz '1970-01-01 00:00:00+00') from {{ this }}
)
{% endif %}
