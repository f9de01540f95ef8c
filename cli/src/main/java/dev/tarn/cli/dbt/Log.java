package dev.tarn.cli.dbt;

import java.io.PrintStream;
import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Lines as dbt writes them: the time, two blanks, what happened. */
final class Log {
    private static final int WIDTH = 80;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final PrintStream out;
    private final Clock clock;
    private final boolean quiet;

    Log(PrintStream out, Clock clock, boolean quiet) {
        this.out = out;
        this.clock = clock;
        this.quiet = quiet;
    }

    /** A line of progress; silent when that is asked for. */
    void info(String text) {
        if (!quiet) {
            line(text);
        }
    }

    /** A line that is always told. */
    void line(String text) {
        String time = TIME.format(LocalTime.ofInstant(clock.instant(), ZoneId.systemDefault()));
        for (String part : text.split("\n", -1)) {
            out.println(time + "  " + part);
        }
    }

    /** What a command was asked for, without a time. */
    void plain(String text) {
        out.println(text);
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
