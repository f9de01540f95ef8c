package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tarn.app.At;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes are told whole, with their places and a way out, and nothing is written. */
final class BadInputTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder).source("sales");
        shop.put("landing/sales/1.csv", "id,name,amount\n1,a,10\n");
        shop.put(
                "models/m.sql",
                "select id, name, amount from {{ source('bronze_sales', 'sales') }}");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    /** What the command line says when it refuses to build, having written nothing. */
    private String refused() {
        Terminal terminal = new Terminal(folder);
        assertThat(terminal.tarn("build")).as(terminal.out()).isEqualTo(2);
        assertThat(terminal.out()).isEmpty();
        assertThat(shop.tarn().runs(10)).isEmpty();
        assertThat(shop.tarn().tableNames(At.MAIN)).isEmpty();
        assertThat(folder.resolve(".tarn/warehouse/tables"))
                .satisfiesAnyOf(
                        f -> assertThat(f).doesNotExist(), f -> assertThat(f).isEmptyDirectory());
        return terminal.err().strip();
    }

    @Test
    void unknownKeysAreToldTogetherWithWhatWasMeantAndStopNothing() {
        shop.put(
                "models/x.yml",
                """
                version: 2
                models:
                  - name: m
                    colums:
                      - name: id
                    data_testz: [x]
                """);

        Terminal terminal = new Terminal(folder);
        assertThat(terminal.tarn("build")).as(terminal.err()).isZero();
        assertThat(terminal.err())
                .contains(
                        "models/x.yml:4:5: Model 'm' has no key 'colums'. Did you mean 'columns'? [UNKNOWN_KEY]",
                        "models/x.yml:6:5: Model 'm' has no key 'data_testz'. Did you mean 'data_tests'? [UNKNOWN_KEY]");
    }

    @Test
    void valuesOfTheWrongKindAreToldTogether() {
        shop.put(
                "models/x.yml",
                """
                models:
                  - name: m
                    description: 5
                    columns: id
                """);

        assertThat(refused())
                .isEqualTo(
                        """
                        models/x.yml:3:18: Model 'm': 'description' must be text, not a number. [YAML_INVALID]
                        models/x.yml:4:14: Model 'm': 'columns' must be a list, not text. [YAML_INVALID]
                        2 problems.\
                        """);
    }

    @Test
    void circlesDoublesAndStrangersAreToldTogether() {
        shop.put("models/a.sql", "select * from {{ ref('b') }}");
        shop.put("models/b.sql", "select * from {{ ref('a') }}");
        shop.put("models/c.sql", "select * from {{ source('bronze_sales', 'sale') }}");
        shop.put("models/again/m.sql", "select 1 as x");

        assertThat(refused())
                .isEqualTo(
                        """
                        models/a.sql:1:18: Models depend on each other in a circle: a -> b -> a. Remove one of these references. [DEPENDENCY_CYCLE]
                        models/c.sql:1:18: Model 'c' reads source 'bronze_sales.sale', but no property file declares it. Did you mean 'bronze_sales.sales'? [SOURCE_NOT_FOUND]
                        models/m.sql: Model 'm' is here twice: first at models/again/m.sql. Rename or remove one of them. [DUPLICATE_NAME]
                        3 problems.\
                        """);
    }

    @Test
    void mistakesInSqlAreFoundBeforeAnythingRuns() {
        shop.put("models/typo.sql", "select id,\n  amout\nfrom {{ ref('m') }}\n");
        shop.put("models/types.sql", "select date_trunc('day', id) as d from {{ ref('m') }}");
        shop.put("models/stranger.sql", "select * from some_table");
        shop.put("models/stranger2.sql", "select * from gold.mm");
        shop.put("models/stranger3.sql", "select * from main.m");
        shop.put("models/syntax.sql", "select 1 +");

        assertThat(refused())
                .isEqualTo(
                        """
                        models/stranger.sql:1:15: Table 'some_table' does not exist. Name tables with ref() or source(). [TABLE_NOT_FOUND]
                        models/stranger2.sql:1:15: 'stranger2' reads gold.mm, which is no table of this project. Name tables with ref() or source(). [TABLE_NOT_FOUND]
                        models/stranger3.sql:1:15: 'stranger3' reads main.m without saying that it depends on it. Write {{ ref('m') }} instead. [TABLE_NOT_FOUND]
                        models/syntax.sql:1:10: The SQL cannot be read from '+' on. [SQL_SYNTAX]
                        models/types.sql:1:8: Function 'date_trunc' does not take (VARCHAR, BIGINT). Cast the arguments, or look up what it takes. [TYPE_MISMATCH]
                        models/typo.sql:2:3: Column 'amout' does not exist in main.m. Did you mean 'amount'? [COLUMN_NOT_FOUND]
                        6 problems.\
                        """);
    }

    @Test
    void testsOnColumnsThatAreNotThereAreFoundBeforeAnythingRuns() {
        shop.put(
                "models/m.yml",
                """
                models:
                  - name: m
                    columns:
                      - name: amout
                        data_tests: [not_null, unique]
                      - name: name
                        data_tests:
                          - not_null: {where: "nocol = 1"}
                          - relationships: {to: ref('m'), field: nope}
                """);
        shop.put("tests/t.sql", "select * from {{ ref('m') }} where nocolumn = 1");

        assertThat(refused())
                .isEqualTo(
                        """
                        models/m.yml:5:22: Column 'amout' does not exist in main.m. Did you mean 'amount'? [COLUMN_NOT_FOUND]
                        models/m.yml:5:32: Column 'amout' does not exist in main.m. Did you mean 'amount'? [COLUMN_NOT_FOUND]
                        models/m.yml:8:13: Column 'nocol' does not exist in main.m. [COLUMN_NOT_FOUND]
                        models/m.yml:9:13: Column 'nope' does not exist in main.m. [COLUMN_NOT_FOUND]
                        tests/t.sql:1:36: Column 'nocolumn' does not exist in main.m. [COLUMN_NOT_FOUND]
                        5 problems.\
                        """);
    }

    @Test
    void whatIsNoQueryOrFitsNoTableIsFoundBeforeAnythingRuns() {
        shop.put("models/drop.sql", "-- away\n  drop table main.m");
        shop.put("models/make.sql", "create table x as select 1 as a");
        shop.put("models/twice.sql", "select id, name as ID from {{ ref('m') }}");

        assertThat(refused())
                .isEqualTo(
                        """
                        models/drop.sql:2:3: 'drop' must be one query, and it begins with DROP. Write only the query; Tarn makes the table. [SQL_INVALID]
                        models/make.sql:1:1: 'make' must be one query, and it begins with CREATE. Write only the query; Tarn makes the table. [SQL_INVALID]
                        models/twice.sql:1:1: 'twice' has two columns 'ID'; upper and lower case do not distinguish names. Rename one of them with AS. [DUPLICATE_NAME]
                        3 problems.\
                        """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select * from read_csv('/etc/passwd')",
                "select * from '/etc/passwd'",
                "copy main.m to 'x'",
                "attach 'x.db'",
                "set memory_limit = '1GB'",
                "drop table main.m",
                "insert into main.m values (1)",
                "select getenv('HOME')",
                "pragma database_list",
                "select 1; select 2",
                "install httpfs",
                "load json",
                "select * from glob('/*')",
                "create table x as select 1",
                "select * from duckdb_settings()",
                "select * from duckdb_secrets()",
                "select read_text('/etc/passwd')",
                "select current_setting('temp_directory')",
                "from query('select 1')",
                "from pg_catalog.pg_tables"
            })
    void queriesThatReachOutAreRefused(String sql) {
        TarnException refusal = catchThrowableOfType(TarnException.class, () -> shop.rows(sql));

        assertThat(refusal.code()).isEqualTo(ErrorCode.SQL_REFUSED);
    }

    @Test
    void damagedFilesAreToldByNameAndRebuilt() throws IOException {
        shop.build();
        Path file = dataFile();
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));

        TarnException cut =
                catchThrowableOfType(TarnException.class, () -> shop.rows("from main.m"));
        assertThat(cut.code()).isEqualTo(ErrorCode.FILE_CORRUPT);
        assertThat(cut).hasMessageContaining(file.getFileName().toString());

        Files.delete(file);
        TarnException gone =
                catchThrowableOfType(TarnException.class, () -> shop.rows("from main.m"));
        assertThat(gone.code()).isEqualTo(ErrorCode.FILE_MISSING);
        assertThat(gone).hasMessageContaining(file.getFileName().toString());

        RunReport report = shop.build(Workshop.full());
        assertThat(Workshop.told(report.problems())).isEmpty();
        assertThat(shop.rows("select id, name from main.m")).containsExactly("1|a");
    }

    @Test
    void aSourceWithoutFilesIsToldAndMendedByAFile() {
        shop.remove("landing/sales/1.csv");

        RunReport empty = shop.build();

        assertThat(empty.run().status()).isEqualTo(RunStatus.FAILED);
        assertThat(Workshop.told(empty.problems()))
                .isEqualTo(
                        "models/m.sql:1:1: bronze.sales does not exist yet, and 'm' reads it. Files for"
                                + " source 'bronze_sales.sales' are looked for at"
                                + " landing/sales/*.csv; none is there. [TABLE_NOT_FOUND]");
        shop.put("landing/sales/1.csv", "id,name,amount\n");
        assertThat(shop.build().run().status()).isEqualTo(RunStatus.PUBLISHED);
        assertThat(shop.rows("from main.m")).isEmpty();
    }

    @Test
    void aWarehouseThatCannotBeWrittenIsTold() throws IOException {
        shop.put("tarn.yml", "warehouse: place/warehouse\n");
        Files.writeString(folder.resolve("place"), "a file, no folder");

        TarnException refusal = catchThrowableOfType(TarnException.class, shop::build);

        assertThat(refusal.code().toString()).startsWith("STORAGE");
        assertThat(refusal).hasMessageContaining("place/warehouse");
    }

    private Path dataFile() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(".tarn/warehouse/tables/main"))) {
            List<Path> data = files.filter(f -> f.toString().endsWith(".parquet")).toList();
            assertThat(data).hasSize(1);
            return data.getFirst();
        }
    }
}
