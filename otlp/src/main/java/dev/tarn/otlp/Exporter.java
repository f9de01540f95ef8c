package dev.tarn.otlp;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans in batches, on a thread of its own. What does not fit into its queue, or is not taken
 * after a few attempts, is dropped and counted: nobody waits for it.
 */
final class Exporter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Exporter.class);
    private static final int QUEUE = 2_048;
    private static final int BATCH = 512;
    private static final int ATTEMPTS = 3;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration GATHER = Duration.ofSeconds(2);
    private static final Duration CLOSING = Duration.ofSeconds(3);
    private static final Set<Integer> LATER = Set.of(429, 502, 503, 504);

    private final OtlpSettings settings;
    private final BlockingQueue<OtlpSpan.Ended> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;
    private volatile boolean closing;

    Exporter(OtlpSettings settings) {
        this.settings = settings;
        this.thread = Thread.ofPlatform().name("traces").daemon(true).start(this::loop);
    }

    void add(OtlpSpan.Ended span) {
        if (!queue.offer(span)) {
            dropped.incrementAndGet();
        }
    }

    private void loop() {
        try (HttpClient client =
                HttpClient.newBuilder()
                        .connectTimeout(settings.timeout())
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            while (true) {
                List<OtlpSpan.Ended> batch = batch();
                if (batch.isEmpty() && closing) {
                    return;
                }
                if (!batch.isEmpty()) {
                    send(client, batch);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What comes within a while after the first. */
    private List<OtlpSpan.Ended> batch() throws InterruptedException {
        List<OtlpSpan.Ended> batch = new ArrayList<>();
        OtlpSpan.Ended first = queue.poll(closing ? 0 : 200, TimeUnit.MILLISECONDS);
        if (first == null) {
            return batch;
        }
        batch.add(first);
        long end = System.nanoTime() + GATHER.toNanos();
        while (batch.size() < BATCH && !closing && System.nanoTime() - end < 0) {
            OtlpSpan.Ended next = queue.poll(100, TimeUnit.MILLISECONDS);
            if (next != null) {
                batch.add(next);
            }
        }
        queue.drainTo(batch, BATCH - batch.size());
        return batch;
    }

    private void send(HttpClient client, List<OtlpSpan.Ended> batch) throws InterruptedException {
        String why = "a header that is none";
        HttpRequest request = null;
        try {
            request = request(batch);
        } catch (IllegalArgumentException e) {
            log.debug("The headers of OTEL_EXPORTER_OTLP_HEADERS cannot be sent");
        }
        for (int attempt = 1; request != null && attempt <= ATTEMPTS; attempt++) {
            try {
                HttpResponse<Void> answer =
                        client.send(request, HttpResponse.BodyHandlers.discarding());
                if (answer.statusCode() / 100 == 2) {
                    return;
                }
                why = "status " + answer.statusCode();
                if (!LATER.contains(answer.statusCode())) {
                    break;
                }
            } catch (IOException e) {
                why = e.getClass().getSimpleName();
            }
            if (attempt < ATTEMPTS && !closing) {
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis() << (attempt - 1));
            }
        }
        long all = dropped.addAndGet(batch.size());
        log.warn(
                "{} did not take {} spans ({}); {} were dropped so far",
                settings.endpoint().getHost(),
                batch.size(),
                why,
                all);
    }

    private HttpRequest request(List<OtlpSpan.Ended> batch) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(settings.endpoint())
                        .timeout(settings.timeout())
                        .POST(
                                HttpRequest.BodyPublishers.ofByteArray(
                                        TraceRequest.of(settings.resource(), batch)));
        settings.headers().forEach(request::setHeader);
        return request.setHeader("Content-Type", "application/x-protobuf").build();
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(CLOSING.toMillis());
            thread.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
