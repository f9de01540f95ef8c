-- The cheapest supplier of a region for each part of a size and kind.
with offers as (
    select ps_partkey, ps_supplycost, s_acctbal, s_name, n_name, s_address, s_phone, s_comment
    from partsupp
    inner join supplier on s_suppkey = ps_suppkey
    inner join nation on n_nationkey = s_nationkey
    inner join region on r_regionkey = n_regionkey
    where r_name = 'EUROPE'
)

select
    s_acctbal, s_name, n_name, p_partkey, p_mfgr, s_address, s_phone, s_comment
from part
inner join offers as offer on offer.ps_partkey = p_partkey
where p_size = 15
    and p_type like '%BRASS'
    and offer.ps_supplycost = (
        select min(other.ps_supplycost) from offers as other where other.ps_partkey = p_partkey
    )
order by s_acctbal desc, n_name, s_name, p_partkey
limit 100
