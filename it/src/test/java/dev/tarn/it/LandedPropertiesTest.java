package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.app.BuildRequest;
import dev.tarn.app.MaintainRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.jdbc.SourceDatabase;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.upkeep.TableUpkeep;
import dev.tarn.upkeep.TableUpkeep.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a source says its table is like is what its table is like. */
@ExtendWith(SourceDatabase.Started.class)
final class LandedPropertiesTest {
    private final SourceDatabase database;
    private Workshop shop;

    @TempDir Path folder;

    LandedPropertiesTest(SourceDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void begin() {
        shop = new Workshop(folder);
    }

    @AfterEach
    void end() {
        shop.close();
    }

    private void ingest(boolean full) {
        shop.reopen();
        assertThat(
                        shop.tarn()
                                .ingest(
                                        new BuildRequest(
                                                "ingest",
                                                EnumSet.of(NodeKind.SOURCE),
                                                List.of(),
                                                List.of(),
                                                RefName.MAIN,
                                                full,
                                                false,
                                                Optional.empty()),
                                        false,
                                        RunListener.SILENT,
                                        new Cancellation())
                                .problems())
                .isEmpty();
    }

    private Map<String, String> properties(String table) {
        return shop.tarn()
                .table(TableName.parse(table), At.MAIN)
                .state()
                .orElseThrow()
                .definition()
                .properties();
    }

    @Test
    void filesLandInATableWithThePropertiesOfAllPlaces() throws IOException {
        shop.put(
                "dbt_project.yml",
                """
                name: shop
                version: "1.0"
                sources:
                  shop:
                    +table_properties: {of.project: "1", of.all: project}
                """);
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: files
                    schema: bronze
                    config:
                      table_properties: {of.source: "1", of.all: source}
                    tables:
                      - name: orders
                        config:
                          format_version: 2
                          table_properties:
                            of.table: "1"
                            of.all: table
                            tarn.cluster-by: text
                            write.parquet.bloom-filter-enabled.column.text: true
                            write.parquet.compression-codec: snappy
                        ingest: {location: landing, format: csv, column_types: {id: BIGINT}}
                """);
        shop.put("landing/a.csv", "id,text\n1,b\n2,a\nmany,c\n");

        ingest(false);

        assertThat(properties("bronze.orders"))
                .containsEntry("of.project", "1")
                .containsEntry("of.source", "1")
                .containsEntry("of.table", "1")
                .containsEntry("of.all", "table")
                .containsEntry("tarn.cluster-by", "text")
                .containsEntry("write.parquet.bloom-filter-enabled.column.text", "true")
                .containsEntry("write.parquet.compression-codec", "snappy");
        assertThat(properties("bronze.orders__quarantine"))
                .containsEntry("of.table", "1")
                .containsEntry("write.parquet.compression-codec", "snappy")
                .doesNotContainKey("tarn.cluster-by")
                .doesNotContainKey("write.parquet.bloom-filter-enabled.column.text");
        assertThat(metadata())
                .hasSizeGreaterThan(1)
                .allMatch(text -> text.contains("\"format-version\":2"));
        assertThat(maintain()).extracting(TableUpkeep::outcome).doesNotContain(Outcome.REFUSED);
    }

    /** What Iceberg's files say of the tables. */
    private List<String> metadata() throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(shop.root().resolve(".tarn/warehouse/tables"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".metadata.json")).toList()) {
                texts.add(Files.readString(file));
            }
        }
        return texts;
    }

    private List<TableUpkeep> maintain() {
        return shop.tarn()
                .maintain(
                        new MaintainRequest(
                                RefName.MAIN,
                                List.of(),
                                Duration.ofMinutes(1),
                                Long.MAX_VALUE,
                                true),
                        done -> {},
                        () -> false)
                .tables();
    }

    @Test
    void rowsOfADatabaseLandInATableWithThePropertiesItHasWhenItIsMade() {
        database.execute("DROP SCHEMA IF EXISTS props CASCADE");
        database.execute("CREATE SCHEMA props");
        database.execute("CREATE TABLE props.t (id bigint PRIMARY KEY)");
        database.execute("INSERT INTO props.t SELECT generate_series(1, 1000)");
        source("first");
        ingest(false);
        assertThat(properties("bronze.t")).containsEntry("of.table", "first");

        database.execute("INSERT INTO props.t SELECT generate_series(1001, 1500)");
        source("second");
        ingest(false);
        assertThat(properties("bronze.t")).containsEntry("of.table", "first");
        ingest(true);
        assertThat(properties("bronze.t")).containsEntry("of.table", "second");
        assertThat(shop.rows("select count(*), count(distinct id) from bronze.t", "main"))
                .containsExactly("1500|1500");
    }

    private void source(String value) {
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: props
                    schema: bronze
                    tables:
                      - name: t
                        config:
                          table_properties: {of.table: %s}
                        ingest: {connector: postgres, url: "%s", user: postgres, table: props.t, cursor: id, flush: {rows: 300}}
                """
                        .formatted(value, database.url()));
    }
}
