package dev.tarn.model.graph;

import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import java.util.List;
import java.util.Map;

/**
 * Who is told what changes in a table.
 *
 * @param name of the feed; nobody else who tells the same system has it
 * @param place in the project's files
 * @param to which kind of system: {@code kafka}
 * @param key columns that name a row; empty where it has none
 * @param served whether servers tell it by themselves
 * @param settings what only the system understands; secrets are references
 */
public record FeedSpec(
        String name,
        Place place,
        TableName table,
        String to,
        List<String> key,
        boolean served,
        Map<String, String> settings) {
    public FeedSpec {
        key = List.copyOf(key);
        settings = Map.copyOf(settings);
    }
}
