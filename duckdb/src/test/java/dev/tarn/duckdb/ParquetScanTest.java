package dev.tarn.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.RowPositions;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableScan.DataFile;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.Relation;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ParquetScanTest extends Fixture {
    private static final Schema OLD =
            schema(
                    field(1, "id", Primitive.INTEGER),
                    field(2, "name", Primitive.VARCHAR),
                    field(3, "price", new Type.Decimal(9, 2)),
                    field(4, "weight", Primitive.FLOAT),
                    field(
                            5,
                            "place",
                            new Type.Struct(
                                    List.of(
                                            field(6, "city", Primitive.VARCHAR),
                                            field(7, "zip", Primitive.INTEGER)))),
                    field(
                            8,
                            "lines",
                            new Type.ListOf(
                                    field(
                                            9,
                                            "element",
                                            new Type.Struct(
                                                    List.of(
                                                            field(
                                                                    10,
                                                                    "sku",
                                                                    Primitive.INTEGER)))))),
                    field(
                            11,
                            "tags",
                            new Type.MapOf(
                                    field(12, "key", Primitive.VARCHAR).asRequired(),
                                    field(
                                            13,
                                            "value",
                                            new Type.Struct(
                                                    List.of(field(14, "n", Primitive.INTEGER)))))));

    private DataFile oldFile() {
        return file(
                OLD,
                "select 1 as id, 'ann' as name, 2.5 as price, 0.5 as weight,"
                        + " {'zip': 10, 'city': 'Ulm'} as place, [{'sku': 7}, null] as lines,"
                        + " map {'k': {'n': 3}} as tags");
    }

    @Test
    void readsTheSameByNameWhereColumnsNeverChanged() {
        List<DataFile> files =
                List.of(oldFile(), file(OLD, "select range::int as id from range(3)", 1));
        session.define(TABLE, table(OLD, files.toArray(DataFile[]::new)));
        var byId = rows("select * from shop.orders order by id, name");
        session.define(
                TABLE, new Relation.Table(OLD, p -> new TableScan(OLD, files, files.size(), true)));

        assertThat(rows("select * from shop.orders order by id, name")).hasSize(3).isEqualTo(byId);
    }

    @Test
    void readsTablesThatHadNoRowsAndThatLoseThem() {
        Schema columns = schema(field(1, "id", Primitive.INTEGER), OLD.fields().get(4));
        String query = "select id, place.city as city from shop.orders";
        for (int times = 0; times < 2; times++) {
            session.define(TABLE, table(columns));
            assertThat(rows(query)).isEmpty();
            assertThat(session.describe(sql(query)).names()).containsExactly("id", "city");

            session.define(TABLE, table(columns, oldFile()));
            assertThat(rows(query)).containsExactly(List.of(1, "Ulm"));
        }
        session.define(TABLE, table(columns));

        assertThat(rows("select * from shop.orders")).isEmpty();
    }

    @Test
    void readsRenamedMovedAndWidenedColumnsById() {
        Schema now =
                schema(
                        field(3, "unit price", new Type.Decimal(18, 2)),
                        field(2, "customer", Primitive.VARCHAR),
                        field(1, "order_id", Primitive.BIGINT),
                        field(4, "weight", Primitive.DOUBLE),
                        field(20, "name", Primitive.DATE));
        session.define(TABLE, table(now, oldFile()));
        assertThat(rows("select * from shop.orders"))
                .containsExactly(row(new BigDecimal("2.50"), "ann", 1L, 0.5d, null));
        assertThat(rows("select order_id from shop.orders where customer = 'ann'"))
                .containsExactly(row(1L));
        assertThat(rows("select order_id from shop.orders where \"name\" is not null")).isEmpty();
    }

    @Test
    void readsNestedPartsById() {
        Schema now =
                schema(
                        field(
                                5,
                                "location",
                                new Type.Struct(
                                        List.of(
                                                field(7, "postcode", Primitive.BIGINT),
                                                field(21, "country", Primitive.VARCHAR),
                                                field(6, "town", Primitive.VARCHAR)))),
                        field(
                                8,
                                "items",
                                new Type.ListOf(
                                        field(
                                                9,
                                                "element",
                                                new Type.Struct(
                                                        List.of(
                                                                field(
                                                                        10,
                                                                        "article",
                                                                        Primitive.BIGINT)))))),
                        field(
                                11,
                                "labels",
                                new Type.MapOf(
                                        field(12, "key", Primitive.VARCHAR).asRequired(),
                                        field(
                                                13,
                                                "value",
                                                new Type.Struct(
                                                        List.of(
                                                                field(
                                                                        14,
                                                                        "count",
                                                                        Primitive.BIGINT)))))));
        session.define(TABLE, table(now, oldFile()));
        List<?> read = rows("select * from shop.orders").getFirst();
        assertThat(read.get(0).toString()).isEqualTo("{postcode=10, country=null, town=Ulm}");
        assertThat(read.get(1)).isEqualTo(Arrays.asList(Map.of("article", 7L), null));
        assertThat(read.get(2)).isEqualTo(Map.of("k", Map.of("count", 3L)));
    }

    @Test
    void fillsColumnsThatOldFilesLackWithTheirDefault() {
        Schema now =
                schema(
                        field(1, "id", Primitive.INTEGER),
                        withDefault(field(30, "status", Primitive.VARCHAR), "'it''s new'"),
                        withDefault(field(31, "rate", new Type.Decimal(5, 2)), "1.25"),
                        withDefault(field(32, "since", Primitive.DATE), "DATE '2020-02-29'"),
                        withDefault(field(33, "on", Primitive.BOOLEAN), "true"));
        session.define(
                TABLE,
                table(now, oldFile(), file(now, "select 2 as id, null as status, 3 as rate")));
        assertThat(rows("select * from shop.orders order by id"))
                .containsExactly(
                        row(1, "it's new", new BigDecimal("1.25"), LocalDate.of(2020, 2, 29), true),
                        row(2, null, new BigDecimal("3.00"), null, null));
    }

    private static Field withDefault(Field field, String literal) {
        return new Field(
                field.id(),
                field.name(),
                field.type(),
                false,
                Optional.of(literal),
                Optional.empty());
    }

    @Test
    void leavesDeletedRowsOut() {
        Schema ids = schema(field(1, "id", Primitive.BIGINT));
        DataFile clean = file(ids, "select range as id from range(3)");
        DataFile dirty = file(ids, "select range + 10 as id from range(5)", 0, 4);
        DataFile gone = file(ids, "select range + 20 as id from range(2)", 0, 1);
        DataFile large = file(ids, "select range + 100 as id from range(300000)", 299_999);
        session.define(TABLE, table(ids, clean, dirty, gone, large));
        assertThat(rows("select id from shop.orders where id < 100 order by id"))
                .containsExactly(row(0L), row(1L), row(2L), row(11L), row(12L), row(13L));
        assertThat(rows("select count(*), max(id) from shop.orders where id >= 100"))
                .containsExactly(row(299_999L, 300_098L));
    }

    @Test
    void findsOnlyLiveRowsByKey() {
        Schema ids =
                schema(
                        field(1, "id", Primitive.BIGINT),
                        field(2, "part", Primitive.VARCHAR),
                        field(3, "v", Primitive.INTEGER));
        DataFile first =
                file(
                        ids,
                        "select i as id, case when i = 2 then null else 'p' end as part, i::int as v"
                                + " from range(5) t(i)",
                        3);
        session.define(TABLE, table(ids, first));
        List<RowPositions> found =
                session.matches(
                        TABLE,
                        sql(
                                "select * from (values (1, 'p'), (2, null), (3, 'p'), (4, 'p')) k(id, part)"),
                        List.of("id", "part"),
                        "target.v < 4");
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().positions()).containsExactly(1, 2);
    }

    @Test
    void refusesKeysThatAreThereTwice() {
        Schema ids = schema(field(1, "id", Primitive.BIGINT));
        session.define(TABLE, table(ids, file(ids, "select 1 as id")));
        assertThatThrownBy(() ->
                        session.matches(
                                TABLE,
                                sql("select unnest([5, 5, null, null, null, 6]) as id"),
                                List.of("id"),
                                ""))
                .hasMessage(
                        "The query has 2 rows with the key (id) = (5) of shop.orders, and 1 more"
                                + " key is there more than once. Keep one row per key."
                                + " [MERGE_AMBIGUOUS]");
    }

    @Test
    void namesAFileThatIsGone() throws IOException {
        DataFile file = oldFile();
        session.define(TABLE, table(OLD, file));
        Files.delete(file.path());
        assertThatThrownBy(() -> rows("select * from shop.orders"))
                .hasMessage("File " + file.path() + " does not exist. [FILE_MISSING]");
    }

    @Test
    void namesAFileThatGoesBetweenBindingAndReading() throws IOException {
        DataFile file = oldFile();
        session.define(TABLE, table(OLD, file));
        assertThat(rows("select id from shop.orders")).hasSize(1);
        Files.delete(file.path());
        assertThatThrownBy(() -> rows("select id from shop.orders"))
                .hasMessageContaining(file.path().toString())
                .isInstanceOfSatisfying(
                        TarnException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_MISSING));
    }

    @Test
    void namesAFileThatIsCutShort() throws IOException {
        DataFile file = oldFile();
        byte[] bytes = Files.readAllBytes(file.path());
        Files.write(file.path(), Arrays.copyOf(bytes, bytes.length / 2));
        session.define(TABLE, table(OLD, file));
        assertThatThrownBy(() -> rows("select * from shop.orders"))
                .hasMessageContaining("File " + file.path() + " is damaged or cut short: ")
                .isInstanceOfSatisfying(
                        TarnException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CORRUPT));
    }
}
