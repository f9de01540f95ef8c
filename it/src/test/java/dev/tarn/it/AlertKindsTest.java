package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tarn.alert.AlertDesk;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.job.JobName;
import dev.tarn.schedule.Scheduler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that can be red is told to somebody: late jobs, old tables, what rests. */
final class AlertKindsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LONGEST_SECONDS = 170;

    @TempDir Path folder;

    /** Messages by kind and subject. */
    private final Map<String, String> told = new ConcurrentHashMap<>();

    private HttpServer receiver;

    @BeforeEach
    void listen() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", this::take);
        receiver.start();
    }

    @AfterEach
    void close() {
        receiver.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
        for (JsonNode event : body.isArray() ? body : List.of(body)) {
            JsonNode data = event.get("data");
            told.put(
                    data.get("kind").asText() + " " + data.get("subject").asText(),
                    data.get("message").asText());
        }
        exchange.sendResponseHeaders(202, -1);
        exchange.close();
    }

    @Test
    void whateverIsRedIsTold() throws Exception {
        project();
        execute("create table users (id integer primary key)", "insert into users values (1)");
        try (Workshop workshop = new Workshop(folder)) {
            workshop.build();
        }
        try (Tarn tarn = Tarn.open(OpenRequest.of(folder));
                Scheduler scheduler = tarn.jobs().work();
                AlertDesk unused = tarn.alerts().work("")) {
            for (String job : List.of("late", "wrong")) {
                tarn.jobs()
                        .start(
                                new JobName(job),
                                Map.of(),
                                Optional.empty(),
                                Optional.empty(),
                                "ann");
            }
            scheduler.wake();
            await("table_stale main.gold", "may be 1s old");
            await("source_stale raw.users", "That may be 1s ago");
            await("node_failed main.broken", "");
            await("run_failed build on main", "failed.");
            await("check_warned small", "");
            await("deadline_missed late", "and was to be done by");
            await("job_failed wrong", "The command ended with code 3");
            await("breaker_open job:wrong", "");

            // What was in quarantine at the first look is known; what comes then is told.
            Files.writeString(folder.resolve("landing/b.csv"), "id,price\n3,dear\n");
            try (Workshop workshop = new Workshop(folder)) {
                workshop.build();
            }
            await("quarantine_grew raw.prices", "1 rows of raw.prices did not fit");
        }
    }

    private void await(String what, String message) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        while (!told.getOrDefault(what, "nothing").contains(message) || !told.containsKey(what)) {
            assertThat(System.nanoTime() - giveUp).as("No %s in %s", what, told).isNegative();
            assertThat(never.await(50, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    private void execute(String... statements) throws Exception {
        try (Connection sqlite =
                        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("app.db"));
                Statement statement = sqlite.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private void project() throws IOException {
        for (String name : List.of("models", "seeds", "jobs", "tests", "landing")) {
            Files.createDirectories(folder.resolve(name));
        }
        Files.writeString(
                folder.resolve("dbt_project.yml"), "name: shop\nversion: '1'\nprofile: shop\n");
        Files.writeString(folder.resolve("tarn.yml"), "run: {publish: each}\n");
        Files.writeString(folder.resolve("seeds/items.csv"), "id\n1\n2\n");
        Files.writeString(folder.resolve("landing/a.csv"), "id,price\n1,10\n");
        Files.writeString(
                folder.resolve("models/broken.sql"),
                "{{ config(materialized='table') }} select cast('x' || id as int) as n from {{ ref('items') }}\n");
        Files.writeString(
                folder.resolve("models/gold.sql"),
                "{{ config(materialized='table') }} select * from {{ ref('items') }}\n");
        Files.writeString(
                folder.resolve("tests/small.sql"),
                "{{ config(severity='warn') }} select * from {{ ref('gold') }} where id < 2\n");
        Files.writeString(
                folder.resolve("models/sources.yml"),
                """
                sources:
                  - name: raw
                    tables:
                      - name: users
                        ingest: {connector: sqlite, url: app.db, table: users, cursor: id}
                      - name: prices
                        ingest: {location: landing, column_types: {id: BIGINT, price: BIGINT}}
                """);
        Files.writeString(
                folder.resolve("jobs/all.yml"),
                """
                jobs:
                  - name: late
                    deadline: 1s
                    tasks: [{name: sleep, wait: 1h}]
                  - name: wrong
                    breaker: {failures: 1, rest: 1h}
                    tasks: [{name: fail, shell: "exit 3", retry: 0}]
                """);
        Files.writeString(
                folder.resolve("alerts.yml"),
                """
                channels:
                  - name: hook
                    webhook: {url: "http://127.0.0.1:%d/in"}
                rules:
                  - {on: table_stale, about: main.gold, older_than: 1s}
                  - {on: source_stale, about: raw.users, older_than: 1s}
                  - on: node_failed
                  - on: run_failed
                  - on: check_warned
                  - on: deadline_missed
                  - on: job_failed
                  - on: breaker_open
                  - on: quarantine_grew
                routes: [{to: hook, group_by: none, wait: 0s, pause: 0s}]
                """
                        .formatted(receiver.getAddress().getPort()));
    }
}
