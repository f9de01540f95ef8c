package dev.tarn.delta.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tarn.delta.read.DeltaSnapshot.AddedFile;
import dev.tarn.delta.read.DeltaSnapshot.Vector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Applies the actions of a log, oldest first, and says what the table is after them. */
final class Replay {
    private static final Set<String> KNOWN_FEATURES =
            Set.of(
                    "columnMapping",
                    "deletionVectors",
                    "timestampNtz",
                    "typeWidening",
                    "typeWidening-preview",
                    "v2Checkpoint",
                    "vacuumProtocolCheck",
                    "variantShredding",
                    "variantShredding-preview",
                    "variantType",
                    "variantType-preview");

    /** Spark writes statistics that are no numbers as bare words. */
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    private final String table;
    private final Map<Key, AddedFile> live = new LinkedHashMap<>();
    private final List<String> sidecars = new ArrayList<>();
    private @Nullable JsonNode protocol;
    private @Nullable JsonNode metadata;
    private @Nullable Long commitTime;

    /** A file together with its deletion vector: a new vector makes a new file of it. */
    private record Key(String location, String vector) {}

    Replay(String table) {
        this.table = table;
    }

    /** Applies one line of the log. */
    void apply(String file, String line) {
        if (line.isBlank()) {
            return;
        }
        JsonNode action;
        try {
            action = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw ReadErrors.unreadable(file, e);
        }
        apply(action.path("protocol"), action.path("metaData"));
        JsonNode removed = action.path("remove");
        if (removed.isObject()) {
            live.remove(key(removed));
        }
        JsonNode added = action.path("add");
        if (added.isObject()) {
            live.put(key(added), added(file, added));
        }
        JsonNode sidecar = action.path("sidecar");
        if (sidecar.isObject()) {
            String path = sidecar.path("path").asText();
            sidecars.add(
                    path.contains("/")
                            ? DataPaths.resolve(table, path)
                            : table + "/_delta_log/_sidecars/" + path);
        }
        JsonNode time = action.path("commitInfo").path("inCommitTimestamp");
        if (time.isNumber()) {
            commitTime = time.asLong();
        }
    }

    private void apply(JsonNode newProtocol, JsonNode newMetadata) {
        if (newProtocol.isObject()) {
            requireReadable(newProtocol);
            protocol = newProtocol;
        }
        if (newMetadata.isObject()) {
            metadata = newMetadata;
        }
    }

    /** The sidecars named since the last question. */
    List<String> sidecars() {
        List<String> named = List.copyOf(sidecars);
        sidecars.clear();
        return named;
    }

    private void requireReadable(JsonNode wanted) {
        int version = wanted.path("minReaderVersion").asInt();
        if (version > 3) {
            throw ReadErrors.readerVersion(table, version);
        }
        if (version == 3) {
            List<String> unknown = new ArrayList<>();
            wanted.path("readerFeatures")
                    .forEach(feature -> {
                        if (!KNOWN_FEATURES.contains(feature.asText())) {
                            unknown.add(feature.asText());
                        }
                    });
            if (!unknown.isEmpty()) {
                throw ReadErrors.features(table, unknown);
            }
        }
    }

    private Key key(JsonNode file) {
        return new Key(
                DataPaths.resolve(table, file.path("path").asText()),
                vector(file).map(Vector::id).orElse(""));
    }

    private AddedFile added(String log, JsonNode add) {
        Map<String, Optional<String>> partition = new HashMap<>();
        add.path("partitionValues")
                .properties()
                .forEach(e ->
                        partition.put(
                                e.getKey(),
                                Optional.ofNullable(e.getValue().textValue())
                                        .filter(text -> !text.isEmpty())));
        return new AddedFile(
                DataPaths.resolve(table, add.path("path").asText()),
                Map.copyOf(partition),
                add.path("size").asLong(),
                rows(log, add),
                vector(add),
                add.path("stats").asText(""));
    }

    private static long rows(String log, JsonNode add) {
        @Nullable String stats = add.path("stats").textValue();
        if (stats == null || stats.isBlank()) {
            return -1;
        }
        try {
            return JSON.readTree(stats).path("numRecords").asLong(-1);
        } catch (JsonProcessingException e) {
            throw ReadErrors.unreadable(log, e);
        }
    }

    private static Optional<Vector> vector(JsonNode file) {
        JsonNode vector = file.path("deletionVector");
        return vector.isObject()
                ? Optional.of(
                        new Vector(
                                vector.path("storageType").asText(),
                                vector.path("pathOrInlineDv").asText(),
                                vector.path("offset").asInt(0),
                                vector.path("sizeInBytes").asInt(),
                                vector.path("cardinality").asLong()))
                : Optional.empty();
    }

    DeltaSnapshot snapshot(long version, Instant written) {
        if (protocol == null) {
            throw ReadErrors.lacks(table, "protocol");
        }
        if (metadata == null) {
            throw ReadErrors.lacks(table, "metaData");
        }
        Map<String, String> configuration = new HashMap<>();
        metadata.path("configuration")
                .properties()
                .forEach(e -> configuration.put(e.getKey(), e.getValue().asText()));
        String mode =
                configuration
                        .getOrDefault("delta.columnMapping.mode", "none")
                        .toLowerCase(Locale.ROOT);
        if (!Set.of("none", "name", "id").contains(mode)) {
            throw ReadErrors.mappingMode(table, mode);
        }
        List<String> partitionColumns = new ArrayList<>();
        metadata.path("partitionColumns").forEach(c -> partitionColumns.add(c.asText()));
        SchemaReader.Found found = SchemaReader.read(schema(metadata), !mode.equals("none"));
        if (found.schema().fields().isEmpty()) {
            throw ReadErrors.noColumns(table);
        }
        return new DeltaSnapshot(
                table,
                version,
                commitTime == null ? written : Instant.ofEpochMilli(commitTime),
                metadata.path("id").asText(),
                protocol.path("minReaderVersion").asInt(),
                found.schema(),
                found.names(),
                mode.equals("id"),
                List.copyOf(partitionColumns),
                Map.copyOf(configuration),
                List.copyOf(files()));
    }

    private Collection<AddedFile> files() {
        return live.values();
    }

    private JsonNode schema(JsonNode from) {
        try {
            return JSON.readTree(from.path("schemaString").asText());
        } catch (JsonProcessingException e) {
            throw ReadErrors.unreadable(table + "/_delta_log", e);
        }
    }
}
