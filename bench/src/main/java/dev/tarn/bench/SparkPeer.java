package dev.tarn.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Spark on one core with Iceberg tables of its own, in a process of its own: the program of the
 * module {@code readers}, which takes statements on its input.
 */
final class SparkPeer implements AutoCloseable {
    private static final String MARK = "\u0001";
    private static final double NANOS = 1e9;
    private static final List<String> OPENED =
            List.of(
                    "java.lang",
                    "java.lang.invoke",
                    "java.lang.reflect",
                    "java.io",
                    "java.net",
                    "java.nio",
                    "java.util",
                    "java.util.concurrent",
                    "java.util.concurrent.atomic",
                    "jdk.internal.ref",
                    "sun.nio.ch",
                    "sun.nio.cs",
                    "sun.util.calendar");

    private final Process process;
    private final BufferedReader answers;
    private final Writer requests;

    private SparkPeer(Process process) {
        this.process = process;
        this.answers =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.requests =
                new BufferedWriter(
                        new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts it with a folder of its own for tables and its files; the catalog {@code ice} is
     * there.
     */
    static SparkPeer start(Setup setup) throws IOException {
        Path folder = setup.fresh("spark");
        Path readers = sourceTree(setup).resolve("readers");
        Path jars = readers.resolve("target").resolve("spark.classpath");
        if (!Files.exists(jars)) {
            throw new IllegalStateException(
                    "There is no %s. Run `./mvnw -pl readers generate-resources` first."
                            .formatted(jars));
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx2g",
                        "-XX:+UseSerialGC",
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dlog4j2.level=ERROR",
                        "-Djava.io.tmpdir=" + folder));
        OPENED.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        command.addAll(
                List.of(
                        "-cp",
                        Files.readString(jars).strip(),
                        readers.resolve("SparkReader.java").toString(),
                        folder.toString(),
                        "spark.master=local[1]",
                        "spark.log.level=ERROR",
                        "spark.sql.catalog.ice=org.apache.iceberg.spark.SparkCatalog",
                        "spark.sql.catalog.ice.type=hadoop",
                        "spark.sql.catalog.ice.warehouse=" + folder.resolve("ice")));
        SparkPeer peer =
                new SparkPeer(
                        new ProcessBuilder(command)
                                .redirectError(folder.resolve("spark.log").toFile())
                                .start());
        peer.next();
        return peer;
    }

    /**
     * Where the program is that is started.
     *
     * @throws IllegalStateException when there is no source tree
     */
    static Path sourceTree(Setup setup) {
        return setup.home()
                .orElseThrow(() ->
                        new IllegalStateException(
                                "Spark is started from the source tree: use its ./tarn."));
    }

    /** The rows a statement gives, values between bars. */
    List<String> sql(String statement) throws IOException {
        return ask("sql", statement);
    }

    /** The rows that answer a request. */
    private List<String> ask(String... parts) throws IOException {
        requests.write(
                Stream.of(parts)
                                .map(part -> part.replaceAll("\\s+", " ").strip())
                                .collect(Collectors.joining("\t"))
                        + "\n");
        requests.flush();
        List<String> rows = new ArrayList<>();
        for (String line = next(); !line.equals("done"); line = next()) {
            if (line.startsWith("failed ")) {
                throw new IllegalStateException("Spark: " + line);
            }
            rows.add(line.substring("row ".length()));
        }
        return rows;
    }

    /** What a statement takes, measured from outside. */
    Timing time(String statement) throws IOException {
        return measure("sql", statement);
    }

    /**
     * What it takes to append a topic's JSON objects to a table, measured from outside.
     *
     * @param fields names and types of the members, as Spark writes them
     * @param checkpoint a folder that is not there yet
     */
    Timing land(String brokers, String topic, String fields, String table, Path checkpoint)
            throws IOException {
        return measure("land", brokers, topic, fields, table, checkpoint.toString());
    }

    private Timing measure(String... request) throws IOException {
        Duration cpu = cpu();
        long wall = System.nanoTime();
        List<String> unused = ask(request);
        return new Timing((System.nanoTime() - wall) / NANOS, cpu().minus(cpu).toNanos() / NANOS);
    }

    private Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** The next line that is meant for us; others are Spark's log. */
    private String next() throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(MARK)) {
                return line.substring(MARK.length());
            }
        }
        throw new IllegalStateException("Spark has ended");
    }

    @Override
    public void close() throws IOException, InterruptedException {
        requests.close();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
    }
}
