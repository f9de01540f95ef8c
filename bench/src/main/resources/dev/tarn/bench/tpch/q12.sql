-- Whether cheap ways of shipping delay urgent orders.
select
    l_shipmode,
    count(*) filter (where o_orderpriority in ('1-URGENT', '2-HIGH')) as high_line_count,
    count(*) filter (where o_orderpriority not in ('1-URGENT', '2-HIGH')) as low_line_count
from orders
inner join lineitem on l_orderkey = o_orderkey
where l_shipmode in ('MAIL', 'SHIP')
    and l_commitdate < l_receiptdate
    and l_shipdate < l_commitdate
    and l_receiptdate >= date '1994-01-01'
    and l_receiptdate < date '1995-01-01'
group by l_shipmode
order by l_shipmode
