package dev.tarn.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * Does a little of everything once, so that the virtual machine can write down which classes that
 * needs. The launcher calls it after a build.
 */
@Command(name = "warm-up", hidden = true, description = "Used by the launcher after a build.")
final class WarmUpCommand implements Callable<Integer> {
    private static final List<List<String>> COMMANDS =
            List.of(
                    List.of("--help"),
                    List.of("build", "--help"),
                    List.of("version"),
                    List.of("build", "--no-such-option"),
                    List.of("compile"),
                    List.of("ls"),
                    List.of("build"),
                    List.of("build"),
                    List.of("tables"),
                    List.of("tables", "--json"),
                    List.of("query", "select 1"),
                    List.of("query", "select 1", "--format", "csv"),
                    List.of("history"),
                    List.of("runs"),
                    List.of("refs"),
                    List.of("doctor"));

    private final Invocation invocation;

    WarmUpCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try {
            Path folder = Files.createTempDirectory("tarn-warm-up");
            try {
                Path project = folder.resolve("project");
                perform(folder, List.of("init", project.toString()));
                COMMANDS.forEach(command -> perform(project, command));
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ProjectCommand.DONE;
    }

    private void perform(Path directory, List<String> command) {
        Console console = invocation.console();
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(written, true, StandardCharsets.UTF_8);
        Console quiet =
                new Console(
                        stream,
                        stream,
                        console.in(),
                        true,
                        false,
                        false,
                        80,
                        directory,
                        console.environment(),
                        console.clock());
        int code = new Cli(quiet, new Interrupts()).run(command.toArray(String[]::new));
        invocation.out().println("tarn " + String.join(" ", command) + ": " + code);
        invocation.out().println(written.toString(StandardCharsets.UTF_8).indent(2));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
