package dev.tarn.mqtt;

import dev.tarn.spi.Connector;
import dev.tarn.spi.ConnectorContract;
import dev.tarn.spi.ConnectorRig;
import dev.tarn.spi.OpenSource;
import dev.tarn.spi.OpenSource.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Topics below a name do what every source has to do, with messages of all qualities that last. */
final class MqttConformanceTest extends ConnectorContract {
    @TempDir private static Path data;
    private static MqttBroker broker;

    @TempDir Path folder;

    @BeforeAll
    static void start() throws IOException {
        broker = MqttBroker.start(data);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Override
    protected ConnectorRig rig() {
        Rig rig = new Rig("t" + UUID.randomUUID(), folder);
        // A broker keeps what comes after it was first asked for it.
        try (OpenSource source = rig.connector().open(rig.request())) {
            Optional<OpenSource.Batch> unused =
                    source.next(Map.of(), new Limits(1, 1, Duration.ofSeconds(20), false));
        }
        return rig;
    }

    private static final class Rig implements ConnectorRig {
        private final String topic;
        private final Path folder;
        private String more = "";

        Rig(String topic, Path folder) {
            this.topic = topic;
            this.folder = folder;
        }

        @Override
        public Connector connector() {
            return new MqttConnector();
        }

        @Override
        public Connector.Request request() {
            return ConnectorRig.request(
                    "mqtt",
                    Map.of(
                            "url",
                            broker.url(),
                            "topic",
                            topic + "/{device}/#",
                            "client_id",
                            topic,
                            "settle",
                            "400ms",
                            "user",
                            "reader",
                            "password",
                            MqttBroker.PASSWORD),
                    Optional.empty(),
                    folder);
        }

        @Override
        public void add(int from, int to) {
            for (int i = from; i <= to; i++) {
                broker.send(
                        topic + "/d" + i % 3 + "/state",
                        "{\"id\":%d%s}".formatted(i, more),
                        1 + i % 2);
            }
        }

        @Override
        public boolean addColumn(String name) {
            more = ",\"" + name + "\":\"x\"";
            return true;
        }

        @Override
        public boolean down() {
            broker.kill();
            return true;
        }

        @Override
        public void up() throws IOException {
            broker.start();
        }

        @Override
        public Optional<String> secret() {
            return Optional.of(MqttBroker.PASSWORD);
        }

        @Override
        public void close() {}
    }
}
