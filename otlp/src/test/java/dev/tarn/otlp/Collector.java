package dev.tarn.otlp;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Takes OTLP over HTTP, and reads it with OpenTelemetry's own classes. */
public final class Collector implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final HttpServer server;
    private final List<ExportTraceServiceRequest> requests = new ArrayList<>();
    private final Map<String, String> headers = new TreeMap<>();
    private final Deque<Integer> statuses = new ArrayDeque<>();

    public Collector() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext(
                "/v1/traces",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    int status;
                    synchronized (this) {
                        status = statuses.isEmpty() ? 200 : statuses.poll();
                        exchange.getRequestHeaders()
                                .forEach((k, v) ->
                                        headers.put(k.toLowerCase(Locale.ROOT), v.getFirst()));
                        if (status == 200) {
                            requests.add(ExportTraceServiceRequest.parseFrom(body));
                            notifyAll();
                        }
                    }
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    synchronized void answer(Integer... next) {
        statuses.addAll(List.of(next));
    }

    synchronized Map<String, String> headers() {
        return Map.copyOf(headers);
    }

    /** Waits for a span of a name; spans come in the order in which they ended. */
    public synchronized void await(String name) throws InterruptedException {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (spans().stream().noneMatch(s -> s.getName().equals(name))) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("No span " + name + " came, only " + spans());
            }
            wait(left);
        }
    }

    public synchronized List<Span> spans() {
        return requests.stream()
                .flatMap(r -> r.getResourceSpansList().stream())
                .flatMap(r -> r.getScopeSpansList().stream())
                .flatMap(s -> s.getSpansList().stream())
                .toList();
    }

    synchronized Map<String, String> resource() {
        return requests.getFirst().getResourceSpans(0).getResource().getAttributesList().stream()
                .collect(Collectors.toMap(a -> a.getKey(), a -> a.getValue().getStringValue()));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
