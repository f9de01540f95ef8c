package dev.tarn.containers;

import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Asks the API server of a cluster. */
final class Cluster {
    private static final int ANSWER_MAX = 8 << 20;
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /** A log is followed for as long as the container works. */
    private static final Duration LOG = Duration.ofDays(7);

    private final URI url;
    private final Optional<Supplier<String>> token;
    private final HttpClient client;

    Cluster(KubernetesConfig config) {
        String given = config.url().orElseThrow(ContainerErrors::noCluster);
        try {
            url = URI.create(given.replaceAll("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw ContainerErrors.badUrl(given);
        }
        if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("https?")) {
            throw ContainerErrors.badUrl(given);
        }
        token = config.token();
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT);
        config.ca().ifPresent(ca -> builder.sslContext(trusting(ca)));
        client = builder.build();
    }

    /** An answer of any status. */
    record Answer(int status, JsonTree body) {
        boolean isGood() {
            return status / 100 == 2;
        }

        Answer orThrow() {
            if (!isGood()) {
                throw ContainerErrors.refused(status, body.at("message").text().orElse(""));
            }
            return this;
        }
    }

    Answer ask(String method, String path, Optional<String> body) {
        HttpRequest.Builder request = request(path).timeout(ANSWER);
        body.ifPresent(b -> request.header("Content-Type", "application/json"));
        request.method(
                method,
                body.map(HttpRequest.BodyPublishers::ofString)
                        .orElseGet(HttpRequest.BodyPublishers::noBody));
        try {
            HttpResponse<InputStream> response = send(request.build());
            try (InputStream in = response.body()) {
                String text = new String(in.readNBytes(ANSWER_MAX), StandardCharsets.UTF_8);
                return new Answer(response.statusCode(), tree(text));
            }
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /** A text that grows while it is read. */
    InputStream follow(String path) {
        try {
            HttpResponse<InputStream> response = send(request(path).timeout(LOG).build());
            if (response.statusCode() / 100 != 2) {
                try (InputStream in = response.body()) {
                    String text = new String(in.readNBytes(ANSWER_MAX), StandardCharsets.UTF_8);
                    throw ContainerErrors.refused(
                            response.statusCode(), tree(text).at("message").text().orElse(""));
                }
            }
            return response.body();
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
        token.ifPresent(t -> request.header("Authorization", "Bearer " + t.get().strip()));
        return request;
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ContainerErrors.stopped();
        }
    }

    private TarnException unreachable(IOException e) {
        return ContainerErrors.unreachable(
                url.toString(),
                e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }

    private static JsonTree tree(String text) throws IOException {
        try {
            return JsonTree.parse(text);
        } catch (IOException e) {
            throw new IOException("the answer is no JSON", e);
        }
    }

    private static SSLContext trusting(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw ContainerErrors.badCertificates(file.toString());
            }
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates) {
                trusted.setCertificateEntry("ca" + number++, certificate);
            }
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw ContainerErrors.badCertificates(file.toString());
        }
    }
}
