package dev.tarn.alert;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * Posts messages. Only the host of an address is ever told: the rest of it, and headers, may be
 * secret. Answers that lead elsewhere are refused.
 */
final class HttpPost {
    static final String JSON = "application/json";
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final int ANSWER_MAX = 300;

    private final HttpClient client =
            HttpClient.newBuilder()
                    .connectTimeout(CONNECT)
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();

    void post(String channel, String url, String type, String body, Map<String, String> headers) {
        URI address = address(channel, url);
        String host = address.getHost();
        HttpRequest.Builder request;
        try {
            request =
                    HttpRequest.newBuilder(address)
                            .timeout(ANSWER)
                            .header("Content-Type", type)
                            .POST(HttpRequest.BodyPublishers.ofString(body));
            headers.forEach(request::setHeader);
        } catch (IllegalArgumentException e) {
            throw AlertErrors.badAddress(channel);
        }
        try {
            HttpResponse<InputStream> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            String answer;
            try (InputStream in = response.body()) {
                answer = new String(in.readNBytes(ANSWER_MAX), StandardCharsets.UTF_8);
            }
            int status = response.statusCode();
            if (status / 100 != 2) {
                boolean later = status / 100 == 5 || status == 408 || status == 429;
                throw later
                        ? AlertErrors.notNow(channel, host, status, answer.strip())
                        : AlertErrors.refused(channel, host, status, answer.strip());
            }
        } catch (IOException e) {
            throw AlertErrors.unreachable(channel, host, reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw AlertErrors.unreachable(channel, host, "interrupted");
        }
    }

    private static URI address(String channel, String url) {
        try {
            URI address = URI.create(url.strip());
            if (address.getHost() != null
                    && ("http".equals(address.getScheme())
                            || "https".equals(address.getScheme()))) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            throw AlertErrors.badAddress(channel);
        }
        throw AlertErrors.badAddress(channel);
    }

    /** Without what the exception may repeat of the request. */
    static String reason(IOException e) {
        return switch (e) {
            case java.net.http.HttpTimeoutException t -> "no answer in time";
            case java.net.UnknownHostException u -> "no such host";
            case java.net.ConnectException c -> "connection refused";
            case javax.net.ssl.SSLException s -> "TLS failed";
            default -> e.getClass().getSimpleName();
        };
    }
}
