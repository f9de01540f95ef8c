{{ config(severity='error', store_failures=true) }}

select
    order_id,
    line_number,
    product_id,
    quantity,
    amount_eur
from {{ ref('fct_order_lines') }}
where quantity <= 0
