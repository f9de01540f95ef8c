package dev.tarn.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks a schema registry with Confluent's protocol for schemas by number. A schema never changes,
 * so each is asked for once. Safe for use by many threads.
 */
final class SchemaRegistry implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RegistryCalls calls;
    private final Map<Integer, Optional<Registered>> known = new HashMap<>();

    SchemaRegistry(KafkaOptions.Registry registry) {
        this.calls = new RegistryCalls(registry);
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
    synchronized Registered schema(int id) throws Undecodable {
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
                                        RegistryCalls.part(reference.path("subject").asText()),
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
        HttpResponse<String> response = response(path);
        return switch (response.statusCode()) {
            case 200 -> Optional.of(parsed(response.body()));
            case 404 -> Optional.empty();
            case 401, 403 -> throw KafkaErrors.registryDenied(calls.url(), response.statusCode());
            default -> throw KafkaErrors.registry(calls.url(), "status " + response.statusCode());
        };
    }

    private HttpResponse<String> response(String path) {
        try {
            return calls.ask(path);
        } catch (IOException e) {
            String message = e.getMessage();
            throw KafkaErrors.registry(calls.url(), message == null ? "nobody is there" : message);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KafkaErrors.interrupted();
        }
    }

    private JsonNode parsed(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw KafkaErrors.registry(calls.url(), "what it says is no JSON");
        }
    }

    @Override
    public void close() {
        calls.close();
    }
}
