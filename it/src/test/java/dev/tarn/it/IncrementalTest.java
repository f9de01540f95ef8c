package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.run.RunStatus;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that grow: by appending, merging and replacing partitions, and when columns change. */
final class IncrementalTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder).source("sales");
        shop.put("landing/sales/1.csv", "id,day,amount\n1,mon,10\n2,mon,20\n3,tue,30\n");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private void model(String config, String columns) {
        shop.put(
                "models/fact.sql",
                """
                {{ config(materialized='incremental', %s) }}
                select %s from {{ source('bronze_sales', 'sales') }}
                {%% if is_incremental() %%}
                where _file = 'landing/sales/2.csv'
                {%% endif %%}
                """
                        .formatted(config, columns));
    }

    private void secondFile() {
        shop.put("landing/sales/2.csv", "id,day,amount\n3,tue,33\n4,tue,40\n");
    }

    @Test
    void rowsAreAppended() {
        model("incremental_strategy='append'", "id, amount");
        shop.build();
        secondFile();
        shop.build();

        assertThat(shop.rows("select id, amount from main.fact order by all"))
                .containsExactly("1|10", "2|20", "3|30", "3|33", "4|40");
    }

    @Test
    void rowsAreMergedByTheirKey() {
        model("incremental_strategy='merge', unique_key='id'", "id, amount");
        shop.build();
        secondFile();
        RunReport report = shop.build();

        assertThat(report.problems()).isEmpty();
        assertThat(shop.rows("select id, amount from main.fact order by all"))
                .containsExactly("1|10", "2|20", "3|33", "4|40");
        shop.build(Workshop.full());
        assertThat(shop.rows("select count(*) from main.fact")).containsExactly("5");
    }

    @Test
    void partitionsAreReplaced() {
        model("incremental_strategy='insert_overwrite', partition_by='day'", "id, day, amount");
        assertThat(Workshop.told(shop.build().problems())).isEmpty();
        secondFile();
        assertThat(Workshop.told(shop.build().problems())).isEmpty();

        assertThat(shop.rows("select id, day, amount from main.fact order by all"))
                .containsExactly("1|mon|10", "2|mon|20", "3|tue|33", "4|tue|40");
    }

    @Test
    void newColumnsAreIgnoredAppendedOrRefusedAsTheModelSays() {
        model("incremental_strategy='append'", "id");
        shop.build();
        secondFile();
        model("incremental_strategy='append', on_schema_change='fail'", "id, amount");
        RunReport refused = shop.build();
        assertThat(refused.run().status()).isEqualTo(RunStatus.FAILED);
        assertThat(Workshop.told(refused.problems())).contains("new: amount");

        model("incremental_strategy='append', on_schema_change='append_new_columns'", "id, amount");
        assertThat(Workshop.told(shop.build().problems())).isEmpty();
        assertThat(shop.rows("select id, amount from main.fact order by all"))
                .containsExactly("1|null", "2|null", "3|33", "3|null", "4|40");

        model(
                "incremental_strategy='append', on_schema_change='ignore'",
                "id, amount, 'x' as note");
        assertThat(Workshop.told(shop.build().problems())).isEmpty();
        assertThat(shop.rows("from main.fact limit 1").getFirst().split("\\|")).hasSize(2);

        model("incremental_strategy='append', on_schema_change='sync_all_columns'", "id, day");
        assertThat(Workshop.told(shop.build().problems())).isEmpty();
        assertThat(shop.rows("select count(*), count(day) from main.fact")).containsExactly("9|2");
    }

    @Test
    void columnsInStepWithTheQueryLoseNothing() {
        String config =
                "{{ config(materialized='incremental', on_schema_change='sync_all_columns') }} ";
        shop.put("models/t.sql", config + "select 1 as n, 1::float as f, date '2026-01-01' as d");
        assertThat(Workshop.told(shop.build().problems())).isEmpty();

        shop.put("models/t.sql", config + "select 1.5::double as n, 2.5::double as f, 'x' as g");
        assertThat(Workshop.told(shop.build().problems()))
                .contains(
                        "models/t.sql:1:1: Columns of main.t cannot take the"
                                + " types that the query gives them now without losing something"
                                + " (n: INTEGER, now DOUBLE), although on_schema_change is"
                                + " 'sync_all_columns'. Cast them in the query, or build with"
                                + " --full. [SCHEMA_CHANGE_REFUSED]");
        shop.put("models/t.sql", config + "select 2 as n, 2.5::double as f, 'x' as g");
        assertThat(Workshop.told(shop.build().problems())).isEmpty();
        assertThat(shop.rows("select n, f, g from main.t order by n"))
                .containsExactly("1|1.0|null", "2|2.5|x");
    }

    @Test
    void aTableMayChangeAllItsColumns() {
        shop.put("models/t.sql", "{{ config(partition_by='n') }} select 1 as n where false");
        assertThat(Workshop.told(shop.build().problems())).isEmpty();
        shop.put("models/t.sql", "select 'a' as n, 2 as m");
        assertThat(Workshop.told(shop.build().problems())).isEmpty();
        shop.put("models/t.sql", "select [1] as m, {'a': 1} as n, map {'k': 'v'} as \"o p\"");
        assertThat(Workshop.told(shop.build().problems())).isEmpty();

        assertThat(shop.rows("select m[1], n.a, \"o p\"['k'] from main.t"))
                .containsExactly("1|1|v");
        shop.put("models/t.sql", "{{ config(materialized='view') }} select 1 as only");
        assertThat(Workshop.told(shop.build().problems())).isEmpty();
        shop.put("models/t.sql", "select 2 as only");
        assertThat(Workshop.told(shop.build().problems())).isEmpty();
        assertThat(shop.rows("from main.t")).containsExactly("2");
    }
}
