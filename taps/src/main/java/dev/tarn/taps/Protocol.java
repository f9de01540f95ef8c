package dev.tarn.taps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** In which form programs are asked and tell. */
sealed interface Protocol {
    ObjectMapper JSON = new ObjectMapper();

    /** What makes the program say which streams it has. */
    List<String> discovering(Path config);

    /**
     * What makes it tell records.
     *
     * @param state where reading stands; empty at the beginning
     */
    List<String> reading(Path config, Path catalog, Optional<Path> state);

    /** The catalog that is behind what it said, with one stream chosen. */
    JsonNode chosen(JsonNode told, TapSettings settings);

    /** Whether a line of what was discovered is the catalog, and which. */
    Optional<JsonNode> catalog(byte[] all) throws IOException;

    /**
     * @throws IOException if it is no message
     */
    Message read(byte[] line, String stream) throws IOException;

    private static List<String> texts(Optional<byte[]> array) throws IOException {
        List<String> texts = new ArrayList<>();
        if (array.isPresent()) {
            for (JsonNode one : JSON.readTree(array.get())) {
                texts.add(one.isArray() ? one.path(0).asText() : one.asText());
            }
        }
        return texts;
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }

    /** Singer's messages: SCHEMA, RECORD, STATE. */
    record Singer() implements Protocol {
        @Override
        public List<String> discovering(Path config) {
            return List.of("--config", config.toString(), "--discover");
        }

        @Override
        public List<String> reading(Path config, Path catalog, Optional<Path> state) {
            List<String> arguments =
                    new ArrayList<>(
                            List.of(
                                    "--config",
                                    config.toString(),
                                    "--catalog",
                                    catalog.toString()));
            state.ifPresent(s -> arguments.addAll(List.of("--state", s.toString())));
            return arguments;
        }

        @Override
        public Optional<JsonNode> catalog(byte[] all) throws IOException {
            JsonNode node = JSON.readTree(all);
            return Optional.of(node).filter(n -> n.path("streams").isArray());
        }

        @Override
        public JsonNode chosen(JsonNode told, TapSettings settings) {
            List<String> names = new ArrayList<>();
            boolean found = false;
            for (JsonNode stream : told.path("streams")) {
                String name = stream.path("stream").asText(stream.path("tap_stream_id").asText());
                names.add(name);
                boolean mine = name.equals(settings.stream());
                found |= mine;
                if (stream instanceof ObjectNode object) {
                    object.put("selected", mine);
                    select(object, mine, settings);
                }
            }
            if (!found) {
                throw TapErrors.noStream(settings.name(), settings.stream(), names);
            }
            return told;
        }

        private static void select(ObjectNode stream, boolean mine, TapSettings settings) {
            ArrayNode metadata = stream.withArrayProperty("metadata");
            boolean whole = false;
            for (JsonNode entry : metadata) {
                if (entry.path("metadata") instanceof ObjectNode object) {
                    boolean top = entry.path("breadcrumb").isEmpty();
                    whole |= top;
                    object.put("selected", mine);
                    if (top && mine) {
                        replicate(object, settings);
                    }
                }
            }
            if (!whole) {
                ObjectNode entry = metadata.addObject();
                entry.putArray("breadcrumb");
                ObjectNode object = entry.putObject("metadata").put("selected", mine);
                if (mine) {
                    replicate(object, settings);
                }
            }
        }

        private static void replicate(ObjectNode metadata, TapSettings settings) {
            if (settings.snapshot()) {
                metadata.put("replication-method", "FULL_TABLE");
            } else {
                settings.cursor()
                        .ifPresent(cursor -> {
                            metadata.put("replication-method", "INCREMENTAL");
                            metadata.put("replication-key", cursor);
                        });
            }
        }

        @Override
        public Message read(byte[] line, String stream) throws IOException {
            Members message = Members.of(line);
            boolean mine = message.text("stream").equals(stream);
            return switch (message.text("type")) {
                case "RECORD" ->
                        mine
                                ? new Message.Row(
                                        message.member("record")
                                                .orElseThrow(() -> new IOException("no record")))
                                : new Message.Other();
                case "SCHEMA" ->
                        mine
                                ? new Message.Key(texts(message.member("key_properties")))
                                : new Message.Other();
                case "STATE" ->
                        message.member("value")
                                .<Message>map(v -> new Message.State(text(v)))
                                .orElse(new Message.Other());
                case "ACTIVATE_VERSION" -> new Message.Other();
                case "BATCH" ->
                        new Message.Failure("it tells its records in files, which are not read.");
                default -> throw new IOException("another type");
            };
        }
    }

