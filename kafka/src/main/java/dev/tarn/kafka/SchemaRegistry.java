package dev.tarn.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks a schema registry with Confluent's protocol for schemas by number. A schema never changes,
 * so each is asked for once.
 */
final class SchemaRegistry implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration MOST_WAIT = Duration.ofSeconds(10);

    private final KafkaOptions.Registry registry;
    private final HttpClient http;
    private final Map<Integer, Optional<Registered>> known = new HashMap<>();

    SchemaRegistry(KafkaOptions.Registry registry) {
        this.registry = registry;
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(MOST_WAIT);
        registry.authority().ifPresent(file -> builder.sslContext(TrustedHosts.of(file)));
        this.http = builder.build();
    }

    /**
     * A schema.
     *
     * @param kind {@code AVRO}, {@code PROTOBUF} or {@code JSON}
     * @param references the schemas it names, by the name it uses, those that others need first
     */
    record Registered(String kind, String text, List<Reference> references) {}

    /** A schema that another one names. */
    record Reference(String name, String text) {}

    /**
     * A schema by its number.
     *
     * @throws Undecodable if there is none of this number
     * @throws dev.tarn.model.TarnException {@code SOURCE_UNAVAILABLE}, {@code SOURCE_DENIED}
     */
    Registered schema(int id) throws Undecodable {
        Optional<Registered> found = known.get(id);
        if (found == null) {
            found = ask("/schemas/ids/" + id).map(this::registered);
            if (found.isPresent()) {
                known.put(id, found);
            }
        }
        return found.orElseThrow(() -> new Undecodable("the schema registry has no schema " + id));
    }

    private Registered registered(JsonNode node) {
        Map<String, String> references = new HashMap<>();
        List<Reference> ordered = new ArrayList<>();
        gather(node, references, ordered);
        return new Registered(
                node.path("schemaType").asText("AVRO"), node.path("schema").asText(), ordered);
    }

    private void gather(JsonNode node, Map<String, String> seen, List<Reference> ordered) {
        for (JsonNode reference : node.path("references")) {
            String name = reference.path("name").asText();
            if (seen.putIfAbsent(name, "") == null) {
                String path =
                        "/subjects/%s/versions/%d"
                                .formatted(
                                        URLEncoder.encode(
                                                        reference.path("subject").asText(),
                                                        StandardCharsets.UTF_8)
                                                .replace("+", "%20"),
                                        reference.path("version").asInt());
                ask(path)
                        .ifPresent(found -> {
                            gather(found, seen, ordered);
                            ordered.add(new Reference(name, found.path("schema").asText()));
                        });
            }
        }
    }

    private Optional<JsonNode> ask(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(registry.url() + path))
                        .timeout(MOST_WAIT)
                        .header("Accept", "application/vnd.schemaregistry.v1+json");
        if (registry.user().isPresent()) {
            String account = registry.user().get() + ":" + registry.password().orElse("");
            request.header(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(account.getBytes(StandardCharsets.UTF_8)));
        }
        HttpResponse<String> response = send(request.build());
        return switch (response.statusCode()) {
            case 200 -> Optional.of(parsed(response.body()));
            case 404 -> Optional.empty();
            case 401, 403 ->
                    throw KafkaErrors.registryDenied(registry.url(), response.statusCode());
            default ->
                    throw KafkaErrors.registry(registry.url(), "status " + response.statusCode());
        };
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            String message = e.getMessage();
            throw KafkaErrors.registry(
                    registry.url(), message == null ? "nobody is there" : message);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KafkaErrors.interrupted();
        }
    }

    private JsonNode parsed(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw KafkaErrors.registry(registry.url(), "what it says is no JSON");
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
