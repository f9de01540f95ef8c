package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.jdbc.SourceDatabase;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the file says that reading may cost is what it costs a real server. */
@ExtendWith(SourceDatabase.Started.class)
final class SourceBudgetTest {
    private static final Duration STEP = Duration.ofMillis(250);

    private final SourceDatabase database;

    @TempDir Path folder;

    SourceBudgetTest(SourceDatabase database) {
        this.database = database;
    }

    @Test
    void twoTablesOfASourceShareTheRowsOfASecond() throws Exception {
        database.execute("DROP SCHEMA IF EXISTS thrifty CASCADE");
        database.execute("CREATE SCHEMA thrifty");
        for (String table : new String[] {"a", "b"}) {
            database.execute(
                    "CREATE TABLE thrifty.%1$s AS SELECT i AS id FROM generate_series(1, 3000) i"
                            .formatted(table));
            database.execute("ALTER TABLE thrifty.%s ADD PRIMARY KEY (id)".formatted(table));
        }
        try (Workshop shop = new Workshop(folder)) {
            shop.put(
                    "models/sources.yml",
                    """
                    version: 2
                    sources:
                      - name: thrifty
                        schema: bronze
                        ingest:
                          connector: postgres
                          url: %s
                          user: postgres
                          budget: {rows: 2000, connections: 1}
                        tables:
                          - {name: a, ingest: {table: thrifty.a, parallel: 2}}
                          - {name: b, ingest: {table: thrifty.b, parallel: 2}}
                    """
                            .formatted(database.url()));
            MovedClock clock = MovedClock.stopped();
            try (Tarn tarn =
                    Tarn.open(
                            new OpenRequest(
                                    folder,
                                    Optional.empty(),
                                    Map.of(),
                                    Optional.empty(),
                                    Map.of(),
                                    clock,
                                    note -> {}))) {
                CompletableFuture<RunReport> landing =
                        CompletableFuture.supplyAsync(() ->
                                tarn.ingest(
                                        Ledger.request(false),
                                        false,
                                        RunListener.SILENT,
                                        new Cancellation()));
                while (!landing.isDone()) {
                    clock.put(STEP);
                    TimeUnit.MILLISECONDS.sleep(20);
                }
                assertThat(landing.get().problems()).isEmpty();
                assertThat(clock.ahead()).isGreaterThanOrEqualTo(Duration.ofMillis(2900));
            }
            for (String table : new String[] {"a", "b"}) {
                assertThat(shop.rows("select count(*), sum(id) from bronze." + table))
                        .containsExactly("3000|4501500");
            }
        }
    }
}
