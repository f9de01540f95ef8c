package dev.tarn.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The program as a process of its own, as the launcher starts it. */
final class Program {
    private static final long LONGEST_SECONDS = 180;
    private static final long INTERRUPT_BIT = 0b10;

    private final Process process;
    private final Thread reader;
    private final List<String> output = new CopyOnWriteArrayList<>();

    private Program(Process process, Consumer<String> heard) {
        this.process = process;
        reader = new Thread(() -> read(heard), "output-of-tarn");
        reader.start();
    }

    /**
     * Starts it on a project.
     *
     * @param heard hears each line it writes, to either stream, as soon as it is written
     */
    static Program start(Path project, Consumer<String> heard, String... arguments) {
        return start(project, List.of("-Xmx512m"), heard, arguments);
    }

    /** The same with options for the virtual machine. */
    static Program start(
            Path project, List<String> options, Consumer<String> heard, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.tarn.cli.Cli"));
        command.addAll(List.of(arguments));
        try {
            return new Program(
                    new ProcessBuilder(command)
                            .directory(project.toFile())
                            .redirectErrorStream(true)
                            .start(),
                    heard);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Program start(Path project, String... arguments) {
        return start(project, line -> {}, arguments);
    }

    /** Waits for its end; returns its exit code. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            kill();
            throw new AssertionError("Still working after a long time:\n" + output());
        }
        reader.join();
        return process.exitValue();
    }

    /** Whether it ended by itself within so many microseconds. */
    boolean endsWithin(long micros) throws InterruptedException {
        return process.waitFor(micros, TimeUnit.MICROSECONDS);
    }

    /** Ends it as an operating system does that has no memory left: without a word. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        reader.join();
    }

    /** Asks it to end, as an operating system does that shuts down. */
    void terminate() throws InterruptedException {
        process.destroy();
        process.waitFor();
        reader.join();
    }

    /** What Ctrl-C sends. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    /** Whether Ctrl-C reaches it: what a shell starts in the background does not hear it. */
    boolean hearsInterrupts() throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) {
            return true;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                .noneMatch(ignored -> (ignored & INTERRUPT_BIT) != 0);
    }

    /** Everything it has written so far. */
    String output() {
        return String.join("\n", output) + "\n";
    }

    private void read(Consumer<String> heard) {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                heard.accept(line);
            }
        } catch (IOException e) {
            output.add("[the end of what it wrote is lost]");
        }
    }
}
