package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody puts the clock of the machine back and forth while a source is followed. */
final class ClockStepsTest {
    private final MovedClock clock = MovedClock.going();
    private final Cancellation cancellation = new Cancellation();
    private final BlockingQueue<RunReport> ended = new LinkedBlockingQueue<>();
    private Ledger ledger;
    private Tarn tarn;
    private CompletableFuture<RunReport> following = new CompletableFuture<>();

    @TempDir Path folder;

    @BeforeEach
    void begin() {
        ledger = new Ledger(folder, "flush: {rows: 2, every: 200ms}");
        ledger.add("#id BIGINT", "c 1");
        tarn =
                Tarn.open(
                        new OpenRequest(
                                folder,
                                Optional.empty(),
                                Map.of(),
                                Optional.empty(),
                                Map.of(),
                                clock,
                                note -> {}));
        RunListener listener =
                new RunListener() {
                    @Override
                    public void ended(RunReport report) {
                        ended.add(report);
                    }
                };
        following =
                CompletableFuture.supplyAsync(
                        () -> tarn.ingest(Ledger.request(false), true, listener, cancellation));
    }

    @AfterEach
    void end() {
        cancellation.cancel();
        following.join();
        tarn.close();
        ledger.close();
    }

    private RunReport next() throws InterruptedException {
        RunReport report = ended.poll(4, TimeUnit.MINUTES);
        assertThat(report).as("a run that ended").isNotNull();
        return report;
    }

    /** Until it has looked for something new and found nothing. */
    private void lull() throws InterruptedException {
        assertThat(ended.poll(1500, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void rowsLandOnceAndSoonWhicheverWayTheClockIsPut() throws Exception {
        assertThat(next().problems()).isEmpty();
        int id = 2;
        for (Duration step :
                List.of(Duration.ofDays(-2), Duration.ofDays(4), Duration.ofDays(-3))) {
            lull();
            clock.put(step);
            ledger.add("c " + id++);
            assertThat(next().problems()).as("put by %s", step).isEmpty();
        }
        assertThat(ledger.rows("select id from bronze.notes order by id"))
                .containsExactly("1", "2", "3", "4");
    }

    @Test
    void aSourceThatWasAwayIsAskedAgainAlthoughTheClockIsPutBack() throws Exception {
        next();
        Path down = Files.createFile(folder.resolve("notes.ledger.down"));
        assertThat(next().problems()).isNotEmpty();
        clock.put(Duration.ofDays(-1));
        ledger.add("c 2");
        Files.delete(down);

        assertThat(next().problems()).isEmpty();
        assertThat(ledger.rows("select id from bronze.notes order by id"))
                .containsExactly("1", "2");
    }
}
