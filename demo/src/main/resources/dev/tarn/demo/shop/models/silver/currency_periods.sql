{{ config(materialized='ephemeral') }}

-- Each exchange rate with the day on which the next one begins. The first holds for all days before.
select
    currency,
    case
        when row_number() over (partition by currency order by valid_from) = 1 then date '1900-01-01'
        else valid_from
    end as valid_from,
    lead(valid_from, 1, date '9999-12-31') over (
        partition by currency
        order by valid_from
    ) as valid_to,
    euros
from {{ ref('exchange_rates') }}
