package dev.tarn.mqtt;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.jspecify.annotations.Nullable;

/**
 * A real broker for tests, in a JVM of its own, on loopback and on ports that stay the same when it
 * is started again. Its levers: it can be killed, stopped and started, with its sessions kept.
 */
public final class MqttBroker implements AutoCloseable {
    /** What those who have a name have to say. */
    public static final String PASSWORD = "correct-horse-42";

    private static final String STORE_PASSWORD = "changeit";

    private final Path folder;
    private final int port;
    private final int encryptedPort;
    private final boolean encrypted;
    private @Nullable Process process;
    private @Nullable MqttClient sender;

    private MqttBroker(Path folder, boolean encrypted) throws IOException {
        this.folder = folder;
        this.port = freePort();
        this.encryptedPort = freePort();
        this.encrypted = encrypted;
    }

    /** Starts a broker whose data lies in a folder. */
    public static MqttBroker start(Path folder) throws IOException {
        return start(folder, false);
    }

    /** The same; with TLS beside it, if so, under the certificate in {@link #authority}. */
    static MqttBroker start(Path folder, boolean encrypted) throws IOException {
        MqttBroker broker = new MqttBroker(Files.createDirectories(folder), encrypted);
        if (encrypted) {
            broker.makeCertificate();
        }
        broker.start();
        return broker;
    }

    /** Where the jars of the broker are listed; the build writes it. */
    private static String jars() throws IOException {
        for (String place : List.of("target", "../mqtt/target")) {
            Path file = Path.of(place, "hivemq.classpath");
            if (Files.exists(file)) {
                return Files.readString(file).strip();
            }
        }
        throw new IOException("mqtt/target/hivemq.classpath is missing: build the module mqtt.");
    }

    public String url() {
        return "mqtt://127.0.0.1:" + port;
    }

    String encryptedUrl() {
        return "mqtts://localhost:" + encryptedPort;
    }

    Path authority() {
        return folder.resolve("authority.pem");
    }

    int port() {
        return port;
    }

    private void makeCertificate() throws IOException {
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String store = folder.resolve("broker.p12").toString();
        run(
                List.of(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "broker",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-keystore",
                        store,
                        "-storetype",
                        "JKS",
                        "-keypass",
                        STORE_PASSWORD,
                        "-storepass",
                        STORE_PASSWORD));
        run(
                List.of(
                        keytool,
                        "-exportcert",
                        "-rfc",
                        "-alias",
                        "broker",
                        "-keystore",
                        store,
                        "-storepass",
                        STORE_PASSWORD,
                        "-file",
                        authority().toString()));
    }

    private static void run(List<String> command) throws IOException {
        try {
            Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (tool.waitFor() != 0) {
                throw new IOException(said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private String configuration() {
        String tls =
                """
                <tls-tcp-listener><port>%d</port><bind-address>127.0.0.1</bind-address><tls>
                <keystore><path>%s</path><password>%s</password>
                <private-key-password>%s</private-key-password></keystore></tls></tls-tcp-listener>
                """
                        .formatted(
                                encryptedPort,
                                folder.resolve("broker.p12"),
                                STORE_PASSWORD,
                                STORE_PASSWORD);
        return """
        <hivemq><listeners>
        <tcp-listener><port>%d</port><bind-address>127.0.0.1</bind-address></tcp-listener>
        %s</listeners>
        <mqtt><queued-messages><max-queue-size>100000</max-queue-size></queued-messages></mqtt>
        <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
        </hivemq>
        """
                .formatted(port, encrypted ? tls : "");
    }

    /** Starts it again on what is there. */
    public void start() throws IOException {
        Path conf = Files.createDirectories(folder.resolve("conf"));
        Files.writeString(conf.resolve("config.xml"), configuration());
        Path log = folder.resolve("broker.log");
        String own =
                Path.of(
                                BrokerMain.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .getPath())
                        .toString();
        Process started =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-Xmx512m",
                                        "-XX:+UseSerialGC",
                                        "-XX:TieredStopAtLevel=1",
                                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                                        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                                        "-cp",
                                        own + ":" + jars(),
                                        BrokerMain.class.getName(),
                                        folder.toString(),
                                        PASSWORD))
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

    /** Ends it without a goodbye. */
    public void kill() {
        Process running = process;
        process = null;
        forgetSender();
        if (running != null) {
            running.destroyForcibly();
            try {
                running.waitFor(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void forgetSender() {
        MqttClient client = sender;
        sender = null;
        if (client != null) {
            try {
                client.disconnectForcibly(0, 1, false);
                client.close();
            } catch (MqttException e) {
                // The broker may be gone already.
            }
        }
    }

    private synchronized MqttClient sender() throws MqttException {
        MqttClient client = sender;
        if (client == null || !client.isConnected()) {
            client =
                    new MqttClient(
                            "tcp://127.0.0.1:" + port,
                            "sender-" + UUID.randomUUID(),
                            new MemoryPersistence());
            MqttConnectionOptions options = new MqttConnectionOptions();
            options.setReceiveMaximum(1000);
            client.connect(options);
            sender = client;
        }
        return client;
    }

    public void send(String topic, String payload, int quality) {
        send(topic, payload.getBytes(StandardCharsets.UTF_8), quality, false, Map.of());
    }

    /** Sends a message, and comes back when the broker has it. */
    public void send(
            String topic,
            byte[] payload,
            int quality,
            boolean retained,
            Map<String, String> properties) {
        MqttMessage message = new MqttMessage(payload, quality, retained, new MqttProperties());
        message.getProperties()
                .setUserProperties(
                        properties.entrySet().stream()
                                .map(e -> new UserProperty(e.getKey(), e.getValue()))
                                .toList());
        if (!properties.isEmpty()) {
            message.getProperties().setContentType("application/json");
        }
        try {
            publish(topic, message);
        } catch (MqttException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    /** The client loses count of what is underway after a while; then another one begins anew. */
    private void publish(String topic, MqttMessage message) throws MqttException {
        try {
            sender().publish(topic, message);
        } catch (MqttException e) {
            if (e.getReasonCode() != MqttClientException.REASON_CODE_MAX_INFLIGHT) {
                throw e;
            }
            forgetSender();
            sender().publish(topic, message);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
