package dev.tarn.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.model.table.WrittenFile;
import dev.tarn.spi.Relation;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Queries that keep one row of each key, over tables in which keys are repeated now and then. */
final class RepeatedKeysTest extends Fixture {
    private static final Schema COLUMNS =
            schema(
                    field(1, "id", Primitive.BIGINT),
                    field(2, "kind", Primitive.VARCHAR),
                    field(3, "made", Primitive.BIGINT),
                    field(4, "note", Primitive.VARCHAR));

    private static final Schema NUMBERED =
            schema(
                    field(1, "id", Primitive.BIGINT),
                    field(2, "kind", Primitive.VARCHAR),
                    field(3, "made", Primitive.BIGINT),
                    field(4, "note", Primitive.VARCHAR),
                    field(5, "n", Primitive.BIGINT));

    /** One row in 100 is there twice, and the key of some is null or partly null. */
    private static final String ROWS =
            """
            select case when i % 5000 = 7 then null else i end as id,
                case when i % 3000 = 11 then null else 'k' || i % 3 end as kind,
                i as made,
                'first ' || i as note
            from range(300000) as r (i)
            union all
            select i, 'k' || i % 3, i + 1000000, 'again ' || i
            from range(300000) as r (i) where i % 100 = 0
            """;

    @BeforeEach
    void fill() {
        session.define(TABLE, table(COLUMNS, file(COLUMNS, ROWS)));
        session.define(
                TableName.parse("shop.many"),
                table(
                        COLUMNS,
                        file(
                                COLUMNS,
                                ROWS.replace(
                                        "then null else i end", "then null else i % 900 end"))));
    }

    private Optional<String> sooner(String query) {
        session.describe(sql(query));
        return ((DuckDbSession) session).workspace().repeated.sooner(sql(query)).map(SqlText::sql);
    }

    /** What a query gives as it is, against what is written for it. */
    private void sameWritten(Schema schema, String query) {
        assertThat(sooner(query)).isPresent();
        List<WrittenFile> written = session.write(sql(query), target(schema));
        TableName name = TableName.parse("shop.written");
        session.define(
                name,
                table(
                        schema,
                        written.stream()
                                .map(f ->
                                        new dev.tarn.model.table.TableScan.DataFile(
                                                f.path().getFileName().toString(),
                                                f.path(),
                                                f.rows(),
                                                f.bytes(),
                                                Optional.empty()))
                                .toArray(dev.tarn.model.table.TableScan.DataFile[]::new)));
        String all = "(select count(*) from (%s))".formatted(query);
        assertThat(
                        rows(
                                """
                                select (select count(*) from shop.written) = %s,
                                    (select count(*) from (
                                        select * from shop.written except all (%s)))
                                """
                                        .formatted(all, query)))
                .containsExactly(row(true, 0L));
    }

    @Test
    void theFirstRowOfEachKeyIsTheSame() {
        String query =
                "select id, kind, made, note from (select * replace (lower(kind) as kind) from"
                        + " shop.orders) as o where made >= 5"
                        + " qualify row_number() over (partition by id, o.kind order by made desc) = 1";
        sameWritten(COLUMNS, query);
        assertThat(sooner(query).orElseThrow()).contains("__tarn_repeated");
    }

    @Test
    void keysOfSeveralColumnsWithNullsAreTheSame() {
        sameWritten(
                COLUMNS,
                "select * from shop.orders"
                        + " qualify row_number() over (partition by id, kind order by made desc, note) = 1");
    }

    @Test
    void numbersThatAreColumnsAreTheSame() {
        sameWritten(
                COLUMNS,
                """
                with source as (select * from shop.orders),
                numbered as (
                    select *, row_number() over (partition by source.id, kind order by made, note) as n
                    from source
                )
                select id, kind, made, note from numbered where n = 1
                """);
        sameWritten(
                NUMBERED,
                "select *, rank() over (partition by id, kind order by made, note) as n from shop.orders");
    }

    @Test
    void aQueryOverAViewIsTakenApartToo() {
        session.define(
                TableName.parse("shop.clean"),
                new Relation.View("select id, upper(kind) as kind, made, note from shop.orders"));
        sameWritten(
                COLUMNS,
                "select * from shop.clean"
                        + " qualify row_number() over (partition by id, kind order by made desc) = 1");
    }

    @Test
    void aQueryIsLeftAsItIsWhereCountingKeysWouldNotPay() {
        String first = " qualify row_number() over (partition by id, kind order by made) = 1";
        assertThat(sooner("select * from shop.orders" + first)).isPresent();
        assertThat(sooner("select * from shop.many" + first)).isEmpty();
        assertThat(sooner("select * from (select * from shop.orders limit 100)" + first)).isEmpty();
        assertThat(sooner("select distinct * from shop.orders" + first)).isEmpty();
        assertThat(sooner("select * from (select distinct * from shop.orders)" + first)).isEmpty();
        // DuckDB itself finds the rows by their key alone here, and reads the others not at all.
        assertThat(sooner("select * from shop.orders" + first.replace(", kind", ""))).isEmpty();
        assertThat(sooner("select * from shop.orders" + first.replace("= 1", "= 2"))).isEmpty();
        assertThat(sooner("select * from shop.orders" + first.replace("= 1", "<= 2"))).isEmpty();
        assertThat(sooner("select * from shop.orders" + first + " order by made")).isEmpty();
    }

    @Test
    void aQueryIsLeftAsItIsWhereKeysMightNotBeTheSameTwice() {
        String first = " qualify row_number() over (partition by id, kind order by made) = 1";
        assertThat(sooner("select * from shop.orders where random() < 0.9" + first)).isEmpty();
        assertThat(sooner("select * from shop.orders tablesample 90%" + first)).isEmpty();
        assertThat(sooner("select id % 10 as id, kind, made, note from shop.orders" + first))
                .isEmpty();
        assertThat(sooner("select * replace (id % 10 as id) from shop.orders" + first)).isEmpty();
        assertThat(sooner("select kind, random() as made from shop.orders" + first)).isPresent();
    }

    @Test
    void aWindowOverAggregatesIsLeftAsItIs() {
        assertThat(
                        sooner(
                                "select id, count(*) as n, row_number() over (partition by id order by"
                                        + " id) as r from shop.orders group by id"))
                .isEmpty();
    }

    @Test
    void whatGoesWrongIsToldOfTheQueryAsItWasWritten() {
        String query =
                "select id, kind, made, cast(note as bigint) as note\nfrom shop.orders"
                        + " qualify row_number() over (partition by id, kind order by made) = 1";
        assertThat(sooner(query)).isPresent();
        Schema schema =
                schema(
                        field(1, "id", Primitive.BIGINT),
                        field(2, "kind", Primitive.VARCHAR),
                        field(3, "made", Primitive.BIGINT),
                        field(4, "note", Primitive.BIGINT));
        assertThatThrownBy(() -> session.write(sql(query), target(schema)))
                .isInstanceOf(TarnException.class)
                .hasMessageContaining("is not a BIGINT")
                .hasMessageContaining("m.sql");
    }
}
