package dev.tarn.containers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Answers as a cluster does that has one job. */
final class ClusterStandIn implements AutoCloseable {
    private static final String JOBS = "/apis/batch/v1/namespaces/etl/jobs";
    private static final String PODS = "/api/v1/namespaces/etl/pods";

    final List<String> asked = new ArrayList<>();
    final CountDownLatch logGoesOn = new CountDownLatch(1);
    private final HttpServer server;

    volatile @Nullable String job;
    volatile String phase = "Succeeded";
    volatile String container = "{\"terminated\": {\"exitCode\": 0, \"message\": \"42\\n\"}}";
    volatile String condition = "{\"type\": \"Complete\", \"status\": \"True\"}";
    volatile String log = "one\ntwo\n";
    volatile boolean logWaits;
    volatile int breaksOffAfter = -1;
    volatile int refuses;

    ClusterStandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    synchronized List<String> asked() {
        return List.copyOf(asked);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        synchronized (this) {
            asked.add(exchange.getRequestMethod() + " " + path);
        }
        if (!"Bearer secret".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer(exchange, 401, "{\"message\": \"Unauthorized\"}");
        } else if (refuses > 0) {
            answer(exchange, refuses, "{\"message\": \"jobs.batch is forbidden\"}");
        } else if (path.startsWith(PODS) && path.contains("/log?")) {
            log(exchange);
        } else if (path.startsWith(PODS)) {
            answer(
                    exchange,
                    200,
                    "{\"items\": [{\"metadata\": {\"name\": \"pod-1\"}, \"status\": {\"phase\": \"%s\", \"containerStatuses\": [{\"state\": %s}]}}]}"
                            .formatted(phase, container));
        } else if (exchange.getRequestMethod().equals("POST") && path.equals(JOBS)) {
            job = body;
            answer(exchange, 201, "{}");
        } else if (exchange.getRequestMethod().equals("DELETE")) {
            job = null;
            answer(exchange, 200, "{}");
        } else if (job == null) {
            answer(exchange, 404, "{\"message\": \"not found\"}");
        } else {
            answer(exchange, 200, "{\"status\": {\"conditions\": [%s]}}".formatted(condition));
        }
    }

    private void log(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        byte[] bytes = log.getBytes(StandardCharsets.UTF_8);
        if (breaksOffAfter >= 0) {
            out.write(bytes, 0, breaksOffAfter);
            out.flush();
            breaksOffAfter = -1;
            exchange.close();
            return;
        }
        out.write(bytes);
        out.flush();
        try {
            if (logWaits) {
                logGoesOn.await();
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        exchange.close();
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        logGoesOn.countDown();
        server.stop(0);
    }
}
