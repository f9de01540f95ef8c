with days as (
    select
        ordered_on,
        count(*) as orders,
        count(*) filter (where counts_as_revenue) as paid_orders,
        count(*) filter (where coupon is not null) as orders_with_coupon,
        coalesce(sum(amount_eur) filter (where counts_as_revenue), 0) as revenue_eur
    from {{ ref('fct_orders') }}
    group by ordered_on
)

select
    date_day,
    weekday,
    is_weekend,
    orders,
    paid_orders,
    orders_with_coupon,
    cast(revenue_eur as decimal(14, 2)) as revenue_eur,
    cast(revenue_eur / nullif(paid_orders, 0) as decimal(14, 2)) as revenue_per_order_eur,
    cast(
        avg(revenue_eur) over (
            order by date_day
            rows between 6 preceding and current row
        ) as decimal(14, 2)
    ) as revenue_of_a_week_averaged_eur
from days
inner join {{ ref('dim_date') }} as dates
    on dates.date_day = days.ordered_on
