package dev.tarn.kafka;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A real broker for tests, in a JVM of its own, on loopback and on ports that stay the same when it
 * is started again. Its levers: it can be killed, stopped and started, with its log kept.
 */
public final class KafkaBroker implements AutoCloseable {
    private static final Duration LEADERS = Duration.ofSeconds(60);

    private final Path folder;
    private final int port;
    private final int controllerPort;
    private final int clientPort;
    private final Map<String, String> more;
    private @Nullable Process process;

    private KafkaBroker(Path folder, Map<String, String> more) throws IOException {
        this.folder = folder;
        this.port = freePort();
        this.controllerPort = freePort();
        this.clientPort = freePort();
        this.more = new LinkedHashMap<>(more);
    }

    /** Starts a broker whose data lies in a folder. */
    public static KafkaBroker start(Path folder) throws IOException {
        return start(folder, Map.of());
    }

    /**
     * @param more properties of the broker, with {@code {port}}, {@code {controller}} and {@code
     *     {client}} for the numbers of its ports
     */
    public static KafkaBroker start(Path folder, Map<String, String> more) throws IOException {
        KafkaBroker broker = new KafkaBroker(Files.createDirectories(folder), more);
        broker.start();
        return broker;
    }

    /** Where clients ask first. */
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** Where clients ask that have to say who they are, if there is such a listener. */
    public String clients() {
        return "127.0.0.1:" + clientPort;
    }

