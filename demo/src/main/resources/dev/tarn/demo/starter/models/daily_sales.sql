select
    ordered_on,
    count(*) as orders,
    cast(sum(amount) as decimal(14, 2)) as amount
from {{ ref('orders') }}
group by ordered_on
