package dev.tarn.kafka;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** Speaks to a schema registry with Confluent's protocol. */
final class RegistryCalls implements AutoCloseable {
    private static final String JSON = "application/vnd.schemaregistry.v1+json";
    private static final Duration MOST_WAIT = Duration.ofSeconds(10);

    private final KafkaOptions.Registry registry;
    private final HttpClient http;

    RegistryCalls(KafkaOptions.Registry registry) {
        this.registry = registry;
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(MOST_WAIT);
        registry.authority().ifPresent(file -> builder.sslContext(TrustedHosts.of(file)));
        this.http = builder.build();
    }

    String url() {
        return registry.url();
    }

    /** A name as a part of a path. */
    static String part(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    HttpResponse<String> ask(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    HttpResponse<String> tell(String path, String body) throws IOException, InterruptedException {
        return send(
                request(path)
                        .header("Content-Type", JSON)
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(registry.url() + path))
                        .timeout(MOST_WAIT)
                        .header("Accept", JSON);
        if (registry.user().isPresent()) {
            String account = registry.user().get() + ":" + registry.password().orElse("");
            request.header(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(account.getBytes(StandardCharsets.UTF_8)));
        }
        return request;
    }

    private HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        http.close();
    }
}
