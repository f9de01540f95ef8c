package dev.tarn.server.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Describes the routes there are, in OpenAPI 3.1. */
final class OpenApi {
    /** What begins something, and takes a key so that it is begun once. */
    private static final Set<String> IDEMPOTENT =
            Set.of(
                    "POST /jobs/{job}/runs",
                    "POST /builds",
                    "POST /statements",
                    "POST /runs/{run}/again",
                    "POST /maintain",
                    "POST /clean",
                    "POST /quarantine/replay",
                    "POST /rewind");

    private OpenApi() {}

    static Map<String, Object> describe(List<Route> routes) {
        Map<String, Object> paths = new LinkedHashMap<>();
        for (Route route : routes) {
            @SuppressWarnings("unchecked") // Nothing else is put there.
            Map<String, Object> path =
                    (Map<String, Object>)
                            paths.computeIfAbsent(
                                    route.path(), p -> new LinkedHashMap<String, Object>());
            path.put(route.method().toLowerCase(Locale.ROOT), operation(route));
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("openapi", "3.1.0");
        all.put("info", Map.of("title", "Tarn", "version", "1"));
        all.put("servers", List.of(Map.of("url", "/api/v1")));
        all.put("paths", paths);
        Map<String, Object> schemas = Schemas.components();
        schemas.put("Problem", problem());
        all.put(
                "components",
                Map.of(
                        "schemas",
                        schemas,
                        "securitySchemes",
                        Map.of("token", Map.of("type", "http", "scheme", "bearer"))));
        return all;
    }

    private static Map<String, Object> operation(Route route) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("operationId", id(route));
        operation.put("summary", route.summary());
        List<Object> parameters = new ArrayList<>();
        route.names().forEach(n -> parameters.add(parameter(n, "path", true)));
        route.query().forEach(n -> parameters.add(parameter(n, "query", false)));
        if (IDEMPOTENT.contains(route.method() + " " + route.path())) {
            parameters.add(parameter("Idempotency-Key", "header", false));
        }
        operation.put("parameters", parameters);
        if (!route.body().isEmpty()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            route.body().forEach(f -> fields.put(f, Map.of()));
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", "object");
            schema.put("properties", fields);
            schema.put("additionalProperties", false);
            operation.put(
                    "requestBody",
                    Map.of("content", Map.of("application/json", Map.of("schema", schema))));
        }
        String type = route.path().endsWith("/events") ? "text/event-stream" : "application/json";
        Map<String, Object> responses = new LinkedHashMap<>();
        Map<String, Object> answer = new LinkedHashMap<>();
        Schemas.answer(route).ifPresent(schema -> answer.put("schema", schema));
        responses.put(
                "2XX", Map.of("description", route.summary(), "content", Map.of(type, answer)));
        responses.put(
                "default",
                Map.of(
                        "description",
                        "What is wrong, and what to do about it.",
                        "content",
                        Map.of(
                                "application/problem+json",
                                Map.of("schema", Map.of("$ref", "#/components/schemas/Problem")))));
        operation.put("responses", responses);
        return operation;
    }

    private static String id(Route route) {
        StringBuilder id = new StringBuilder(route.method().toLowerCase(Locale.ROOT));
        for (String part : route.path().split("[/{}.-]+")) {
            if (!part.isEmpty()) {
                id.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1));
            }
        }
        return id.toString();
    }

    private static Map<String, Object> parameter(String name, String in, boolean required) {
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("name", name);
        parameter.put("in", in);
        parameter.put("required", required);
        parameter.put("schema", Map.of("type", "string"));
        return parameter;
    }

    private static Map<String, Object> problem() {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (String text : List.of("type", "title", "detail", "code")) {
            properties.put(text, Map.of("type", "string"));
        }
        properties.put("status", Map.of("type", "integer"));
        properties.put(
                "problems",
                Map.of(
                        "type",
                        "array",
                        "items",
                        Map.of(
                                "type",
                                "object",
                                "properties",
                                Map.of(
                                        "code", Map.of("type", "string"),
                                        "place", Map.of("type", List.of("string", "null")),
                                        "message", Map.of("type", "string")))));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        return schema;
    }
}
