package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.jdbc.SourceDatabase;
import dev.tarn.model.RefName;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tables of a real PostgreSQL become tables of the warehouse. */
@ExtendWith(SourceDatabase.Started.class)
final class DatabaseIngestTest {
    private final SourceDatabase database;
    private Workshop shop;

    @TempDir Path folder;

    DatabaseIngestTest(SourceDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void begin() {
        shop = new Workshop(folder);
        database.execute("DROP SCHEMA IF EXISTS shop CASCADE");
        database.execute("CREATE SCHEMA shop");
        database.execute(
                "CREATE TABLE shop.orders (id bigint PRIMARY KEY, customer text,"
                        + " amount numeric(12,2), changed timestamptz)");
        insert(1, 1000);
    }

    @AfterEach
    void end() {
        shop.tarn().close();
    }

    private void insert(int from, int to) {
        database.execute(
                ("INSERT INTO shop.orders SELECT i, 'customer ' || i %% 7, i / 100.0,"
                                + " timestamptz '2026-11-01' + i * interval '1 second'"
                                + " FROM generate_series(%d, %d) i")
                        .formatted(from, to));
    }

    private void source(String settings) {
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: shop
                    schema: bronze
                    ingest:
                      connector: postgres
                      url: %s
                      user: postgres
                    tables:
                      - name: orders
                        ingest:
                          table: shop.orders
                %s
                """
                        .formatted(database.url(), settings.indent(10).stripTrailing()));
        shop.reopen();
    }

    private RunReport ingest() {
        return ingest(false);
    }

    private RunReport ingest(boolean full) {
        return shop.tarn()
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
                        new Cancellation());
    }

    private static void assertGood(RunReport report) {
        assertThat(report.problems()).isEmpty();
        assertThat(report.run().status()).isEqualTo(RunStatus.PUBLISHED);
    }

    private String counts() {
        return shop.rows(
                        "select count(*), count(distinct id), sum(amount) from bronze.orders",
                        "main")
                .getFirst();
    }

    private String truth() {
        return database.rows("SELECT count(*), count(DISTINCT id), sum(amount) FROM shop.orders")
                .getFirst();
    }

    @Test
    void aTableIsLoadedInRangesOfItsKeyAndShownWhenItIsWhole() {
        source("flush: {rows: 300}");

        assertGood(ingest());

        assertThat(counts()).isEqualTo(truth());
        assertThat(
                        shop.rows(
                                "select min(id), max(id), min(changed)::varchar from bronze.orders",
                                "main"))
                .containsExactly("1|1000|2026-11-01 00:00:01+00");
        assertThat(shop.tarn().publications(RefName.MAIN, 20).size()).isEqualTo(4);
    }

    @Test
    void whatIsNewBehindTheCursorIsAdded() {
        source("cursor: changed");
        assertGood(ingest());
        assertThat(ingest().run().status()).isEqualTo(RunStatus.UNCHANGED);
        insert(1001, 1500);

        assertGood(ingest());

        assertThat(counts()).isEqualTo(truth());
    }

    @Test
    void aBuildLandsAndBuildsInOneRun() {
        source("cursor: changed\nflush: {rows: 100}");
        shop.put("models/total.sql", "select count(*) as n from {{ source('shop', 'orders') }}");

        assertGood(shop.build());

        assertThat(shop.rows("select n from main.total", "main")).containsExactly("1000");
    }
}
