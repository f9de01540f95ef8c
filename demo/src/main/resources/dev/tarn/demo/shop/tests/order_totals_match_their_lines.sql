select
    orders.order_id,
    orders.amount_eur,
    sum(lines.amount_eur) as amount_of_lines_eur
from {{ ref('fct_orders') }} as orders
inner join {{ ref('fct_order_lines') }} as lines
    on lines.order_id = orders.order_id
group by orders.order_id, orders.amount_eur
having orders.amount_eur <> sum(lines.amount_eur)
