package dev.tarn.bench;

import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Follows the sources of a project in a process of its own, and tells what memory it takes. It asks
 * for a number on each line of its standard input: how much is kept after a collection, in bytes,
 * how much of the process is resident, and how long processors worked for it, in nanoseconds.
 */
final class Follower implements AutoCloseable {
    private static final String MARK = "\u0001";

    private final Process process;
    private final BufferedReader answers;

    private Follower(Process process) {
        this.process = process;
        this.answers =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * What a follower takes.
     *
     * @param heap bytes of objects that are left after a collection
     * @param resident bytes of the process that are in memory, those of the engine too
     */
    record Memory(long heap, long resident, double cpu) {}

    /** Begins to follow; what it has to say goes to a file. */
    static Follower start(Path project, Path log) throws IOException {
        Follower follower =
                new Follower(
                        new ProcessBuilder(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-Xmx512m",
                                        "-XX:+UseSerialGC",
                                        "--enable-native-access=ALL-UNNAMED",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Follower.class.getName(),
                                        project.toString())
                                .redirectError(log.toFile())
                                .start());
        follower.next();
        return follower;
    }

    Memory memory() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        String[] parts = next().split(" ", -1);
        return new Memory(
                Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]) / 1e9);
    }

    private String next() throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(MARK)) {
                return line.substring(MARK.length());
            }
        }
        throw new IllegalStateException("The follower has ended.");
    }

    /** Stops following as Ctrl-C does. */
    @Override
    public void close() throws IOException, InterruptedException {
        process.getOutputStream().close();
        int code = process.waitFor();
        if (code != 0) {
            throw new IllegalStateException("The follower ended with " + code);
        }
    }

    /**
     * @param args the folder of the project
     */
    public static void main(String[] args) throws Exception {
        Cancellation cancellation = new Cancellation();
        try (Tarn tarn = Tarn.open(OpenRequest.of(Path.of(args[0])))) {
            CompletableFuture<RunReport> following =
                    CompletableFuture.supplyAsync(
                            () ->
                                    tarn.ingest(
                                            Ingest.request(),
                                            true,
                                            RunListener.SILENT,
                                            cancellation),
                            work -> Thread.ofPlatform().name("following").start(work));
            System.out.println(MARK + "ready");
            BufferedReader asked =
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (asked.readLine() != null && !following.isDone()) {
                System.out.println(MARK + used());
            }
            boolean early = following.isDone();
            cancellation.cancel();
            RunReport last = following.join();
            if (early) {
                throw new IllegalStateException("It ended by itself: " + last.problems());
            }
        }
    }

    private static String used() throws IOException {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long cpu =
                ((com.sun.management.OperatingSystemMXBean)
                                ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime();
        return heap + " " + resident() + " " + cpu;
    }

    private static long resident() throws IOException {
        Path status = Path.of("/proc/self/status");
        List<String> lines = Files.exists(status) ? Files.readAllLines(status) : List.of();
        return lines.stream()
                        .filter(l -> l.startsWith("VmRSS:"))
                        .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                        .findFirst()
                        .orElse(0)
                * 1024;
    }
}
