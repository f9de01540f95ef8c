package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.table.TableState;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two sources are followed for long, by turns, so that only every other batch is one's: neither
 * table keeps a snapshot and a file for each of its batches.
 */
final class FollowUpkeepTest {
    /** A look after each 32 batches; the tables want ten snapshots and no history. */
    private static final int BATCHES = 110;

    /** Gathered in the first look; no snapshot names them after the second. */
    private static final int EARLY = 20;

    private static final int LATER = 70;

    private static final int SNAPSHOTS_MOST = 25;
    private static final Duration BEHIND = Duration.ofHours(3);

    private final BlockingQueue<RunReport> ended = new LinkedBlockingQueue<>();
    private final Cancellation cancellation = new Cancellation();
    private final MovedClock clock = MovedClock.going();

    private List<Path> early = List.of();

    @TempDir Path folder;

    private void add(String name, String line) throws IOException {
        Files.writeString(
                folder.resolve(name + ".ledger"),
                line + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private static TableState state(Tarn tarn, String table) {
        return tarn.table(new TableName("bronze", table), At.MAIN).state().orElseThrow();
    }

    private List<Path> dataFiles() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(f -> f.getFileName().toString().matches("tarn-.*[.]parquet"))
                    .toList();
        }
    }

    @Test
    void tablesThatAreFollowedForLongStaySmall() throws Exception {
        try (Workshop shop = new Workshop(folder)) {
            shop.put(
                    "models/sources.yml",
                    """
                    version: 2
                    sources:
                      - name: ledger
                        schema: bronze
                        ingest: {connector: ledger, flush: {rows: 1, every: 50ms}}
                        tables:
                          - {name: one, ingest: {path: one.ledger}}
                          - {name: two, ingest: {path: two.ledger}}
                    """);
            add("one", "#id BIGINT");
            add("two", "#id BIGINT");
            add("one", "c\t0");
            add("two", "c\t0");
            follow();
        }
    }

    private static void keepLittle(Tarn tarn, String table) {
        var unused =
                tarn.execute(
                        SqlText.of(
                                "alter table bronze.%s set ('tarn.history.max-snapshots' = '10', 'tarn.history' = 'none')"
                                        .formatted(table)),
                        RefName.MAIN,
                        new Cancellation());
    }

    private void follow() throws Exception {
        clock.put(BEHIND.negated());
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
            RunListener listener =
                    new RunListener() {
                        @Override
                        public void ended(RunReport report) {
                            ended.add(report);
                        }
                    };
            CompletableFuture<RunReport> following =
                    CompletableFuture.supplyAsync(
                            () -> tarn.ingest(Ledger.request(false), true, listener, cancellation));
            try {
                next();
                keepLittle(tarn, "one");
                keepLittle(tarn, "two");
                // States from before that are kept as the warehouse says.
                List<Path> kept = dataFiles();
                for (int i = 1; i <= BATCHES; i++) {
                    add(i % 2 == 0 ? "one" : "two", "c\t" + i);
                    next();
                    if (i == EARLY) {
                        early = dataFiles().stream().filter(f -> !kept.contains(f)).toList();
                    }
                    if (i == LATER) {
                        // Hours later; it ends at the time that the files themselves bear.
                        clock.put(BEHIND);
                    }
                }
                assertSmall(tarn);
            } finally {
                cancellation.cancel();
            }
            assertThat(following.get(4, TimeUnit.MINUTES).run().status())
                    .isEqualTo(RunStatus.PUBLISHED);
        }
    }

    /** Waits for a run that published something; one that found nothing is none. */
    private void next() throws InterruptedException {
        RunStatus status = RunStatus.UNCHANGED;
        while (status != RunStatus.PUBLISHED) {
            RunReport report = ended.poll(4, TimeUnit.MINUTES);
            assertThat(report).as("a run that ended").isNotNull();
            assertThat(report.problems()).isEmpty();
            status = report.run().status();
        }
    }

    private void assertSmall(Tarn tarn) throws IOException {
        for (String table : new String[] {"one", "two"}) {
            assertThat(Workshop.number(tarn, "select count(distinct id) from bronze." + table))
                    .isEqualTo(1 + BATCHES / 2);
            TableState state = state(tarn, table);
            assertThat(state.snapshots()).as(table).hasSizeLessThan(SNAPSHOTS_MOST);
            assertThat(state.current().orElseThrow().totalFiles()).as(table).isLessThan(25);
        }
        assertThat(early).hasSize(EARLY);
        assertThat(dataFiles()).doesNotContainAnyElementsOf(early);
    }
}
