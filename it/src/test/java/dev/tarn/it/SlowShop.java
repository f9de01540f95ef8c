package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A project that reads one source through a network whose bytes can trickle. */
final class SlowShop implements AutoCloseable {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(120);

    private final CutNetwork network = new CutNetwork();
    private final Workshop shop;
    private Cancellation cancellation = new Cancellation();

    SlowShop(Path folder) throws IOException {
        shop = new Workshop(folder);
    }

    CutNetwork network() {
        return network;
    }

    Workshop shop() {
        return shop;
    }

    /** The source is the table {@code bronze.t}, and this says what of it is read. */
    void source(String ingest) {
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: slow
                    schema: bronze
                    tables:
                      - name: t
                        ingest:
                %s
                """
                        .formatted(ingest.indent(10).stripTrailing()));
        shop.reopen();
    }

    private RunReport ingest() {
        return shop.tarn().ingest(Ledger.request(false), false, RunListener.SILENT, cancellation);
    }

    void land() {
        assertThat(ingest().problems()).isEmpty();
    }

    /** What trickles lands whole, and is there once however often one lands. */
    void landsOnce() {
        network.trickle(4096, 20);
        land();
        network.flow();
        land();
    }

    /**
     * Nobody would see the end of it, and who stops waiting is let go: nothing of what trickles
     * after so many bytes is seen, and the next one lands it.
     */
    void canBeStopped(long bytes) throws Exception {
        canBeStopped(bytes, () -> network.trickle(1, 50));
    }

    /** The same where nothing comes any more, and nobody is told. */
    void canBeStoppedInSilence(long bytes) throws Exception {
        canBeStopped(bytes, network::silence);
    }

    private void canBeStopped(long bytes, Runnable trouble) throws Exception {
        long begin = network.passed() + bytes;
        if (bytes == 0) {
            trouble.run();
        } else {
            network.after(begin, trouble);
        }
        int published = published();
        CompletableFuture<ErrorCode> refusal = CompletableFuture.supplyAsync(this::refusal);
        await(() -> network.passed() >= begin, refusal);
        cancellation.cancel();

        assertThat(refusal.get(2, TimeUnit.MINUTES)).isEqualTo(ErrorCode.INTERRUPTED);
        assertThat(published()).isEqualTo(published);
        network.flow();
        network.speakAgain();
        cancellation = new Cancellation();
        land();
    }

    private int published() {
        return (int)
                shop.tarn().runs(50).stream()
                        .filter(r -> r.status() == RunStatus.PUBLISHED)
                        .count();
    }

    private ErrorCode refusal() {
        try {
            RunReport report = ingest();
            return report.problems().isEmpty()
                    ? ErrorCode.INTERRUPTED
                    : report.problems().getFirst().code();
        } catch (TarnException e) {
            return e.problems().stream().map(Problem::code).findFirst().orElseThrow();
        }
    }

    private static void await(BooleanSupplier what, CompletableFuture<?> working)
            throws InterruptedException {
        long begun = System.nanoTime();
        while (!what.getAsBoolean()) {
            assertThat(working.isDone()).as("%s", working).isFalse();
            assertThat(System.nanoTime() - begun).isLessThan(PATIENCE);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Override
    public void close() throws IOException {
        shop.close();
        network.close();
    }
}
