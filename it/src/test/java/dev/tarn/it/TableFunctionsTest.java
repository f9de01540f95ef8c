package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tarn.model.TarnException;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of {@code materialized: table_function}, which others call with arguments. */
final class TableFunctionsTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
        shop.put("seeds/raw.csv", "a,b\n1,2\n4,5\n7,8\n");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private RunReport build() {
        RunReport report = shop.build();
        assertThat(Workshop.told(report.problems())).isEmpty();
        return report;
    }

    private String refusal() {
        return Workshop.told(catchThrowableOfType(TarnException.class, shop::build));
    }

    @Test
    void argumentsStandWhereTheQueryNamesThem() {
        shop.put(
                "models/thin.sql",
                "{{ config(materialized='ephemeral') }} select * from {{ ref('raw') }}");
        shop.put(
                "models/at.sql",
                """
                {{ config(materialized='table_function', parameters='wanted, least integer := 0') }}
                with all_rows as (select * from {{ ref('thin') }})
                select a, b, least as given from all_rows where a = wanted and b >= least -- the end
                """);
        shop.put(
                "models/pair.sql",
                "{{ config(materialized='table_function', parameters=['one', 'two']) }}"
                        + " select * from {{ ref('at') }}(one) union all"
                        + " select * from {{ ref('at') }}(two, least := one)");
        shop.put(
                "models/plain.sql",
                "{{ config(materialized='table_function') }} select * from {{ ref('raw') }}");
        shop.put("models/called.sql", "select * from {{ ref('at') }}(1 + 3, least => 3)");
        shop.put(
                "models/joined.sql",
                "{{ config(materialized='view') }} select p.a, q.b, (select count(*) from {{ ref('plain') }}()) as n"
                        + " from {{ ref('pair') }}(4, 7) as p join {{ ref('plain') }}() q using (a)");
        assertThat(Workshop.outcome(build()))
                .containsEntry("model at", "SUCCEEDED")
                .containsEntry("model pair", "SUCCEEDED");
        assertThat(shop.rows("select * from main.called")).containsExactly("4|5|3");
        assertThat(shop.rows("select * from main.joined order by a"))
                .containsExactly("4|5|3", "7|8|3");
        // It is no table.
        assertThat(shop.rows("select table_name from information_schema.tables order by 1"))
                .containsExactly("called", "joined", "raw");
    }

    @Test
    void columnsThatComeBelowAreThereAtTheNextBuild() {
        shop.put("models/base.sql", "select a from {{ ref('raw') }}");
        shop.put(
                "models/all.sql",
                "{{ config(materialized='table_function') }} select * from {{ ref('base') }}");
        shop.put("models/kept.sql", "select * from {{ ref('all') }}() where a = 4");
        build();
        assertThat(shop.rows("select * from main.kept")).containsExactly("4");
        shop.put("models/base.sql", "select a, b, 42 as d from {{ ref('raw') }}");
        build();
        assertThat(shop.rows("select * from main.kept")).containsExactly("4|5|42");
        shop.put(
                "models/all.sql",
                "{{ config(materialized='table_function') }} select d from {{ ref('base') }} where a > 1");
        shop.put("models/kept.sql", "select * from {{ ref('all') }}()");
        build();
        assertThat(shop.rows("select * from main.kept")).containsExactly("42", "42");
    }

    @Test
    void aCallThatCannotBeIsRefused() {
        shop.put(
                "models/at.sql",
                "{{ config(materialized='table_function', parameters='x, y := 1') }}"
                        + " select * from {{ ref('raw') }} where a = x and b > y");
        shop.put("models/m.sql", "select 1 as k,\n  z.* from {{ ref('at') }}() z");
        assertThat(refusal())
                .isEqualTo(
                        "models/m.sql:2:12: Function 'at' takes the arguments x, y := 1, but is"
                                + " given 0. [SQL_INVALID]");
        shop.put("models/m.sql", "select * from {{ ref('at') }}(1, 2, 3)");
        assertThat(refusal())
                .isEqualTo(
                        "models/m.sql:1:15: Function 'at' takes the arguments x, y := 1, but is"
                                + " given 3. [SQL_INVALID]");
        shop.put("models/m.sql", "select * from {{ ref('at') }}(1, z := 2)");
        assertThat(refusal())
                .isEqualTo(
                        "models/m.sql:1:15: Function 'at' takes the arguments x, y := 1, but is"
                                + " given 2. [SQL_INVALID]");
        shop.put("models/m.sql", "select * from {{ ref('at') }}");
        assertThat(refusal())
                .isEqualTo(
                        "models/m.sql:1:15: 'm' reads main.at, which is a table function and has no"
                                + " rows of its own. Call it: {{ ref('at') }}(x, y := 1)."
                                + " [TABLE_NOT_FOUND]");
        shop.put("models/m.sql", "select c from {{ ref('at') }}(1)");
        assertThat(refusal())
                .isEqualTo(
                        "models/m.sql:1:8: Column 'c' does not exist in main.raw. Did you mean 'a'?"
                                + " [COLUMN_NOT_FOUND]");
        shop.put("models/m.sql", "select * from {{ ref('at') }}(1)");
        shop.put(
                "models/at.sql",
                "{{ config(materialized='table_function', parameters='x') }}"
                        + " select gone from {{ ref('raw') }} where a = x");
        assertThat(refusal())
                .isEqualTo(
                        "models/at.sql:1:68: Column 'gone' does not exist in main.raw."
                                + " [COLUMN_NOT_FOUND]");
    }
}
