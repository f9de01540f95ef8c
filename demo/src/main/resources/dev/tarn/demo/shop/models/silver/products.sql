{{ config(materialized='table') }}

-- The newest entry of each product.
select
    product_id,
    trim(name) as name,
    {{ plain_word('category') }} as category,
    price,
    list_sort(list_distinct(list_transform(tags, lambda tag: lower(tag)))) as tags,
    details.colour as colour,
    details.grams as grams,
    listed_on
from {{ source('shop', 'products') }}
{{ newest_per('product_id', 'listed_on desc') }}
