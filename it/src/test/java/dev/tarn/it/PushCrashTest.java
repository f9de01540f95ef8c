package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a server to which clients send rows. A client sends a request again with the same key until
 * it is acknowledged: what was acknowledged must be there, and each row once.
 *
 * <p>{@code -Dtarn.crash.kills=100} for a long run; {@code -Dtarn.crash.seed=N} repeats one.
 */
final class PushCrashTest {
    private static final int CLIENTS = 4;
    private static final int ROWS = 5;
    private static final int LONGEST_SECONDS = 120;

    private final int kills = Integer.getInteger("tarn.crash.kills", 3);
    private final long seed = Long.getLong("tarn.crash.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<Integer> sent = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean over = new AtomicBoolean();

    @TempDir Path folder;

    @Test
    void whatIsAcknowledgedIsThereOnceThoughTheServerIsKilled() throws Exception {
        System.out.printf("PushCrashTest: %d kills with seed %d%n", kills, seed);
        write();
        int port = freePort();
        List<Thread> clients = new ArrayList<>();
        Program server = serve(port);
        for (int c = 0; c < CLIENTS; c++) {
            int client = c;
            clients.add(Thread.ofVirtual().start(() -> send(client, port)));
        }
        for (int kill = 1; kill <= kills; kill++) {
            int before = acknowledged.size();
            server.endsWithin(TimeUnit.MILLISECONDS.toMicros(random.nextLong(3_000)));
            while (acknowledged.size() == before) {
                // Each server does something before it goes.
                server.endsWithin(10_000);
            }
            server.kill();
            server = serve(port);
        }
        over.set(true);
        for (Thread client : clients) {
            client.join();
        }
        server.kill();
        System.out.printf("PushCrashTest: %d requests acknowledged%n", acknowledged.size());

        assertThat(acknowledged).isEqualTo(sent);
        try (Tarn tarn = Tarn.open(OpenRequest.of(folder))) {
            long rows = (long) acknowledged.size() * ROWS;
            assertThat(Workshop.number(tarn, "select count(*) from bronze.events"))
                    .as("seed " + seed)
                    .isEqualTo(rows);
            assertThat(
                            Workshop.number(
                                    tarn, "select count(distinct (request, n)) from bronze.events"))
                    .isEqualTo(rows);
        }
    }

    /** Sends requests one after the other, each until it is acknowledged. */
    private void send(int client, int port) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int number = client; !over.get(); number += CLIENTS) {
                sent.add(number);
                StringBuilder body = new StringBuilder();
                for (int n = 0; n < ROWS; n++) {
                    body.append("{\"request\":%d,\"n\":%d}\n".formatted(number, n));
                }
                HttpRequest request =
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "http://127.0.0.1:%d/ingest/app/events"
                                                        .formatted(port)))
                                .header("Content-Type", "application/x-ndjson")
                                .header("Idempotency-Key", "request-" + number)
                                .timeout(Duration.ofSeconds(LONGEST_SECONDS))
                                .POST(BodyPublishers.ofString(body.toString()))
                                .build();
                while (!acknowledges(http, request)) {
                    LockSupport.parkNanos(20_000_000);
                }
                acknowledged.add(number);
            }
        }
    }

    private static boolean acknowledges(HttpClient http, HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Program serve(int port) throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(1);
        Program server =
                Program.start(
                        folder,
                        line -> {
                            if (line.startsWith("Rows can be sent")) {
                                ready.countDown();
                            }
                        },
                        "serve",
                        "--port",
                        String.valueOf(port));
        assertThat(ready.await(LONGEST_SECONDS, TimeUnit.SECONDS)).as(server.output()).isTrue();
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void write() throws IOException {
        Files.writeString(folder.resolve("dbt_project.yml"), "name: shop\nversion: \"1.0\"\n");
        Files.writeString(folder.resolve("tarn.yml"), "run:\n  lost_after: 1ms\n");
        Files.createDirectories(folder.resolve("models"));
        Files.writeString(
                folder.resolve("models/sources.yml"),
                """
                version: 2
                sources:
                  - name: app
                    schema: bronze
                    tables:
                      - name: events
                        ingest: {connector: push}
                """);
    }
}
