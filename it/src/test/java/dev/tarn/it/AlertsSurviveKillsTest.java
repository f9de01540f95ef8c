package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.alert.Alert;
import dev.tarn.model.run.RunStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills real servers while they send what is red: it is told all the same, and so is its end. */
final class AlertsSurviveKillsTest {
    private static final long LONGEST_SECONDS = 170;

    @TempDir Path folder;
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch killed = new CountDownLatch(1);
    private HttpServer receiver;

    @BeforeEach
    void listen() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        receiver.createContext("/", this::take);
        receiver.start();
    }

    @AfterEach
    void close() {
        receiver.stop(0);
    }

    /** The first to ask gets no answer while it lives. */
    private void take(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (asked.getCount() > 0) {
            asked.countDown();
            try {
                boolean unused = killed.await(LONGEST_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
            return;
        }
        bodies.add(body);
        exchange.sendResponseHeaders(202, -1);
        exchange.close();
    }

    @Test
    void whatAKilledServerWasSendingIsSentByTheNextOne() throws Exception {
        Path project = project();
        try (Workshop workshop = new Workshop(project)) {
            assertThat(workshop.build().run().status()).isEqualTo(RunStatus.FAILED);
        }
        Program first = Program.start(project, "serve", "--port", "0");
        try {
            assertThat(asked.await(LONGEST_SECONDS, TimeUnit.SECONDS))
                    .describedAs(first.output())
                    .isTrue();
        } finally {
            first.kill();
            killed.countDown();
        }
        Program second = Program.start(project, "serve", "--port", "0");
        try {
            await(second, 1);
            assertThat(bodies.getFirst())
                    .contains("\"type\":\"dev.tarn.alert.firing\"")
                    .contains("\"kind\":\"check_failed\"")
                    .contains("\"owner\":\"finance\"")
                    .contains("\"place\":\"tests/no_bad.sql")
                    .contains(
                            "\"downstream\":[\"main.orders\",\"main.revenue\",\"exposure weekly (Ann)\"]")
                    .contains("\"link\":\"https://tarn.example.org/checks/test.shop.no_bad");

            Files.writeString(
                    project.resolve("models/orders.sql"), "select 1 as id, 5 as amount\n");
            try (Workshop workshop = new Workshop(project)) {
                assertThat(workshop.build().run().status()).isEqualTo(RunStatus.PUBLISHED);
            }
            await(second, 2);
            assertThat(bodies.getLast())
                    .contains("\"type\":\"dev.tarn.alert.resolved\"")
                    .contains("\"resolvedAt\":\"");
        } finally {
            second.kill();
        }
        try (Tarn tarn = Tarn.open(OpenRequest.of(project))) {
            assertThat(tarn.alerts().control().open()).isEmpty();
            assertThat(tarn.alerts().control().all(9)).hasSize(1).noneMatch(Alert::isOpen);
        }
    }

    private void await(Program server, int count) throws InterruptedException {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        while (bodies.size() < count) {
            if (System.nanoTime() - giveUp > 0) {
                throw new AssertionError("Nothing was told: " + bodies + "\n" + server.output());
            }
            boolean unused = new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
        }
    }

    private Path project() throws IOException {
        Path project = folder.resolve("shop");
        Files.createDirectories(project.resolve("models"));
        Files.createDirectories(project.resolve("tests"));
        Files.writeString(
                project.resolve("dbt_project.yml"), "name: shop\nversion: '1'\nprofile: shop\n");
        Files.writeString(project.resolve("models/orders.sql"), "select 1 as id, -5 as amount\n");
        Files.writeString(
                project.resolve("models/revenue.sql"),
                "select sum(amount) as amount from {{ ref('orders') }}\n");
        Files.writeString(
                project.resolve("models/all.yml"),
                """
                version: 2
                models:
                  - name: orders
                    config: {group: money}
                groups:
                  - name: money
                    owner: {name: finance, email: finance@example.org}
                exposures:
                  - name: weekly
                    type: dashboard
                    owner: {name: Ann, email: ann@example.org}
                    depends_on: [ref('revenue')]
                """);
        Files.writeString(
                project.resolve("tests/no_bad.sql"),
                "select * from {{ ref('orders') }} where amount < 0\n");
        Files.writeString(
                project.resolve("alerts.yml"),
                """
                link: https://tarn.example.org
                channels:
                  - name: hook
                    webhook: {url: "http://127.0.0.1:%d/in"}
                rules: [{on: check_failed}]
                routes: [{to: hook, wait: 0s, pause: 0s}]
                """
                        .formatted(receiver.getAddress().getPort()));
        return project;
    }
}
