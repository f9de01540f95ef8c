select
    mart.revenue_eur,
    facts.revenue_eur as revenue_of_orders_eur
from (select sum(revenue_eur) as revenue_eur from {{ ref('mart_daily_revenue') }}) as mart
cross join (
    select sum(amount_eur) as revenue_eur
    from {{ ref('fct_orders') }}
    where counts_as_revenue
) as facts
where mart.revenue_eur is distinct from facts.revenue_eur
