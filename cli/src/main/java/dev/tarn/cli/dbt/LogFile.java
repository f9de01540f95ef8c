package dev.tarn.cli.dbt;

import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * What invocations said, one after another, in {@code dbt.log} of the folder for logs. A file that
 * has become too large is put aside, and the oldest of those goes. Where none can be written,
 * nothing is kept.
 */
final class LogFile implements AutoCloseable {
    private static final int KEPT = 5;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS", Locale.ROOT);

    /**
     * Where and how.
     *
     * @param least what matters less is left out
     * @param json an object a line
     * @param mostBytes of a file; 0 for as many as come
     */
    record Style(Path folder, Log.Level least, boolean json, long mostBytes) {}

    private final Style style;
    private final Clock clock;
    private final PrintStream out;

    private LogFile(Style style, Clock clock, OutputStream out) {
        this.style = style;
        this.clock = clock;
        this.out = new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    static LogFile open(Style style, Clock clock) {
        if (style.least() == Log.Level.NONE) {
            return new LogFile(style, clock, OutputStream.nullOutputStream());
        }
        try {
            Path file = Files.createDirectories(style.folder()).resolve("dbt.log");
            if (style.mostBytes() > 0
                    && Files.exists(file)
                    && Files.size(file) > style.mostBytes()) {
                putAside(file);
            }
            return new LogFile(
                    style,
                    clock,
                    Files.newOutputStream(
                            file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        } catch (IOException e) {
            return new LogFile(style, clock, OutputStream.nullOutputStream());
        }
    }

    private static void putAside(Path file) throws IOException {
        for (int i = KEPT - 1; i >= 0; i--) {
            Path from = i == 0 ? file : file.resolveSibling("dbt.log." + i);
            if (Files.exists(from)) {
                Files.move(
                        from,
                        file.resolveSibling("dbt.log." + (i + 1)),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** An invocation begins. */
    void begin(String invocation) {
        if (!style.json()) {
            String line = "=".repeat(30);
            out.println("\n\n%s %s | %s %s".formatted(line, TIME.format(now()), invocation, line));
        }
    }

    /** Something is said; some of it is too fine for the file. */
    void line(Log.Level level, String text, String invocation) {
        if (level.compareTo(style.least()) < 0) {
            return;
        }
        if (style.json()) {
            Log.event(level, text, invocation, clock, out);
            return;
        }
        out.println(
                "%s [%-5s] [%s]: %s"
                        .formatted(
                                TIME.format(now()),
                                level.name().toLowerCase(Locale.ROOT),
                                thread(),
                                text));
    }

    /** An invocation ends before it could say why. */
    void failed(TarnException e, String invocation) {
        line(Log.Level.ERROR, "Encountered an error:", invocation);
        List<String> reasons = e.problems().stream().map(Problem::toString).toList();
        reasons.forEach(reason -> line(Log.Level.ERROR, reason, invocation));
    }

    private LocalTime now() {
        return LocalTime.ofInstant(clock.instant(), ZoneId.systemDefault());
    }

    private static String thread() {
        String name = Thread.currentThread().getName();
        return name.startsWith("task-")
                ? "Thread-" + name.substring("task-".length()) + " (worker)"
                : "MainThread";
    }

    @Override
    public void close() {
        out.close();
    }
}
