package dev.tarn.schedule;

import dev.tarn.model.job.TaskKind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Sends requests. A request that is sent again has the same {@code Idempotency-Key}. */
final class HttpTask {
    private static final int BODY_MAX = 16 << 10;
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofMinutes(5);

    private final HttpClient client =
            HttpClient.newBuilder()
                    .connectTimeout(CONNECT)
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build();

    /**
     * @return the beginning of the answer
     */
    String send(
            TaskKind.Http kind,
            String url,
            Map<String, String> headers,
            Optional<String> body,
            TaskWork.Order order,
            Control control) {
        HttpRequest request = request(kind, url, headers, body, order, control.traceparent());
        Thread sender = Thread.currentThread();
        control.onStop(sender::interrupt);
        try {
            HttpResponse<InputStream> response =
                    client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            String answer;
            try (InputStream in = response.body()) {
                answer = new String(in.readNBytes(BODY_MAX), StandardCharsets.UTF_8);
            }
            control.print("%s %s: %d".formatted(kind.method(), url, response.statusCode()));
            control.print(answer);
            boolean right =
                    kind.expected().isEmpty()
                            ? response.statusCode() / 100 == 2
                            : kind.expected().contains(response.statusCode());
            if (!right) {
                throw ScheduleErrors.httpStatus(response.statusCode(), url, kind.expected());
            }
            return answer.strip();
        } catch (IOException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw ScheduleErrors.httpFailed(url, reason);
        } catch (InterruptedException e) {
            throw ScheduleErrors.cancelled();
        }
    }

    private static HttpRequest request(
            TaskKind.Http kind,
            String url,
            Map<String, String> headers,
            Optional<String> body,
            TaskWork.Order order,
            String traceparent) {
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(url.strip()))
                            .timeout(ANSWER)
                            .method(
                                    kind.method(),
                                    body.map(HttpRequest.BodyPublishers::ofString)
                                            .orElseGet(HttpRequest.BodyPublishers::noBody));
            request.header("Idempotency-Key", order.run().id() + "." + order.task().name().value());
            if (!traceparent.isEmpty()) {
                request.header("traceparent", traceparent);
            }
            headers.forEach(request::setHeader);
            return request.build();
        } catch (IllegalArgumentException e) {
            throw ScheduleErrors.badUrl(url);
        }
    }
}
