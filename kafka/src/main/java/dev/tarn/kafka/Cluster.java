package dev.tarn.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The cluster of one source: which topics and partitions there are, and from where to where. */
final class Cluster implements AutoCloseable {
    /** A request that was not answered for so long has failed. */
    private static final int MOST_WAIT_MILLIS = 15_000;

    private final KafkaOptions options;
    private final Map<String, Object> client;
    private final Admin admin;
    private final Set<KafkaFuture<?>> awaited = ConcurrentHashMap.newKeySet();
    private volatile boolean cancelled;

    private Cluster(KafkaOptions options, Map<String, Object> client, Admin admin) {
        this.options = options;
        this.client = client;
        this.admin = admin;
    }

    /**
     * @throws dev.tarn.model.TarnException {@code CONFIG_INVALID} if the client refuses its
     *     settings
     */
    static Cluster open(KafkaOptions options) {
        Map<String, Object> client = new HashMap<>();
        client.put("request.timeout.ms", MOST_WAIT_MILLIS);
        client.put("default.api.timeout.ms", MOST_WAIT_MILLIS);
        client.put("reconnect.backoff.max.ms", 1000);
        client.putAll(options.client());
        client.put("bootstrap.servers", options.bootstrap());
        try {
            return new Cluster(options, client, Admin.create(client));
        } catch (KafkaException e) {
            throw KafkaErrors.refused(options, e);
        }
    }

    /**
     * A partition as the cluster tells it.
     *
     * @param topicId of the topic that has this name now
     * @param earliest offset of the first message that is there
     * @param end behind the last one that may be read
     */
    record Partition(String topic, String topicId, int partition, long earliest, long end) {
        TopicPartition key() {
            return new TopicPartition(topic, partition);
        }
    }

    /**
     * All partitions of the source's topics, ordered by name and number.
     *
     * @throws dev.tarn.model.TarnException {@code SOURCE_UNREADABLE} if a named topic is not there,
     *     {@code SOURCE_DENIED}, {@code SOURCE_UNAVAILABLE}
     */
    List<Partition> partitions() {
        Map<String, TopicDescription> topics = topics();
        Map<TopicPartition, String> ids = new LinkedHashMap<>();
        topics.values().stream()
                .sorted(Comparator.comparing(TopicDescription::name))
                .forEach(topic ->
                        topic.partitions()
                                .forEach(p ->
                                        ids.put(
                                                new TopicPartition(topic.name(), p.partition()),
                                                topic.topicId().toString())));
        Map<TopicPartition, Long> earliest = offsets(ids.keySet(), tp -> OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = offsets(ids.keySet(), tp -> OffsetSpec.latest());
        List<Partition> partitions = new ArrayList<>();
        ids.forEach((tp, id) ->
                partitions.add(
                        new Partition(
                                tp.topic(),
                                id,
                                tp.partition(),
                                earliest.getOrDefault(tp, 0L),
                                ends.getOrDefault(tp, 0L))));
        return partitions;
    }

    /** Where partitions are behind their last message that may be read. */
    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
        return offsets(partitions, tp -> OffsetSpec.latest());
    }

    /** Where a partition's log ends, messages of open transactions included. */
    long logEnd(TopicPartition partition) {
        return offsets(
                        List.of(partition),
                        tp -> OffsetSpec.latest(),
                        IsolationLevel.READ_UNCOMMITTED)
                .getOrDefault(partition, 0L);
    }

    /** The offset where a partition is begun that was never read. */
    long start(Partition partition) {
        return switch (options.start()) {
            case KafkaOptions.Start.Earliest e -> partition.earliest();
            case KafkaOptions.Start.Latest l -> partition.end();
            case KafkaOptions.Start.At at -> {
                long found =
                        offsets(
                                        List.of(partition.key()),
                                        tp -> OffsetSpec.forTimestamp(at.time().toEpochMilli()))
                                .getOrDefault(partition.key(), -1L);
                yield found < 0 ? partition.end() : found;
            }
        };
    }

    private Map<String, TopicDescription> topics() {
        Set<String> names = new HashSet<>(options.topics());
        options.pattern()
                .ifPresent(pattern ->
                        names.addAll(
                                await(
                                                admin.listTopics(
                                                                new ListTopicsOptions()
                                                                        .listInternal(false))
                                                        .names())
                                        .stream()
                                        .filter(name -> pattern.matcher(name).matches())
                                        .collect(Collectors.toSet())));
        if (names.isEmpty()) {
            throw KafkaErrors.noTopics(options);
        }
        return await(admin.describeTopics(names).allTopicNames());
    }

    private Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions, Function<TopicPartition, OffsetSpec> which) {
        return offsets(
                partitions,
                which,
                options.committed()
                        ? IsolationLevel.READ_COMMITTED
                        : IsolationLevel.READ_UNCOMMITTED);
    }

    private Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions,
            Function<TopicPartition, OffsetSpec> which,
            IsolationLevel isolation) {
        Map<TopicPartition, ListOffsetsResultInfo> found =
                await(
                        admin.listOffsets(
                                        partitions.stream()
                                                .collect(Collectors.toMap(tp -> tp, which)),
                                        new ListOffsetsOptions(isolation))
                                .all());
        Map<TopicPartition, Long> offsets = new HashMap<>();
        found.forEach((tp, info) -> offsets.put(tp, info.offset()));
        return offsets;
    }

    /**
     * A consumer that begins where it is told, forgets nothing by itself and belongs to no group.
     *
     * @param mostBytes of one answer of a broker
     */
    KafkaConsumer<byte[], byte[]> consumer(int mostBytes) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("max.poll.records", 5000);
        settings.put("fetch.min.bytes", 1);
        settings.put("fetch.max.bytes", mostBytes);
        settings.put("max.partition.fetch.bytes", Math.max(1 << 20, mostBytes / 4));
        // As the system likes: the client's own 64 kB hold little of what comes while rows are
        // made.
        settings.put("receive.buffer.bytes", -1);
        settings.putAll(client);
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "none");
        settings.put("allow.auto.create.topics", false);
        settings.put(
                "isolation.level", options.committed() ? "read_committed" : "read_uncommitted");
        try {
            return new KafkaConsumer<>(
                    settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw KafkaErrors.refused(options, e);
        }
    }

    /** Tells a group how far reading is, for others to see. */
    void tell(String group, Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, OffsetAndMetadata> told = new HashMap<>();
        offsets.forEach((tp, offset) -> told.put(tp, new OffsetAndMetadata(offset)));
        await(admin.alterConsumerGroupOffsets(group, told).all());
    }

    /** Ends whatever is waited for, now and later. Any thread may call it. */
    void cancel() {
        cancelled = true;
        awaited.forEach(answer -> answer.cancel(true));
    }

    private <T> T await(KafkaFuture<T> future) {
        awaited.add(future);
        try {
            if (cancelled) {
                throw KafkaErrors.interrupted();
            }
            return future.get();
        } catch (CancellationException e) {
            throw KafkaErrors.interrupted();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KafkaErrors.interrupted();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof UnknownTopicOrPartitionException) {
                throw KafkaErrors.noTopics(options);
            }
            throw KafkaErrors.client(options, cause == null ? e : cause);
        } finally {
            awaited.remove(future);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
