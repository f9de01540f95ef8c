package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.pages.Pages;
import dev.tarn.schedule.Scheduler;
import dev.tarn.server.Mount;
import dev.tarn.server.ServerConfig;
import dev.tarn.server.TarnServer;
import dev.tarn.server.api.Api;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two people change the same thing, neither having seen what the other did. */
final class ConcurrentEditsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LONGEST_SECONDS = 120;

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir Path folder;
    private Tarn tarn;
    private Scheduler scheduler;
    private Pages pages;
    private TarnServer server;

    @BeforeEach
    void serve() throws IOException {
        Files.createDirectories(folder.resolve("jobs"));
        Files.createDirectories(folder.resolve("seeds"));
        Files.writeString(
                folder.resolve("dbt_project.yml"), "name: shop\nversion: '1'\nprofile: shop\n");
        Files.writeString(folder.resolve("seeds/items.csv"), "id\n1\n2\n");
        Files.writeString(
                folder.resolve("jobs/a.yml"),
                """
                jobs:
                  - name: ask
                    tasks: [{name: ok, approval: "Shall it?"}]
                  - name: fail
                    tasks: [{name: bad, shell: "exit 3", retry: 0}]
                  - name: daily
                    schedule: "@daily"
                    tasks: [{name: none, nothing: }]
                """);
        tarn = Tarn.open(OpenRequest.of(folder));
        scheduler = tarn.jobs().work();
        pages = Pages.open(tarn, folder, Clock.systemUTC());
        server =
                TarnServer.start(
                        ServerConfig.of("127.0.0.1", 0, Optional.empty()),
                        List.of(new Mount("/api/v1", new Api(tarn)), new Mount("", pages)),
                        Clock.systemUTC());
    }

    @AfterEach
    void close() {
        server.close();
        pages.close();
        scheduler.close();
        tarn.close();
    }

    private HttpResponse<String> send(String method, String path, String type, String body)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .header("Content-Type", type)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode api(int status, String path, String body) throws Exception {
        HttpResponse<String> answer =
                send("POST", "/api/v1" + path, "application/json", body.replace('\'', '"'));
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    private JsonNode get(String path) throws Exception {
        return JSON.readTree(send("GET", "/api/v1" + path, "application/json", "").body());
    }

    /** What a form of the pages comes to. */
    private HttpResponse<String> form(String path, String fields) throws Exception {
        return send("POST", path, "application/x-www-form-urlencoded", fields);
    }

    private String message(JsonNode problem) {
        assertThat(problem.get("code").asText()).isEqualTo("OUTDATED");
        return problem.get("problems").get(0).get("message").asText();
    }

    /** Starts a job and waits until its task is at some point. */
    private String started(String job, String status) throws Exception {
        String id = api(201, "/jobs/" + job + "/runs", "{}").get("id").asText();
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        while (!get("/job-runs/" + id).get("tasks").get(0).get("status").asText().equals(status)) {
            assertThat(System.nanoTime()).isLessThan(giveUp);
        }
        return id;
    }

    private void build() throws Exception {
        String id = api(202, "/builds", "{}").get("id").asText();
        assertThat(send("GET", "/api/v1/job-runs/" + id + "/events", "text/plain", "").body())
                .contains("\"status\":\"succeeded\"");
    }

    /** What several answers there are when all ask at once. */
    private List<Integer> together(int times, Callable<Integer> ask) throws Exception {
        CyclicBarrier begin = new CyclicBarrier(times);
        List<Future<Integer>> answers = new ArrayList<>();
        try (ExecutorService people = Executors.newFixedThreadPool(times)) {
            for (int i = 0; i < times; i++) {
                answers.add(
                        people.submit(() -> {
                            begin.await(LONGEST_SECONDS, TimeUnit.SECONDS);
                            return ask.call();
                        }));
            }
        }
        List<Integer> statuses = new ArrayList<>();
        for (Future<Integer> answer : answers) {
            statuses.add(answer.get());
        }
        return statuses.stream().sorted().toList();
    }

    @Test
    void aDecisionIsTakenOnce() throws Exception {
        String id = started("ask", "held");
        String path = "/job-runs/" + id + "/tasks/ok/decide";
        assertThat(
                        together(
                                4,
                                () ->
                                        send(
                                                        "POST",
                                                        "/api/v1" + path,
                                                        "application/json",
                                                        "{\"approve\": true}")
                                                .statusCode()))
                .containsExactly(200, 409, 409, 409);
        assertThat(message(api(409, path, "{'approve': false}")))
                .isEqualTo(
                        "Task 'ok' of run '%s' waits for nobody's decision: it is succeeded."
                                .formatted(id));
        HttpResponse<String> page = form("/job-runs/" + id, "do=refuse&task=ok");
        assertThat(page.statusCode()).isEqualTo(409);
        assertThat(page.body()).contains("<h1>Somebody was first</h1>", "it is succeeded.");
    }

    @Test
    void aTaskIsMarkedAsItWasSeen() throws Exception {
        String id = started("fail", "failed");
        assertThat(send("GET", "/job-runs/" + id, "text/plain", "").body())
                .contains("name=\"seen\" value=\"failed\"");
        String path = "/job-runs/" + id + "/tasks/bad/mark";
        api(200, path, "{'as': 'succeeded', 'seen': 'failed'}");
        assertThat(message(api(409, path, "{'as': 'skipped', 'seen': 'failed'}")))
                .isEqualTo(
                        "Task 'bad' of run '%s' is not failed any more: it is succeeded (marked by API). Nothing was changed."
                                .formatted(id));
        assertThat(form("/job-runs/" + id, "do=failed&task=bad&seen=failed").statusCode())
                .isEqualTo(409);
        api(200, path, "{'as': 'skipped'}");
    }

    @Test
    void aRunIsStoppedAndDoneAgainOnce() throws Exception {
        String id = started("ask", "held");
        api(202, "/job-runs/" + id + "/cancel", "{}");
        assertThat(message(api(409, "/job-runs/" + id + "/cancel", "{}"))).contains("is over");
        api(202, "/job-runs/" + id + "/rerun", "{}");
        assertThat(message(api(409, "/job-runs/" + id + "/rerun", "{}")))
                .contains("is not over yet");
    }

    @Test
    void aBackfillIsBegunAndEndedOnce() throws Exception {
        String range = "{'from': '2026-10-01', 'to': '2026-10-03'}";
        String id = api(201, "/jobs/daily/backfills", range).get("id").asText();
        form("/jobs/daily/backfills", "id=%s&do=cancel".formatted(id));
        assertThat(message(api(409, "/backfills/" + id + "/pause", "{}"))).contains("is over");
        assertThat(message(api(409, "/backfills/" + id + "/cancel", "{}"))).contains("is over");
    }

    @Test
    void aJobThatTwoPauseIsPaused() throws Exception {
        assertThat(
                        together(
                                4,
                                () ->
                                        send(
                                                        "POST",
                                                        "/api/v1/jobs/daily/pause",
                                                        "application/json",
                                                        "{}")
                                                .statusCode()))
                .containsOnly(200);
        assertThat(form("/jobs/daily/pause", "").statusCode()).isEqualTo(303);
        assertThat(get("/jobs/daily").toString()).contains("pausedBy");
    }

    @Test
    void aTableIsRestoredAndDroppedAsItWasSeen() throws Exception {
        build();
        String table = get("/tables").get(0).get("name").asText();
        long first = get("/tables/" + table).get("publication").asLong();
        Files.writeString(folder.resolve("seeds/items.csv"), "id\n1\n2\n3\n");
        build();
        long second = get("/tables/" + table).get("publication").asLong();
        assertThat(
                        send(
                                        "GET",
                                        "/assets/%s/history?restore=%d".formatted(table, first),
                                        "text/plain",
                                        "")
                                .body())
                .contains("name=\"seen\" value=\"%d\"".formatted(second));
        String restore = "{'at': '%d', 'seen': %d}".formatted(first, second);
        Files.writeString(folder.resolve("seeds/items.csv"), "id\n1\n2\n3\n4\n");
        build();
        long third = get("/tables/" + table).get("publication").asLong();
        assertThat(message(api(409, "/tables/" + table + "/restore", restore)))
                .isEqualTo(
                        "%s on main is not as it was at publication %d any more: publication %d changed it. Nothing was changed. Look at it, and do it again if it is still right."
                                .formatted(table, second, third));
        HttpResponse<String> page =
                form(
                        "/assets/" + table + "/history",
                        "restore=%d&ref=main&seen=%d".formatted(first, second));
        assertThat(page.statusCode()).isEqualTo(409);
        assertThat(page.body()).contains("Somebody was first");
        api(409, "/tables/" + table + "/drop", "{'seen': %d}".formatted(second));
        assertThat(get("/tables/" + table).get("publication").asLong()).isEqualTo(third);
        assertThat(api(400, "/tables/" + table + "/drop", "{'seen': 'x'}").toString())
                .contains("the number of a publication");

        List<Integer> statuses =
                together(
                        4,
                        () ->
                                send(
                                                "POST",
                                                "/api/v1/tables/" + table + "/restore",
                                                "application/json",
                                                "{\"at\": \"%d\", \"seen\": %d}"
                                                        .formatted(first, third))
                                        .statusCode());
        assertThat(statuses).containsExactly(200, 409, 409, 409);
        api(200, "/tables/" + table + "/drop", "{}");
    }

    @Test
    void aBranchIsMadeOnceAndDeletedOnce() throws Exception {
        build();
        assertThat(
                        together(
                                4,
                                () ->
                                        send(
                                                        "POST",
                                                        "/api/v1/branches",
                                                        "application/json",
                                                        "{\"name\": \"try\"}")
                                                .statusCode()))
                .containsExactly(201, 409, 409, 409);
        assertThat(
                        together(
                                4,
                                () ->
                                        send("DELETE", "/api/v1/refs/try", "application/json", "")
                                                .statusCode()))
                .containsExactly(200, 404, 404, 404);
    }
}
