-- One row for each customer and extract, in one spelling.
with cleaned as (
    select
        extract.customer_id,
        extract.extract_date,
        trim(extract.name) as name,
        lower(trim(extract.email)) as email,
        coalesce(spelling.country_code, '??') as country_code,
        coalesce(spelling.country, trim(extract.country)) as country,
        trim(extract.city) as city,
        lower(trim(extract.tier)) as tier,
        extract.signed_up_on,
        extract._ingested_at,
        extract._file,
        extract._row
    from {{ source('shop', 'customers') }} as extract
    left join {{ ref('country_spellings') }} as spelling
        on spelling.spelling = {{ plain_word('extract.country') }}
)

select
    customer_id,
    extract_date,
    name,
    email,
    country_code,
    country,
    city,
    tier,
    signed_up_on
from cleaned
{{ newest_per('customer_id, extract_date', 'extract_date desc') }}
