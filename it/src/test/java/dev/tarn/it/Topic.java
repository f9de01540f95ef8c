package dev.tarn.it;

import dev.tarn.kafka.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What others see in a topic who read what is committed. */
final class Topic {
    private Topic() {}

    /** A message: where it is, its key and its value as texts, and the headers. */
    record Message(String place, String key, String value, String change) {
        @Override
        public String toString() {
            return change + " " + key + " " + value;
        }
    }

    /**
     * All messages of a topic, partition by partition. Transactions that have been committed are
     * waited for: their marks come to the topic a moment later.
     */
    static List<Message> read(KafkaBroker broker, String topic, int partitions) {
        List<TopicPartition> all =
                IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(topic, p)).toList();
        Map<TopicPartition, Long> ends;
        try (KafkaConsumer<byte[], byte[]> any = consumer(broker, "read_uncommitted")) {
            ends = any.endOffsets(all);
        }
        List<Message> messages = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(broker, "read_committed")) {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            while (all.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                for (ConsumerRecord<byte[], byte[]> one : consumer.poll(Duration.ofMillis(250))) {
                    messages.add(message(one));
                }
            }
        }
        return messages;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(KafkaBroker broker, String isolation) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "isolation.level", isolation),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static Message message(ConsumerRecord<byte[], byte[]> one) {
        Header change = one.headers().lastHeader("tarn-change");
        return new Message(
                one.partition() + "/" + one.offset(),
                text(one.key()),
                text(one.value()),
                change == null ? "" : text(change.value()));
    }

    private static String text(byte @org.jspecify.annotations.Nullable [] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }
}
