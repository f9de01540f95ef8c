package dev.tarn.it;

import dev.tarn.cli.Cli;
import dev.tarn.cli.Console;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** Types command lines in a folder and keeps what they write; all in this process. */
final class Terminal {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private final Path folder;
    private Clock clock = Clock.systemUTC();

    Terminal(Path folder) {
        this.folder = folder;
    }

    Terminal with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Terminal at(Clock time) {
        clock = time;
        return this;
    }

    /** Runs one command line and returns its exit code; what earlier ones wrote is forgotten. */
    int tarn(String... args) {
        out.reset();
        err.reset();
        return Cli.run(
                new Console(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        InputStream.nullInputStream(),
                        false,
                        false,
                        false,
                        0,
                        folder,
                        environment,
                        clock),
                args);
    }

    /** The CSV rows of a query, without their header. */
    String rows(String sql, String... more) {
        String[] args = new String[more.length + 4];
        System.arraycopy(new String[] {"query", sql, "--format", "csv"}, 0, args, 0, 4);
        System.arraycopy(more, 0, args, 4, more.length);
        int code = tarn(args);
        if (code != 0) {
            throw new AssertionError(sql + " ended with " + code + ":\n" + err());
        }
        String text = out();
        return text.substring(text.indexOf('\n') + 1).strip();
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
