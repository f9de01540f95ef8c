package dev.tarn.cli;

import dev.tarn.cli.output.Paint;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * What the program was started with: its streams, what is known about the terminal behind them, its
 * environment and its clock. Everything is UTF-8.
 *
 * @param inIsTerminal whether somebody types
 * @param outIsTerminal whether a person reads standard output as it comes
 * @param errIsTerminal the same for standard error
 * @param columns width of the terminal; 0 when there is none
 * @param directory the folder it was started in
 */
public record Console(
        PrintStream out,
        PrintStream err,
        InputStream in,
        boolean inIsTerminal,
        boolean outIsTerminal,
        boolean errIsTerminal,
        int columns,
        Path directory,
        Map<String, String> environment,
        Clock clock) {
    /** The real one. The launcher says through system properties which streams are terminals. */
    static Console ofProcess() {
        return new Console(
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                System.in,
                "terminal".equals(System.getProperty("tarn.stdin")),
                "terminal".equals(System.getProperty("tarn.stdout")),
                "terminal".equals(System.getProperty("tarn.stderr")),
                number(System.getProperty("tarn.columns", "")),
                Path.of("").toAbsolutePath(),
                System.getenv(),
                Clock.systemUTC());
    }

    /** Colours for standard output, if it wants any. */
    Paint outPaint() {
        return Paint.when(outIsTerminal && wantsColour());
    }

    /** Colours for standard error, if it wants any. */
    Paint errPaint() {
        return Paint.when(errIsTerminal && wantsColour());
    }

    /** Width that tables on standard output have to fit in; 0 for any. */
    int outColumns() {
        return outIsTerminal ? columns : 0;
    }

    private boolean wantsColour() {
        return environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.get("TERM"));
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
