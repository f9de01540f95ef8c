package dev.tarn.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Starts processes and measures them from outside, with the shell's own clock. */
final class Processes {
    private static final long LOOK_EVERY_MILLIS = 5;

    private final Path directory;

    Processes(Path directory) {
        this.directory = directory;
    }

    /**
     * Runs a command to its end.
     *
     * @throws IllegalStateException when it fails
     */
    Timing time(List<String> command) throws IOException, InterruptedException {
        List<String> timed =
                new ArrayList<>(
                        List.of(
                                "bash",
                                "-c",
                                """
                                TIMEFORMAT='%R %U %S'
                                output=$( { time "$@" >/dev/null 2>&1 </dev/null; } 2>&1 )
                                status=$?
                                echo "$output"
                                exit $status
                                """,
                                "bash"));
        timed.addAll(command);
        Process process =
                new ProcessBuilder(timed)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        int code = process.waitFor();
        if (code != 0) {
            throw new IllegalStateException(
                    "%s ended with %d".formatted(String.join(" ", command), code));
        }
        String[] parts = printed.split(" ", -1);
        return new Timing(
                Double.parseDouble(parts[0]),
                Double.parseDouble(parts[1]) + Double.parseDouble(parts[2]));
    }

    /**
     * Runs a command to its end and looks at its memory on the way, which makes it slower.
     *
     * @return the most bytes that its largest process had at once; 0 where that cannot be known
     */
    long memory(List<String> command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        long most = 0;
        do {
            most = Math.max(most, resident(process.toHandle()));
            most =
                    Math.max(
                            most,
                            process.descendants().mapToLong(Processes::resident).max().orElse(0));
        } while (!process.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS));
        if (process.exitValue() != 0) {
            throw new IllegalStateException(
                    "%s ended with %d".formatted(String.join(" ", command), process.exitValue()));
        }
        return most;
    }

    /** What Linux says was the most a process had in memory. */
    private static long resident(ProcessHandle process) {
        try (Stream<String> lines =
                Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElse(0)
                    * 1024;
        } catch (IOException | UncheckedIOException gone) {
            return 0;
        }
    }

    /** The memory of a process in words. */
    static String memoryWords(long bytes) {
        return bytes == 0 ? "memory unknown" : "at most %,d MB of memory".formatted(bytes >> 20);
    }
}
