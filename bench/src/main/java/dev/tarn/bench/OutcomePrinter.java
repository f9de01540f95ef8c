package dev.tarn.bench;

import java.io.PrintStream;
import java.time.LocalDate;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes an outcome as a table for people, as JSON, and as a row for the document. */
final class OutcomePrinter {
    private final Benchmark benchmark;
    private final Machine machine;
    private final LocalDate day;

    OutcomePrinter(Benchmark benchmark, Machine machine, LocalDate day) {
        this.benchmark = benchmark;
        this.machine = machine;
        this.day = day;
    }

    void print(Outcome outcome, PrintStream out) {
        out.printf(
                "%s: %s%n%s%n%s%n%n", benchmark.name(), benchmark.title(), outcome.what(), machine);
        int width = outcome.lines().stream().mapToInt(l -> l.label().length()).max().orElse(0);
        out.printf("%-" + Math.max(width, 1) + "s  %10s  %10s%n", "", "wall", "CPU");
        for (Outcome.Line line : outcome.lines()) {
            out.printf(
                    "%-" + width + "s  %10s  %10s%n",
                    line.label(),
                    seconds(line.timing().wall()),
                    seconds(line.timing().cpu()));
        }
        out.printf(
                "%n%s: %s on the clock, %s of processor time%s%n%n%s%n",
                outcome.compared(),
                number(outcome.ratio()),
                number(outcome.cpuRatio()),
                outcome.target().map(t -> " (to be at most " + number(t) + ")").orElse(""),
                row(outcome));
    }

    /** One line; the ratio is last. */
    String json(Outcome outcome) {
        String lines =
                outcome.lines().stream()
                        .map(l ->
                                "{\"label\":%s,\"wall\":%s,\"cpu\":%s}"
                                        .formatted(
                                                text(l.label()),
                                                exact(l.timing().wall()),
                                                exact(l.timing().cpu())))
                        .collect(Collectors.joining(",", "[", "]"));
        return "{\"name\":%s,\"what\":%s,\"day\":\"%s\",\"machine\":%s,\"busy\":%b,\"lines\":%s,"
                        .formatted(
                                text(benchmark.name()),
                                text(outcome.what()),
                                day,
                                text(machine.toString()),
                                machine.isBusy(),
                                lines)
                + "\"compared\":%s,%s\"cpuRatio\":%s,\"ratio\":%s}"
                        .formatted(
                                text(outcome.compared()),
                                outcome.target()
                                        .map(t -> "\"target\":" + exact(t) + ",")
                                        .orElse(""),
                                exact(outcome.cpuRatio()),
                                exact(outcome.ratio()));
    }

    /** A row for the table in docs/benchmarks.md. */
    private String row(Outcome outcome) {
        String measured =
                outcome.lines().stream()
                        .limit(2)
                        .map(l ->
                                l.label()
                                        + " "
                                        + seconds(l.timing().wall())
                                        + " ("
                                        + seconds(l.timing().cpu())
                                        + " CPU)")
                        .collect(Collectors.joining("; "));
        return "| %s | %s | %s | %s | %s | %s | %s |"
                .formatted(
                        benchmark.name(),
                        outcome.what(),
                        measured,
                        number(outcome.ratio()),
                        number(outcome.cpuRatio()),
                        outcome.target().map(t -> "≤ " + number(t)).orElse("–"),
                        day + (machine.isBusy() ? ", under load" : ""));
    }

    private static String seconds(double seconds) {
        return seconds < 1
                ? String.format(Locale.ROOT, "%.0f ms", seconds * 1000)
                : String.format(Locale.ROOT, "%.2f s", seconds);
    }

    private static String number(double number) {
        return String.format(Locale.ROOT, "%.2f", number);
    }

    private static String exact(double number) {
        return String.format(Locale.ROOT, "%.4f", number);
    }

    private static String text(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
