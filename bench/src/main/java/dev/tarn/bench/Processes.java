package dev.tarn.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts processes and measures them from outside, with the shell's own clock. */
final class Processes {
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
}
