select *
from {{ ref('mart_funnel') }}
where
    sessions_with_product_view > sessions
    or sessions_with_checkout > sessions_with_add_to_cart
    or sessions_with_purchase > sessions_with_checkout
