package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.app.At;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tables can be read as Delta, and that they show what is published and nothing else. */
final class FormatsTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder).source("sales");
        shop.put("landing/sales/1.csv", "id,amount\n1,10\n2,20\n");
        shop.put("models/fact.sql", "select id, amount from {{ source('bronze_sales', 'sales') }}");
        shop.put("seeds/lands.csv", "code,name\nat,Austria\n");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    /** The versions of each table's log, by the table's folder without its random end. */
    private List<String> logs() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(".tarn/warehouse/tables"))) {
            return files.filter(f -> f.toString().contains("_delta_log"))
                    .filter(f -> f.toString().endsWith(".json"))
                    .map(f -> f.subpath(f.getNameCount() - 4, f.getNameCount() - 2).toString())
                    .map(name -> name.substring(0, name.lastIndexOf('-')))
                    .sorted()
                    .toList();
        }
    }

    private Path outOf(String table) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(".tarn/warehouse/tables"))) {
            return files.filter(f -> f.endsWith("_delta_log"))
                    .filter(f -> f.toString().contains("/" + table + "-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void everyTableThatIsPublishedHasALog() throws Exception {
        shop.build();
        assertThat(logs()).containsExactly("bronze/sales", "main/fact", "main/lands");

        shop.put("landing/sales/2.csv", "id,amount\n3,30\n");
        shop.build();
        assertThat(logs())
                .containsExactly(
                        "bronze/sales", "bronze/sales", "main/fact", "main/fact", "main/lands");
    }

    @Test
    void whatIsNotOnMainIsNotTold() throws Exception {
        shop.build();
        shop.tarn().states().createBranch(new RefName("dev"), At.MAIN);
        shop.put("landing/sales/2.csv", "id,amount\n3,30\n");

        shop.build(Workshop.to("dev"));

        assertThat(logs()).containsExactly("bronze/sales", "main/fact", "main/lands");
    }

    @Test
    void aLogThatWasNotWrittenIsWrittenByTheNextBuild() throws Exception {
        shop.put("tarn.yml", "tables:\n  formats: iceberg\n");
        shop.build();
        assertThat(logs()).isEmpty();
        shop.remove("tarn.yml");
        // Nobody may write where the log belongs.
        Path inTheWay = folder.resolve(".tarn/warehouse/tables/main");
        Path table;
        try (Stream<Path> tables = Files.list(inTheWay)) {
            table = tables.filter(t -> t.toString().contains("fact")).findFirst().orElseThrow();
        }
        Files.writeString(table.resolve("_delta_log"), "not a folder");
        shop.put("landing/sales/2.csv", "id,amount\n3,30\n");

        shop.build();
        assertThat(logs()).containsExactly("bronze/sales");
        assertThat(shop.rows("select count(*) from main.fact")).containsExactly("3");

        Files.delete(table.resolve("_delta_log"));
        shop.build();
        assertThat(logs()).containsExactly("bronze/sales", "main/fact");
    }

    @Test
    void tablesSayForThemselvesInWhichFormatsTheyAre() throws Exception {
        shop.put(
                "models/fact.sql",
                "{{ config(formats=['iceberg']) }} select id from {{ source('bronze_sales', 'sales') }}");
        shop.put(
                "dbt_project.yml",
                """
                name: shop
                version: "1.0"
                models:
                  shop:
                    +materialized: table
                seeds:
                  shop:
                    +formats: iceberg
                sources:
                  shop:
                    +formats: [iceberg]
                """);
        shop.put("models/other.sql", "select 1 as id");

        shop.build();

        assertThat(logs()).containsExactly("main/other");
    }

    @Test
    void aMistakeIsToldWhereItIs() {
        shop.put(
                "models/fact.yml",
                """
                version: 2
                models:
                  - name: fact
                    config:
                      formats: [iceberg, detla]
                      format_version: 4
                """);

        assertThatThrownBy(shop::build)
                .isInstanceOfSatisfying(
                        TarnException.class,
                        e ->
                                assertThat(Workshop.told(e))
                                        .isEqualTo(
                                                """
                                                models/fact.yml:5:16: Setting 'formats' cannot be 'detla': it is one of delta, iceberg. Did you mean 'delta'? [CONFIG_INVALID]
                                                models/fact.yml:6:23: Setting 'format_version' cannot be '4': it is one of 2, 3. Did you mean '2'? [CONFIG_INVALID]\
                                                """));
    }

    @Test
    void droppedTablesAreGoneForDeltaToo() throws Exception {
        shop.build();
        Path log = outOf("fact");
        assertThat(log).isNotEmptyDirectory();

        shop.tarn().states().drop(RefName.MAIN, TableName.parse("main.fact"));
        assertThat(log).isEmptyDirectory();

        shop.tarn().states().undrop(RefName.MAIN, TableName.parse("main.fact"));
        assertThat(log).isNotEmptyDirectory();
    }
}
