package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.jdbc.SourceDatabase;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Somebody follows a source while the server that has the catalog is started again. */
@ExtendWith(SourceDatabase.Started.class)
final class CatalogRestartTest {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(120);

    private final SourceDatabase database;
    private final Cancellation cancellation = new Cancellation();
    private Ledger ledger;
    private CompletableFuture<RunReport> following = new CompletableFuture<>();

    @TempDir Path folder;

    CatalogRestartTest(SourceDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void begin() throws IOException {
        database.execute("DROP DATABASE IF EXISTS tarn_catalog WITH (FORCE)");
        database.execute("CREATE DATABASE tarn_catalog");
        Path project = Files.createDirectories(folder.resolve("project"));
        ledger = new Ledger(project, "flush: {rows: 2, every: 200ms}");
        ledger.shop()
                .put(
                        "tarn.yml",
                        """
                        catalog:
                          url: %s
                          user: postgres
                          password: file:%s
                        """
                                .formatted(
                                        database.url("tarn_catalog"),
                                        Files.writeString(folder.resolve("password"), "none")));
        ledger.shop().reopen();
        ledger.add("#id BIGINT", "c 1");
    }

    @AfterEach
    void end() {
        cancellation.cancel();
        following.join();
        ledger.close();
    }

    private void awaitRows(String wanted) throws InterruptedException {
        long begun = System.nanoTime();
        String found = "";
        while (System.nanoTime() - begun < PATIENCE && !following.isDone()) {
            found = rows();
            if (found.equals(wanted)) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        assertThat(found).as("following: %s", following).isEqualTo(wanted);
    }

    private String rows() {
        try {
            boolean isThere =
                    ledger.shop().tarn().tables(At.MAIN).stream()
                            .anyMatch(t -> t.name().toString().equals("bronze.notes"));
            return isThere
                    ? ledger.rows("select count(*), sum(id) from bronze.notes").getFirst()
                    : "";
        } catch (TarnException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CATALOG_UNAVAILABLE);
            return e.code().name();
        }
    }

    @Test
    void rowsLandOnceWhenTheCatalogIsThereAgain() throws Exception {
        following =
                CompletableFuture.supplyAsync(() ->
                        ledger.shop()
                                .tarn()
                                .ingest(
                                        Ledger.request(false),
                                        true,
                                        RunListener.SILENT,
                                        cancellation));
        awaitRows("1|1");

        ledger.add("c 2", "c 3", "c 4");
        database.restartOrderly();
        ledger.add("c 5");
        awaitRows("5|15");
        database.restartOrderly();
        ledger.add("c 6", "c 7");
        awaitRows("7|28");
        cancellation.cancel();

        assertThat(following.get(2, TimeUnit.MINUTES).run().status())
                .isEqualTo(RunStatus.PUBLISHED);
        assertThat(ledger.rows("select id from bronze.notes order by id"))
                .isEqualTo(List.of("1", "2", "3", "4", "5", "6", "7"));
        assertThat(ledger.ingest().run().status()).isEqualTo(RunStatus.UNCHANGED);
    }
}
