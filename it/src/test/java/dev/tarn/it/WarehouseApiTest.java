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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All that programs ask of a warehouse; each answer is held against the description. */
final class WarehouseApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** Routes whose answers were compared. */
    private static final Set<String> COMPARED = new LinkedHashSet<>();

    @TempDir static Path project;
    private static Tarn tarn;
    private static Scheduler scheduler;
    private static TarnServer server;
    private static JsonNode description;

    @BeforeAll
    static void serve() throws Exception {
        Files.createDirectories(project.resolve("models"));
        Files.createDirectories(project.resolve("seeds"));
        Files.writeString(
                project.resolve("dbt_project.yml"), "name: shop\nversion: '1'\nprofile: shop\n");
        Files.writeString(project.resolve("seeds/items.csv"), "id,price\n1,10\n2,20\n");
        Files.writeString(
                project.resolve("models/orders.sql"),
                "{{ config(materialized='table') }} select id, price * 2 as amount from {{ ref('items') }}");
        Files.writeString(
                project.resolve("models/all.yml"),
                """
                models:
                  - name: orders
                    columns: [{name: id, data_tests: [unique]}]
                """);
        Files.createDirectories(project.resolve("landing"));
        Files.writeString(project.resolve("landing/a.csv"), "id,price\n1,10\n2,much\n");
        Files.writeString(
                project.resolve("models/sources.yml"),
                """
                sources:
                  - name: raw
                    tables:
                      - name: prices
                        ingest: {location: landing, column_types: {id: BIGINT, price: BIGINT}}
                """);
        Files.writeString(
                project.resolve("alerts.yml"),
                """
                channels: [{name: hook, webhook: {url: "http://127.0.0.1:9/none"}}]
                rules: [{on: quarantine_grew}]
                routes: [{to: hook}]
                """);
        tarn = Tarn.open(OpenRequest.of(project));
        scheduler = tarn.jobs().work();
        server =
                TarnServer.start(
                        ServerConfig.of("127.0.0.1", 0, Optional.empty()),
                        List.of(new Mount("/api/v1", new Api(tarn))),
                        Clock.systemUTC());
        description = JSON.readTree(send("GET", "/openapi.json", "").body());
        String id = ok(202, "POST", "/builds", "{}", "/builds").get("id").asText();
        assertThat(ended(id).get("status").asText()).isEqualTo("succeeded");
    }

    @AfterAll
    static void close() {
        server.close();
        scheduler.close();
        tarn.close();
    }

    /** Follows a run by its events, which end with it. */
    private static JsonNode ended(String id) throws Exception {
        assertThat(send("GET", "/job-runs/" + id + "/events", "").body()).contains("event: run");
        return ok(200, "GET", "/job-runs/" + id, "", "/job-runs/{run}");
    }

    /** Long work that went well, with its end. */
    private static JsonNode worked(String path, String body) throws Exception {
        JsonNode run = ok(202, "POST", path, body, path);
        JsonNode end = ended(run.get("id").asText());
        assertThat(end.get("status").asText()).as(end.toString()).isEqualTo("succeeded");
        return end;
    }

    /** What the only task of a run told of its progress. */
    private static String printed(JsonNode run) throws Exception {
        String id = run.get("id").asText();
        String events = send("GET", "/job-runs/" + id + "/events", "").body();
        assertThat(events).contains("event: log");
        return events;
    }

    @Test
    void aBuildIsAskedForFollowedAndFoundAmongRuns() throws Exception {
        String key = "{\"select\":\"orders\",\"full\":true}";
        JsonNode run = ok(202, "POST", "/builds", key, "/builds");
        JsonNode details = ended(run.get("id").asText());
        assertThat(details.get("job").asText()).isEqualTo("on-demand");
        String made = details.get("tasks").get(0).get("run").asText();
        JsonNode found = ok(200, "GET", "/runs/" + made, "", "/runs/{run}");
        assertThat(found.get("status").asText()).isIn("published", "unchanged");
        assertThat(ok(200, "GET", "/runs?limit=5", "", "/runs").toString()).contains(made);
        assertThat(ok(200, "GET", "/job-runs", "", "/job-runs")).isNotEmpty();
        assertThat(problem(400, "POST", "/runs/" + made + "/again", "{}"))
                .contains("ended well: there is nothing to go on from.");
        assertThat(problem(400, "POST", "/builds", "{\"verb\":\"explode\"}"))
                .isEqualTo(
                        "'explode' is nothing to ask for. There are: build, ingest, seed, run, test, snapshot.");
    }

    @Test
    void aRunThatFailedIsGoneOnFrom() throws Exception {
        Path broken = project.resolve("models/broken.sql");
        Files.writeString(
                broken,
                "{{ config(materialized='table', schema='odd') }} select 1 / (id - id) as x, cast('x' as int) as y from {{ ref('items') }}");
        try {
            JsonNode failed =
                    ended(
                            ok(202, "POST", "/builds", "{\"select\":\"broken\"}", "/builds")
                                    .get("id")
                                    .asText());
            assertThat(failed.get("status").asText()).isEqualTo("failed");
            String run = failed.get("tasks").get(0).get("run").asText();
            Files.writeString(
                    broken,
                    "{{ config(materialized='table', schema='odd') }} select 1 as x from {{ ref('items') }}");
            JsonNode again =
                    ended(
                            ok(202, "POST", "/runs/" + run + "/again", "", "/runs/{run}/again")
                                    .get("id")
                                    .asText());
            assertThat(again.get("status").asText()).isEqualTo("succeeded");
        } finally {
            Files.delete(broken);
        }
    }

    @Test
    void statementsAndQuestions() throws Exception {
        JsonNode run =
                ok(
                        202,
                        "POST",
                        "/statements",
                        "{\"sql\":\"create table s.t as select 1 as a, '{{ x }}' as b, null as c\"}",
                        "/statements");
        assertThat(ended(run.get("id").asText()).get("status").asText()).isEqualTo("succeeded");
        JsonNode rows = ok(200, "POST", "/query", "{\"sql\":\"select * from s.t\"}", "/query");
        assertThat(rows.get("rows").toString()).isEqualTo("[[1,\"{{ x }}\",null]]");
        assertThat(rows.get("columns").get(0).toString())
                .isEqualTo("{\"name\":\"a\",\"type\":\"INTEGER\"}");
        JsonNode cut =
                ok(
                        200,
                        "POST",
                        "/query",
                        "{\"sql\":\"select id from orders order by id\",\"limit\":1}",
                        "/query");
        assertThat(cut.get("more").asBoolean()).isTrue();
        assertThat(cut.get("rows")).hasSize(1);
        assertThat(problem(400, "POST", "/query", "{\"sql\":\"select nix\"}")).contains("nix");
        assertThat(problem(400, "POST", "/query", "{}"))
                .isEqualTo("The field 'sql' must be there.");
        assertThat(
                        ok(
                                        200,
                                        "POST",
                                        "/explain",
                                        "{\"sql\":\"select * from orders\"}",
                                        "/explain")
                                .get("plan")
                                .asText())
                .isNotEmpty();
    }

    @Test
    void tablesAreListedLookedAtCopiedDroppedAndRestored() throws Exception {
        JsonNode tables = ok(200, "GET", "/tables", "", "/tables");
        assertThat(tables).isNotEmpty();
        String orders = tarn.named("orders", dev.tarn.app.At.MAIN).toString();
        String at = "/tables/" + orders;
        assertThat(ok(200, "GET", at, "", "/tables/{table}").get("columns")).hasSize(2);
        assertThat(ok(200, "GET", at + "/history", "", "/tables/{table}/history")).isNotEmpty();
        JsonNode copy =
                ok(201, "POST", at + "/copy", "{\"to\":\"s.copy\"}", "/tables/{table}/copy");
        assertThat(copy.get("changes").asInt()).isEqualTo(1);
        long before = copy.get("id").asLong();
        ok(200, "POST", "/tables/s.copy/drop", "{}", "/tables/{table}/drop");
        assertThat(problem(404, "GET", "/tables/s.copy", "")).contains("s.copy");
        ok(200, "POST", "/tables/s.copy/undrop", "{}", "/tables/{table}/undrop");
        ok(
                200,
                "POST",
                "/tables/s.copy/restore",
                "{\"at\":\"" + before + "\"}",
                "/tables/{table}/restore");
        assertThat(ok(200, "GET", "/publications?limit=3", "", "/publications")).hasSize(3);
    }

    @Test
    void branchesAreMadeComparedMergedAndDeleted() throws Exception {
        ok(201, "POST", "/branches", "{\"name\":\"work\"}", "/branches");
        assertThat(problem(409, "POST", "/branches", "{\"name\":\"work\"}")).contains("work");
        ok(201, "POST", "/tags", "{\"name\":\"then\",\"from\":\"main\"}", "/tags");
        JsonNode run =
                ok(
                        202,
                        "POST",
                        "/statements",
                        "{\"sql\":\"create table w.new as select 1 as a\",\"ref\":\"work\"}",
                        "/statements");
        assertThat(ended(run.get("id").asText()).get("status").asText()).isEqualTo("succeeded");
        assertThat(ok(200, "GET", "/diff?before=then&after=work", "", "/diff").toString())
                .contains("w.new");
        JsonNode merged = ok(200, "POST", "/branches/work/merge", "{}", "/branches/{branch}/merge");
        assertThat(merged.get("entries").toString()).contains("w.new");
        assertThat(ok(200, "GET", "/refs", "", "/refs").toString()).contains("then");
        ok(200, "DELETE", "/refs/work", "", "/refs/{ref}");
        assertThat(problem(404, "DELETE", "/refs/work", "")).contains("work");
    }

    @Test
    void tablesAreLookedAfterAndTheirChangesTold() throws Exception {
        JsonNode done = worked("/maintain", "{\"tables\":[\"items\"],\"budget\":\"5m\"}");
        assertThat(done.get("tasks").get(0).get("kind").asText()).isEqualTo("maintain");
        assertThat(done.get("tasks").get(0).get("output").asText())
                .isEqualTo("1 tables looked after, 0 old states forgotten");
        assertThat(printed(done)).contains("main.items: ");
        assertThat(worked("/maintain", "{}").get("tasks").get(0).get("output").asText())
                .contains("files with")
                .contains("bytes removed");
        assertThat(problem(404, "POST", "/maintain", "{\"tables\":[\"itemz\"]}"))
                .contains("Did you mean 'items'?");
        assertThat(problem(400, "POST", "/maintain", "{\"budget\":\"long\"}"))
                .isEqualTo("'budget' must be a time such as 30s, 15m or 2h, not 'long'.");
        assertThat(ok(200, "POST", "/clean", "{\"dryRun\":true}", "/clean").has("kept")).isTrue();
        assertThat(worked("/clean", "{}").get("tasks").get(0).get("output").asText())
                .endsWith("bytes removed");
        long before =
                ok(200, "GET", "/publications?limit=1", "", "/publications")
                        .get(0)
                        .get("id")
                        .asLong();
        ended(
                ok(
                                202,
                                "POST",
                                "/statements",
                                "{\"sql\":\"create table c.t as select 1 as id; insert into c.t values (2)\"}",
                                "/statements")
                        .get("id")
                        .asText());
        ended(
                ok(
                                202,
                                "POST",
                                "/statements",
                                "{\"sql\":\"delete from c.t where id = 1\"}",
                                "/statements")
                        .get("id")
                        .asText());
        String route = "/tables/{table}/changes";
        JsonNode changes =
                ok(
                        200,
                        "GET",
                        "/tables/c.t/changes?after=main@%d&limit=10".formatted(before + 1),
                        "",
                        route);
        assertThat(changes.get("rows").toString()).contains("delete");
        assertThat(problem(400, "GET", "/tables/c.t/changes", "")).contains("'after'");
    }

    @Test
    void tablesOfOthersAreShownWhereTheServerMayNameThem() throws Exception {
        String wish = "{\"location\":\"/etc\",\"name\":\"x.y\",\"format\":\"csv\"}";
        for (String verb : List.of("/attach", "/adopt")) {
            assertThat(problem(400, "POST", verb, wish))
                    .isEqualTo(
                            "This server names no tables that others wrote: whoever may ask it could read every file of its machine. Use `tarn attach` or `tarn adopt` there, or start it with `tarn serve --any-location`.");
        }
        Path folder = Files.createDirectories(project.resolve("outside"));
        Files.writeString(folder.resolve("a.csv"), "n\n1\n");
        try (TarnServer open =
                TarnServer.start(
                        ServerConfig.of("127.0.0.1", 0, Optional.empty()),
                        List.of(new Mount("/api/v1", new Api(tarn, true))),
                        Clock.systemUTC())) {
            TarnServer closed = server;
            server = open;
            try {
                String body =
                        "{\"location\":\"%s\",\"name\":\"o.shown\",\"format\":\"csv\"}"
                                .formatted(folder);
                assertThat(ok(200, "POST", "/attach", body, "/attach").get("format").asText())
                        .isEqualTo("csv");
                assertThat(problem(501, "POST", "/adopt", body.replace("shown", "own")))
                        .isNotBlank();
                JsonNode adopted =
                        ok(
                                201,
                                "POST",
                                "/adopt",
                                "{\"location\":\"%s\",\"name\":\"o.adopted\",\"format\":\"delta\"}"
                                        .formatted(
                                                ForeignDelta.small(
                                                        project.resolve("others"),
                                                        project.resolve("spill-delta"))),
                                "/adopt");
                assertThat(adopted.get("rows").asLong()).isEqualTo(50);
                assertThat(adopted.get("files").asLong()).isEqualTo(1);
            } finally {
                server = closed;
            }
        }
    }

    @Test
    void whatDidNotFitIsListedCorrectedAndLanded() throws Exception {
        JsonNode misfits = ok(200, "GET", "/quarantine", "", "/quarantine");
        assertThat(misfits.get(0).get("column").asText()).isEqualTo("price");
        ok(200, "GET", "/lag", "", "/lag");
        String fix = "{\"select\":\"source:raw.prices\",\"value\":\"replace(_raw, 'much', '99')\"}";
        assertThat(ok(200, "POST", "/quarantine/fix", fix, "/quarantine/fix").get("rows").asInt())
                .isEqualTo(1);
        JsonNode run = worked("/quarantine/replay", "{\"where\":\"true\"}");
        String made = run.get("tasks").get(0).get("run").asText();
        JsonNode replay = ok(200, "GET", "/runs/" + made, "", "/runs/{run}");
        assertThat(replay.get("status").asText()).isEqualTo("published");
        assertThat(replay.get("command").asText())
                .isEqualTo("quarantine replay by job on-demand, task replay");
        assertThat(printed(run)).contains("raw.prices: 1 landed").contains("publishing");
        String again = worked("/quarantine/replay", "{}").get("tasks").get(0).get("run").asText();
        assertThat(ok(200, "GET", "/runs/" + again, "", "/runs/{run}").get("status").asText())
                .isEqualTo("unchanged");
        JsonNode wrong =
                ended(
                        ok(
                                        202,
                                        "POST",
                                        "/quarantine/replay",
                                        "{\"where\":\"nix\"}",
                                        "/quarantine/replay")
                                .get("id")
                                .asText());
        assertThat(wrong.get("status").asText()).isEqualTo("failed");
        assertThat(wrong.get("message").asText()).contains("nix");
        String rows = "{\"sql\":\"select price from raw.prices order by 1\"}";
        assertThat(ok(200, "POST", "/query", rows, "/query").get("rows").toString())
                .isEqualTo("[[10],[99]]");
        JsonNode moved =
                ok(
                        200,
                        "POST",
                        "/rewind",
                        "{\"select\":\"source:raw\",\"to\":\"start\",\"dryRun\":true}",
                        "/rewind");
        assertThat(moved.get("moved").toString()).contains("a.csv");
        assertThat(problem(400, "POST", "/rewind", "{}")).contains("'to'");
        JsonNode back = worked("/rewind", "{\"select\":\"source:raw\",\"to\":\"start\"}");
        assertThat(back.get("tasks").get(0).get("output").asText())
                .startsWith("1 positions moved, publication ");
        assertThat(printed(back)).contains("a.csv");
        assertThat(problem(404, "POST", "/query", rows)).contains("raw.prices");
    }

    @Test
    void alertsAreListedSilencedAndTried() throws Exception {
        ok(200, "GET", "/alerts?all=true", "", "/alerts");
        ok(200, "GET", "/notices?status=dead", "", "/notices");
        JsonNode silence =
                ok(
                        201,
                        "POST",
                        "/silences",
                        "{\"subject\":\"gold.*\",\"for\":\"2h\"}",
                        "/silences");
        assertThat(ok(200, "GET", "/silences", "", "/silences").toString()).contains("gold.*");
        String id = silence.get("id").asText();
        ok(200, "DELETE", "/silences/" + id, "", "/silences/{silence}");
        assertThat(problem(404, "DELETE", "/silences/" + id, "")).contains(id);
        assertThat(problem(400, "POST", "/silences", "{\"for\":\"2h\"}")).isNotBlank();
        assertThat(problem(400, "POST", "/silences", "{\"subject\":\"x\",\"for\":\"soon\"}"))
                .contains("a length of time such as 2h");
        assertThat(problem(404, "POST", "/alerts/a9/ack", "{}")).contains("a9");
        assertThat(problem(404, "POST", "/notices/n9/again", "{}")).contains("n9");
        assertThat(problem(400, "GET", "/notices?status=odd", ""))
                .contains("waiting, sent or dead");
        assertThat(problem(404, "POST", "/channels/hok/test", "{}")).contains("'hook'");
        assertThat(problem(503, "POST", "/channels/hook/test", "{}")).contains("127.0.0.1");
    }

    @Test
    void theProjectIsDescribed() throws Exception {
        assertThat(ok(200, "GET", "/nodes?select=orders%2B", "", "/nodes").toString())
                .contains("model.shop.orders");
        assertThat(ok(200, "GET", "/checks", "", "/checks").toString()).contains("passed");
        assertThat(ok(200, "GET", "/lineage?of=orders&depth=2", "", "/lineage").toString())
                .contains("price");
        ok(200, "GET", "/troubles", "", "/troubles");
        ok(200, "GET", "/sources", "", "/sources");
        ok(200, "GET", "/freshness", "", "/freshness");
        assertThat(ok(200, "GET", "/settings", "", "/settings").toString()).contains("warehouse");
        assertThat(problem(400, "GET", "/lineage", "")).contains("a table or table.column");
    }

    @Test
    void everyRouteSaysWhatItAnswers() {
        description
                .get("paths")
                .properties()
                .forEach(path ->
                        path.getValue()
                                .properties()
                                .forEach(method ->
                                        assertThat(
                                                        method.getValue()
                                                                .at("/responses/2XX/content")
                                                                .elements()
                                                                .next()
                                                                .has("schema"))
                                                .as(method.getKey() + " " + path.getKey())
                                                .isTrue()));
    }

    private static String problem(int status, String method, String path, String body)
            throws Exception {
        HttpResponse<String> answer = send(method, path, body);
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type"))
                .contains("application/problem+json");
        return JSON.readTree(answer.body()).get("detail").asText();
    }

    /** An answer that is what the description says of the route. */
    private static JsonNode ok(int status, String method, String path, String body, String route)
            throws Exception {
        HttpResponse<String> answer = send(method, path, body);
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(status);
        JsonNode value = JSON.readTree(answer.body());
        JsonNode schema =
                description
                        .get("paths")
                        .path(route)
                        .path(method.toLowerCase(java.util.Locale.ROOT))
                        .at("/responses/2XX/content/application~1json/schema");
        List<String> wrong = new ArrayList<>();
        new ApiDescription(description).compare(value, schema, "$", wrong);
        assertThat(wrong).as(path + " " + answer.body()).isEmpty();
        COMPARED.add(method + " " + route);
        return value;
    }

    private static HttpResponse<String> send(String method, String path, String body)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + server.port() + "/api/v1" + path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
