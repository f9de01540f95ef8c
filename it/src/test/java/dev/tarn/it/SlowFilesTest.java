package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.TarnException;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import dev.tarn.storage.SftpFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a server of SFTP whose bytes trickle, or do not come at all any more. */
final class SlowFilesTest {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(120);

    private final Cancellation cancellation = new Cancellation();
    private SftpFolder server;
    private CutNetwork network;
    private Workshop shop;

    @TempDir Path folder;

    @BeforeEach
    void begin() throws Exception {
        Path files = folder.resolve("files");
        server = SftpFolder.start(files);
        String port = server.root().replaceFirst(".*:", "");
        network = new CutNetwork(Integer.parseInt(port));
        shop = new Workshop(folder.resolve("project"));
        Path known = server.knownHosts(folder.resolve("project").resolve("known"));
        String through = String.valueOf(network.port());
        Files.writeString(known, Files.readString(known).replace(":" + port, ":" + through));
        Files.writeString(folder.resolve("password"), SftpFolder.PASSWORD);
        shop.put(
                "tarn.yml",
                "sftp:\n  timeout: 3s\n  password: file:%s\n  known_hosts: known\n"
                        .formatted(folder.resolve("password")));
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: raw
                    schema: bronze
                    tables:
                      - name: orders
                        ingest: {location: "%s/out/*.csv"}
                """
                        .formatted(server.root().replace(":" + port, ":" + through)));
        Files.createDirectories(files.resolve("out"));
        Files.writeString(
                files.resolve("out/a.csv"),
                IntStream.range(0, 20_000)
                        .mapToObj(i -> i + ",something of some length\n")
                        .collect(Collectors.joining("", "id,text\n", "")));
        shop.reopen();
    }

    @AfterEach
    void end() throws Exception {
        shop.close();
        network.close();
        server.close();
    }

    private RunReport ingest() {
        return shop.tarn().ingest(Ledger.request(false), false, RunListener.SILENT, cancellation);
    }

    private String refusal() {
        try {
            return Workshop.told(ingest().problems());
        } catch (TarnException failure) {
            return Workshop.told(failure);
        }
    }

    private void assertWhole() {
        assertThat(shop.rows("select count(*), count(distinct id) from bronze.orders"))
                .containsExactly("20000|20000");
    }

    @Test
    void aFileThatTricklesLandsOnce() {
        network.trickle(8192, 20);
        assertThat(ingest().problems()).isEmpty();
        network.flow();

        assertThat(ingest().run().status()).isEqualTo(RunStatus.UNCHANGED);
        assertWhole();
    }

    @Test
    void aServerThatFallsSilentInTheMiddleIsSaidToBeAwayAndItsFileLandsLater() {
        network.after(100_000, network::silence);
        assertThat(refusal()).contains("does not answer").doesNotContain(SftpFolder.PASSWORD);
        network.speakAgain();
        shop.reopen();

        assertThat(ingest().problems()).isEmpty();
        assertWhole();
    }

    @Test
    void whoWaitsForAFileThatTricklesCanStop() throws Exception {
        network.after(100_000, () -> network.trickle(1, 100));
        CompletableFuture<String> refusal = CompletableFuture.supplyAsync(this::refusal);
        long begun = System.nanoTime();
        while (network.passed() < 100_000) {
            assertThat(refusal.isDone()).as("%s", refusal).isFalse();
            assertThat(System.nanoTime() - begun).isLessThan(PATIENCE);
            TimeUnit.MILLISECONDS.sleep(20);
        }
        cancellation.cancel();

        assertThat(refusal.get(2, TimeUnit.MINUTES)).doesNotContain(SftpFolder.PASSWORD);
        assertThat(shop.tarn().runs(5))
                .extracting(r -> r.status())
                .doesNotContain(RunStatus.PUBLISHED);
    }
}
