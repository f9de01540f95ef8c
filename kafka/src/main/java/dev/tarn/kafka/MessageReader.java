package dev.tarn.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Reads partitions from where it is told. Positions are those of the reader alone: it belongs to no
 * group, so nobody can take partitions away from it. Used by one thread, except {@link #stop()}.
 */
final class MessageReader implements AutoCloseable {
    /** So many empty answers in a row, and the cluster is asked whether it is there. */
    private static final int QUIET_POLLS = 20;

    private static final Duration WAIT = Duration.ofMillis(250);

    private final Cluster cluster;
    private final KafkaOptions options;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> next = new LinkedHashMap<>();
    private int quiet;

    MessageReader(Cluster cluster, KafkaOptions options, int mostBytes) {
        this.cluster = cluster;
        this.options = options;
        this.consumer = cluster.consumer(mostBytes);
    }

    /** Takes what a message is made of. */
    interface Taker {
        void take(ConsumerRecord<byte[], byte[]> message);
    }

    /** Adds partitions to what is read. */
    void add(Map<TopicPartition, Long> offsets) {
        if (offsets.isEmpty()) {
            return;
        }
        next.putAll(offsets);
        consumer.assign(next.keySet());
        offsets.forEach(consumer::seek);
    }

    /** Reads on from where it is told; false if that is where it was. */
    boolean goTo(Map<TopicPartition, Long> offsets) {
        boolean gone = false;
        for (Map.Entry<TopicPartition, Long> one : offsets.entrySet()) {
            if (!one.getValue().equals(next.put(one.getKey(), one.getValue()))) {
                consumer.seek(one.getKey(), one.getValue());
                gone = true;
            }
        }
        return gone;
    }

    /** The offset that is read next. */
    long next(TopicPartition partition) {
        return next.getOrDefault(partition, 0L);
    }

    Collection<TopicPartition> partitions() {
        return Set.copyOf(next.keySet());
    }

    /** The offsets to be read next of those partitions that are not where they were. */
    Map<TopicPartition, Long> moved(Map<TopicPartition, Long> before) {
        Map<TopicPartition, Long> moved = new HashMap<>();
        next.forEach((partition, offset) -> {
            if (!offset.equals(before.get(partition))) {
                moved.put(partition, offset);
            }
        });
        return moved;
    }

    /** Whether everything before some offsets has been read. */
    boolean reached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(e -> next.getOrDefault(e.getKey(), Long.MAX_VALUE) >= e.getValue());
    }

    /**
     * Waits a moment for messages, and hands over those that came.
     *
     * @return how many
     * @throws dev.tarn.model.TarnException {@code SOURCE_UNAVAILABLE} if there were none because
     *     the cluster is not there, {@code SOURCE_DENIED}, {@code SOURCE_GONE}, {@code INTERRUPTED}
     *     after {@link #stop}
     */
    int poll(Taker taker) {
        ConsumerRecords<byte[], byte[]> messages;
        try {
            messages = consumer.poll(WAIT);
        } catch (OffsetOutOfRangeException e) {
            throw KafkaErrors.lost(
                    Positions.outOfRange(cluster.partitions(), e.offsetOutOfRangePartitions()));
        } catch (WakeupException | InterruptException e) {
            throw KafkaErrors.interrupted();
        } catch (KafkaException e) {
            throw KafkaErrors.client(options, e);
        }
        boolean progress = progress();
        messages.forEach(taker::take);
        if (progress) {
            quiet = 0;
        } else if (++quiet >= QUIET_POLLS) {
            quiet = 0;
            cluster.ends(next.keySet());
        }
        return messages.count();
    }

    /** Positions pass markers of transactions and what compaction removed, too. */
    private boolean progress() {
        boolean progress = false;
        for (Map.Entry<TopicPartition, Long> one : next.entrySet()) {
            long position = consumer.position(one.getKey());
            if (position != one.getValue()) {
                one.setValue(position);
                progress = true;
            }
        }
        return progress;
    }

    /** Ends a {@link #poll} that waits; any thread may call this. */
    void stop() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close(
                org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
