-- The stock that matters most in a nation.
with stock as (
    select ps_partkey, ps_supplycost * ps_availqty as value
    from partsupp
    inner join supplier on s_suppkey = ps_suppkey
    inner join nation on n_nationkey = s_nationkey
    where n_name = 'GERMANY'
)

select ps_partkey, sum(value) as value
from stock
group by ps_partkey
having sum(value) > (select sum(value) * 0.0001 from stock)
order by 2 desc, ps_partkey
