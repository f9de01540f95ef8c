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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs over HTTP, as programs ask for them. */
final class JobApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path project;
    private final HttpClient http = HttpClient.newHttpClient();
    private Tarn tarn;
    private Scheduler scheduler;
    private TarnServer server;

    @BeforeEach
    void serve() throws Exception {
        Files.createDirectories(project.resolve("jobs"));
        Files.writeString(
                project.resolve("dbt_project.yml"), "name: shop\nversion: '1'\nprofile: shop\n");
        Files.writeString(
                project.resolve("jobs/all.yml"),
                """
                jobs:
                  - name: nightly
                    schedule: "@daily"
                    params: {country: CH}
                    tasks:
                      - {name: hello, shell: "echo hello {{ params.country }}"}
                      - {name: made, after: hello, sql: "create or replace table made as select 1 as one"}
                  - name: asks
                    tasks: [{name: ask, approval: "Go on?"}]
                """);
        tarn = Tarn.open(OpenRequest.of(project));
        scheduler = tarn.jobs().work();
        server =
                TarnServer.start(
                        ServerConfig.of("127.0.0.1", 0, Optional.empty()),
                        List.of(new Mount("/api/v1", new Api(tarn))),
                        Clock.systemUTC());
    }

    @AfterEach
    void close() {
        server.close();
        scheduler.close();
        tarn.close();
    }

    @Test
    void aJobIsStartedOnceForAKeyAndFollowedToItsEnd() throws Exception {
        JsonNode run =
                json(201, "POST", "/jobs/nightly/runs", "{\"params\":{\"country\":\"DE\"}}", "k1");
        assertThat(json(201, "POST", "/jobs/nightly/runs", "{}", "k1").get("id"))
                .isEqualTo(run.get("id"));
        String id = run.get("id").asText();

        HttpResponse<String> events = send("GET", "/job-runs/" + id + "/events", "");
        assertThat(events.headers().firstValue("content-type"))
                .contains("text/event-stream; charset=utf-8");
        assertThat(events.body())
                .startsWith("id: 1\nevent: task\ndata: {\"task\":\"hello\"")
                .contains("\"status\":\"succeeded\"");

        JsonNode details = json(200, "GET", "/job-runs/" + id, "");
        assertThat(details.get("status").asText()).isEqualTo("succeeded");
        assertThat(details.get("by").asText()).isEqualTo("API");
        assertThat(details.get("tasks")).hasSize(2);
        String made = details.get("tasks").get(1).get("run").asText();
        assertThat(json(200, "GET", "/runs/" + made, "").get("status").asText())
                .isEqualTo("published");
        assertThat(json(200, "GET", "/job-runs/" + id + "/tasks/hello/log", "").get("log").asText())
                .isEqualTo("hello DE\n");
        assertThat(json(200, "GET", "/tables", "").toString()).contains("made");
        assertThat(json(200, "GET", "/jobs/nightly", "").get("lastRun").get("id").asText())
                .isEqualTo(id);
    }

    @Test
    void aDecisionIsGivenOverHttp() throws Exception {
        String id = json(201, "POST", "/jobs/asks/runs", "").get("id").asText();
        JsonNode task;
        do {
            task = json(200, "GET", "/job-runs/" + id, "").get("tasks").get(0);
        } while (!task.get("status").asText().equals("held"));
        assertThat(task.get("waitsFor").asText())
                .isEqualTo(
                        "a decision: Go on?; `tarn job approve %s ask` releases it".formatted(id));
        JsonNode run =
                json(200, "POST", "/job-runs/" + id + "/tasks/ask/decide", "{\"approve\":true}");
        assertThat(run.get("status").asText()).isEqualTo("succeeded");
    }

    @Test
    void backfillsArePreviewedBeforeTheyAreDone() throws Exception {
        String range = "{\"from\":\"2026-10-01\",\"to\":\"2026-10-04\",\"dryRun\":true}";
        assertThat(json(200, "POST", "/jobs/nightly/backfills", range)).hasSize(3);
        assertThat(json(200, "GET", "/backfills", "")).isEmpty();
    }

    @Test
    void whatIsWrongIsAProblemWithACode() throws Exception {
        assertThat(json(404, "GET", "/jobs/nigthly", "").get("detail").asText())
                .isEqualTo(
                        "There is no job 'nigthly'. Did you mean 'nightly'? `tarn job list` lists them.");
        assertThat(json(400, "POST", "/jobs/nightly/runs", "{\"params\":").get("detail").asText())
                .startsWith("The body is not JSON, in line 1, column 11: ");
        assertThat(json(400, "POST", "/jobs/nightly/runs", "{\"parms\":{}}").get("detail").asText())
                .isEqualTo(
                        "The body has a field 'parms', which means nothing here. Did you mean 'params'?");
        assertThat(json(400, "GET", "/job-runs?limit=x", "").get("detail").asText())
                .isEqualTo(
                        "The parameter 'limit' cannot be 'x'. It must be a whole number from 1 to 10,000.");
        assertThat(
                        json(413, "POST", "/jobs/nightly/runs", " ".repeat(2 << 20))
                                .get("code")
                                .asText())
                .isEqualTo("USAGE");
        assertThat(
                        json(400, "POST", "/jobs/nightly/runs", "{\"params\":{\"a\":{}}}")
                                .get("detail")
                                .asText())
                .contains("an object of texts, numbers, true or false");
        assertThat(
                        json(
                                        400,
                                        "POST",
                                        "/jobs/nightly/backfills",
                                        "{\"from\":\"-999999999-01-01\",\"to\":\"2026-01-01\"}")
                                .get("detail")
                                .asText())
                .contains("a time such as 2026-11-21T06:00:00Z");
        assertThat(json(405, "DELETE", "/jobs", "").get("detail").asText())
                .isEqualTo("/jobs does not understand DELETE. See /api/v1/openapi.json.");
        assertThat(send("DELETE", "/jobs", "").headers().firstValue("allow")).contains("GET, HEAD");
        assertThat(send("PUT", "/jobs/nightly/runs", "").headers().firstValue("allow"))
                .contains("GET, HEAD, POST");
        assertThat(json(404, "GET", "/../etc/passwd", "").get("status").asInt()).isEqualTo(404);
        assertThat(json(404, "GET", "/job-runs/j261121-101500-k3xq7a2b", "").get("code").asText())
                .isEqualTo("RUN_NOT_FOUND");
    }

    @Test
    void otherSitesAreRefused() throws Exception {
        // The second is a page that another program of this machine serves.
        for (String origin : List.of("https://example.org", "http://127.0.0.1:1", "null")) {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(uri("/jobs/nightly/runs"))
                                    .header("Origin", origin)
                                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(origin).isEqualTo(403);
        }
        assertThat(json(200, "GET", "/job-runs", "")).isEmpty();
    }

    /** Whatever the description names is there, and answers as it says. */
    @Test
    void theDescriptionIsTrue() throws Exception {
        JsonNode description = json(200, "GET", "/openapi.json", "");
        assertThat(description.get("openapi").asText()).isEqualTo("3.1.0");
        List<String> ids = new ArrayList<>();
        for (var path : description.get("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                ids.add(operation.getValue().get("operationId").asText());
                String concrete =
                        path.getKey()
                                .replace("{job}", "nightly")
                                .replace("{run}", "j261121-101500-k3xq7a2b")
                                .replace("{task}", "hello")
                                .replace("{backfill}", "b1")
                                .replace("{table}", "s.nix")
                                .replace("{ref}", "nix")
                                .replaceAll("\\{\\w+}", "nix");
                HttpResponse<String> answer =
                        send(operation.getKey().toUpperCase(java.util.Locale.ROOT), concrete, "");
                JsonNode said = JSON.readTree(answer.body());
                assertThat(said.path("detail").asText())
                        .as(concrete)
                        .doesNotStartWith("There is no /");
                assertThat(answer.statusCode()).as(concrete).isNotEqualTo(405).isLessThan(500);
                if (answer.statusCode() >= 400) {
                    assertThat(answer.headers().firstValue("content-type"))
                            .contains("application/problem+json");
                    assertThat(said.has("code")).isTrue();
                }
            }
        }
        assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(20);
    }

    private JsonNode json(int status, String method, String path, String body, String... key)
            throws Exception {
        HttpResponse<String> answer = send(method, path, body, key);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> send(String method, String path, String body, String... key)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path))
                        .timeout(Duration.ofMinutes(1))
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        for (String k : key) {
            request.header("Idempotency-Key", k);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:%d/api/v1%s".formatted(server.port(), path));
    }
}
