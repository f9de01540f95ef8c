package dev.tarn.bench;

import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.server.Mount;
import dev.tarn.server.ServerConfig;
import dev.tarn.server.TarnServer;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The REST catalog under many clients: loads of a table, and commits to one and to many. */
final class RestBenchmark implements Benchmark {
    private static final int[] CLIENTS = {1, 8, 32};
    private static final int LOADS = 6_400;
    private static final int COMMITS = 640;

    @Override
    public String name() {
        return "rest";
    }

    @Override
    public String title() {
        return "commits by 32 clients ÷ as many by one, over the REST catalog";
    }

    /** Something that one client asks for; the number is the client's. */
    private interface Request {
        HttpRequest of(int client, int number);
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        int loads = (int) Math.round(setup.scale().orElse(1) * LOADS);
        int commits = (int) Math.round(setup.scale().orElse(1) * COMMITS);
        Path project = setup.fresh("project");
        Files.writeString(project.resolve("dbt_project.yml"), "name: rest\nversion: \"1.0.0\"\n");
        try (Tarn tarn = Tarn.open(OpenRequest.of(project));
                TarnServer server =
                        TarnServer.start(
                                ServerConfig.of("127.0.0.1", 0, Optional.empty()),
                                List.of(new Mount("/iceberg", tarn.icebergRest(false))),
                                Clock.systemUTC())) {
            String uri = "http://127.0.0.1:%d/iceberg/v1/namespaces".formatted(server.port());
            tables(uri);
            Request load = (client, number) -> get(uri + "/bench/tables/t" + client % 8);
            Request toOne = (client, number) -> commit(uri + "/bench/tables/t0", client, number);
            Request toOwn =
                    (client, number) -> commit(uri + "/bench/tables/t" + client, client, number);
            setup.say("warming up");
            all(load, 8, loads / 4);
            all(toOwn, 8, commits / 4);
            return measured(setup, loads, commits, List.of(load, toOne, toOwn));
        }
    }

    private static Outcome measured(Setup setup, int loads, int commits, List<Request> requests)
            throws Exception {
        List<String> names = List.of("loads", "commits to one table", "commits to own tables");
        List<Outcome.Line> lines = new ArrayList<>();
        List<String> rates = new ArrayList<>();
        Timing alone = new Timing(1, 1);
        Timing crowd = alone;
        for (int i = 0; i < requests.size(); i++) {
            Request request = requests.get(i);
            int count = i == 0 ? loads : commits;
            StringBuilder rate = new StringBuilder(names.get(i) + " per second");
            for (int clients : CLIENTS) {
                setup.say("%s by %d clients".formatted(names.get(i), clients));
                Timing timing = Timing.of(() -> all(request, clients, count));
                lines.add(
                        new Outcome.Line(
                                "%,d %s by %d".formatted(count, names.get(i), clients), timing));
                rate.append(clients == 1 ? " " : " / ")
                        .append("%,.0f".formatted(count / timing.wall()));
                alone = clients == 1 ? timing : alone;
                crowd = timing;
            }
            rates.add(rate.toString());
        }
        return new Outcome(
                "1 / 8 / 32 clients: " + String.join("; ", rates),
                lines,
                "commits to own tables, 32 clients ÷ 1",
                crowd.wall() / alone.wall(),
                crowd.cpu() / alone.cpu(),
                Optional.empty());
    }

    private static void tables(String uri) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            ask(client, post(uri, "{\"namespace\":[\"bench\"]}"));
            for (int i = 0; i < CLIENTS[CLIENTS.length - 1]; i++) {
                ask(
                        client,
                        post(
                                uri + "/bench/tables",
                                """
                                {"name": "t%d", "schema": {"type": "struct", "fields": [
                                 {"id": 1, "name": "id", "type": "long", "required": true},
                                 {"id": 2, "name": "name", "type": "string", "required": false}]}}
                                """
                                        .formatted(i)));
            }
        }
    }

    /** Shares a number of requests between clients, each with a connection of its own. */
    private static void all(Request request, int clients, int count) throws Exception {
        List<Callable<Void>> works = new ArrayList<>();
        for (int c = 0; c < clients; c++) {
            int client = c;
            works.add(() -> {
                try (HttpClient http =
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
                    for (int n = client; n < count; n += clients) {
                        ask(http, request.of(client, n));
                    }
                }
                return null;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            for (Future<Void> work : threads.invokeAll(works)) {
                work.get();
            }
        }
    }

    private static void ask(HttpClient client, HttpRequest request) throws Exception {
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(request.uri() + ": " + answer.body());
        }
    }

    private static HttpRequest get(String uri) {
        return HttpRequest.newBuilder(URI.create(uri)).build();
    }

    private static HttpRequest post(String uri, String body) {
        return HttpRequest.newBuilder(URI.create(uri))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    /** The smallest commit there is: a property. It is written and published like any other. */
    private static HttpRequest commit(String uri, int client, int number) {
        return post(
                uri,
                """
                {"requirements": [], "updates": [{"action": "set-properties", "updates": {"by-%d": "%d"}}]}
                """
                        .formatted(client, number));
    }
}
