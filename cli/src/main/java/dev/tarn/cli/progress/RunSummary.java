package dev.tarn.cli.progress;

import dev.tarn.cli.output.Amounts;
import dev.tarn.cli.output.Json;
import dev.tarn.cli.output.Paint;
import dev.tarn.cli.output.TextTable;
import dev.tarn.cli.output.Values;
import dev.tarn.model.Problem;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.model.run.Verdict;
import dev.tarn.run.RunReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run came to: whether it published, what it did, what was found, and what to do next. */
public final class RunSummary {
    private static final int SLOWEST = 3;
    private static final Duration SLOW = Duration.ofSeconds(1);

    private final RunReport report;
    private final Paint paint;
    private final int columns;
    private final String options;

    /**
     * @param columns of the terminal; 0 for any width
     * @param options what further commands need to find the same project, such as {@code " -C
     *     shop"}
     */
    public RunSummary(RunReport report, Paint paint, int columns, String options) {
        this.report = report;
        this.paint = paint;
        this.columns = columns;
        this.options = options;
    }

    public void print(PrintStream out) {
        report.findings().forEach(finding -> print(finding, out));
        printSlowest(out);
        out.println(outcome());
        out.println("  " + counts());
        if (report.run().status() == RunStatus.FAILED) {
            printNext(out);
        }
    }

    private void printNext(PrintStream out) {
        String command = report.run().command().replaceFirst(" .*", "");
        String again = command.equals("retry") ? "build" : command;
        out.println(
                "  Look at what it made:  tarn query%s --at run:%s \"select ...\""
                        .formatted(options, report.run().id()));
        out.println("  Go on from there:      tarn retry" + options);
        if (report.tasks().stream().anyMatch(RunSummary::hasLanded)) {
            out.println(
                    "    It keeps what has landed. If a file is to blame, mend or delete it and");
            out.println("    begin afresh:  tarn " + again + options);
        }
    }

    private static boolean hasLanded(Task task) {
        return task.status() == TaskStatus.SUCCEEDED && task.node().startsWith("source.");
    }

    private String outcome() {
        Run run = report.run();
        String took =
                run.finishedAt()
                        .map(end ->
                                " in " + Amounts.duration(Duration.between(run.startedAt(), end)))
                        .orElse("");
        return switch (run.status()) {
            case PUBLISHED ->
                    paint.green(paint.bold("Published"))
                            + run.publication().map(p -> " publication " + p).orElse("")
                            + " to "
                            + run.target()
                            + took
                            + idOf(run);
            case UNCHANGED ->
                    paint.green(paint.bold("Nothing to publish"))
                            + ": nothing had changed on "
                            + run.target()
                            + took
                            + idOf(run);
            case RUNNING -> "Running" + idOf(run);
            case FAILED ->
                    paint.red(paint.bold("Failed"))
                            + ": nothing was published to "
                            + run.target()
                            + took
                            + idOf(run);
            case CANCELLED ->
                    paint.yellow(paint.bold("Cancelled"))
                            + ": nothing was published to "
                            + run.target()
                            + took
                            + idOf(run);
            case LOST ->
                    paint.red(paint.bold("Lost"))
                            + ": its process vanished, nothing was published"
                            + idOf(run);
        };
    }

    private String idOf(Run run) {
        return paint.dim(" (run " + run.id() + ")");
    }

    private String counts() {
        List<String> parts = new ArrayList<>();
        for (TaskStatus status : TaskStatus.values()) {
            long count = report.tasks().stream().filter(t -> t.status() == status).count();
            if (count > 0) {
                parts.add(Amounts.count(count) + " " + TaskLines.word(status));
            }
        }
        long rows = report.tasks().stream().filter(t -> t.bytes() > 0).mapToLong(Task::rows).sum();
        long bytes = report.tasks().stream().mapToLong(Task::bytes).sum();
        if (bytes > 0) {
            parts.add(
                    Amounts.count(rows, "row", "rows") + ", " + Amounts.bytes(bytes) + " written");
        }
        return parts.isEmpty() ? "no nodes" : String.join(", ", parts);
    }

    private void printSlowest(PrintStream out) {
        List<Task> slow =
                report.tasks().stream()
                        .filter(t -> took(t).compareTo(SLOW) >= 0)
                        .sorted(Comparator.comparing(RunSummary::took).reversed())
                        .limit(SLOWEST)
                        .toList();
        if (!slow.isEmpty()) {
            out.println("Slowest:");
        }
        for (Task task : slow) {
            out.println("  " + TaskLines.name(task.node()) + "  " + TaskLines.details(task));
        }
    }

    private static Duration took(Task task) {
        return TaskLines.duration(task).orElse(Duration.ZERO);
    }

    private void print(RunReport.Finding finding, PrintStream out) {
        Verdict verdict = finding.verdict();
        String word =
                verdict.outcome() == Verdict.Outcome.FAILED
                        ? paint.red("failed")
                        : paint.yellow("warned");
        out.println(
                "%s %s on %s: %s"
                        .formatted(
                                paint.bold(Values.oneLine(TaskLines.name(finding.check()))),
                                word,
                                verdict.subject(),
                                Amounts.count(verdict.failures(), "row", "rows")));
        if (!finding.rows().isEmpty()) {
            TextTable table =
                    new TextTable(
                            finding.columns().stream()
                                    .map(c -> new TextTable.Column(c, TextTable.Align.LEFT))
                                    .toList());
            for (List<@Nullable Object> row : finding.rows()) {
                List<@Nullable String> texts = new ArrayList<>();
                row.forEach(value -> texts.add(value == null ? null : Values.text(value)));
                table.add(texts);
            }
            table.box(paint, columns).forEach(out::println);
        }
        verdict.failedRows()
                .ifPresent(name ->
                        out.println(
                                "  All of them:  tarn query%s --at run:%s \"select * from %s\""
                                        .formatted(options, report.run().id(), name)));
    }

    /** The whole report as one object. */
    public void printJson(PrintStream out) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.putAll(RunListings.runs().objects(List.of(report.run())).getFirst());
        json.put("tasks", RunListings.tasks().objects(report.tasks()));
        json.put("verdicts", RunListings.verdicts().objects(report.verdicts()));
        json.put("findings", report.findings().stream().map(RunSummary::json).toList());
        json.put("problems", report.problems().stream().map(RunSummary::json).toList());
        Json.print(json, out);
    }

    private static Map<String, Object> json(RunReport.Finding finding) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("check", finding.check());
        json.put("columns", finding.columns());
        json.put("rows", finding.rows());
        return json;
    }

    private static Map<String, Object> json(Problem problem) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("code", problem.code());
        json.put("place", problem.place().map(Object::toString));
        json.put("message", problem.message());
        return json;
    }
}
