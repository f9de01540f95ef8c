package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.run.RunStatus;
import dev.tarn.mqtt.MqttBroker;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Messages of a real broker land while it is followed, whatever becomes of it and of the way to it
 * meanwhile: each is in the table once.
 */
final class MqttFollowTest {
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);

    private static final String FEW = "flush: {rows: 10, every: 200ms}";

    private final Cancellation cancellation = new Cancellation();
    private MqttBroker broker;
    private CutNetwork network;
    private Workshop shop;
    private CompletableFuture<RunReport> following = new CompletableFuture<>();
    private int sent;

    @TempDir Path folder;

    @BeforeEach
    void begin() throws IOException {
        broker = MqttBroker.start(folder.resolve("broker"));
        network = new CutNetwork(Integer.parseInt(broker.url().replaceFirst(".*:", "")));
        shop = new Workshop(folder.resolve("project"));
    }

    @AfterEach
    void end() throws IOException {
        cancellation.cancel();
        shop.close();
        network.close();
        broker.close();
    }

    /** The broker keeps messages for us from the first time on that it is asked. */
    private void source(String more) {
        shop.put(
                        "models/sources.yml",
                        """
                        version: 2
                        sources:
                          - name: plant
                            schema: bronze
                            tables:
                              - name: state
                                ingest: {connector: mqtt, url: "mqtt://127.0.0.1:%d", topic: "plant/{device}/state", settle: 200ms, timeout: 2s, %s}
                        """
                                .formatted(network.port(), more))
                .reopen();
        land();
        send(1, 1);
        land();
    }

    private RunReport land() {
        RunReport report =
                shop.tarn()
                        .ingest(
                                Ledger.request(false),
                                false,
                                RunListener.SILENT,
                                new Cancellation());
        assertThat(report.problems()).isEmpty();
        return report;
    }

    private void follow() {
        following =
                CompletableFuture.supplyAsync(() ->
                        shop.tarn()
                                .ingest(
                                        Ledger.request(false),
                                        true,
                                        RunListener.SILENT,
                                        cancellation));
    }

    private RunReport stop() throws Exception {
        cancellation.cancel();
        return following.get(4, TimeUnit.MINUTES);
    }

    private void send(int messages, int quality) {
        for (int i = 0; i < messages; i++, sent++) {
            broker.send("plant/d" + sent % 3 + "/state", "{\"id\":" + sent + "}", quality);
        }
    }

    private List<String> landed() {
        return shop.rows("select count(*), count(distinct id) from bronze.state");
    }

    private void awaitAll() throws InterruptedException {
        long begun = System.nanoTime();
        while (!landed().equals(List.of(sent + "|" + sent))) {
            assertThat(following.isDone()).as("%s", following).isFalse();
            assertThat(System.nanoTime() - begun).as("of %d messages", sent).isLessThan(PATIENCE);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    @Test
    void messagesLandOnceWhileTheyCome() throws Exception {
        source(FEW);
        follow();
        for (int i = 0; i < 4; i++) {
            send(7, 1);
            send(8, 2);
            awaitAll();
        }

        assertThat(stop().run().status()).isNotEqualTo(RunStatus.FAILED);
        land();
        assertThat(landed()).containsExactly("61|61");
    }

    /** Some brokers lose their way among numbers of quality 2 that they gave before a kill. */
    @Test
    void messagesLandOnceThoughTheBrokerIsKilledMeanwhile() throws Exception {
        source(FEW + ", qos: 1");
        follow();
        for (int i = 0; i < 2; i++) {
            send(25, 1 + i);
            awaitAll();
            broker.kill();
            broker.start();
        }
        send(20, 2);
        awaitAll();

        assertThat(stop().run().status()).isNotEqualTo(RunStatus.FAILED);
        assertThat(landed()).containsExactly("71|71");
    }

    /** The connection stays, and nothing comes through it any more, in either direction. */
    @Test
    void aBrokerThatFallsSilentIsAskedAgainUntilItSpeaks() throws Exception {
        source(FEW);
        follow();
        send(5, 1);
        awaitAll();
        network.silence();
        send(5, 2);
        awaitProblem();
        network.speakAgain();
        awaitAll();

        assertThat(stop().run().status()).isNotEqualTo(RunStatus.FAILED);
    }

    private void awaitProblem() throws InterruptedException {
        long begun = System.nanoTime();
        while (shop.tarn().runs(50).stream().noneMatch(r -> r.status() == RunStatus.FAILED)) {
            assertThat(following.isDone()).as("%s", following).isFalse();
            assertThat(System.nanoTime() - begun).isLessThan(PATIENCE);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** It takes longer than a broker may be silent, and is no silence. */
    @Test
    void aLargeMessageThatTricklesLandsOnce() {
        source(FEW);
        String text = "x".repeat(200_000);
        broker.send("plant/d/state", "{\"id\":-1,\"text\":\"" + text + "\"}", 2);
        send(20, 1);
        network.trickle(4096, 100);
        land();
        network.flow();
        land();

        assertThat(landed()).containsExactly("22|22");
        assertThat(shop.rows("select max(length(text)) from bronze.state"))
                .containsExactly("200000");
    }

    /** Neither one that waits for messages nor one that has a batch half full is waited for. */
    @Test
    void followingStopsAtOnceAndWhatHadNotLandedLandsThen() throws Exception {
        source("flush: {rows: 10, every: 1h}");
        follow();
        send(3, 1);
        long before = network.passed();
        long begun = System.nanoTime();
        while (network.passed() == before) {
            assertThat(System.nanoTime() - begun).isLessThan(PATIENCE);
            TimeUnit.MILLISECONDS.sleep(20);
        }
        RunReport report = stop();

        assertThat(report.problems())
                .allSatisfy(p -> assertThat(p.code()).isEqualTo(ErrorCode.INTERRUPTED));
        land();
        assertThat(landed()).containsExactly("4|4");
    }
}
