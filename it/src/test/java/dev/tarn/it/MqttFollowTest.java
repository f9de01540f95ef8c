package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.run.RunStatus;
import dev.tarn.mqtt.MqttBroker;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages of a real broker land while it is followed, also when it is killed meanwhile. */
final class MqttFollowTest {
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(4);

    private final Cancellation cancellation = new Cancellation();
    private CompletableFuture<RunReport> following = new CompletableFuture<>();
    private int sent;

    @TempDir Path folder;

    private void send(MqttBroker broker, int messages) {
        for (int i = 0; i < messages; i++, sent++) {
            broker.send("plant/d" + sent % 3 + "/state", "{\"id\":" + sent + "}", 1 + sent % 2);
        }
    }

    private void awaitAll(Workshop shop) throws InterruptedException {
        long begun = System.nanoTime();
        String wanted = sent + "|" + sent;
        String found = "";
        while (!found.equals(wanted)) {
            assertThat(following.isDone()).as("%s", following).isFalse();
            assertThat(System.nanoTime() - begun).as(found).isLessThan(PATIENCE);
            TimeUnit.MILLISECONDS.sleep(50);
            if (shop.rows("select count(*) from bronze.state").equals(List.of("" + sent))) {
                found =
                        shop.rows("select count(*), count(distinct id) from bronze.state")
                                .getFirst();
            }
        }
    }

    @Test
    void messagesLandOnceWhileTheyComeAndTheBrokerIsKilled() throws Exception {
        try (MqttBroker broker = MqttBroker.start(folder.resolve("broker"));
                Workshop shop = new Workshop(folder.resolve("project"))) {
            shop.put(
                            "models/sources.yml",
                            """
                            version: 2
                            sources:
                              - name: plant
                                schema: bronze
                                tables:
                                  - name: state
                                    ingest:
                                      connector: mqtt
                                      url: %s
                                      topic: plant/{device}/state
                                      flush: {rows: 10, every: 200ms}
                            """
                                    .formatted(broker.url()))
                    .reopen();
            // The broker keeps messages for us from the first time on that it is asked.
            var unused =
                    shop.tarn()
                            .ingest(
                                    Ledger.request(false),
                                    false,
                                    RunListener.SILENT,
                                    new Cancellation());
            send(broker, 5);
            following =
                    CompletableFuture.supplyAsync(() ->
                            shop.tarn()
                                    .ingest(
                                            Ledger.request(false),
                                            true,
                                            RunListener.SILENT,
                                            cancellation));
            try {
                awaitAll(shop);
                send(broker, 35);
                awaitAll(shop);
                broker.kill();
                broker.start();
                send(broker, 20);
                awaitAll(shop);
            } finally {
                cancellation.cancel();
            }
            assertThat(following.get(4, TimeUnit.MINUTES).run().status())
                    .isEqualTo(RunStatus.PUBLISHED);
        }
    }
}
