package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.jdbc.SourceDatabase;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.RefName;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A PostgreSQL that ends and comes back while its tables are read: every row has a kilobyte, and
 * the network holds back what follows the bytes that a test lets pass until the server is there
 * again.
 */
@ExtendWith(SourceDatabase.Started.class)
final class DatabaseRestartTest {
    private static final String EVERYTHING =
            "select count(*), count(distinct id), sum(id), sum(length(v)) from ";

    /** In the second batch of 8,000 rows. */
    private static final long MIDDLE = 10_500_000;

    private final SourceDatabase database;
    private CutNetwork network;
    private Workshop shop;

    @TempDir Path folder;

    DatabaseRestartTest(SourceDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void begin() throws IOException {
        network = new CutNetwork(database.port());
        shop = new Workshop(folder);
        database.execute("DROP SCHEMA IF EXISTS away CASCADE");
        database.execute("CREATE SCHEMA away");
        database.execute("CREATE TABLE away.t (id bigint PRIMARY KEY, v text)");
        fill(1, 20_000);
    }

    @AfterEach
    void end() throws IOException {
        shop.close();
        network.close();
    }

    private void fill(int from, int to) {
        database.execute(
                "INSERT INTO away.t SELECT i, (SELECT string_agg(md5((i * j)::text), '') FROM generate_series(1, 32) j) FROM generate_series(%d, %d) i"
                        .formatted(from, to));
    }

    private void source(String settings) {
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: away
                    schema: bronze
                    tables:
                      - name: t
                        ingest: {connector: postgres, url: "%s", user: postgres, %s}
                """
                        .formatted(url(), settings));
        shop.reopen();
    }

    private String url() {
        return "postgresql://localhost:" + network.port() + "/postgres";
    }

    /** By the program that is open: what it kept of the server that was does not hinder it. */
    private RunReport ingest() {
        return shop.tarn().ingest(sources(), false, RunListener.SILENT, new Cancellation());
    }

    private static BuildRequest sources() {
        return new BuildRequest(
                "ingest",
                EnumSet.of(NodeKind.SOURCE),
                List.of(),
                List.of(),
                RefName.MAIN,
                false,
                false,
                Optional.empty());
    }

    private void assertThatTheServerIsNamed(RunReport report) {
        assertThat(report.problems()).hasSize(1);
        Problem problem = report.problems().getFirst();
        assertThat(problem.code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
        assertThat(problem.toString())
                .startsWith(
                        "models/sources.yml:7:17: " + url() + " cannot be reached or broke off: ")
                .endsWith(". Nothing is lost; try again when it is back. [SOURCE_UNAVAILABLE]");
    }

    private void assertEverythingIsThereOnce() {
        assertThat(ingest().problems()).isEmpty();
        assertThat(shop.rows(EVERYTHING + "bronze.t", "main"))
                .isEqualTo(database.rows(EVERYTHING + "away.t"));
    }

    private long rows(String table) {
        return Long.parseLong(shop.rows("select count(*) from " + table, "main").getFirst());
    }

    private boolean isThere(String table) {
        return shop.tarn().tables(At.MAIN).stream()
                .anyMatch(t -> t.name().toString().equals(table));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLoadGoesOnWithTheRangesThatAreMissing(boolean orderly) {
        source("table: away.t, parallel: 1, flush: {rows: 8000}");
        network.after(MIDDLE, orderly ? database::restartOrderly : database::restart);

        assertThatTheServerIsNamed(ingest());
        assertThat(isThere("bronze.t")).isFalse();
        assertThat(rows("bronze.t__loading")).isEqualTo(8_000);

        assertEverythingIsThereOnce();
        assertThat(isThere("bronze.t__loading")).isFalse();
    }

    @Test
    void aLoadOfSeveralRangesAtOnceGoesOn() {
        source("table: away.t, parallel: 4, flush: {rows: 16000}");
        network.after(MIDDLE, database::restart);

        assertThatTheServerIsNamed(ingest());
        assertThat(isThere("bronze.t")).isFalse();

        assertEverythingIsThereOnce();
    }

    @Test
    void aLoadWithoutAKeyIsReadAgainAsAWhole() {
        source("query: \"select * from away.t\"");
        network.after(MIDDLE, database::restart);

        assertThatTheServerIsNamed(ingest());
        assertThat(shop.tarn().tables(At.MAIN)).isEmpty();

        assertEverythingIsThereOnce();
    }

    @Test
    void whatIsNewBehindACursorIsReadFromTheLastBatchThatLanded() {
        source("table: away.t, cursor: id, flush: {rows: 8000}");
        assertEverythingIsThereOnce();
        fill(20_001, 40_000);
        network.after(network.passed() + MIDDLE, database::restart);

        assertThatTheServerIsNamed(ingest());
        assertThat(rows("bronze.t")).isEqualTo(28_000);

        assertEverythingIsThereOnce();
    }

    @Test
    void whoFollowsTheTableGoesOnByItself() throws Exception {
        source("table: away.t, cursor: id, parallel: 1, flush: {rows: 8000, every: 1s}");
        network.after(MIDDLE, database::restart);
        BlockingQueue<RunReport> ended = new LinkedBlockingQueue<>();
        RunListener listener =
                new RunListener() {
                    @Override
                    public void ended(RunReport report) {
                        ended.add(report);
                    }
                };
        Cancellation cancellation = new Cancellation();
        CompletableFuture<RunReport> following =
                CompletableFuture.supplyAsync(
                        () -> shop.tarn().ingest(sources(), true, listener, cancellation));

        RunReport report = next(ended);
        while (report.problems().isEmpty()) {
            report = next(ended);
        }
        assertThatTheServerIsNamed(report);
        while (!isThere("bronze.t")) {
            assertThat(next(ended).problems()).isEmpty();
        }
        cancellation.cancel();
        following.get(2, TimeUnit.MINUTES);

        assertThat(shop.rows(EVERYTHING + "bronze.t", "main"))
                .isEqualTo(database.rows(EVERYTHING + "away.t"));
    }

    private static RunReport next(BlockingQueue<RunReport> ended) throws InterruptedException {
        RunReport report = ended.poll(2, TimeUnit.MINUTES);
        assertThat(report).as("a run that ended").isNotNull();
        return Objects.requireNonNull(report);
    }
}
