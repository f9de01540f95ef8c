-- Every day the shop reports about.
select
    cast(day as date) as date_day,
    year(day) as year,
    month(day) as month,
    isoyear(day) as iso_year,
    week(day) as iso_week,
    dayname(day) as weekday,
    isodow(day) >= 6 as is_weekend
from generate_series(
    timestamp '{{ var("first_day") }}',
    timestamp '{{ var("last_day") }}',
    interval 1 day
) as days(day)
