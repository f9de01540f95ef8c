with bought as (
    select
        customer_id,
        count(*) as orders,
        min(ordered_on) as first_order_on,
        max(ordered_on) as last_order_on,
        cast(coalesce(sum(amount_eur) filter (where counts_as_revenue), 0) as decimal(14, 2)) as revenue_eur
    from {{ ref('fct_orders') }}
    group by customer_id
),

visited as (
    select
        customer_id,
        count(*) as sessions
    from {{ ref('fct_sessions') }}
    where customer_id is not null
    group by customer_id
)

select
    customer.customer_id,
    customer.country,
    customer.tier,
    customer.signed_up_on,
    coalesce(bought.orders, 0) as orders,
    bought.first_order_on,
    bought.last_order_on,
    coalesce(bought.revenue_eur, 0) as revenue_eur,
    coalesce(visited.sessions, 0) as sessions,
    ntile(10) over (order by coalesce(bought.revenue_eur, 0) desc, customer.customer_id) as revenue_decile
from {{ ref('customers_today') }} as customer
left join bought
    on bought.customer_id = customer.customer_id
left join visited
    on visited.customer_id = customer.customer_id