    /** Starts it again on the log that is there. */
    public void start() throws IOException {
        Path file = folder.resolve("broker.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            properties().store(out, null);
        }
        Path log = folder.resolve("broker.log");
        Process started =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-Xmx384m",
                                        "-XX:+UseSerialGC",
                                        "-XX:TieredStopAtLevel=1",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        BrokerMain.class.getName(),
                                        file.toString()))
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        process = started;
        BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.equals("READY")) {
                drain(out);
                return;
            }
            said.append(line).append('\n');
        }
        throw new IOException("The broker did not start:\n" + said + Files.readString(log));
    }

    private static void drain(BufferedReader out) {
        Thread.ofVirtual()
                .start(() -> {
                    try (out) {
                        out.transferTo(Writer.nullWriter());
                    } catch (IOException killed) {
                        // There is nobody any more who could say something.
                    }
                });
    }

    private Properties properties() {
        Properties p = new Properties();
        p.putAll(
                Map.of(
                        "process.roles", "broker,controller",
                        "node.id", "1",
                        "controller.quorum.voters", "1@127.0.0.1:" + controllerPort,
                        "listeners",
                                "PLAINTEXT://127.0.0.1:"
                                        + port
                                        + ",CONTROLLER://127.0.0.1:"
                                        + controllerPort,
                        "advertised.listeners", "PLAINTEXT://127.0.0.1:" + port,
                        "listener.security.protocol.map",
                                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                        "controller.listener.names", "CONTROLLER",
                        "inter.broker.listener.name", "PLAINTEXT",
                        "log.dirs", folder.resolve("data").toString()));
        for (String one :
                List.of(
                        "offsets.topic.replication.factor",
                        "offsets.topic.num.partitions",
                        "transaction.state.log.replication.factor",
                        "transaction.state.log.min.isr",
                        "transaction.state.log.num.partitions",
                        "share.coordinator.state.topic.replication.factor",
                        "share.coordinator.state.topic.min.isr",
                        "share.coordinator.state.topic.num.partitions",
                        "num.network.threads")) {
            p.setProperty(one, "1");
        }
        p.setProperty("group.initial.rebalance.delay.ms", "0");
        p.setProperty("num.io.threads", "2");
        p.setProperty("background.threads", "2");
        p.setProperty("auto.create.topics.enable", "false");
        p.setProperty("log.cleaner.dedupe.buffer.size", "2097152");
        p.setProperty("log.retention.ms", "-1");
        p.setProperty("log.segment.bytes", "268435456");
        p.setProperty("message.max.bytes", "67108864");
        p.setProperty("socket.request.max.bytes", "104857600");
        more.forEach((key, value) ->
                p.setProperty(
                        key,
                        value.replace("{port}", String.valueOf(port))
                                .replace("{controller}", String.valueOf(controllerPort))
                                .replace("{client}", String.valueOf(clientPort))));
        return p;
    }

    /** Ends it as a power failure would. */
    public void kill() {
        Process running = process;
        process = null;
        if (running != null) {
            running.destroyForcibly();
            waitFor(running);
        }
    }

    /** Ends it in order. */
    public void stop() {
        Process running = process;
        process = null;
        if (running == null) {
            return;
        }
        try {
            running.getOutputStream().close();
        } catch (IOException e) {
            running.destroyForcibly();
        }
        waitFor(running);
    }

    private static void waitFor(Process running) {
        try {
            if (!running.waitFor(30, TimeUnit.SECONDS)) {
                running.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Lets it fall silent: connections stay, and nobody answers. */
    public void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Lets it go on. */
    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process running = process;
        if (running != null) {
            new ProcessBuilder("kill", "-" + name, Long.toString(running.pid())).start().waitFor();
        }
    }

    @Override
    public void close() {
        kill();
    }

    /**
     * Makes a topic with settings of its own, and waits until the broker leads its partitions: the
     * controller answers before.
     */
    public void createTopic(String topic, int partitions, Map<String, String> settings) {
        admin(admin -> {
            admin.createTopics(
                            List.of(new NewTopic(topic, partitions, (short) 1).configs(settings)))
                    .all()
                    .get();
            awaitLeaders(admin, topic, partitions);
            return topic;
        });
    }

    /**
     * The client asks again by itself while a partition has no leader that answers, but not while
     * the broker has not yet heard of the topic.
     */
    private static void awaitLeaders(Admin admin, String topic, int partitions)
            throws InterruptedException, ExecutionException {
        for (long end = System.nanoTime() + LEADERS.toNanos(); ; ) {
            try {
                Object unused = ends(admin, topic, partitions);
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException) || System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    private static Object ends(Admin admin, String topic, int partitions)
            throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> all = new HashMap<>();
        for (int i = 0; i < partitions; i++) {
            all.put(new TopicPartition(topic, i), OffsetSpec.latest());
        }
        return admin.listOffsets(all).all().get();
    }

    public void createTopic(String topic, int partitions) {
        createTopic(topic, partitions, Map.of());
    }

    public void deleteTopic(String topic) {
        admin(admin -> admin.deleteTopics(List.of(topic)).all().get());
    }

    /** Gives a topic more partitions. */
    public void addPartitions(String topic, int total) {
        admin(admin ->
                admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(total))).all().get());
    }

    /** Forgets what is before an offset, as retention would. */
    public void deleteRecords(String topic, int partition, long before) {
        admin(admin ->
                admin.deleteRecords(
                                Map.of(
                                        new TopicPartition(topic, partition),
                                        RecordsToDelete.beforeOffset(before)))
                        .all()
                        .get());
    }

    /** The offsets that a consumer group has committed, by {@code topic-partition}. */
    public Map<String, Long> committed(String group) {
        Map<String, Long> offsets = new HashMap<>();
        admin(admin -> {
            admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((tp, offset) -> offsets.put(tp.toString(), offset.offset()));
            return offsets;
        });
        return offsets;
    }

    private interface Administration {
        @Nullable Object with(Admin admin) throws InterruptedException, ExecutionException;
    }

    private void admin(Administration work) {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrap()))) {
            work.with(admin);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** A producer of bytes, with settings of its own. */
    public KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>();
        all.put("bootstrap.servers", bootstrap());
        all.put("linger.ms", "5");
        all.put("max.request.size", "67108864");
        all.put("buffer.memory", "134217728");
        all.putAll(settings);
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    public KafkaProducer<byte[], byte[]> producer() {
        return producer(Map.of());
    }

    /** Gives a message to a producer, which sends it before it is closed. */
    public static void send(
            KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> message) {
        Future<?> unused = producer.send(message);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
