{% set steps = ['product_view', 'add_to_cart', 'checkout', 'purchase'] %}
-- How far visits get, by day and device.
select
    started_on,
    device,
    count(*) as sessions,
    {%- for step in steps %}
    count(*) filter (where has_{{ step }}) as sessions_with_{{ step }},
    {%- endfor %}
    round(count(*) filter (where has_purchase) / count(*), 4) as share_that_buys
from {{ ref('fct_sessions') }}
group by started_on, device
