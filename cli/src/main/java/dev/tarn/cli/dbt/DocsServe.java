package dev.tarn.cli.dbt;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tarn.cli.Console;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Option;

/** Shows the documentation of a project in a browser, until it is stopped. */
final class DocsServe extends Verb {
    private static final Set<String> FILES = Set.of("manifest.json", "catalog.json");

    @Option(names = "--port")
    int port = 8080;

    @Option(names = "--host")
    String host = "127.0.0.1";

    @Option(names = "--browser", negatable = true)
    boolean browser;

    DocsServe(Console console, Stopping stopping) {
        super(console, stopping);
    }

    @Override
    int run(Session session) {
        if (!Files.isRegularFile(session.target().resolve("manifest.json"))) {
            throw DbtErrors.noDocs(session.target());
        }
        CountDownLatch stopped = new CountDownLatch(1);
        HttpServer server = server(session.target());
        server.start();
        session.log()
                .line(
                        "Serving docs at http://%s:%d"
                                .formatted(host, server.getAddress().getPort()));
        session.log().line("Press Ctrl+C to exit.");
        try {
            return session.stopping()
                    .during(
                            stopped::countDown,
                            () -> {
                                try {
                                    stopped.await();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                                return DONE;
                            });
        } finally {
            server.stop(0);
        }
    }

    private HttpServer server(Path target) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 0);
            server.createContext("/", exchange -> answer(exchange, target));
            return server;
        } catch (IOException e) {
            throw DbtErrors.portTaken(host, port, String.valueOf(e.getMessage()));
        }
    }

    private static void answer(HttpExchange exchange, Path target) throws IOException {
        try (exchange) {
            String name = exchange.getRequestURI().getPath().substring(1);
            boolean reading = exchange.getRequestMethod().equals("GET");
            byte[] body;
            if (reading && (name.isEmpty() || name.equals("index.html"))) {
                body = DocsPage.text().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            } else if (reading
                    && FILES.contains(name)
                    && Files.isRegularFile(target.resolve(name))) {
                body = Files.readAllBytes(target.resolve(name));
                exchange.getResponseHeaders().set("Content-Type", "application/json");
            } else {
                exchange.sendResponseHeaders(reading ? 404 : 405, -1);
                return;
            }
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.getResponseHeaders()
                    .set(
                            "Content-Security-Policy",
                            "default-src 'self'; script-src 'unsafe-inline'; style-src"
                                    + " 'unsafe-inline'");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
