{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='order_id',
    partition_by=['month(ordered_at)'],
    on_schema_change='append_new_columns'
) }}

-- One row for each order, with the customer as he or she was when ordering.
with totals as (
    select
        order_id,
        count(*) as lines,
        cast(sum(quantity) as bigint) as pieces,
        cast(sum(amount_eur) as decimal(14, 2)) as amount_eur,
        max(ingested_at) as ingested_at
    from {{ ref('order_lines') }}
    group by order_id
),

orders as (
    select
        orders.*,
        coalesce(totals.lines, 0) as lines,
        coalesce(totals.pieces, 0) as pieces,
        coalesce(totals.amount_eur, 0) as amount_eur,
        greatest(orders.ingested_at, totals.ingested_at) as changed_at
    from {{ ref('orders') }} as orders
    left join totals
        on totals.order_id = orders.order_id
)

select
    orders.order_id,
    customer.customer_key,
    orders.customer_id,
    cast(orders.ordered_at as date) as ordered_on,
    orders.ordered_at,
    orders.updated_at,
    orders.status,
    orders.channel,
    orders.currency,
    orders.coupon,
    cast(orders.lines as integer) as lines,
    orders.pieces,
    orders.amount_eur,
    orders.status not in ('cancelled', 'returned') as counts_as_revenue,
    orders.changed_at as ingested_at
from orders
left join {{ ref('dim_customer') }} as customer
    on customer.customer_id = orders.customer_id
    and cast(orders.ordered_at as date) >= customer.valid_from
    and cast(orders.ordered_at as date) < customer.valid_to
{% if is_incremental() %}
-- Orders whose customer was not known yet get another chance.
where
    orders.changed_at > (
        select coalesce(max(ingested_at), timestamptz '1970-01-01 00:00:00+00') from {{ this }}
    )
    or orders.order_id in (select order_id from {{ this }} where customer_key is null)
{% endif %}
