package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tarn.model.TarnException;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources of dbt on DuckDB that are files. */
final class ExternalLocationTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
        shop.put("data/orders.csv", "id,amount\n1,10\n2,20\n");
        shop.put("data/parts/a.json", "{\"id\": 1, \"part\": \"x\"}\n");
        shop.put("data/parts/b.json", "{\"id\": 2, \"part\": \"y\"}\n");
        shop.put(
                "models/sources.yml",
                """
                sources:
                  - name: raw
                    schema: lake
                    meta: {external_location: "data/{identifier}.csv"}
                    tables:
                      - {name: bought, identifier: orders}
                      - {name: lost}
                      - name: parts
                        config: {external_location: "data/{{ '{name}' }}/*.json"}
                      - name: typed
                        meta: {external_location: "read_csv('data/orders.csv', all_varchar = true)"}
                """);
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

    private static TaskStatus status(RunReport report, String node) {
        return report.tasks().stream()
                .filter(t -> t.node().endsWith(node))
                .findFirst()
                .orElseThrow()
                .status();
    }

    @Test
    void filesAreReadByWhoeverNeedsThemAndKeptAsTables() {
        shop.put("models/total.sql", "select sum(amount) as s from {{ source('raw', 'bought') }}");
        shop.put(
                "models/named.sql",
                "select t.id, part from {{ source('raw', 'typed') }} t join {{ source('raw', 'parts') }} p on p.id = cast(t.id as int)");
        RunReport first = build();
        assertThat(shop.rows("select * from main.total")).containsExactly("30");
        assertThat(shop.rows("select * from main.named order by 1")).containsExactly("1|x", "2|y");
        assertThat(shop.rows("select * from lake.orders order by id"))
                .containsExactly("1|10", "2|20");
        assertThat(first.tasks()).noneMatch(t -> t.node().endsWith("lost"));
        assertThat(status(build(), "raw.bought")).isEqualTo(TaskStatus.UNCHANGED);
        shop.put("data/orders.csv", "id,amount\n1,10\n2,20\n3,100\n");
        RunReport third = build();
        assertThat(status(third, "raw.bought")).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(status(third, "raw.parts")).isEqualTo(TaskStatus.UNCHANGED);
        assertThat(shop.rows("select * from main.total")).containsExactly("130");
    }

    @Test
    void sourcesOfOneNameHaveTheirOwnRows() {
        shop.put("data/orders_2.csv", "id,amount\n7,70\n");
        shop.put(
                "models/sources.yml",
                """
                sources:
                  - name: raw
                    schema: lake
                    tables:
                      - {name: bought, identifier: orders, meta: {external_location: data/orders.csv}}
                      - {name: orders, meta: {external_location: data/orders_2.csv}}
                      - {name: again, identifier: Orders, meta: {external_location: data/orders.csv}}
                """);
        shop.put(
                "models/m.sql",
                """
                select 1 as n, * from {{ source('raw', 'bought') }}
                union all select 2, * from {{ source('raw', 'orders') }}
                union all select 3, * from {{ source('raw', 'again') }}
                """);
        for (int i = 0; i < 2; i++) {
            build();
            assertThat(shop.rows("select * from main.m order by n, id"))
                    .containsExactly("1|1|10", "1|2|20", "2|7|70", "3|1|10", "3|2|20");
        }
        assertThat(shop.rows("select * from lake.raw__orders")).containsExactly("7|70");
    }

    @Test
    void aSourceInFilesLeavesTheModelOfItsNameAlone() {
        shop.put("models/orders.sql", "{{ config(schema='lake') }} select 5 as five");
        shop.put(
                "macros/names.sql",
                "{% macro generate_schema_name(name, node) %}{{ name or 'main' }}{% endmacro %}");
        shop.put("models/m.sql", "select count(*) from {{ source('raw', 'bought') }}");
        build();
        assertThat(shop.rows("select * from main.m")).containsExactly("2");
        assertThat(shop.rows("select * from lake.orders")).containsExactly("5");
    }

    @Test
    void columnsOfFilesAreKnownBeforeAnythingRuns() {
        shop.put("models/m.sql", "select amout from {{ source('raw', 'bought') }}");
        assertThat(Workshop.told(catchThrowableOfType(TarnException.class, shop::build)))
                .isEqualTo(
                        "models/m.sql:1:8: Column 'amout' does not exist in lake.orders. Did you"
                                + " mean 'amount'? [COLUMN_NOT_FOUND]");
    }

    @Test
    void filesThatAreMissingAreToldToWhoeverReadsThem() {
        shop.put("models/m.sql", "select * from {{ source('raw', 'lost') }}");
        RunReport report = shop.build();
        assertThat(Workshop.told(report.problems()))
                .contains("models/sources.yml:4:")
                .contains("data/lost.csv");
        assertThat(status(report, "raw.lost")).isEqualTo(TaskStatus.FAILED);
        assertThat(status(report, "shop.m")).isEqualTo(TaskStatus.SKIPPED);
    }

    @Test
    void locationsThatMeanNothingAreRefused() {
        shop.put(
                "models/sources.yml",
                """
                sources:
                  - name: raw
                    tables:
                      - name: a
                        meta: {external_location: "data/{nome}.csv"}
                      - name: b
                        meta: {external_location: data/b.dat}
                      - name: c
                        config: {external_location: "data/%(name)s.csv", formatter: old}
                """);
        assertThat(
                        List.of(
                                Workshop.told(
                                                catchThrowableOfType(
                                                        TarnException.class, shop::build))
                                        .split("\n")))
                .containsExactly(
                        "models/sources.yml:5:35: A name in 'external_location' cannot be 'nome': it is one of database, external_location, identifier, name, schema. Did you mean 'name'? [CONFIG_INVALID]",
                        "models/sources.yml:7:35: How to read 'data/b.dat' does not follow from its name. Write the function that reads it, such as read_csv('data/b.dat'). [CONFIG_INVALID]",
                        "models/sources.yml:9:37: Setting 'formatter' cannot be 'old': it is one of newstyle, oldstyle, template. [CONFIG_INVALID]");
    }
}
