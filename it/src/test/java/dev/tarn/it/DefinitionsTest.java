package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.app.Executed;
import dev.tarn.app.TableReport;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.run.Cancellation;
import java.nio.file.Path;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements that make, change and drop tables and views. */
final class DefinitionsTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private Executed sql(String sql) {
        return shop.tarn().execute(SqlText.ofFile(sql, "sql"), RefName.MAIN, new Cancellation());
    }

    private String refusal(String sql) {
        TarnException refused =
                Assertions.catchThrowableOfType(TarnException.class, () -> sql(sql));
        return Workshop.told(refused.problems());
    }

    private TableReport report(String name) {
        return shop.tarn().table(TableName.parse(name), At.MAIN);
    }

    private TableDefinition definition(String name) {
        return report(name).state().orElseThrow().definition();
    }

    private String columns(String name) {
        StringBuilder text = new StringBuilder();
        for (Field field : report(name).schema().fields()) {
            text.append(field.name()).append(' ').append(field.type().sql());
            text.append(field.required() ? " not null" : "");
            field.initialDefault().ifPresent(d -> text.append(" default ").append(d));
            field.doc().ifPresent(d -> text.append(" '").append(d).append('\''));
            text.append(", ");
        }
        return text.toString();
    }

    @Test
    void aTableIsMadeWithAllThatCanBeSaidOfIt() {
        sql(
                """
                create table s.t (
                    id bigint primary key, -- the key
                    "Order Day" date not null comment 'when; it was',
                    amount decimal(12, 3) default 0,
                    tags varchar[], at timestamp with time zone,
                    unique (id))
                partitioned by (bucket(8, id), months("Order Day"))
                sorted by (amount desc nulls first, id)
                comment 'all orders'
                with ('write.target-file-size-bytes' = '1000000', retention.days = 5)
                """);
        assertThat(columns("s.t"))
                .isEqualTo(
                        "id BIGINT not null, Order Day DATE not null 'when; it was', amount"
                                + " DECIMAL(12,3) default 0.000, tags VARCHAR[], at TIMESTAMPTZ, ");
        assertThat(definition("s.t").partitioning())
                .extracting(PartitionField::name)
                .containsExactly("id_bucket", "Order Day_month");
        assertThat(definition("s.t").sortOrder()).hasSize(2);
        assertThat(definition("s.t").properties())
                .containsEntry("write.target-file-size-bytes", "1000000")
                .containsEntry("retention.days", "5");
        assertThat(report("s.t").attributes()).containsEntry("description", "all orders");
        sql("insert into s.t (id, \"Order Day\") values (1, '2026-02-03')");
        assertThat(shop.rows("select id, amount from s.t")).containsExactly("1|0.000");
    }

    @Test
    void queriesBecomeTablesAndViews() {
        sql(
                """
                create table s.t partition by (k) as select i % 3 as k, i from range(9) r(i);
                create table if not exists s.t as select 1 as other;
                create view s.v (kind, many) as select k, count(*) from s.t group by k;
                create or replace table s.u (a integer not null, b text) as select 1, 'x'
                """);
        assertThat(shop.rows("from s.v order by kind")).containsExactly("0|3", "1|3", "2|3");
        assertThat(columns("s.u")).isEqualTo("a INTEGER not null, b VARCHAR, ");
        sql("create or replace table s.t as select 'new' as word");
        assertThat(shop.rows("from s.t")).containsExactly("new");
        assertThat(refusal("create table s.u as select 1 as a"))
                .isEqualTo(
                        "sql:1:14: s.u is there already. Write CREATE OR REPLACE or IF NOT EXISTS, or"
                                + " choose another name. [TABLE_EXISTS]");
        assertThat(refusal("create table s.x (a integer, a text)"))
                .isEqualTo(
                        "sql:1:30: Column 'a' is named twice. Leave one of them out. [SQL_INVALID]");
        assertThat(refusal("create table s.x (a integr)")).startsWith("sql:1:2").contains("integr");
        assertThat(refusal("create table s.x (a integer check (a > 0))"))
                .isEqualTo(
                        "sql:1:29: CHECK cannot be executed. Write the rule as a test of the project:"
                                + " it is judged before a run publishes. [UNSUPPORTED]");
        assertThat(refusal("create table s.x (a integer) partition by (week(a))"))
                .isEqualTo(
                        "sql:1:44: 'week' is no way to partition or sort. What is: a column, year(c),"
                                + " month(c), day(c), hour(c), bucket(n, c), truncate(n, c)."
                                + " [SQL_INVALID]");
    }

    @Test
    void tablesChangeStepByStep() {
        sql("create table s.t as select i::integer as id, 'w' || i as word from range(3) r(i)");
        sql(
                """
                alter table s.t add column price decimal(9,2) not null default 9.99 comment 'each' after id,
                    rename column word to name, alter column id type bigint, alter id set not null;
                alter table s.t add partition field bucket(4, id);
                alter table s.t write ordered by name;
                alter table s.t set tblproperties ('write.mode' = 'copy-on-write', 'tarn.keep' = '7 days');
                comment on column s.t.name is 'as printed';
                comment on table s.t is 'prices'
                """);
        assertThat(columns("s.t"))
                .isEqualTo(
                        "id BIGINT not null, price DECIMAL(9,2) not null default 9.99 'each', name"
                                + " VARCHAR 'as printed', ");
        assertThat(shop.rows("select * from s.t order by id"))
                .containsExactly("0|9.99|w0", "1|9.99|w1", "2|9.99|w2");
        sql("insert into s.t values (7, default, 'w7'); delete from s.t where id = 0");
        assertThat(shop.rows("select * from s.t order by id"))
                .containsExactly("1|9.99|w1", "2|9.99|w2", "7|9.99|w7");
        assertThat(definition("s.t").partitioning())
                .extracting(PartitionField::name)
                .containsExactly("id_bucket");
        sql(
                """
                alter table s.t drop partition field bucket(4, id);
                alter table s.t alter column price drop not null;
                alter table s.t unset tblproperties ('tarn.keep');
                alter table s.t drop column name, drop column if exists nothing
                """
                        .replace(
                                "alter table s.t drop column name",
                                "alter table s.t reset order by, drop column name"));
        assertThat(columns("s.t"))
                .isEqualTo("id BIGINT not null, price DECIMAL(9,2) default 9.99 'each', ");
        assertThat(definition("s.t").properties()).doesNotContainKey("tarn.keep");
    }

    @Test
    void whatATableCannotBecomeIsRefused() {
        sql("create table s.t as select 1 as id, null::integer as n; create view s.v as from s.t");
        assertThat(refusal("alter table s.t alter column n set not null"))
                .isEqualTo(
                        "sql:1:30: Column 'n' of s.t cannot refuse nulls: a row has one. Fill them"
                                + " first: UPDATE s.t SET n = … WHERE n IS NULL."
                                + " [SCHEMA_CHANGE_REFUSED]");
        assertThat(refusal("alter table s.t alter id type varchar"))
                .startsWith("sql:1:23: ")
                .endsWith("[SCHEMA_CHANGE_REFUSED]");
        assertThat(refusal("alter table s.t drop column x")).startsWith("sql:1:29: ");
        assertThat(refusal("alter table s.t add column m integer not null"))
                .isEqualTo(
                        "sql:1:28: Column 'm' cannot refuse nulls from the start, for rows that are"
                                + " there would have none. Give it a DEFAULT."
                                + " [SCHEMA_CHANGE_REFUSED]");
        assertThat(refusal("alter table s.t add column m integer default random()"))
                .contains("A default must be a literal");
        assertThat(refusal("update s.v set id = 2")).contains("s.v is a view");
        assertThat(refusal("drop table s.v"))
                .isEqualTo("sql:1:12: s.v is a view. Write VIEW instead of TABLE. [SQL_INVALID]");
        assertThat(refusal("alter view s.v add column a integer"))
                .contains("s.v is a view: besides its name nothing of it can be altered.");
    }

    @Test
    void whatWasDroppedComesBackAndNamesChange() {
        sql("create table s.t as select 1 as id; create table s.u as select 2 as id");
        sql("drop table s.t; drop table if exists s.nothing");
        assertThat(refusal("undrop table s.nothing"))
                .isEqualTo(
                        "sql:1:14: s.nothing was never there, so it cannot come back. `tarn tables`"
                                + " lists what there is. [TABLE_NOT_FOUND]");
        sql("undrop table s.t; alter table s.t rename to moved; rename table s.u to x.u");
        assertThat(shop.rows("select t.id, u.id from s.moved t, x.u")).containsExactly("1|2");
        assertThat(refusal("rename table s.moved to x.u")).contains("x.u is there already.");
        assertThat(refusal("undrop table s.moved")).contains("s.moved is there.");
        sql("drop schema x cascade");
        assertThat(shop.tarn().tableNames(At.MAIN)).containsExactly(new TableName("s", "moved"));
    }
}
