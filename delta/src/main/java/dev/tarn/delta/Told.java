package dev.tarn.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.model.table.TablePointer;
import java.util.Optional;

/**
 * What one version of a log stands for. It is written into the version itself, so that nobody else
 * has to remember it and it cannot be lost.
 *
 * @param at the version's time in milliseconds; always later than that of the one before
 */
record Told(
        long version,
        String table,
        long publication,
        TablePointer pointer,
        String layout,
        long at) {
    private static final String TABLE = "tarn.table";
    private static final String PUBLICATION = "tarn.publication";
    private static final String METADATA = "tarn.metadata";
    private static final String LAYOUT = "tarn.layout";

    /** The action that begins a version. */
    ObjectNode commitInfo(String operation, boolean onlyAdds, long added, long removed) {
        ObjectNode action = Json.object();
        ObjectNode info = action.putObject("commitInfo");
        info.put("inCommitTimestamp", at);
        info.put("timestamp", at);
        info.put("operation", operation);
        info.putObject("operationParameters");
        info.put("isBlindAppend", onlyAdds);
        ObjectNode metrics = info.putObject("operationMetrics");
        metrics.put("numFiles", Long.toString(added));
        metrics.put("numRemovedFiles", Long.toString(removed));
        info.put("engineInfo", "Tarn");
        ObjectNode tags = info.putObject("tags");
        tags.put(TABLE, table);
        tags.put(PUBLICATION, Long.toString(publication));
        tags.put(METADATA, pointer.metadataLocation());
        tags.put(LAYOUT, layout);
        return action;
    }

    /** Reads the first line of a version; empty if it is not one that Tarn wrote. */
    static Optional<Told> of(long version, String firstLine) {
        try {
            JsonNode info = Json.parse(firstLine).path("commitInfo");
            JsonNode tags = info.path("tags");
            if (!tags.has(TABLE) || !tags.has(PUBLICATION) || !tags.has(METADATA)) {
                return Optional.empty();
            }
            return Optional.of(
                    new Told(
                            version,
                            tags.path(TABLE).asText(),
                            Long.parseLong(tags.path(PUBLICATION).asText()),
                            new TablePointer(tags.path(METADATA).asText()),
                            tags.path(LAYOUT).asText(),
                            info.path("inCommitTimestamp").asLong()));
        } catch (JsonProcessingException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