    /** Airbyte's messages. */
    record Airbyte() implements Protocol {
        @Override
        public List<String> discovering(Path config) {
            return List.of("discover", "--config", config.toString());
        }

        @Override
        public List<String> reading(Path config, Path catalog, Optional<Path> state) {
            List<String> arguments = new ArrayList<>(List.of("read"));
            arguments.addAll(
                    List.of("--config", config.toString(), "--catalog", catalog.toString()));
            state.ifPresent(s -> arguments.addAll(List.of("--state", s.toString())));
            return arguments;
        }

        @Override
        public Optional<JsonNode> catalog(byte[] all) throws IOException {
            for (String line : text(all).lines().toList()) {
                JsonNode node = line.startsWith("{") ? JSON.readTree(line) : JSON.nullNode();
                if (node.path("type").asText().equals("CATALOG")) {
                    return Optional.of(node.path("catalog"));
                }
                if (node.path("streams").isArray()) {
                    return Optional.of(node);
                }
            }
            return Optional.empty();
        }

        @Override
        public JsonNode chosen(JsonNode told, TapSettings settings) {
            List<String> names = new ArrayList<>();
            for (JsonNode stream : told.path("streams")) {
                if (stream.has("stream")) {
                    // It has been configured by somebody.
                    return told;
                }
                names.add(stream.path("name").asText());
                if (names.getLast().equals(settings.stream())) {
                    return configured(stream, settings);
                }
            }
            throw TapErrors.noStream(settings.name(), settings.stream(), names);
        }

        private static JsonNode configured(JsonNode stream, TapSettings settings) {
            boolean incremental = false;
            for (JsonNode mode : stream.path("supported_sync_modes")) {
                incremental |= mode.asText().equals("incremental");
            }
            ObjectNode catalog = JSON.createObjectNode();
            ObjectNode one = catalog.putArray("streams").addObject();
            one.set("stream", stream);
            one.put(
                    "sync_mode",
                    incremental && !settings.snapshot() ? "incremental" : "full_refresh");
            one.put("destination_sync_mode", "append");
            ArrayNode cursor = one.putArray("cursor_field");
            settings.cursor()
                    .ifPresentOrElse(
                            cursor::add,
                            () -> stream.path("default_cursor_field").forEach(cursor::add));
            one.set("primary_key", stream.path("source_defined_primary_key"));
            return catalog;
        }

        @Override
        public Message read(byte[] line, String stream) throws IOException {
            Members message = Members.of(line);
            return switch (message.text("type")) {
                case "RECORD" -> {
                    Members record = message.object("record");
                    yield record.text("stream").equals(stream)
                            ? new Message.Row(
                                    record.member("data")
                                            .orElseThrow(() -> new IOException("no data")))
                            : new Message.Other();
                }
                case "STATE" -> state(message);
                case "TRACE" -> trace(message.object("trace"));
                case "LOG", "SPEC", "CATALOG", "CONNECTION_STATUS", "CONTROL" ->
                        new Message.Other();
                default -> throw new IOException("another type");
            };
        }

        private static Message state(Members message) throws IOException {
            Members state = message.object("state");
            Optional<byte[]> whole = message.member("state");
            Optional<byte[]> data = state.member("data");
            boolean old = state.text("type").isEmpty() || state.text("type").equals("LEGACY");
            return old
                    ? data.<Message>map(d -> new Message.State(text(d))).orElse(new Message.Other())
                    : whole.<Message>map(w -> new Message.State("[" + text(w) + "]"))
                            .orElse(new Message.Other());
        }

        private static Message trace(Members trace) throws IOException {
            return trace.text("type").equals("ERROR")
                    ? new Message.Failure(trace.object("error").text("message"))
                    : new Message.Other();
        }
    }
}
