package dev.tarn.cli.dbt;

import dev.tarn.cli.output.Json;
import dev.tarn.project.TemplateOutput;
import java.io.PrintStream;
import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Lines as dbt writes them: the time, two blanks, what happened; or an object of JSON each. */
final class Log implements TemplateOutput {
    private static final int WIDTH = 80;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    /** How much a line matters. */
    enum Level {
        DEBUG,
        INFO,
        WARN,
        ERROR,
        NONE;

        static Level of(String option, String word) {
            try {
                return valueOf(word.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw DbtErrors.oneOf(option, "debug, info, warn, error, none", word);
            }
        }
    }

    /**
     * How a log is written.
     *
     * @param least what matters less is left out
     * @param json an object a line
     * @param print whether templates may print
     * @param invocation what the lines belong to
     */
    record Style(Level least, boolean json, boolean print, String invocation) {
        static final Style PLAIN = new Style(Level.INFO, false, true, "");
    }

    private final PrintStream out;
    private final Clock clock;
    private final Style style;
    private final Optional<LogFile> file;

    Log(PrintStream out, Clock clock, Style style, Optional<LogFile> file) {
        this.out = out;
        this.clock = clock;
        this.style = style;
        this.file = file;
    }

    /** A line of progress. */
    void info(String text) {
        told(Level.INFO, text);
    }

    /** A line about something that may be wrong. */
    void warn(String text) {
        told(Level.WARN, text);
    }

    /** A line about something that is wrong, or that was asked for. */
    void line(String text) {
        told(Level.ERROR, text);
    }

    private void told(Level level, String text) {
        keep(level, text);
        if (level.compareTo(style.least()) < 0) {
            return;
        }
        if (style.json()) {
            event(level, text, style.invocation(), clock, out);
            return;
        }
        String time = TIME.format(LocalTime.ofInstant(clock.instant(), ZoneId.systemDefault()));
        for (String part : text.split("\n", -1)) {
            out.println(time + "  " + part);
        }
    }

    private void keep(Level level, String text) {
        file.ifPresent(f -> f.line(level, text, style.invocation()));
    }

    /** An object that tells of a line. */
    static void event(Level level, String text, String invocation, Clock clock, PrintStream out) {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("category", "");
        info.put("code", "");
        info.put("extra", Map.of());
        info.put("invocation_id", invocation);
        info.put("level", level.name().toLowerCase(Locale.ROOT));
        info.put("msg", text);
        info.put("name", text.isEmpty() ? "Formatting" : "Note");
        info.put("pid", ProcessHandle.current().pid());
        info.put("thread", Thread.currentThread().getName());
        info.put("ts", Artifacts.time(clock.instant()));
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("data", Map.of("msg", text));
        event.put("info", info);
        Json.printLine(event, out);
    }

    /** What a command was asked for, without a time. */
    void plain(String text) {
        keep(Level.INFO, text);
        if (style.json()) {
            event(Level.INFO, text, style.invocation(), clock, out);
        } else {
            out.println(text);
        }
    }

    @Override
    public void accept(String text) {
        info(text);
    }

    @Override
    public boolean hearsDetails() {
        return style.least() == Level.DEBUG;
    }

    @Override
    public void detail(String text) {
        told(Level.DEBUG, text);
    }

    /** What a template prints stands alone, so that it can go into a file. */
    @Override
    public void printed(String text) {
        keep(Level.INFO, text);
        if (style.print()) {
            out.println(text);
        }
    }

    /** A line that ends with a status at the right. */
    static String fancy(int index, int total, String message, String status) {
        String prefix = index + " of " + total + " " + message + " ";
        return (prefix.length() < WIDTH ? prefix + ".".repeat(WIDTH - prefix.length()) : prefix)
                + " ["
                + status
                + "]";
    }
}
