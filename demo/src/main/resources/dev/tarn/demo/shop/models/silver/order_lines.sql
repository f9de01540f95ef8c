{{ config(materialized='table') }}

-- One row for each line of an order, in {{ var('report_currency') }}.
with lines as (
    select
        order_id,
        line_number,
        product_id,
        quantity,
        {{ amount('unit_price') }} as unit_price,
        _ingested_at as ingested_at
    from {{ source('shop', 'order_items') }}
    {{ newest_per('order_id, line_number', '_ingested_at desc') }}
)

select
    lines.order_id,
    lines.line_number,
    lines.product_id,
    lines.quantity,
    lines.unit_price,
    orders.currency,
    cast(lines.unit_price * rate.euros as decimal(12, 2)) as unit_price_eur,
    cast(lines.quantity * lines.unit_price * rate.euros as decimal(14, 2)) as amount_eur,
    greatest(lines.ingested_at, orders.ingested_at) as ingested_at
from lines
inner join {{ ref('orders') }} as orders
    on orders.order_id = lines.order_id
left join {{ ref('currency_periods') }} as rate
    on rate.currency = orders.currency
    and cast(orders.ordered_at as date) >= rate.valid_from
    and cast(orders.ordered_at as date) < rate.valid_to
