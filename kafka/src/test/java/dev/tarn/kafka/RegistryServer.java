package dev.tarn.kafka;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;

/**
 * A schema registry that answers as Confluent's does, as far as readers and writers of Avro ask:
 * schemas by number and by subject and version, with references; new versions, which have to read
 * what the last one wrote. Its levers: it can refuse accounts, fail, be away and take anything.
 */
public final class RegistryServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final List<ObjectNode> schemas = new ArrayList<>();
    private final Map<String, List<Integer>> subjects = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Optional<String> account = Optional.empty();
    private volatile int failing;
    private volatile boolean strict = true;

    private RegistryServer(HttpServer server) {
        this.server = server;
    }

    public static RegistryServer start() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        RegistryServer registry = new RegistryServer(server);
        server.createContext("/", registry::answer);
        server.start();
        return registry;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /**
     * Adds a schema as the next version of a subject.
     *
     * @param references subjects by the name that the schema uses for them, in their last version
     * @return its number
     */
    public synchronized int add(
            String subject, String kind, String schema, Map<String, String> references) {
        ObjectNode node = JSON.createObjectNode();
        node.put("schema", schema);
        if (!kind.equals("AVRO")) {
            node.put("schemaType", kind);
        }
        if (!references.isEmpty()) {
            ArrayNode array = node.putArray("references");
            references.forEach((name, other) -> {
                ObjectNode reference = array.addObject();
                reference.put("name", name);
                reference.put("subject", other);
                reference.put("version", subjects.getOrDefault(other, List.of()).size());
            });
        }
        schemas.add(node);
        subjects.computeIfAbsent(subject, s -> new ArrayList<>()).add(schemas.size());
        return schemas.size();
    }

    public int add(String subject, String kind, String schema) {
        return add(subject, kind, schema, Map.of());
    }

    /** From now on, only this account is answered. */
    public void require(String user, String password) {
        account = Optional.of(user + ":" + password);
    }

    /** From now on, each answer is this status; 0 for real answers. */
    public void failWith(int status) {
        failing = status;
    }

    /** From now on, a version need not read what the last one wrote. */
    public void takeAnything() {
        strict = false;
    }

    /** How many versions a subject has. */
    public synchronized int versions(String subject) {
        return subjects.getOrDefault(subject, List.of()).size();
    }

    /** The schema of a subject's last version. */
    public synchronized String latest(String subject) {
        int last = subjects.getOrDefault(subject, List.of()).getLast();
        return schemas.get(last - 1).get("schema").textValue();
    }

    /** How often it has been asked. */
    public int asked() {
        return asked.get();
    }

    /** A message as serialisers write it: a zero, the number of its schema, its value. */
    public static byte[] framed(int id, byte[] value) {
        return ByteBuffer.allocate(5 + value.length).put((byte) 0).putInt(id).put(value).array();
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        String wanted =
                account.map(a ->
                                "Basic "
                                        + Base64.getEncoder()
                                                .encodeToString(a.getBytes(StandardCharsets.UTF_8)))
                        .orElse(given);
        if (failing != 0) {
            send(exchange, failing, "{\"error_code\":" + failing + "}");
        } else if (wanted != null && !wanted.equals(given)) {
            send(
                    exchange,
                    401,
                    "{\"error_code\":401,\"message\":\"User cannot access the resource.\"}");
        } else if (exchange.getRequestMethod().equals("POST")) {
            register(exchange);
        } else {
            Optional<ObjectNode> found = found(exchange.getRequestURI().getRawPath());
            send(
                    exchange,
                    found.isPresent() ? 200 : 404,
                    found.map(ObjectNode::toString)
                            .orElse("{\"error_code\":40403,\"message\":\"Schema not found\"}"));
        }
    }

    /** What a subject has keeps its number, and so does what another one has. */
    private void register(HttpExchange exchange) throws IOException {
        String subject =
                URLDecoder.decode(
                        exchange.getRequestURI().getRawPath().split("/")[2],
                        StandardCharsets.UTF_8);
        String schema = JSON.readTree(exchange.getRequestBody()).path("schema").asText();
        List<Integer> versions = subjects.computeIfAbsent(subject, s -> new ArrayList<>());
        int id = 1;
        while (id <= schemas.size() && !schemas.get(id - 1).get("schema").asText().equals(schema)) {
            id++;
        }
        if (!versions.contains(id)) {
            if (strict && !versions.isEmpty() && !reads(schema, latest(subject))) {
                send(
                        exchange,
                        409,
                        "{\"error_code\":409,\"message\":\"Schema being registered is incompatible with an earlier schema\"}");
                return;
            }
            if (id > schemas.size()) {
                schemas.add(JSON.createObjectNode().put("schema", schema));
            }
            versions.add(id);
        }
        send(exchange, 200, "{\"id\":" + id + "}");
    }

    private static boolean reads(String now, String before) {
        return SchemaCompatibility.checkReaderWriterCompatibility(
                                new Schema.Parser().parse(now), new Schema.Parser().parse(before))
                        .getType()
                == SchemaCompatibility.SchemaCompatibilityType.COMPATIBLE;
    }

    private Optional<ObjectNode> found(String path) {
        String[] parts = path.substring(1).split("/");
        int id = 0;
        if (parts.length == 3 && parts[0].equals("schemas")) {
            id = Integer.parseInt(parts[2]);
        } else if (parts.length == 4 && parts[0].equals("subjects")) {
            String subject = URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
            List<Integer> versions = subjects.getOrDefault(subject, List.of());
            int version = parts[3].equals("latest") ? versions.size() : Integer.parseInt(parts[3]);
            id = version >= 1 && version <= versions.size() ? versions.get(version - 1) : 0;
        }
        return id >= 1 && id <= schemas.size()
                ? Optional.of(schemas.get(id - 1))
                : Optional.empty();
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
