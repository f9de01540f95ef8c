package dev.tarn.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Compares where reading stands with what a cluster has. */
final class Positions {
    private Positions() {}

    /**
     * Where to read each partition from.
     *
     * @param next offsets
     * @param lost what cannot be read any more
     */
    record Beginning(Map<TopicPartition, Long> next, List<LostMessages> lost) {}

    /**
     * @param kept positions by {@link PartitionPosition#name()}
     */
    static Beginning compare(
            Cluster cluster,
            List<Cluster.Partition> partitions,
            Map<String, PartitionPosition> kept) {
        Map<TopicPartition, Long> next = new HashMap<>();
        List<LostMessages> lost = new ArrayList<>();
        for (Cluster.Partition partition : partitions) {
            PartitionPosition position = kept.get(partition.topic() + "/" + partition.partition());
            if (position == null) {
                next.put(partition.key(), cluster.start(partition));
                continue;
            }
            List<LostMessages> gone = lost(cluster, partition, position);
            lost.addAll(gone);
            next.put(partition.key(), gone.isEmpty() ? position.offset() : partition.earliest());
        }
        return new Beginning(next, lost);
    }

    private static List<LostMessages> lost(
            Cluster cluster, Cluster.Partition now, PartitionPosition position) {
        String topic = now.topic();
        long offset = position.offset();
        if (!position.topicId().isEmpty() && !position.topicId().equals(now.topicId())) {
            return List.of(
                    new LostMessages.Recreated(
                            topic, now.partition(), position.topicId(), now.topicId(), offset));
        }
        if (offset < now.earliest()) {
            return List.of(
                    new LostMessages.Removed(topic, now.partition(), offset, now.earliest()));
        }
        if (offset > now.end()) {
            // Behind open transactions, the log goes on.
            long end = cluster.logEnd(now.key());
            if (offset > end) {
                return List.of(new LostMessages.Truncated(topic, now.partition(), offset, end));
            }
        }
        return List.of();
    }

    /** What the cluster says of partitions whose offset it refused. */
    static List<LostMessages> outOfRange(
            List<Cluster.Partition> partitions, Map<TopicPartition, Long> refused) {
        List<LostMessages> lost = new ArrayList<>();
        for (Cluster.Partition partition : partitions) {
            Long offset = refused.get(partition.key());
            if (offset != null) {
                lost.add(
                        offset < partition.earliest()
                                ? new LostMessages.Removed(
                                        partition.topic(),
                                        partition.partition(),
                                        offset,
                                        partition.earliest())
                                : new LostMessages.Truncated(
                                        partition.topic(),
                                        partition.partition(),
                                        offset,
                                        partition.end()));
            }
        }
        return lost;
    }
}
