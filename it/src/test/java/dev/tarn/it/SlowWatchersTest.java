package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.schedule.Scheduler;
import dev.tarn.server.Mount;
import dev.tarn.server.ServerConfig;
import dev.tarn.server.TarnServer;
import dev.tarn.server.api.Api;
import dev.tarn.spi.HttpProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that follow a run that prints a lot, and stop reading. */
final class SlowWatchersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WATCHERS = 20;
    private static final long GROWTH_MAX = 32L << 20;
    private static final String OF_THE_LAST = "\"task\":\"say[11]\"";
    private static final String SAID = "something to say";

    @TempDir Path project;
    private final HttpClient http = HttpClient.newHttpClient();
    private final CountDownLatch left = new CountDownLatch(WATCHERS);

    @Test
    void whoStopsReadingIsLeftAndTheRunAndOthersGoOn() throws Exception {
        Files.createDirectories(project.resolve("jobs"));
        Files.writeString(
                project.resolve("dbt_project.yml"), "name: shop\nversion: '1'\nprofile: shop\n");
        // Each prints about a megabyte a second until a file is there.
        Files.writeString(
                project.resolve("jobs/all.yml"),
                """
                jobs:
                  - name: talks
                    tasks:
                      - name: say
                        each: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
                        shell: "while [ ! -e stop ]; do yes something to say | head -c 100000; sleep 0.1; done"
                """);
        try (Tarn tarn = Tarn.open(OpenRequest.of(project));
                Scheduler scheduler = tarn.jobs().work();
                TarnServer server =
                        TarnServer.start(
                                config(),
                                List.of(new Mount("/api/v1", watched(new Api(tarn)))),
                                Clock.systemUTC())) {
            assertThat(scheduler).isNotNull();
            watch(server.port());
        }
    }

    private void watch(int port) throws Exception {
        String id = JSON.readTree(send(port, "POST", "/jobs/talks/runs")).get("id").asText();
        awaitRunning(port, id);
        long before = heap();
        List<Socket> stuck = new ArrayList<>();
        try {
            for (int i = 0; i < WATCHERS; i++) {
                stuck.add(stuck(port, id));
            }
            CompletableFuture<String> reader =
                    CompletableFuture.supplyAsync(() -> follow(port, id));

            assertThat(left.await(3, TimeUnit.MINUTES)).as("all were left").isTrue();

            awaitHeapBelow(before + GROWTH_MAX);
            assertThat(status(port, id)).isEqualTo("running");
            assertThat(reader).isNotDone();
            Files.createFile(project.resolve("stop"));
            assertThat(reader.get(2, TimeUnit.MINUTES))
                    .contains(OF_THE_LAST, SAID)
                    .containsPattern(
                            "event: run\ndata: \\{\"id\":\"%s\".*\"status\":\"succeeded\""
                                    .formatted(id));
            assertThat(status(port, id)).isEqualTo("succeeded");
        } finally {
            for (Socket socket : stuck) {
                socket.close();
            }
        }
    }

    private static ServerConfig config() {
        return new ServerConfig(
                "127.0.0.1",
                0,
                Optional.empty(),
                1 << 20,
                Duration.ofSeconds(2),
                Duration.ofSeconds(10));
    }

    /** Counts the streams that ended because nobody read them. */
    private HttpProtocol watched(HttpProtocol api) {
        return call -> {
            HttpProtocol.Answer answer = api.answer(call);
            if (answer.stream().isEmpty() || !call.query().containsKey("stuck")) {
                return answer;
            }
            return new HttpProtocol.Answer(
                    answer.status(),
                    answer.headers(),
                    new byte[0],
                    Optional.of(out -> {
                        try {
                            answer.stream().get().write(out);
                        } finally {
                            left.countDown();
                        }
                    }));
        };
    }

    private static Socket stuck(int port, String id) throws Exception {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream()
                .write(
                        "GET /api/v1/job-runs/%s/events?stuck=1 HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                .formatted(id)
                                .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Whoever was left just now lets go of what it held a moment later. */
    private static void awaitHeapBelow(long bytes) throws InterruptedException {
        long used = heap();
        for (int i = 0; i < 30 && used >= bytes; i++) {
            TimeUnit.SECONDS.sleep(1);
            used = heap();
        }
        assertThat(used).isLessThan(bytes);
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void awaitRunning(int port, String id) throws Exception {
        long running;
        do {
            running = 0;
            for (JsonNode task : run(port, id).get("tasks")) {
                running += task.get("status").asText().equals("running") ? 1 : 0;
            }
        } while (running < 12);
    }

    private String status(int port, String id) throws Exception {
        return run(port, id).get("status").asText();
    }

    private JsonNode run(int port, String id) throws Exception {
        return JSON.readTree(send(port, "GET", "/job-runs/" + id));
    }

    /** What the run says of itself, and what was looked for; all of it would fill the heap. */
    private String follow(int port, String id) {
        Set<String> wanted = new LinkedHashSet<>(List.of(OF_THE_LAST, SAID));
        List<String> kept = new ArrayList<>();
        HttpRequest request = request(port, "GET", "/job-runs/" + id + "/events");
        try (Stream<String> lines =
                http.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
            boolean ofRun = false;
            for (String line : (Iterable<String>) lines::iterator) {
                if (ofRun || line.equals("event: run")) {
                    kept.add(line);
                    ofRun = !ofRun;
                } else if (wanted.removeIf(line::contains)) {
                    kept.addAll(
                            Stream.of(OF_THE_LAST, SAID)
                                    .filter(word -> !wanted.contains(word))
                                    .toList());
                }
            }
            return String.join("\n", kept);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private String send(int port, String method, String path) throws Exception {
        return http.send(request(port, method, path), HttpResponse.BodyHandlers.ofString()).body();
    }

    private static HttpRequest request(int port, String method, String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/api/v1%s".formatted(port, path)))
                .timeout(Duration.ofMinutes(5))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
    }
}
