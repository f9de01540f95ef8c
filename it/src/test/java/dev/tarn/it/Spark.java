package dev.tarn.it;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Spark with its own readers of Iceberg and Delta, in a process of its own; see the module {@code
 * readers}. Takes a while to start: once for a class of tests. Rows come as text, values between
 * bars.
 */
final class Spark implements AutoCloseable {
    private static final Path READERS = Path.of("..", "readers");
    private static final String MARK = "\u0001";

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
    private final Path log;

    private Spark(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.answers =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.requests =
                new BufferedWriter(
                        new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }

    /** What Spark said against a request. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String reason) {
            super(reason);
        }
    }

    /**
     * Starts it.
     *
     * @param folder for Spark's own files
     * @param settings more of Spark's settings, {@code NAME=VALUE}
     */
    static Spark start(Path folder, String... settings) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx1200m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dlog4j2.level=ERROR",
                        "-Djava.io.tmpdir=" + folder));
        OPENED.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        try {
            Path jars = READERS.resolve("target").resolve("spark.classpath");
            if (!Files.exists(jars)) {
                throw new AssertionError(
                        "There is no %s. Run `./mvnw -pl readers generate-resources` first."
                                .formatted(jars.toAbsolutePath().normalize()));
            }
            command.addAll(
                    List.of(
                            "-cp",
                            Files.readString(jars).strip(),
                            READERS.resolve("SparkReader.java").toString(),
                            folder.toString()));
            command.addAll(List.of(settings));
            Path log = folder.resolve("spark.log");
            Spark spark =
                    new Spark(new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
            spark.next();
            return spark;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The rows of a query over one table.
     *
     * @param format {@code iceberg} with the path of a metadata file, {@code delta} with the
     *     table's folder
     * @param sql reads the table as {@code t}
     * @param options names and values by turns
     */
    List<String> read(String format, String path, String sql, String... options) {
        List<String> parts = new ArrayList<>(List.of("read", format, path, sql));
        parts.addAll(List.of(options));
        return ask(parts);
    }

    /** Columns of a table, and those that a format has beside them. */
    List<String> columns(String format, String path, String... columns) {
        return ask(List.of("columns", format, path, String.join(",", columns)));
    }

    /** The rows a statement gives. */
    List<String> sql(String statement) {
        return ask(List.of("sql", statement));
    }

    private List<String> ask(List<String> parts) {
        try {
            requests.write(String.join("\t", parts) + "\n");
            requests.flush();
            List<String> rows = new ArrayList<>();
            while (true) {
                String line = next();
                if (line.equals("done")) {
                    return rows;
                }
                if (line.startsWith("failed ")) {
                    throw new Refused(line.substring("failed ".length()));
                }
                rows.add(line.substring("row ".length()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line that is meant for us; others are Spark's log. */
    private String next() throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(MARK)) {
                return line.substring(MARK.length());
            }
        }
        throw new AssertionError("Spark has ended:\n" + Files.readString(log));
    }

    @Override
    public void close() {
        try {
            requests.close();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
