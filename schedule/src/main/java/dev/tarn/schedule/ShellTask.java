package dev.tarn.schedule;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs command lines and other programs. Whatever they start ends with them. */
final class ShellTask {
    private static final Logger log = LoggerFactory.getLogger(ShellTask.class);
    private static final int OUTPUT_MAX = 16 << 10;
    private static final int CHUNK = 8 << 10;
    private static final long PATIENCE_SECONDS = 5;

    /**
     * @return what the command wrote to the file {@code $TARN_OUTPUT}
     */
    String run(
            String command,
            Path folder,
            Map<String, String> environment,
            TaskWork.Order order,
            Control control) {
        return run(List.of("/bin/sh", "-c", command), folder, environment, order, control);
    }

    /**
     * @param command a program and what it is told, as they are
     * @return what the program wrote to the file {@code $TARN_OUTPUT}
     */
    String run(
            List<String> command,
            Path folder,
            Map<String, String> environment,
            TaskWork.Order order,
            Control control) {
        Path output = outputFile();
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true);
            builder.environment().putAll(told(order, control));
            builder.environment().put("TARN_OUTPUT", output.toString());
            builder.environment().putAll(environment);
            Process process = builder.start();
            control.onStop(() -> end(process));
            process.getOutputStream().close();
            read(process, control);
            int code = process.waitFor();
            if (code != 0) {
                throw ScheduleErrors.shellFailed(code, lastLine(control.log().text()));
            }
            return Files.size(output) > OUTPUT_MAX
                    ? new String(
                            Files.newInputStream(output).readNBytes(OUTPUT_MAX),
                            StandardCharsets.UTF_8)
                    : Files.readString(output).strip();
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.STORAGE_FAILED,
                    "The command cannot be run: %s.".formatted(e.getMessage()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ScheduleErrors.cancelled();
        } finally {
            remove(output);
        }
    }

    /** What every program of a task is told. */
    static Map<String, String> told(TaskWork.Order order, Control control) {
        Map<String, String> told = new LinkedHashMap<>();
        told.put("TARN_JOB", order.job().name().value());
        told.put("TARN_JOB_RUN", order.run().id().value());
        told.put("TARN_TASK", order.task().name().value());
        told.put("TARN_ATTEMPT", Integer.toString(order.state().attempt()));
        if (!control.traceparent().isEmpty()) {
            told.put("TRACEPARENT", control.traceparent());
        }
        return told;
    }

    private static void read(Process process, Control control) throws IOException {
        char[] chunk = new char[CHUNK];
        try (Reader reader =
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
            for (int n = reader.read(chunk); n >= 0; n = reader.read(chunk)) {
                control.log().text(new String(chunk, 0, n));
            }
        } catch (IOException e) {
            if (!control.isStopped()) {
                throw e;
            }
        }
    }

    /**
     * Asks first, with everything the command has started. The shell is held meanwhile: otherwise
     * it could start something just after its children were looked up.
     */
    private static void end(Process process) {
        Thread.ofVirtual()
                .start(() -> {
                    signal("STOP", process);
                    process.descendants().forEach(ProcessHandle::destroy);
                    process.destroy();
                    signal("CONT", process);
                    insist(process);
                });
    }

    private static void signal(String name, Process process) {
        try {
            int unused =
                    new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor();
        } catch (IOException e) {
            log.warn("The signal {} cannot be sent to {}", name, process.pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void insist(Process process) {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String lastLine(String text) {
        String last = "";
        for (String line : text.split("\n")) {
            last = line.isBlank() ? last : line.strip();
        }
        return last.length() <= 200 ? last : last.substring(0, 200) + "…";
    }

    private static Path outputFile() {
        try {
            return Files.createTempFile("tarn-task-", ".out");
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.STORAGE_FAILED,
                    "No file can be made for the task's output: %s.".formatted(e.getMessage()),
                    e);
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }
}
