package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.model.RefName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.Task;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns of sources that come, go, change and are perhaps renamed. */
final class SchemaDriftTest {
    private static final String HISTORY =
            "select change, column_name, data_type, previous_type from warehouse_contents.source_schema_history where table_name = '%s' order by publication, change, column_name";

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

    private void database(String... statements) throws SQLException {
        try (Connection sqlite =
                        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("app.db"));
                Statement statement = sqlite.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        shop.reopen();
    }

    private void source(String settings) {
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: app
                    schema: bronze
                    tables:
                      - name: goods
                        ingest: {connector: sqlite, url: app.db, table: goods, cursor: id%s}
                """
                        .formatted(settings));
    }

    private RunReport ingest() {
        return shop.tarn()
                .ingest(
                        new BuildRequest(
                                "ingest",
                                EnumSet.of(NodeKind.SOURCE),
                                List.of(),
                                List.of(),
                                RefName.MAIN,
                                false,
                                false,
                                Optional.empty()),
                        false,
                        RunListener.SILENT,
                        new Cancellation());
    }

    private String message() {
        RunReport report = ingest();
        assertThat(report.problems()).isEmpty();
        return report.tasks().stream()
                .map(Task::message)
                .map(m -> m.orElse(""))
                .findFirst()
                .orElse("");
    }

    private void goods() throws SQLException {
        database(
                "CREATE TABLE goods (id INTEGER PRIMARY KEY, name TEXT, price INTEGER)",
                "INSERT INTO goods VALUES (1, 'a', 10), (2, 'b', 20), (3, 'c', 30)");
    }

    @Test
    void whatASourceHadIsATable() throws SQLException {
        source("");
        goods();
        message();
        message();
        database(
                "ALTER TABLE goods ADD COLUMN colour TEXT",
                "ALTER TABLE goods DROP COLUMN price",
                "INSERT INTO goods VALUES (4, 'd', 'red')");
        message();

        assertThat(shop.rows(HISTORY.formatted("goods"), "main"))
                .containsExactly(
                        "added|id|BIGINT|null",
                        "added|name|VARCHAR|null",
                        "added|price|BIGINT|null",
                        "added|colour|VARCHAR|null",
                        "removed|price|null|BIGINT");
        assertThat(
                        shop.rows(
                                "select column_name, ordinal_position, data_type from warehouse_contents.source_columns",
                                "main"))
                .containsExactly("id|1|BIGINT", "name|2|VARCHAR", "colour|3|VARCHAR");
        assertThat(shop.rows("select part from warehouse_contents.positions", "main"))
                .noneMatch(part -> part.contains("schema"));
    }

    @Test
    void filesHaveTheirHistoryToo() {
        shop.source("notes").put("landing/notes/1.csv", "id,text\n1,a\n");
        assertThat(shop.build().problems()).isEmpty();
        shop.put("landing/notes/2.csv", "id,text,\"who\"\"s\"\n2.5,b,x\n").reopen();
        assertThat(shop.build().problems()).isEmpty();

        assertThat(shop.rows(HISTORY.formatted("notes"), "main"))
                .containsExactly(
                        "added|id|BIGINT|null",
                        "added|text|VARCHAR|null",
                        "added|who\"s|VARCHAR|null",
                        "retyped|id|DOUBLE|BIGINT");
    }

    @Test
    void aRenamedColumnIsSuggestedAndNotGuessed() throws SQLException {
        source("");
        goods();
        message();
        database(
                "ALTER TABLE goods RENAME COLUMN price TO unit_price",
                "INSERT INTO goods VALUES (4, 'd', 10), (5, 'e', 20), (6, 'f', 77)");

        assertThat(message())
                .endsWith(
                        ". Perhaps renamed: 'unit_price' may be 'price' under another name: 2 of 3 values of the one are values of the other, and their types are the same");
        assertThat(shop.rows("select price, unit_price from bronze.goods order by id", "main"))
                .containsExactly("10|null", "20|null", "30|null", "null|10", "null|20", "null|77");
    }

    @Test
    void aRenamedColumnOfFilesIsSuggestedAndNotGuessed() {
        shop.source("orders");
        shop.put("landing/orders/a.csv", "id,price\n1,10.5\n2,20.5\n3,30.5\n");
        message();
        shop.put("landing/orders/b.csv", "id,unit_price\n4,10.5\n5,20.5\n6,77.5\n");

        assertThat(message())
                .isEqualTo(
                        "1 file. Perhaps renamed: 'unit_price' may be 'price' under another name: 2 of 3 values of the one are values of the other, and their types are the same");
        assertThat(shop.rows("select price, unit_price from bronze.orders order by id", "main"))
                .containsExactly(
                        "10.5|null",
                        "20.5|null",
                        "30.5|null",
                        "null|10.5",
                        "null|20.5",
                        "null|77.5");
    }

    @Test
    void filesThatAreHeldSayWhatMayBeRenamed() {
        shop.put(
                "models/source_orders.yml",
                """
                version: 2
                sources:
                  - name: bronze_orders
                    schema: bronze
                    tables:
                      - name: orders
                        ingest: {location: landing/orders/*.csv, schema_policy: hold}
                """);
        shop.put("landing/orders/a.csv", "id,price\n1,10.5\n");
        message();
        shop.put("landing/orders/b.csv", "id,unit_price\n2,10.5\n");

        assertThat(Workshop.told(ingest().problems()))
                .contains(
                        " 'unit_price' may be 'price' under another name: 1 of 1 values of the one are values of the other, and their types are the same: if it is, ALTER TABLE bronze.orders RENAME COLUMN \"price\" TO \"unit_price\" lets it land.");
    }

    @Test
    void columnsWithOtherValuesAreNotCalledRenamed() throws SQLException {
        source("");
        goods();
        message();
        database(
                "ALTER TABLE goods RENAME COLUMN price TO stock",
                "INSERT INTO goods VALUES (4, 'd', 1), (5, 'e', 2), (6, 'f', 10)");

        assertThat(message()).doesNotContain("renamed");
    }

    @Test
    void aHeldSourceSaysWhatMayBeRenamedAndWhoWaits() throws SQLException {
        source(", schema_policy: hold");
        shop.put(
                "models/cheap.sql", "select id from {{ source('app', 'goods') }} where price < 15");
        shop.put("models/cheapest.sql", "select min(id) as id from {{ ref('cheap') }}");
        goods();
        message();
        database(
                "ALTER TABLE goods RENAME COLUMN price TO unit_price",
                "INSERT INTO goods VALUES (4, 'd', 10)");
        RunReport held = ingest();

        assertThat(held.run().status()).isEqualTo(RunStatus.FAILED);
        assertThat(held.problems().getFirst().message())
                .isEqualTo(
                        "What came for bronze.goods does not have the table's columns: 'price' is missing; 'unit_price' is new. Nothing was landed, because the source says 'schema_policy: hold'. Set it to 'evolve' to change the table or to 'quarantine' to keep such rows apart, or correct the source."
                                + " 'unit_price' may be 'price' under another name: 1 of 1 values of the one are values of the other, and their types are the same: if it is, ALTER TABLE bronze.goods RENAME COLUMN \"price\" TO \"unit_price\" lets it land."
                                + " Until then nothing new comes to what is built on it: main.cheap, main.cheapest.");

        var unused =
                shop.tarn()
                        .execute(
                                SqlText.of(
                                        "ALTER TABLE bronze.goods RENAME COLUMN \"price\" TO \"unit_price\""),
                                RefName.MAIN,
                                new Cancellation());
        message();
        assertThat(shop.rows("select unit_price from bronze.goods order by id", "main"))
                .containsExactly("10", "20", "30", "10");
    }
}
