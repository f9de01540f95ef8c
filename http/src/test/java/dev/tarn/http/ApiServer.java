package dev.tarn.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server on loopback with pages that tests put there. Its levers: answers that come first, bodies
 * that break off, answers that never come.
 */
public final class ApiServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedDeque<Reply> first = new ConcurrentLinkedDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean cut;
    private volatile boolean silent;

    private ApiServer(HttpServer server) {
        this.server = server;
    }

    /** Says what there is at a path. */
    public interface Page {
        Reply reply(Call call);
    }

    /** What was asked; names of headers in lower case. */
    public record Call(
            String method,
            String path,
            Map<String, String> query,
            Map<String, String> headers,
            String body) {
        public String query(String name, String other) {
            return query.getOrDefault(name, other);
        }

        @Override
        public String toString() {
            return path + (query.isEmpty() ? "" : "?" + new TreeMap<>(query));
        }
    }

    /** What is answered. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Reply(int status, Map<String, String> headers, byte[] body) {
        public static Reply json(String body) {
            return new Reply(
                    200,
                    Map.of("Content-Type", "application/json"),
                    body.getBytes(StandardCharsets.UTF_8));
        }

        public static Reply of(int status, String body) {
            return new Reply(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
        }

        public Reply with(String header, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(header, value);
            return new Reply(status, more, body);
        }
    }

    public static ApiServer start() throws IOException {
        HttpServer http =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ApiServer api = new ApiServer(http);
        http.setExecutor(api.threads);
        http.createContext("/", api::answer);
        http.start();
        return api;
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public ApiServer put(String path, Page page) {
        pages.put(path, page);
        return this;
    }

    public ApiServer put(String path, String json) {
        return put(path, call -> Reply.json(json));
    }

    /** The next answers are these, whatever is asked. */
    public void first(Reply... replies) {
        first.addAll(List.of(replies));
    }

    /** From now on, bodies break off in their middle. */
    public void cut(boolean now) {
        cut = now;
    }

    /** From now on, requests are heard and not answered. */
    public void silent(boolean now) {
        silent = now;
    }

    /** What was asked, in the order in which it came. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    public List<String> asked() {
        return calls.stream().map(Call::toString).toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        Call call = call(exchange);
        calls.add(call);
        if (silent) {
            await();
            exchange.close();
            return;
        }
        Reply reply =
                Optional.ofNullable(first.poll())
                        .orElseGet(() ->
                                pages.getOrDefault(
                                                call.path(),
                                                c -> Reply.of(404, "there is no " + c.path()))
                                        .reply(call));
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(
                reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
        try (OutputStream out = exchange.getResponseBody()) {
            if (reply.body().length > 0) {
                out.write(reply.body(), 0, cut ? reply.body().length / 2 : reply.body().length);
            }
        } catch (IOException e) {
            // Whoever asked hung up, or it was cut.
        }
        exchange.close();
    }

    private void await() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Call call(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) ->
                        headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        Map<String, String> query = new HashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String part : raw == null ? new String[0] : raw.split("&")) {
            String[] pair = part.split("=", 2);
            query.put(decoded(pair[0]), pair.length < 2 ? "" : decoded(pair[1]));
        }
        return new Call(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                query,
                headers,
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
