package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources that are followed: what comes lands, and nothing is done when nothing comes. */
final class FollowTest {
    @TempDir Path folder;

    private final BlockingQueue<RunReport> ended = new LinkedBlockingQueue<>();
    private final Cancellation cancellation = new Cancellation();
    private Ledger ledger;
    private CompletableFuture<RunReport> following = new CompletableFuture<>();

    @BeforeEach
    void open() {
        ledger = new Ledger(folder, "flush: {rows: 2, every: 200ms}");
        ledger.add("#id BIGINT", "c 1");
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private void follow() {
        RunListener listener =
                new RunListener() {
                    @Override
                    public void ended(RunReport report) {
                        ended.add(report);
                    }
                };
        following =
                CompletableFuture.supplyAsync(() ->
                        ledger.shop()
                                .tarn()
                                .ingest(Ledger.request(false), true, listener, cancellation));
    }

    private RunReport next() throws InterruptedException {
        RunReport report = ended.poll(2, TimeUnit.MINUTES);
        assertThat(report).as("a run that ended").isNotNull();
        return report;
    }

    private RunReport stopped() throws Exception {
        cancellation.cancel();
        return following.get(2, TimeUnit.MINUTES);
    }

    private static List<String> problems(RunReport report) {
        return report.problems().stream().map(p -> p.code().name()).toList();
    }

    @Test
    void whatComesLandsAndNothingElseMakesARun() throws Exception {
        follow();
        assertThat(next().run().status()).isEqualTo(RunStatus.PUBLISHED);
        ledger.add("c 2");
        assertThat(next().run().status()).isEqualTo(RunStatus.PUBLISHED);
        ledger.add("c 3", "c 4", "c 5");
        next();
        next();
        RunReport last = stopped();

        assertThat(last.run().status()).isEqualTo(RunStatus.PUBLISHED);
        assertThat(ended).isEmpty();
        assertThat(ledger.rows("select count(*), sum(id) from bronze.notes"))
                .containsExactly("5|15");
        assertThat(ledger.shop().tarn().runs(20))
                .extracting(r -> r.status())
                .containsOnly(RunStatus.PUBLISHED)
                .hasSize(4);
    }

    @Test
    void aLoadThatWasStoppedWhileNothingCameEndsAtOnce() throws Exception {
        follow();
        next();
        assertThat(stopped().run().status()).isEqualTo(RunStatus.PUBLISHED);
    }

    @Test
    void aSourceThatIsGoneForGoodEndsIt() throws Exception {
        follow();
        next();
        Files.writeString(ledger.file(), "");
        RunReport failed = next();
        assertThat(problems(failed)).containsExactly("SOURCE_GONE");
        assertThat(problems(following.get(2, TimeUnit.MINUTES))).containsExactly("SOURCE_GONE");
    }

    @Test
    void aSourceThatCannotBeReachedIsToldOnceAndAskedAgain() throws Exception {
        follow();
        next();
        Path down = folder.resolve("notes.ledger.down");
        Files.createFile(down);
        assertThat(problems(next())).containsExactly("SOURCE_UNAVAILABLE");
        ledger.add("c 2");
        Files.delete(down);
        assertThat(next().run().status()).isEqualTo(RunStatus.PUBLISHED);
        stopped();
        assertThat(ledger.rows("select id from bronze.notes order by id"))
                .containsExactly("1", "2");
    }
}
