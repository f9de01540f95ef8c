package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.RefName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What there is, asked for as in other databases. */
final class WarehouseContentsTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
        sql("create table sales.prices (id bigint, price decimal(10,2), name varchar)");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private void sql(String sql) {
        shop.tarn().execute(SqlText.of(sql), RefName.MAIN, new Cancellation());
    }

    @Test
    void tablesAndColumnsAreListedByTheStandardsNames() {
        sql("create view sales.names as select name from sales.prices");
        assertThat(shop.rows("from information_schema.tables order by table_name"))
                .containsExactly("tarn|sales|names|VIEW", "tarn|sales|prices|BASE TABLE");
        assertThat(
                        shop.rows(
                                "select column_name, ordinal_position, is_nullable, data_type,"
                                        + " character_maximum_length, numeric_precision,"
                                        + " numeric_scale from"
                                        + " \"system\".\"INFORMATION_SCHEMA\".columns"
                                        + " where table_name = 'prices'"))
                .containsExactly(
                        "id|1|YES|BIGINT|null|64|0",
                        "price|2|YES|DECIMAL(10,2)|null|10|2",
                        "name|3|YES|VARCHAR|null|null|null");
        assertThat(shop.rows("select schema_name from information_schema.schemata"))
                .containsExactly("sales");
    }

    @Test
    void whatIsListedIsNeverRemembered() {
        String count = "select count(*) from information_schema.tables";
        assertThat(shop.rows(count)).containsExactly("1");
        sql("create table sales.found as select table_name from information_schema.tables");
        assertThat(shop.rows(count)).containsExactly("2");
        assertThat(shop.rows("from tarn.sales.found")).containsExactly("prices");
        sql("drop table tarn.sales.found");
        assertThat(shop.rows(count)).containsExactly("1");
    }

    @Test
    void whatIsNotThereIsToldWithItsPlace() {
        assertThatThrownBy(() -> shop.rows("select 1 from tarn.sales.nothing"))
                .hasMessageContaining("'sales.nothing' does not exist");
        assertThatThrownBy(() -> shop.rows("from information_schema.nothing"))
                .hasMessageContaining("'information_schema.nothing' does not exist");
        assertThat(shop.rows("select 'information_schema.tables'"))
                .containsExactly("information_schema.tables");
    }
}
