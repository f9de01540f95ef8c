{{ config(materialized='table') }}

-- The newest state of each order. A first state that arrives after a later one changes nothing.
with newest as (
    select
        order_id,
        customer_id,
        ordered_at,
        updated_at,
        {{ plain_word('status') }} as status,
        {{ plain_word('currency') }} as currency_word,
        {{ plain_word('channel') }} as channel,
        nullif(trim(coupon), '') as coupon,
        max(_ingested_at) over (partition by order_id) as ingested_at
    from {{ source('shop', 'orders') }}
    {{ newest_per('order_id', 'updated_at desc') }}
)

select
    newest.order_id,
    newest.customer_id,
    newest.ordered_at,
    newest.updated_at,
    newest.status,
    spelling.currency,
    newest.channel,
    newest.coupon,
    newest.ingested_at
from newest
left join {{ ref('currency_spellings') }} as spelling
    on spelling.spelling = newest.currency_word
