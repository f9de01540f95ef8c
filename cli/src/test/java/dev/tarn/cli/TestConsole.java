package dev.tarn.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** Runs command lines in this process and keeps what they write. */
final class TestConsole {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private final Path directory;
    private String input = "";
    private boolean terminal;

    TestConsole(Path directory) {
        this.directory = directory;
    }

    TestConsole withInput(String text) {
        input = text;
        return this;
    }

    TestConsole onTerminal() {
        terminal = true;
        return this;
    }

    TestConsole withEnvironment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Runs one command line and returns its exit code; what earlier ones wrote is forgotten. */
    int run(String... args) {
        out.reset();
        err.reset();
        return new Cli(console(), new Interrupts()).run(args);
    }

    Console console() {
        InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        return new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                in,
                terminal,
                terminal,
                terminal,
                terminal ? 100 : 0,
                directory,
                environment,
                Clock.systemUTC());
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    byte[] outBytes() {
        return out.toByteArray();
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
