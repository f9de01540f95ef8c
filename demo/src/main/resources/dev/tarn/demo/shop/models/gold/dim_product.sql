select
    product_id,
    name,
    category,
    price as list_price_eur,
    case
        when price < 20 then 'low'
        when price < 60 then 'middle'
        else 'high'
    end as price_band,
    tags,
    colour,
    grams,
    listed_on
from {{ ref('products') }}
