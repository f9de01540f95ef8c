package dev.tarn.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.Engine.SessionOptions;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReadOnlySessionTest {
    @TempDir Path directory;
    private DuckDbEngine engine;
    private EngineSession session;

    @BeforeEach
    void open() {
        engine = DuckDbEngine.open(DuckDbConfig.defaults(directory.resolve("spill")));
        session = engine.open(new SessionOptions(Optional.empty(), true));
        session.define(
                TableName.parse("shop.orders"),
                new Relation.Shape(
                        new Schema(
                                List.of(
                                        Field.of("id", Primitive.BIGINT),
                                        Field.of("name", Primitive.VARCHAR),
                                        Field.of("day", Primitive.DATE),
                                        Field.of("amount", new Type.Decimal(10, 2)),
                                        Field.of("tags", Type.ListOf.of(Primitive.VARCHAR))))));
        session.define(
                TableName.parse("shop.big"),
                new Relation.View("select * from shop.orders where amount > 100"));
    }

    @AfterEach
    void close() {
        session.close();
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select 1",
                "select * from shop.orders",
                "from shop.orders",
                "from orders",
                "FROM Shop.\"ORDERS\" select id;",
                "select * from shop.big",
                "values (1, 'a'), (2, 'b')",
                "select * from (values (1)) v(a)",
                "with o as (select * from shop.orders) select count(*) from o",
                "with recursive r(n) as (select 1 union all select n + 1 from r where n < 5) from r",
                "select count(*), sum(amount), avg(amount) from shop.orders group by name",
                "select name, count(*) filter (where id > 1) from shop.orders group by all",
                "select row_number() over (partition by name order by day) from shop.orders",
                "select sum(amount) over (order by id rows between 1 preceding and current row)"
                        + " from shop.orders",
                "select * from shop.orders a join shop.big b using (id)",
                "select * from shop.orders a left join shop.big b on a.id = b.id",
                "select * from shop.orders a asof join shop.big b on a.id >= b.id",
                "select id from shop.orders union all select id from shop.big",
                "select id from shop.orders except select id from shop.big",
                "select distinct on (name) name, id from shop.orders order by name, id",
                "select * from shop.orders where name ilike '%x%' and day between date '2024-01-01'"
                        + " and date '2024-12-31'",
                "select case when id in (1, 2) then 'a' else 'b' end from shop.orders",
                "select list_transform([1, 2], lambda x: x + 1)",
                "select unnest(tags) from shop.orders",
                "select {'a': 1}.a, [1, 2][1], map {'k': 1}['k']",
                "select * from range(10)",
                "select * from generate_series(1, 5)",
                "select * exclude (tags) replace (upper(name) as name) from shop.orders",
                "select columns('i.*') from shop.orders",
                "select cast(id as varchar), try_cast(name as int), id::double from shop.orders",
                "select extract(year from day), date_trunc('month', day) from shop.orders",
                "select '{\"a\": 1}'::json ->> 'a'",
                "select (select max(id) from shop.orders) as m",
                "select exists (select 1 from shop.big)",
                "describe shop.orders",
                "summarize shop.orders",
                "select * from (describe shop.orders)",
                "from (pivot shop.orders on name in ('a', 'b') using sum(amount))",
                "select * from shop.orders using sample 10 rows",
                "select id from shop.orders qualify row_number() over (order by id) = 1",
                "select coalesce(name, 'none'), nullif(id, 1), greatest(1, 2) from shop.orders",
                "select * from shop.orders order by all limit 5 offset 2",
                "select * from shop.orders order by id desc, name asc nulls last limit 5",
                "select name collate nocase from shop.orders",
                "select day + interval 1 day, current_date, now() from shop.orders",
                "select grouping(name), count(*) from shop.orders group by rollup (name)"
            })
    void allows(String query) {
        try (QueryResult result = session.query(SqlText.of(query))) {
            assertThat(result.schema().fields()).isNotEmpty();
            result.next();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "select 1; select 2",
                "select 1; drop table shop.orders",
                "insert into shop.orders values (1)",
                "update shop.orders set id = 1",
                "delete from shop.orders",
                "merge into shop.orders using shop.big on true when matched then delete",
                "create table t as select 1",
                "create view v as select 1",
                "create macro m() as 1",
                "create temp table t (i int)",
                "drop table shop.orders",
                "alter table shop.orders add column x int",
                "truncate shop.orders",
                "with t as (insert into shop.orders (id) values (1) returning *) select * from t",
                "with t as (delete from shop.orders returning *) select * from t",
                "with t as (update shop.orders set id = 2 returning *) select * from t",
                "copy shop.orders to 'x.csv'",
                "copy (select 1) to 'x.parquet'",
                "copy shop.orders from 'x.csv'",
                "attach 'x.db'",
                "detach memory",
                "use memory",
                "install httpfs",
                "load httpfs",
                "set threads = 1",
                "set memory_limit = '1GB'",
                "reset threads",
                "pragma version",
                "call pragma_version()",
                "call enable_logging(storage = 'file')",
                "checkpoint",
                "export database 'x'",
                "import database 'x'",
                "begin transaction",
                "prepare p as select 1",
                "explain analyze select 1",
                "vacuum",
                "show tables",
                "show all tables",
                "show databases",
                "select * from 'x.parquet'",
                "select * from '/etc/passwd'",
                "select * from \"data/x.csv\"",
                "select * from read_csv('/etc/passwd')",
                "select * from read_parquet('x.parquet')",
                "select * from parquet_scan('x.parquet')",
                "select * from read_text('/etc/passwd')",
                "select * from read_blob('/etc/passwd')",
                "select * from read_json('x.json')",
                "select * from glob('/*')",
                "select * from sniff_csv('/etc/passwd')",
                "select * from query('select 1')",
                "select * from query_table('shop.orders')",
                "select * from json_execute_serialized_sql(json_serialize_sql('select 1'))",
                "select json_serialize_plan('select 1')",
                "select json_serialize_sql('select 1')",
                "select getenv('HOME')",
                "select current_setting('threads')",
                "select * from duckdb_tables()",
                "select * from duckdb_settings()",
                "select * from duckdb_secrets()",
                "select * from pragma_table_info('shop.orders')",
                "select * from information_schema.tables",
                "select * from pg_catalog.pg_tables",
                "select * from duckdb_tables",
                "select * from sqlite_master",
                "select * from parquet_metadata('x.parquet')",
                "select * from enable_logging()",
                "select * from which_secret('x', 'y')",
                "select nextval('s')",
                "select write_log('x')",
                "select pg_sleep(1)",
                "select sleep_ms(1)",
                "select getvariable('x')",
                "select tarn_row_is_live(1, 1, 1)",
                "select * from shop.orders where id in (select 1 from read_text('/etc/passwd'))",
                "with x as (from glob('/*')) select * from x",
                "select (select count(*) from duckdb_tables())",
                "from (show tables)",
                "select system.main.current_setting('threads')",
                "select * from system.information_schema.tables",
                "select * from tarn_session_1.shop.orders",
                "select $1",
                "select current_setting('threads') over ()",
                "select list_transform([1], lambda x: current_setting('threads'))"
            })
    void refuses(String query) {
        assertThatThrownBy(() -> session.query(SqlText.of(query)).close())
                .isInstanceOfSatisfying(
                        TarnException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.SQL_REFUSED));
    }

    @Test
    void saysWhatToDoInstead() {
        refused(
                "q.sql:1:15: Function 'read_csv' is not allowed in queries. To read files, declare"
                        + " them as a source and run `tarn ingest`.",
                "select * from read_csv('/etc/passwd')");
        refused(
                "q.sql:1:15: 'x.parquet' is a file, and files are not queried. Declare it as a"
                        + " source, run `tarn ingest`, and query its table.",
                "select * from 'x.parquet'");
        refused(
                "q.sql:1:1: Only queries can run here: SELECT, FROM, VALUES, WITH, DESCRIBE or"
                        + " SUMMARIZE. To change data, change a model and build it.",
                "drop table shop.orders");
        refused(
                "q.sql:1:1: One query can run at a time, and these are 2. Run them one by one.",
                "select 1; select 2");
        refused(
                "q.sql:1:1: SHOW is not allowed in queries. Use `tarn tables`, or DESCRIBE"
                        + " schema.table.",
                "show tables");
    }

    @Test
    void refusesStatementsOfTheEngine() {
        assertThatThrownBy(() -> session.execute("select 1"))
                .hasMessage(
                        "This session is for queries only, so it takes no statements of the"
                                + " engine. [SQL_REFUSED]");
    }

    private void refused(String message, String query) {
        assertThatThrownBy(() -> session.describe(SqlText.ofFile(query, "q.sql")))
                .hasMessage(message + " [SQL_REFUSED]");
    }
}
