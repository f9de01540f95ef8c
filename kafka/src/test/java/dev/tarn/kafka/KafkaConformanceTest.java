package dev.tarn.kafka;

import dev.tarn.spi.Connector;
import dev.tarn.spi.ConnectorContract;
import dev.tarn.spi.ConnectorRig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A topic of two partitions does what every source has to do. */
final class KafkaConformanceTest extends ConnectorContract {
    @TempDir private static Path logs;
    private static KafkaBroker broker;

    @TempDir Path folder;

    @BeforeAll
    static void start() throws IOException {
        broker = KafkaBroker.start(logs);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Override
    protected ConnectorRig rig() {
        String topic = "t" + UUID.randomUUID();
        broker.createTopic(topic, 2);
        return new Rig(topic, folder, broker.producer());
    }

    /** A topic. */
    private static final class Rig implements ConnectorRig {
        private final String topic;
        private final Path folder;
        private final KafkaProducer<byte[], byte[]> producer;
        private String more = "";

        Rig(String topic, Path folder, KafkaProducer<byte[], byte[]> producer) {
            this.topic = topic;
            this.folder = folder;
            this.producer = producer;
        }

        @Override
        public Connector connector() {
            return new KafkaConnector();
        }

        @Override
        public Connector.Request request() {
            return ConnectorRig.request(
                    "kafka",
                    Map.of(
                            "bootstrap_servers",
                            broker.bootstrap(),
                            "topic",
                            topic,
                            "client.max.poll.records",
                            "5"),
                    Optional.empty(),
                    folder);
        }

        @Override
        public void add(int from, int to) {
            for (int i = from; i <= to; i++) {
                byte[] value = "{\"id\":%d%s}".formatted(i, more).getBytes(StandardCharsets.UTF_8);
                KafkaBroker.send(producer, new ProducerRecord<>(topic, i % 2, null, value));
            }
            producer.flush();
        }

        @Override
        public boolean addColumn(String name) {
            more = ",\"" + name + "\":\"x\"";
            return true;
        }

        @Override
        public void close() {
            producer.close();
        }
    }
}
