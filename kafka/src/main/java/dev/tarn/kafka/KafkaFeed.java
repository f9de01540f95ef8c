package dev.tarn.kafka;

import dev.tarn.model.table.Schema;
import dev.tarn.spi.OpenOutlet;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A topic that is told what changes in a table. Messages of a step and the position behind it are
 * one transaction of Kafka. The position has a compacted topic of its own: nobody else's
 * transaction can stand before it.
 */
final class KafkaFeed implements OpenOutlet {
    private static final byte[] POSITION = "position".getBytes(StandardCharsets.UTF_8);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** Consumers of committed messages wait so long at most for a process that was killed. */
    private static final int TRANSACTION_MILLIS = 300_000;

    private final FeedOptions options;
    private final KafkaProducer<byte[], byte[]> producer;
    private final FeedSubjects subjects;
    private @Nullable ChangeMessage messages;
    private boolean begun;
    private volatile boolean cancelled;

    private KafkaFeed(FeedOptions options, KafkaProducer<byte[], byte[]> producer) {
        this.options = options;
        this.producer = producer;
        this.subjects = new FeedSubjects(options);
    }

    /** How the cluster knows the feed among those who write in transactions. */
    static String transactions(FeedOptions options) {
        return "tarn.feed." + options.feed().name();
    }

    /** Connects, and ends what others who told this feed left open. */
    static KafkaFeed open(FeedOptions options) {
        try (Admin admin = Admin.create(settings(options))) {
            requireTopic(options, admin);
            makePositions(options, admin);
        } catch (KafkaException e) {
            throw KafkaFeedErrors.settings(options, e);
        }
        Map<String, Object> settings = new HashMap<>();
        settings.put("linger.ms", 5);
        settings.put("transaction.timeout.ms", TRANSACTION_MILLIS);
        settings.putAll(settings(options));
        settings.put("enable.idempotence", true);
        settings.put("acks", "all");
        settings.put("transactional.id", transactions(options));
        KafkaProducer<byte[], byte[]> producer;
        try {
            producer =
                    new KafkaProducer<>(
                            settings, new ByteArraySerializer(), new ByteArraySerializer());
        } catch (KafkaException e) {
            throw KafkaFeedErrors.settings(options, e);
        }
        try {
            producer.initTransactions();
            return new KafkaFeed(options, producer);
        } catch (KafkaException e) {
            producer.close(Duration.ZERO);
            throw failure(options, e);
        }
    }

    private static Map<String, Object> settings(FeedOptions options) {
        Map<String, Object> settings = new HashMap<>(options.client());
        settings.put("bootstrap.servers", options.bootstrap());
        return settings;
    }

    private static void requireTopic(FeedOptions options, Admin admin) {
        try {
            await(admin.describeTopics(List.of(options.topic())).allTopicNames());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw KafkaFeedErrors.noTopic(options);
            }
            throw KafkaFeedErrors.client(options, e);
        }
    }

    private static void makePositions(FeedOptions options, Admin admin) {
        NewTopic topic =
                new NewTopic(options.positions(), Optional.of(1), Optional.empty())
                        .configs(Map.of("cleanup.policy", "compact"));
        try {
            await(admin.createTopics(List.of(topic)).all());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw KafkaFeedErrors.client(options, e);
            }
        }
    }

    private static <T> T await(KafkaFuture<T> future) throws ExecutionException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KafkaFeedErrors.interrupted();
        }
    }

    private static RuntimeException failure(FeedOptions options, KafkaException failure) {
        return failure instanceof InterruptException
                ? KafkaFeedErrors.interrupted()
                : KafkaFeedErrors.client(options, failure);
    }

    @Override
    public Optional<String> position() {
        Map<String, Object> settings = settings(options);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "earliest");
        settings.put("allow.auto.create.topics", false);
        List<TopicPartition> partition = List.of(new TopicPartition(options.positions(), 0));
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partition);
            long end = consumer.endOffsets(partition, LONGEST).getOrDefault(partition.get(0), 0L);
            consumer.seekToBeginning(partition);
            Optional<String> last = Optional.empty();
            while (consumer.position(partition.get(0), LONGEST) < end) {
                checkCancelled();
                for (ConsumerRecord<byte[], byte[]> one : consumer.poll(Duration.ofMillis(250))) {
                    last =
                            Optional.ofNullable(one.value())
                                    .map(v -> new String(v, StandardCharsets.UTF_8));
                }
            }
            return last;
        } catch (KafkaException e) {
            throw failure(options, e);
        }
    }

    @Override
    public void begin(Schema columns) {
        checkCancelled();
        messages = new ChangeMessage(options, columns, subjects);
        try {
            producer.beginTransaction();
            begun = true;
        } catch (KafkaException e) {
            throw failure(options, e);
        }
    }

    @Override
    public void tell(Change change) {
        checkCancelled();
        ChangeMessage known = messages;
        if (known == null) {
            throw new IllegalStateException("A step has to begin first.");
        }
        known.of(change).forEach(this::send);
    }

    /** What goes wrong with a message ends the transaction, and is told when it is to commit. */
    private void send(ProducerRecord<byte[], byte[]> message) {
        try {
            Future<?> unused = producer.send(message);
        } catch (KafkaException e) {
            throw failure(options, e);
        }
    }

    @Override
    public void commit(String position) {
        send(
                new ProducerRecord<>(
                        options.positions(),
                        0,
                        POSITION,
                        position.getBytes(StandardCharsets.UTF_8)));
        try {
            producer.commitTransaction();
            begun = false;
        } catch (KafkaException e) {
            throw failure(options, e);
        }
    }

    @Override
    public void abandon() {
        if (!begun) {
            return;
        }
        begun = false;
        try {
            producer.abortTransaction();
        } catch (KafkaException e) {
            // Whoever tells this feed next ends it.
        }
    }

    private void checkCancelled() {
        if (cancelled) {
            throw KafkaFeedErrors.interrupted();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    @Override
    public void close() {
        abandon();
        subjects.close();
        producer.close(Duration.ofSeconds(1));
    }
}
