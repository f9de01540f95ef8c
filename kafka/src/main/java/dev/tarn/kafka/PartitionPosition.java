package dev.tarn.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.kafka.common.TopicPartition;

/**
 * Where reading stands in a partition. The topic's id tells a topic that was deleted and made again
 * from the one that was read.
 *
 * @param topicId the id that the cluster gave the topic; empty when it gives none
 * @param offset of the first message that has not been landed
 */
record PartitionPosition(String topic, int partition, String topicId, long offset) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The name under which the position is kept. */
    String name() {
        return topic + "/" + partition;
    }

    TopicPartition key() {
        return new TopicPartition(topic, partition);
    }

    /** The value that is kept. */
    String value() {
        ObjectNode node = JSON.createObjectNode();
        node.put("offset", offset);
        node.put("topic_id", topicId);
        return node.toString();
    }

    /**
     * @throws dev.tarn.model.TarnException {@code CATALOG_CORRUPT} if the value is no position
     */
    static PartitionPosition of(String name, String value) {
        int slash = name.lastIndexOf('/');
        try {
            JsonNode node = JSON.readTree(value);
            return new PartitionPosition(
                    name.substring(0, slash),
                    Integer.parseInt(name.substring(slash + 1)),
                    node.path("topic_id").asText(""),
                    node.required("offset").asLong());
        } catch (JsonProcessingException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw KafkaErrors.noPosition(name, value);
        }
    }

    PartitionPosition at(long newOffset) {
        return new PartitionPosition(topic, partition, topicId, newOffset);
    }
}
