-- Profit on parts of one colour, by nation and year.
select
    n_name as nation,
    year(o_orderdate) as o_year,
    sum(l_extendedprice * (1 - l_discount) - ps_supplycost * l_quantity) as sum_profit
from part
inner join lineitem on l_partkey = p_partkey
inner join partsupp on ps_partkey = l_partkey and ps_suppkey = l_suppkey
inner join supplier on s_suppkey = l_suppkey
inner join orders on o_orderkey = l_orderkey
inner join nation on n_nationkey = s_nationkey
where p_name like '%green%'
group by n_name, o_year
order by n_name, o_year desc
