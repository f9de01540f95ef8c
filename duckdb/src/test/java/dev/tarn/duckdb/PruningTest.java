package dev.tarn.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.TableName;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.Predicate.Operator;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableScan.DataFile;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.Relation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PruningTest extends Fixture {
    private static final Schema SCHEMA =
            schema(
                    field(1, "id", Primitive.BIGINT),
                    field(2, "day", Primitive.DATE),
                    field(3, "at", Primitive.TIMESTAMP),
                    field(4, "name", Primitive.VARCHAR),
                    field(5, "price", new Type.Decimal(10, 2)),
                    field(6, "ratio", Primitive.DOUBLE));

    private final List<List<Predicate>> plans = new ArrayList<>();

    @BeforeEach
    void define() {
        List<DataFile> files = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            files.add(file(SCHEMA, "select " + i + " as id, date '2024-01-01' + " + i + " as day"));
        }
        session.define(
                TABLE,
                new Relation.Table(
                        SCHEMA,
                        predicates -> {
                            plans.add(predicates);
                            boolean three =
                                    predicates.contains(new Predicate("id", Operator.EQUAL, "3"));
                            return new TableScan(
                                    SCHEMA, three ? files.subList(3, 4) : files, files.size());
                        }));
    }

    private List<Predicate> planned(String query) {
        plans.clear();
        rows(query);
        return plans.isEmpty() ? List.of() : plans.getLast();
    }

    @Test
    void plansWithTheComparisonsOfTheQuery() {
        assertThat(
                        planned(
                                "select count(*) from shop.orders o where o.id = 3 and 5 > price and"
                                        + " day between '2024-01-01' and date '2024-01-09' and"
                                        + " o.at >= timestamp '2024-01-01 10:00:00' and name is not null"
                                        + " and name < 'x' and (id = 3 or name = 'y')"))
                .containsExactlyInAnyOrder(
                        new Predicate("id", Operator.EQUAL, "3"),
                        new Predicate("price", Operator.LESS, "5.00"),
                        new Predicate("day", Operator.GREATER_OR_EQUAL, "2024-01-01"),
                        new Predicate("day", Operator.LESS_OR_EQUAL, "2024-01-09"),
                        new Predicate("at", Operator.GREATER_OR_EQUAL, "2024-01-01 10:00:00"),
                        new Predicate("name", Operator.LESS, "x"),
                        new Predicate("name", Operator.IS_NOT_NULL, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from shop.orders",
                "from shop.orders where id = 3 or name = 'x'",
                "from shop.orders where not (id = 3)",
                "from shop.orders where id + price = 3",
                "from shop.orders where name::bigint = 3",
                "from shop.orders where name like '%x'",
                "from shop.orders where ratio > 1",
                "from shop.orders where id <> 3",
                "from shop.orders where coalesce(id, 3) = 3",
                "from shop.orders where id is distinct from 3",
                "select * from shop.orders a left join shop.orders b on a.id = b.id and b.id = 3",
                "select * from shop.orders a full join shop.orders b on a.id = b.id and a.id = 3",
                "select * from shop.orders a anti join shop.orders b on a.id = b.id and b.id = 3",
                "select 1 from shop.orders where id = 3 and (select max(id) from shop.orders) > 3",
                "select * from (from shop.orders limit 5) where id = 3",
                "select * from (select id, row_number() over (order by day) from shop.orders)"
                        + " where id = 3",
                "select id, count(*) from shop.orders group by id having count(*) = 3",
                "from shop.orders where id = 3 union all from shop.orders",
                "with t as materialized (from shop.orders) select * from t where id = 3"
                        + " union all select * from t where name = 'x'",
                "from shop.orders tablesample 5 rows where id = 3",
                "from shop.orders where id = 3 and id = 4"
            })
    void plansForAllRowsWhenInDoubt(String query) {
        assertThat(planned(query)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from shop.orders where id = 3",
                "from shop.orders where id in (3)",
                "from shop.orders where id = '3'",
                "from shop.orders where 3 = id + 0",
                "from shop.orders as o(number) where number = 3",
                "select * from shop.orders a join shop.orders b using (id) where a.id = 3",
                "select * from shop.orders a left join shop.orders b on a.id = b.id where b.id = 3",
                "with t as (from shop.orders) select * from t where id = 3",
                "select * from (select id + 1 as n, id from shop.orders) where id = 3",
                "select * from (select id, count(*) as n from shop.orders group by id) where id = 3",
                "from shop.orders where id = 3 order by day limit 1"
            })
    void plansWithConditionsWhereverTheyStand(String query) {
        assertThat(planned(query)).contains(new Predicate("id", Operator.EQUAL, "3"));
    }

    @Test
    void plansWithConditionsOnViewsAndInThem() {
        session.define(
                TableName.parse("shop.named"),
                new Relation.View("select id as number, name from orders where name > 'a'"));
        session.define(
                TableName.parse("shop.upper"),
                new Relation.View("select number, upper(name) as name from named"));
        assertThat(planned("select * from shop.upper where number between 3 and 4 and name = 'X'"))
                .containsExactlyInAnyOrder(
                        new Predicate("id", Operator.GREATER_OR_EQUAL, "3"),
                        new Predicate("id", Operator.LESS_OR_EQUAL, "4"),
                        new Predicate("name", Operator.GREATER, "a"));
    }

    @Test
    void readsTheFilesThatEitherOfTwoReadsNeeds() {
        assertThat(
                        rows(
                                "select a.id, b.id from shop.orders a, shop.orders b"
                                        + " where a.id = 3 and b.id = 4"))
                .containsExactly(row(3L, 4L));
        assertThat(plans)
                .contains(
                        List.of(new Predicate("id", Operator.EQUAL, "3")),
                        List.of(new Predicate("id", Operator.EQUAL, "4")));
    }

    @Test
    void plansForEachQueryAnew() {
        assertThat(rows("select id from shop.orders where id = 3")).containsExactly(row(3L));
        assertThat(rows("select count(*) from shop.orders")).containsExactly(row(10L));
        assertThat(rows("select id from shop.orders where id = 3")).containsExactly(row(3L));
        assertThat(rows("select id from shop.orders where id = 4")).containsExactly(row(4L));
        session.define(TableName.parse("shop.v"), new Relation.View("from shop.orders"));
        assertThat(rows("select id from shop.orders where id = 3")).containsExactly(row(3L));
        assertThat(rows("select count(*) from shop.v")).containsExactly(row(10L));
        assertThat(rows("select count(*) from shop.v, (select * from shop.orders where id = 3)"))
                .containsExactly(row(10L));
    }

    @Test
    void plansAMergeBetweenItsKeys() {
        plans.clear();
        session.matches(TABLE, sql("select unnest([3, 7])::bigint as id"), List.of("id"), "");
        assertThat(plans.getLast())
                .containsExactly(
                        new Predicate("id", Operator.GREATER_OR_EQUAL, "3"),
                        new Predicate("id", Operator.LESS_OR_EQUAL, "7"));
    }
}
