package dev.tarn.pages;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import dev.tarn.server.Mount;
import dev.tarn.server.ServerConfig;
import dev.tarn.server.TarnServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A small shop that was built once with success and once with a row too many, and is served. */
final class Shop implements AutoCloseable {
    static final String EVIL = "<script>alert('x')</script>";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path root;
    private final Tarn tarn;
    private final Pages pages;
    private final TarnServer server;
    final RunReport good;
    final RunReport bad;

    Shop(Path root) {
        this.root = root;
        file(
                "dbt_project.yml",
                "name: shop\nversion: '1.0'\nprofile: shop\nseed-paths: [seeds]\nmodel-paths: [models]\n");
        file("seeds/items.csv", "id,price\n1,10\n2,20\n3,\n");
        file("models/orders.sql", "select id, price * 2 as amount\nfrom {{ ref('items') }}\n");
        file("models/report.sql", "select count(*) as orders from {{ ref('orders') }}\n");
        file(
                "models/latest.sql",
                "{{ config(materialized='view') }} select * from {{ ref('orders') }}\n");
        file(
                "models/shop.yml",
                """
                version: 2
                models:
                  - name: orders
                    description: "What was sold. %s"
                    config: {materialized: table}
                    columns:
                      - name: id
                        description: Number of the order.
                        data_tests:
                          - accepted_values: {name: known_ids, arguments: {values: [1, 2, 3], quote: false}}
                  - name: report
                    config: {materialized: table}
                """
                        .formatted(EVIL.replace("'", "")));
        tarn = Tarn.open(OpenRequest.of(root));
        good = build();
        file("seeds/items.csv", "id,price\n1,10\n2,20\n3,\n4,40\n");
        bad = build();
        pages = Pages.open(tarn, root, Clock.systemUTC());
        server =
                TarnServer.start(
                        ServerConfig.of("127.0.0.1", 0, Optional.empty()),
                        List.of(new Mount("", pages)),
                        Clock.systemUTC());
    }

    Path root() {
        return root;
    }

    Tarn tarn() {
        return tarn;
    }

    void file(String name, String text) {
        try {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    RunReport build() {
        try (Tarn fresh = tarn.again()) {
            return fresh.build(
                    BuildRequest.everything("build"), RunListener.SILENT, new Cancellation());
        }
    }

    String address() {
        return "http://127.0.0.1:" + server.port();
    }

    HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    HttpResponse<String> post(String path, Map<String, String> form, String... headers) {
        StringBuilder body = new StringBuilder();
        form.forEach((name, value) ->
                body.append(body.isEmpty() ? "" : "&")
                        .append(name)
                        .append('=')
                        .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address() + path))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    static String query(String sql) {
        return "/sql?q=" + URLEncoder.encode(sql, StandardCharsets.UTF_8);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.close();
        pages.close();
        tarn.close();
    }
}
