package dev.tarn.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.TableName;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.Relation;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ErrorTextTest extends Fixture {
    private static final Schema ORDERS =
            schema(
                    field(1, "id", Primitive.BIGINT),
                    field(2, "amount", new Type.Decimal(10, 2)),
                    field(3, "name", Primitive.VARCHAR),
                    field(4, "day", Primitive.DATE));

    @BeforeEach
    void define() {
        session.define(
                TABLE, table(ORDERS, file(ORDERS, "select 1 as id, 2 as amount, 'abc' as name")));
        session.define(
                TableName.parse("shop.days"),
                new Relation.Shape(
                        schema(field(1, "id", Primitive.BIGINT), field(2, "day", Primitive.DATE))));
        session.define(
                TableName.parse("shop.customers"),
                new Relation.Shape(
                        schema(
                                field(1, "id", Primitive.BIGINT),
                                field(2, "city", Primitive.VARCHAR))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "select amout from shop.orders"
                        + "|m.sql:1:8: Column 'amout' does not exist in shop.orders. Did you mean"
                        + " 'amount'? [COLUMN_NOT_FOUND]",
                "select o.amout from shop.orders o"
                        + "|m.sql:1:8: Column 'amout' does not exist in o. Did you mean 'amount'?"
                        + " [COLUMN_NOT_FOUND]",
                "select '😀', amout from shop.orders"
                        + "|m.sql:1:14: Column 'amout' does not exist in shop.orders. Did you mean"
                        + " 'amount'? [COLUMN_NOT_FOUND]",
                "select x.id from shop.orders o"
                        + "|m.sql:1:8: No table or alias 'x' is in this FROM clause. Did you mean"
                        + " 'o'? [TABLE_NOT_FOUND]",
                "select * exclude (nam) from shop.orders"
                        + "|Column 'nam' does not exist in shop.orders. Did you mean 'name'?"
                        + " [COLUMN_NOT_FOUND]",
                "select zzz"
                        + "|m.sql:1:8: Column 'zzz' does not exist: the query has no FROM clause."
                        + " [COLUMN_NOT_FOUND]",
                "select * from shop.ordrs"
                        + "|m.sql:1:15: Table 'shop.ordrs' does not exist. Did you mean"
                        + " 'shop.orders'? [TABLE_NOT_FOUND]",
                "select * from stage.orders"
                        + "|m.sql:1:15: Table 'stage.orders' does not exist. Did you mean"
                        + " 'shop.orders'? [TABLE_NOT_FOUND]",
                "select * from customer"
                        + "|m.sql:1:15: Table 'customer' does not exist. Did you mean"
                        + " 'shop.customers'? [TABLE_NOT_FOUND]",
                "select uper(name) from shop.orders"
                        + "|m.sql:1:8: Function 'uper' does not exist. Did you mean 'upper'?"
                        + " [SQL_INVALID]",
                "select id::intger from shop.orders"
                        + "|m.sql:1:12: Type 'intger' does not exist. Did you mean 'integer'?"
                        + " [SQL_INVALID]",
                "select sum(name) from shop.orders"
                        + "|m.sql:1:8: Function 'sum' does not take (VARCHAR). Cast the arguments,"
                        + " or look up what it takes. [TYPE_MISMATCH]",
                "select id + name from shop.orders"
                        + "|m.sql:1:11: Operator '+' does not work on BIGINT and VARCHAR. Cast one"
                        + " of them. [TYPE_MISMATCH]",
                "select case when true then name else day end from shop.orders"
                        + "|m.sql:1:8: DATE and VARCHAR do not go together. Cast one of them."
                        + " [TYPE_MISMATCH]",
                "select id, sum(amount) from shop.orders"
                        + "|m.sql:1:8: Column 'id' is neither grouped nor aggregated. Add it to"
                        + " GROUP BY, or use any_value(id). [SQL_INVALID]",
                "select id from shop.orders a join shop.customers b on true"
                        + "|m.sql:1:8: Column 'id' is in more than one table. Write a.id or b.id."
                        + " [SQL_INVALID]",
                "select 1 from shop.orders where sum(id) > 1"
                        + "|m.sql:1:33: WHERE clause cannot contain aggregates. [SQL_INVALID]",
                "select id frm shop.orders"
                        + "|m.sql:1:15: The SQL cannot be read from 'shop' on. [SQL_SYNTAX]",
                "select 'abc|m.sql:1:8: Unterminated string literal. [SQL_SYNTAX]",
                "select 1 union select 1, 2"
                        + "|Set operations can only apply to expressions with the same number of"
                        + " result columns. [SQL_INVALID]",
                "select (select id, name from shop.orders)"
                        + "|m.sql:1:8: Subquery returns 2 columns - expected 1. [SQL_INVALID]",
                "select {'a': 1}.b|The struct has no field 'b'. Did you mean 'a'? [COLUMN_NOT_FOUND]",
                "select 1; select 2"
                        + "|m.sql:1:1: One query is needed here, and there are several statements."
                        + " Keep the first. [SQL_INVALID]",
                "select ';' as a; copy (select 1) to 'file.csv'"
                        + "|m.sql:1:1: One query is needed here, and there are several statements."
                        + " Keep the first. [SQL_INVALID]",
                "--|m.sql:1:1: A query is needed here: SELECT, FROM or VALUES. [SQL_INVALID]",
                "select union_value(k := 1) as u"
                        + "|m.sql:1:1: Column 'u' has type UNION(k INTEGER), which no table can"
                        + " store. Cast it to another type. [TYPE_MISMATCH]"
            })
    void tellsMistakesBeforeAnythingRuns(String query, String message) {
        assertThatThrownBy(() -> session.describe(sql(query))).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "select day = 5 from shop.days|m.sql:1:14|5|DATE",
                "select 1 from shop.days where day = 'soon'|m.sql:1:37|soon|DATE",
                "select 1 from shop.days where id = 'abc'|m.sql:1:36|abc|BIGINT",
                "select 1 from shop.days where id in (1, 'x')|m.sql:1:41|x|BIGINT",
            })
    void tellsWrittenValuesThatCannotBeComparedBeforeAnythingRuns(
            String query, String place, String value, String type) {
        assertThatThrownBy(() -> session.describe(sql(query)))
                .hasMessage(
                        "%s: '%s' does not go together with %s. Write a value of that type, or cast"
                                + " the other side. [TYPE_MISMATCH]",
                        place, value, type);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "select 1 from shop.days a join shop.days b on a.day = b.id|m.sql:1:55|BIGINT|DATE",
                "select day from shop.days union all select id from shop.days|m.sql:1:44|BIGINT|DATE",
                "select 1 from shop.days where uuid() = \"id\"|m.sql:1:40|BIGINT|UUID",
            })
    void tellsColumnsThatCannotBeComparedBeforeAnythingRuns(
            String query, String place, String type, String wanted) {
        assertThatThrownBy(() -> session.describe(sql(query)))
                .hasMessage(
                        "%s: Column 'id' is of type %s, which does not go together with %s. Take"
                                + " another column, or convert it. [TYPE_MISMATCH]",
                        place, type, wanted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select id = true, id = 1.5, id::varchar = name from shop.orders",
                "with a as (select null as d) select a.d = b.day from a, shop.days b",
                "with a as (select null::int as d) select a.d = b.day from a, shop.days b",
                "select cast(id as date) from shop.days",
                "select day = timestamp '2024-02-01 10:00:00' from shop.days"
            })
    void leavesColumnsThatFitOrMayBeNullAlone(String query) {
        assertThatCode(() -> session.describe(sql(query))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select day = '2024-02-01', day = null, id = '7' from shop.days",
                "select try_cast('x' as date) = day, 5::varchar = 'a' from shop.days",
                "select date '2024-02-30' as written_as_such",
                "with a as (select null as d) select d = date '2024-02-01' from a",
            })
    void leavesWrittenValuesThatFitOrAreCastAlone(String query) {
        assertThatCode(() -> session.describe(sql(query))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "select name::int from shop.orders"
                        + "|m.sql:1:12: Value 'abc' of column 'name' is not an INTEGER. Use"
                        + " TRY_CAST to get null instead. [DATA_INVALID]",
                "select [name::int] from shop.orders"
                        + "|m.sql:1:13: Value 'abc' of column 'name' is not an INTEGER. Use"
                        + " TRY_CAST to get null instead. [DATA_INVALID]",
                "select cast(name as date) from shop.orders"
                        + "|m.sql:1:8: Value 'abc' of column 'name' is not a DATE. Use TRY_CAST to"
                        + " get null instead. [DATA_INVALID]",
                "select date '2024-02-30' as d"
                        + "|m.sql:1:8: Value '2024-02-30' is not a DATE. Use TRY_CAST to get null"
                        + " instead. [DATA_INVALID]",
                "select id // 0 from shop.orders"
                        + "|Division by zero in id // 0. Use TRY(...) or NULLIF to get null"
                        + " instead. [DATA_INVALID]",
                "select id + 9223372036854775807 from shop.orders"
                        + "|The result of 1 + 9223372036854775807 does not fit into BIGINT. Cast"
                        + " to a wider type first. [DATA_INVALID]"
            })
    void tellsMistakesInTheData(String query, String message) {
        assertThatThrownBy(() -> rows(query)).hasMessage(message);
        assertThatThrownBy(() -> session.stage(TableName.parse("work.t"), sql(query)))
                .hasMessage(message);
        assertThat(rows("select 1")).containsExactly(row(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "select st_point(1, 2)|'st_point' is part of DuckDB's extension 'spatial'",
                "from read_xlsx('a.xlsx')|'read_xlsx' is part of DuckDB's extension 'excel'",
                "from read_parquet('az://a/b.parquet')|m.sql:1:6: Files of this kind or place are read by"
                        + " DuckDB's extension 'azure'",
            })
    void tellsWhichExtensionIsNotThere(String query, String message) {
        assertThatThrownBy(() -> rows(query))
                .hasMessage(
                        message
                                + ", and Tarn loads none. docs/projects.md says what there is"
                                + " instead. [UNSUPPORTED]");
    }

    @Test
    void keepsAnErrorOfAViewFromPointingIntoTheQuery() {
        session.define(
                TableName.parse("shop.v"),
                new Relation.View("select name::int as n from shop.orders"));
        assertThatThrownBy(() -> rows("select n as a_rather_long_name_of_a_column from shop.v"))
                .hasMessage(
                        "Value 'abc' of column 'name' is not an INTEGER. Use TRY_CAST to get null"
                                + " instead. [DATA_INVALID]");
    }

    @Test
    void namesTheViewThatDoesNotBind() {
        session.define(
                TableName.parse("shop.v"), new Relation.View("select amout from shop.orders"));
        assertThatThrownBy(() -> rows("from shop.v"))
                .hasMessage(
                        "In view shop.v: Column 'amout' does not exist. Did you mean 'amount'?"
                                + " [COLUMN_NOT_FOUND]");
    }

    @Test
    void namesTheViewsThatReadEachOther() {
        session.define(TableName.parse("shop.a"), new Relation.View("from shop.b"));
        session.define(TableName.parse("shop.b"), new Relation.View("from shop.a"));
        assertThatThrownBy(() -> rows("from shop.a"))
                .hasMessage(
                        "View shop.a reads itself: shop.a -> shop.b -> shop.a."
                                + " [DEPENDENCY_CYCLE]");
    }

    @Test
    void refusesToWriteWhatDoesNotFitTheTable() {
        assertThatThrownBy(() -> session.write(sql("select 1 as id, 2 as nam"), target(ORDERS)))
                .hasMessage(
                        "m.sql:1:1: The table has no column 'nam' of the query. Did you mean"
                                + " 'name'? Its columns are id, amount, name, day."
                                + " [TYPE_MISMATCH]");
        assertThatThrownBy(() -> session.write(sql("select 1 as id, 2 as ID"), target(ORDERS)))
                .hasMessage(
                        "m.sql:1:1: Column 'ID' is there twice. Give one of the two another name"
                                + " with AS. [SQL_INVALID]");
        Schema required = new Schema(List.of(ORDERS.fields().getFirst().asRequired()));
        assertThatThrownBy(() ->
                        session.write(
                                sql(
                                        "select 1 as id where false union all"
                                                + " select unnest([null, null, 1])"),
                                target(required)))
                .hasMessage(
                        "m.sql:1:1: Column 'id' is required, and it is null in 2 rows. Filter or"
                                + " fill these rows. [DATA_INVALID]");
        Schema two =
                schema(
                        field(1, "id", Primitive.BIGINT).asRequired(),
                        field(2, "v", Primitive.DATE));
        assertThatThrownBy(() -> session.write(sql("select null as v"), target(two)))
                .hasMessage(
                        "m.sql:1:1: Column 'id' is required by the table, and the query does not"
                                + " have it. Add it. [TYPE_MISMATCH]");
    }
}
