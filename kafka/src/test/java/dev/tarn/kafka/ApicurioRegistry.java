package dev.tarn.kafka;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Apicurio's registry, in a JVM of its own, on loopback and with its schemas in memory. What it
 * tells is asked for with Confluent's protocol.
 */
public final class ApicurioRegistry implements AutoCloseable {
    private static final Path PROGRAM = Path.of("..", "kafka", "target", "apicurio");
    private static final Pattern READY =
            Pattern.compile("started in .*Listening on: (http://\\S+?)\\.? ");
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final String url;

    private ApicurioRegistry(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /**
     * Waits until it answers.
     *
     * @param folder what it says is kept here
     */
    public static ApicurioRegistry start(Path folder) throws IOException, InterruptedException {
        Path log = folder.resolve("apicurio.log");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx384m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Dquarkus.http.host=127.0.0.1",
                                "-Dquarkus.http.port=0",
                                "-Dquarkus.management.host=127.0.0.1",
                                "-Dquarkus.management.port=0",
                                "-jar",
                                PROGRAM.resolve("quarkus-run.jar").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        long begun = System.nanoTime();
        while (process.isAlive() && System.nanoTime() - begun < PATIENCE.toNanos()) {
            Matcher ready = READY.matcher(Files.readString(log));
            if (ready.find()) {
                return new ApicurioRegistry(process, ready.group(1) + "/apis/ccompat/v7");
            }
            Thread.sleep(100);
        }
        process.destroyForcibly();
        throw new IOException("The registry did not start:\n" + Files.readString(log));
    }

    /** Where clients of Confluent's protocol ask. */
    public String url() {
        return url;
    }

    /**
     * Adds a schema as the next version of a subject.
     *
     * @param references subjects, in their first version, by the name that the schema uses for them
     * @return its number
     */
    public int add(String subject, String kind, String schema, Map<String, String> references)
            throws IOException, InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("schema", schema).put("schemaType", kind);
        ArrayNode others = body.putArray("references");
        references.forEach((name, other) ->
                others.addObject().put("name", name).put("subject", other).put("version", 1));
        String path = "/subjects/%s/versions".formatted(subject);
        return JSON.readTree(send("POST", path, body.toString())).get("id").intValue();
    }

    /**
     * From now on, versions of a subject have to stand in this relation: BACKWARD, NONE and more.
     */
    public void compatibility(String subject, String relation)
            throws IOException, InterruptedException {
        String body = JSON.createObjectNode().put("compatibility", relation).toString();
        var unused = send("PUT", "/config/" + subject, body);
    }

    /** The versions that a subject has. */
    public List<Integer> versions(String subject) throws IOException, InterruptedException {
        String path = "/subjects/%s/versions".formatted(subject);
        return Arrays.stream(JSON.readValue(send("GET", path, ""), int[].class)).boxed().toList();
    }

    private String send(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + path))
                        .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(
                    "%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
        }
        return answer.body();
    }

    @Override
    public void close() {
        http.close();
        process.destroyForcibly();
    }
}
