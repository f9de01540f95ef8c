package dev.tarn.alert;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Somebody who takes messages over HTTP, or does not. */
final class Receiver implements AutoCloseable {
    private final HttpServer server;
    private final List<Taken> taken = new ArrayList<>();
    private final Deque<Integer> statuses = new ArrayDeque<>();

    /** One request. */
    record Taken(String path, Map<String, String> headers, String body, int status) {}

    Receiver() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext(
                "/",
                exchange -> {
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    Map<String, String> headers = new TreeMap<>();
                    exchange.getRequestHeaders()
                            .forEach((k, v) ->
                                    headers.put(k.toLowerCase(Locale.ROOT), v.getFirst()));
                    int status;
                    synchronized (this) {
                        status = statuses.isEmpty() ? 202 : statuses.poll();
                        taken.add(
                                new Taken(
                                        exchange.getRequestURI().getPath(), headers, body, status));
                    }
                    byte[] answer =
                            (status == 202 ? "" : "said no").getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** The next requests end so. */
    synchronized void answer(Integer... next) {
        statuses.addAll(List.of(next));
    }

    synchronized List<Taken> taken() {
        return List.copyOf(taken);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
