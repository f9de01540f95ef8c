-- Yearly revenue lost if small orders were no longer taken.
select sum(l_extendedprice) / 7.0 as avg_yearly
from lineitem
inner join part on p_partkey = l_partkey
where p_brand = 'Brand#23'
    and p_container = 'MED BOX'
    and l_quantity < (
        select 0.2 * avg(line.l_quantity) from lineitem as line where line.l_partkey = p_partkey
    )
