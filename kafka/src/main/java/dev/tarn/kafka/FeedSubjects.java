package dev.tarn.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Tells a registry of a feed's schemas, and has the numbers that it gave them. A schema that it
 * knows keeps its number, so each is told once as long as the feed is open, and again by the next
 * process without anything new coming of it.
 */
final class FeedSubjects implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FeedOptions options;
    private final Map<String, Integer> known = new HashMap<>();
    private @Nullable RegistryCalls calls;

    FeedSubjects(FeedOptions options) {
        this.options = options;
    }

    /**
     * The number of a schema, as the next version of a subject where it is new.
     *
     * @throws dev.tarn.model.TarnException {@code DELIVERY_FAILED} when the registry is not there,
     *     {@code DELIVERY_REFUSED} when it does not accept the account or the schema
     */
    int number(String subject, Schema schema) {
        String text = schema.toString();
        Integer number = known.get(subject + "\n" + text);
        if (number == null) {
            number = registered(subject, schema, text);
            known.put(subject + "\n" + text, number);
        }
        return number;
    }

    private RegistryCalls calls() {
        RegistryCalls open = calls;
        if (open == null) {
            open = new RegistryCalls(options.registry().orElseThrow());
            calls = open;
        }
        return open;
    }

    private int registered(String subject, Schema schema, String text) {
        String body = JSON.createObjectNode().put("schema", text).toString();
        String path = "/subjects/" + RegistryCalls.part(subject);
        HttpResponse<String> answer = answer(() -> calls().tell(path + "/versions", body));
        int status = answer.statusCode();
        return switch (status) {
            case 200, 201 -> {
                JsonNode id = parsed(answer.body()).path("id");
                if (!id.canConvertToInt()) {
                    throw KafkaFeedErrors.registry(options, "its answer has no number");
                }
                yield id.intValue();
            }
            case 401, 403 -> throw KafkaFeedErrors.registryDenied(options, subject, status);
            case 404 -> throw KafkaFeedErrors.noRegistry(options);
            case 409 ->
                    throw KafkaFeedErrors.incompatible(options, subject, differences(path, schema));
            case 400, 422 ->
                    throw KafkaFeedErrors.schemaRefused(
                            options, subject, parsed(answer.body()).path("message").asText());
            default -> throw KafkaFeedErrors.registry(options, "status " + status);
        };
    }

    /** How a schema differs from the last one that is there; empty when that cannot be told. */
    private List<String> differences(String path, Schema schema) {
        HttpResponse<String> answer = answer(() -> calls().ask(path + "/versions/latest"));
        if (answer.statusCode() != 200) {
            return List.of();
        }
        try {
            String last = parsed(answer.body()).path("schema").asText();
            return AvroDifferences.between(new Schema.Parser().parse(last), schema);
        } catch (AvroRuntimeException foreign) {
            return List.of();
        }
    }

    /** Asks a registry. */
    private interface Call {
        HttpResponse<String> make() throws IOException, InterruptedException;
    }

    private HttpResponse<String> answer(Call call) {
        try {
            return call.make();
        } catch (IOException e) {
            throw KafkaFeedErrors.registry(
                    options, Optional.ofNullable(e.getMessage()).orElse("nobody is there"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KafkaFeedErrors.interrupted();
        }
    }

    private JsonNode parsed(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw KafkaFeedErrors.registry(options, "what it says is no JSON");
        }
    }

    @Override
    public void close() {
        RegistryCalls open = calls;
        if (open != null) {
            open.close();
        }
    }
}
