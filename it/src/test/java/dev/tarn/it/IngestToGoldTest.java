package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files become rows of tables once each, whatever they look like. */
final class IngestToGoldTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder).source("raw");
        shop.put("models/all.sql", "select * from {{ source('bronze_raw', 'raw') }}");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    @Test
    void aColumnMayComeHalfWay() {
        shop.put("landing/raw/1.csv", "id,name\n1,a\n");
        shop.build();
        shop.put("landing/raw/2.csv", "id,name,city\n2,b,Ulm\n");
        RunReport second = shop.build();

        assertThat(Workshop.told(second.problems())).isEmpty();
        assertThat(shop.rows("select id, name, city, _file, _row from main.all order by id"))
                .containsExactly("1|a|null|landing/raw/1.csv|2", "2|b|Ulm|landing/raw/2.csv|2");
    }

    @Test
    void rowsThatDoNotFitGoToQuarantineAndAreCounted() {
        shop.put(
                "models/source_raw.yml",
                """
                version: 2
                sources:
                  - name: bronze_raw
                    schema: bronze
                    tables:
                      - name: raw
                        ingest:
                          location: landing/raw/*.csv
                          format: csv
                          column_types:
                            id: BIGINT
                            amount: DECIMAL(10,2)
                """);
        shop.put("landing/raw/1.csv", "id,amount\n1,1.50\nx,2.00\n3,3.25\n4,oops\n");

        RunReport report = shop.build();

        assertThat(Workshop.told(report.problems())).isEmpty();
        assertThat(report.tasks().getFirst().message()).contains("1 file, 2 to quarantine");
        assertThat(shop.rows("select id, amount from main.all order by id"))
                .containsExactly("1|1.50", "3|3.25");
        String quarantine =
                shop.tarn().tableNames(At.MAIN).stream()
                        .map(Object::toString)
                        .filter(t -> t.contains("quarantine"))
                        .collect(Collectors.joining());
        assertThat(shop.rows("select count(*) from " + quarantine)).containsExactly("2");
    }

    @Test
    void namesThatNeedQuotesSurvive() {
        shop.put("landing/raw/1.csv", "a b,\"q\"\"uo,te\",Größe,select,A B,,a.b\n1,2,3,4,5,6,7\n");

        assertThat(Workshop.told(shop.build().problems())).isEmpty();
        assertThat(
                        shop.rows(
                                "select \"a b\", \"q\"\"uo,te\", \"Größe\", \"select\", \"A B_1\","
                                        + " column_6, \"a.b\" from main.all"))
                .containsExactly("1|2|3|4|5|6|7");
        assertThat(shop.build().run().status()).isEqualTo(RunStatus.UNCHANGED);
        shop.put("models/all.sql", "select 'x' as \"a.b\", 1 as \"c.d\"");
        assertThat(Workshop.told(shop.build().problems())).isEmpty();
        assertThat(shop.rows("from main.all")).containsExactly("x|1");
    }

    @Test
    void threeHundredColumnsAreNoTrouble() {
        String header = columns(i -> "c" + i);
        shop.put("landing/raw/1.csv", header + "\n" + columns(String::valueOf) + "\n");

        assertThat(Workshop.told(shop.build().problems())).isEmpty();
        assertThat(shop.rows("select c0, c299 from main.all")).containsExactly("0|299");
    }

    @Test
    void everyTypeGoesThroughATableUnharmed() {
        String columns =
                """
                true as yes, 1::integer as i, 2::bigint as l, 1.5::float as f, 2.5::double as d,
                12.34::decimal(38,2) as dec, 'ü' as s, date '2024-02-29' as day,
                time '12:34:56.789' as t, timestamp '2024-02-29 12:00:00.123456' as ts,
                timestamptz '2024-02-29 12:00:00+02' as tz,
                '123e4567-e89b-12d3-a456-426614174000'::uuid as u, '\\xAA'::blob as b,
                [1, null, 3] as list, {'a': 1, 'b': [{'c': 'x'}]} as nested,
                map {'k': 1.5::double} as m, null::varchar as nothing
                """;
        shop.put("landing/raw/1.csv", "id\n1\n");
        shop.put("models/types.sql", "select " + columns);
        shop.put("models/again.sql", "select * from {{ ref('types') }}");

        assertThat(Workshop.told(shop.build().problems())).isEmpty();
        assertThat(shop.rows("from main.again")).isEqualTo(shop.rows("select " + columns));
    }

    @Test
    void seedsHaveTheTypesTheyAreGiven() {
        shop.put("seeds/rates.csv", "code,rate,since\n007,1.10,2024-01-01\n008,2,2024-02-01\n");
        shop.put(
                "seeds/seeds.yml",
                """
                version: 2
                seeds:
                  - name: rates
                    config:
                      column_types:
                        code: varchar
                        rate: decimal(10,4)
                """);
        shop.put("landing/raw/1.csv", "id\n1\n");

        assertThat(Workshop.told(shop.build().problems())).isEmpty();
        assertThat(shop.rows("select code, rate, typeof(since) from main.rates order by code"))
                .containsExactly("007|1.1000|DATE", "008|2.0000|DATE");
    }

    @Test
    void viewsMayStandOnViews() {
        shop.put("landing/raw/1.csv", "id\n1\n");
        String view = "{{ config(materialized='view') }} ";
        shop.put("models/v1.sql", view + "select id + 1 as id from {{ ref('all') }}");
        shop.put("models/v2.sql", view + "select id + 1 as id from {{ ref('v1') }}");
        shop.put("models/v3.sql", "select id + 1 as id from {{ ref('v2') }}");

        assertThat(Workshop.told(shop.build().problems())).isEmpty();
        assertThat(shop.rows("select v2.id, v3.id from main.v2, main.v3")).containsExactly("3|4");
        shop.put("landing/raw/2.csv", "id\n10\n");
        shop.build();
        assertThat(shop.rows("select id from main.v3 order by 1")).containsExactly("4", "13");
    }

    private static String columns(IntFunction<String> text) {
        return IntStream.range(0, 300).mapToObj(text).collect(Collectors.joining(","));
    }
}
