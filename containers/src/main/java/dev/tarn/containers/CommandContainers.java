package dev.tarn.containers;

import dev.tarn.spi.Containers;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs containers by {@code docker}, or by what understands the same commands. What an attempt
 * before has left behind is removed first, so that there are never two of one name.
 */
public final class CommandContainers implements Containers {
    /** Programs that understand the same commands, in the order in which they are looked for. */
    public static final List<String> PROGRAMS = List.of("docker", "podman", "nerdctl");

    private static final Logger log = LoggerFactory.getLogger(CommandContainers.class);
    private static final int OUTPUT_MAX = 16 << 10;
    private static final int CHUNK = 8 << 10;
    private static final int NOT_BEGUN = 125;
    private static final int NO_COMMAND = 127;
    private static final String OUTPUT = "/tarn-output";
    private static final long PATIENCE_SECONDS = 20;

    private final Path program;

    private CommandContainers(Path program) {
        this.program = program;
    }

    /**
     * @param programs names of programs, of which the first that is there is taken
     * @param path folders as the variable {@code PATH} has them
     * @throws dev.tarn.model.TarnException {@code CONFIG_INVALID} if none is there
     */
    public static CommandContainers find(List<String> programs, String path) {
        for (String name : programs) {
            for (String folder : path.split(java.io.File.pathSeparator)) {
                Path file = Path.of(folder.isEmpty() ? "." : folder, name);
                if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                    return new CommandContainers(file);
                }
            }
        }
        throw ContainerErrors.noProgram(programs);
    }

    @Override
    public String run(Order order, Watch watch) {
        Path output = outputFile();
        try {
            quietly("rm", "--force", order.name());
            Process process = begin(order, output);
            watch.onStop(() -> stop(order.name(), process));
            String last = read(process, watch);
            int code = process.waitFor();
            if (watch.isStopped()) {
                throw ContainerErrors.stopped();
            }
            switch (code) {
                case 0 -> {}
                case NOT_BEGUN ->
                        throw ContainerErrors.cannotBegin(
                                program.getFileName().toString(), order.image(), last);
                case NO_COMMAND, NO_COMMAND - 1 ->
                        throw ContainerErrors.noCommand(order.image(), last);
                default -> throw ContainerErrors.failed(code, last);
            }
            return new String(
                            Files.newInputStream(output).readNBytes(OUTPUT_MAX),
                            StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException e) {
            throw ContainerErrors.cannotBegin(
                    program.toString(), order.image(), String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ContainerErrors.stopped();
        } finally {
            remove(output);
        }
    }

    /** Values of variables go by the environment: others can read command lines. */
    private Process begin(Order order, Path output) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(program.toString(), "run", "--rm", "--name", order.name()));
        command.addAll(List.of("--label", "dev.tarn.task=" + order.name()));
        order.memoryBytes().ifPresent(b -> command.addAll(List.of("--memory", b + "b")));
        order.cpus().ifPresent(n -> command.addAll(List.of("--cpus", n)));
        order.folders().forEach((from, to) -> command.addAll(List.of("-v", from + ":" + to)));
        command.addAll(List.of("-v", output + ":" + OUTPUT, "-e", "TARN_OUTPUT=" + OUTPUT));
        order.environment().keySet().forEach(name -> command.addAll(List.of("-e", name)));
        command.add(order.image());
        command.addAll(order.command());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(order.environment());
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    /** Returns the last line. */
    private static String read(Process process, Watch watch) throws IOException {
        char[] chunk = new char[CHUNK];
        LastLine last = new LastLine();
        try (Reader reader =
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
            for (int n = reader.read(chunk); n >= 0; n = reader.read(chunk)) {
                String text = new String(chunk, 0, n);
                watch.print(text);
                last.add(text);
            }
        } catch (IOException e) {
            if (!watch.isStopped()) {
                throw e;
            }
        }
        return last.text();
    }

    /**
     * Removing a container kills what is in it, whatever the state of the program that began it.
     */
    private void stop(String name, Process process) {
        Thread unused =
                Thread.ofVirtual()
                        .start(() -> {
                            quietly("rm", "--force", name);
                            process.destroy();
                        });
    }

    private void quietly(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            log.warn("{} cannot be run: {}", program, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whoever the container's user is may write to it; its name is known to nobody else. */
    private static Path outputFile() {
        try {
            Path file = Files.createTempFile("tarn-container-", ".out");
            if (Optional.ofNullable(
                            Files.getFileAttributeView(
                                    file, java.nio.file.attribute.PosixFileAttributeView.class))
                    .isPresent()) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
            }
            return file;
        } catch (IOException e) {
            throw ContainerErrors.ownFiles(String.valueOf(e.getMessage()));
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
