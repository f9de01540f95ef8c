package dev.tarn.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableScan.DataFile;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EvolvedTableTest extends Fixture {
    private static final Type MONEY = new Type.Decimal(9, 2);
    private static final Schema FIRST =
            schema(
                    field(1, "id", Primitive.INTEGER),
                    field(2, "name", Primitive.VARCHAR),
                    field(3, "price", MONEY));
    private static final Schema SECOND =
            schema(
                    field(1, "id", Primitive.BIGINT),
                    field(4, "name", Primitive.VARCHAR),
                    field(3, "cost", MONEY),
                    field(5, "price", MONEY));
    private static final Schema NOW =
            schema(
                    field(1, "id", Primitive.BIGINT),
                    field(4, "Name", Primitive.VARCHAR),
                    field(5, "price", new Type.Decimal(12, 2)),
                    field(3, "cost", MONEY),
                    new Field(
                            6,
                            "note",
                            Primitive.VARCHAR,
                            false,
                            Optional.of("'it''s new'"),
                            Optional.empty()),
                    field(7, "extra", Primitive.BIGINT));

    private static BigDecimal money(String text) {
        return new BigDecimal(text);
    }

    @Test
    void readsRenamedReusedWidenedAndAddedColumnsFromFilesOfAllAges() {
        DataFile first = file(FIRST, "select 1::int as id, 'old' as name, 1.5 as price");
        DataFile second =
                file(
                        SECOND,
                        "select range + 2 as id, 'b' as name, 2 as cost, 3 as price from range(3)",
                        1);
        DataFile third =
                file(
                        schema(NOW.fields().subList(0, 5).toArray(Field[]::new)),
                        "select 5::bigint as id, 'c' as \"Name\", 4 as price, 5 as cost, null as note");
        DataFile now =
                file(
                        NOW,
                        "select 6::bigint as id, 'd' as \"Name\", 6 as price, 7 as cost, 'n' as note, 8 as extra");
        for (List<DataFile> files :
                List.of(
                        List.of(first, second, third, now),
                        List.of(now, third, second, first),
                        List.of(third, now, first, second))) {
            session.define(TABLE, table(NOW, files.toArray(DataFile[]::new)));
            assertThat(rows("select * from shop.orders order by id"))
                    .containsExactly(
                            row(1L, null, null, money("1.50"), "it's new", null),
                            row(2L, "b", money("3.00"), money("2.00"), "it's new", null),
                            row(4L, "b", money("3.00"), money("2.00"), "it's new", null),
                            row(5L, "c", money("4.00"), money("5.00"), null, null),
                            row(6L, "d", money("6.00"), money("7.00"), "n", 8L));
            assertThat(rows("select count(*) from shop.orders where extra is null"))
                    .containsExactly(row(4L));
            assertThat(rows("select id from shop.orders where note = 'it''s new' and id > 3"))
                    .containsExactly(row(4L));
            assertThat(rows("select id from shop.orders where name is null"))
                    .containsExactly(row(1L));
        }
    }

    @Test
    void readsSwappedNamesByTheirIds() {
        Schema before = schema(field(1, "a", Primitive.BIGINT), field(2, "b", Primitive.BIGINT));
        Schema after = schema(field(1, "b", Primitive.BIGINT), field(2, "a", Primitive.BIGINT));
        DataFile old = file(before, "select 1::bigint as a, 2::bigint as b");
        DataFile young = file(after, "select 1::bigint as b, 2::bigint as a");
        session.define(TABLE, table(after, old, young));
        assertThat(rows("select a, b from shop.orders where a = 2"))
                .containsExactly(row(2L, 1L), row(2L, 1L));
    }

    @Test
    void readsAddedColumnsTogetherWithFilesThatLackThem() {
        Schema before = schema(field(1, "id", Primitive.BIGINT));
        Schema after = schema(field(1, "id", Primitive.BIGINT), field(2, "n", Primitive.BIGINT));
        DataFile old = file(before, "select range as id from range(100)", 3);
        DataFile young = file(after, "select range + 100 as id, range as n from range(50)");
        session.define(TABLE, table(after, old, young));
        assertThat(rows("select count(*), count(n), max(n) from shop.orders"))
                .containsExactly(row(149L, 50L, 49L));
        assertThat(rows("select count(*) from shop.orders where n is null"))
                .containsExactly(row(99L));
        assertThat(rows("select count(*) from shop.orders where n < 10 and id > 105"))
                .containsExactly(row(4L));
    }
}
