package dev.tarn.project;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The place on the network where packages are listed by name. */
final class PackageHub {
    private static final String STANDARD = "https://hub.getdbt.com/";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String address;

    /**
     * @param address empty for the hub that everybody uses
     */
    PackageHub(Optional<String> address) {
        String base = address.orElse(STANDARD);
        this.address = base.endsWith("/") ? base : base + "/";
    }

    String address() {
        return address;
    }

    /** What a server says. */
    private record Reply(int status, byte[] body) {}

    /**
     * The addresses of a package's archives, by version.
     *
     * @return empty when the hub does not know the package
     */
    Optional<Map<String, String>> archives(String name) throws IOException {
        Reply reply = ask(address + "api/v1/" + name + ".json");
        if (reply.status() == 404) {
            return Optional.empty();
        }
        if (reply.status() != 200) {
            throw new IOException("it answers with status " + reply.status());
        }
        try {
            String text = new String(reply.body(), StandardCharsets.UTF_8);
            return Optional.of(archivesIn(JsonReader.read(text)));
        } catch (IllegalArgumentException e) {
            throw new IOException("its answer is not JSON", e);
        }
    }

    private static Map<String, String> archivesIn(@Nullable Object listing) {
        Map<String, String> archives = new LinkedHashMap<>();
        if (listing instanceof Map<?, ?> top && top.get("versions") instanceof Map<?, ?> versions) {
            versions.forEach((version, about) -> {
                if (about instanceof Map<?, ?> map
                        && map.get("downloads") instanceof Map<?, ?> downloads
                        && downloads.get("tarball") instanceof String tarball) {
                    archives.put(String.valueOf(version), tarball);
                }
            });
        }
        return archives;
    }

    /** What is at an address. */
    byte[] download(String url) throws IOException {
        Reply reply = ask(url);
        if (reply.status() != 200) {
            throw new IOException("the server answers with status " + reply.status());
        }
        return reply.body();
    }

    private static Reply ask(String url) throws IOException {
        try {
            HttpClient client =
                    HttpClient.newBuilder()
                            .connectTimeout(PATIENCE)
                            .followRedirects(HttpClient.Redirect.NORMAL)
                            .build();
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
            HttpResponse<byte[]> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Reply(answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("it was interrupted", e);
        } catch (IllegalArgumentException e) {
            throw new IOException("'" + url + "' is not an address", e);
        }
    }
}
