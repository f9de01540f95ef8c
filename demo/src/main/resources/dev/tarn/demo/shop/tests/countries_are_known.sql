{{ config(severity='warn') }}

select
    country,
    count(*) as states
from {{ ref('customer_states') }}
where country_code = '??'
group by country
