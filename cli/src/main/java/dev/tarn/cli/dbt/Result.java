package dev.tarn.cli.dbt;

import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.model.run.Verdict;
import dev.tarn.run.Batches;
import dev.tarn.run.FailureText;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a node ended, in dbt's words.
 *
 * @param status {@code success}, {@code partial success}, {@code error}, {@code skipped}, {@code
 *     pass}, {@code fail}, {@code warn}
 * @param failures what a test counted
 * @param difference the rows in which a unit test found a difference
 */
record Result(
        Node node,
        Task task,
        String status,
        Optional<Long> failures,
        Optional<Verdict> verdict,
        Optional<String> difference) {
    Result(
            Node node,
            Task task,
            String status,
            Optional<Long> failures,
            Optional<Verdict> verdict) {
        this(node, task, status, failures, verdict, Optional.empty());
    }

    Result with(String difference) {
        return new Result(node, task, status, failures, verdict, Optional.of(difference));
    }

    static Result of(Node node, Task task, Optional<Verdict> verdict) {
        boolean check = node instanceof Node.Check;
        String status =
                switch (task.status()) {
                    case SUCCEEDED, UNCHANGED -> check ? "pass" : "success";
                    case WARNED -> "warn";
                    case FAILED ->
                            check && verdict.isPresent()
                                    ? "fail"
                                    : Batches.inPart(task) ? "partial success" : "error";
                    case SKIPPED, CANCELLED -> "skipped";
                    case WAITING, RUNNING -> task.status().name().toLowerCase(Locale.ROOT);
                };
        Optional<Long> failures =
                check && !status.equals("error") && !status.equals("skipped")
                        ? Optional.of(failures(node, verdict, status))
                        : Optional.empty();
        return new Result(node, task, status, failures, verdict);
    }

    /** A unit test fails once, however many rows differ; what passes has none, as in dbt. */
    private static long failures(Node node, Optional<Verdict> verdict, String status) {
        if (status.equals("pass")) {
            return 0;
        }
        long rows = verdict.map(Verdict::failures).orElse(0L);
        return node instanceof Node.Check check && check.isUnit() ? Math.min(rows, 1) : rows;
    }

    boolean failed() {
        return status.equals("error") || status.equals("fail") || isPart();
    }

    /** Whether some periods of a model were built, and others not. */
    boolean isPart() {
        return status.equals("partial success");
    }

    /** What the results of a run say: of what failed, what it was and why. */
    @Nullable String message() {
        return status.equals("error")
                ? reason().map(r -> FailureText.of(node, r).toString()).orElse(null)
                : reason().orElse(null);
    }

    /** The same without a heading. */
    Optional<String> reason() {
        return switch (status) {
            case "success" ->
                    Optional.of(
                            node instanceof Node.Seed ? "INSERT " + task.rows() : succeeded(task));
            case "pass" -> Optional.empty();
            case "fail", "warn" ->
                    difference.or(() ->
                            Optional.of(
                                    FailureText.found(
                                            (Node.Check) node, failures.orElse(0L), status)));
            case "error" -> task.message().map(this::ofUnit);
            default -> task.message();
        };
    }

    /** What became of a model is OK, as in dbt; that nothing was to be done is told. */
    private static String succeeded(Task task) {
        return task.status() == TaskStatus.UNCHANGED ? task.message().orElse("OK") : "OK";
    }

    /** Where a query fails that rows of a unit test are put into, those are looked at first. */
    private String ofUnit(String reason) {
        boolean rows =
                node instanceof Node.Check check
                        && check.isUnit()
                        && FailureText.kind(reason).equals("Runtime Error");
        return rows
                ? "An error occurred during execution of unit test '%s'. There may be an error in the unit test definition: check the data types.%n"
                                .formatted(node.name())
                        + reason
                : reason;
    }

    double seconds() {
        return task.startedAt().isPresent() && task.finishedAt().isPresent()
                ? Duration.between(task.startedAt().get(), task.finishedAt().get()).toMillis()
                        / 1000.0
                : 0.0;
    }

    /** The kind of a node, as ids and counts name it. */
    static String type(Node node) {
        return switch (node) {
            case Node.Source s -> "source";
            case Node.Seed s -> "seed";
            case Node.Model m ->
                    switch (m.materialization()) {
                        case Materialization.Snapshot s -> "snapshot";
                        case Materialization.Custom c when c.isSnapshot() -> "snapshot";
                        case Materialization.Function f -> "function";
                        default -> "model";
                    };
            case Node.Check c -> c.isUnit() ? "unit_test" : "test";
        };
    }

    /** A node as a line names it, such as {@code sql view model main.orders}. */
    static String described(Node node) {
        return switch (node) {
            case Node.Source s -> "source " + s.name();
            case Node.Seed s -> "seed file " + s.relation();
            case Node.Model m ->
                    switch (m.materialization()) {
                        case Materialization.Snapshot s -> "snapshot " + m.relation();
                        case Materialization.Custom c when c.isSnapshot() ->
                                "snapshot " + m.relation();
                        case Materialization.Function f -> "function " + m.relation();
                        default ->
                                (m.isPython() ? "python " : "sql ")
                                        + kind(m.materialization())
                                        + " model "
                                        + m.relation();
                    };
            case Node.Check c ->
                    c.isUnit()
                            ? "unit_test "
                                    + c.unit()
                                            .map(u -> u.model().value())
                                            .map(i -> i.split("\\.", 4)[2])
                                            .orElse("")
                                    + "::"
                                    + c.name()
                            : "test " + c.name();
        };
    }

    private static String kind(Materialization materialization) {
        return isByPeriods(materialization) ? "microbatch" : materialization.word();
    }

    /** Whether a node is built period by period. */
    static boolean isByPeriods(Node node) {
        return node instanceof Node.Model m && isByPeriods(m.materialization());
    }

    private static boolean isByPeriods(Materialization materialization) {
        return materialization instanceof Materialization.Incremental i
                && i.strategy() instanceof Materialization.Strategy.Microbatch;
    }

    /**
     * @param loaded what is said of a seed that was loaded
     */
    String line(int index, int total, String loaded) {
        String time = String.format(Locale.ROOT, " in %.2fs", seconds());
        String what = described(node);
        if (status.equals("skipped")) {
            String named = node instanceof Node.Check ? what : "relation " + relation(node);
            return Log.fancy(index, total, "SKIP " + named, "SKIP");
        }
        return switch (node) {
            case Node.Check c -> {
                String name = what.replaceFirst("^(test|unit_test) ", "");
                String count = failures.filter(f -> f > 0).map(f -> " " + f).orElse("");
                String word = status.toUpperCase(Locale.ROOT);
                yield Log.fancy(index, total, word + count + " " + name, word + count + time);
            }
            case Node.Seed s ->
                    failed()
                            ? Log.fancy(index, total, "ERROR loading " + what, "ERROR" + time)
                            : Log.fancy(index, total, "OK loaded " + what, loaded + time);
            case Node.Source s ->
                    Log.fancy(
                            index,
                            total,
                            (failed() ? "ERROR ingesting " : "OK ingested ") + what,
                            (failed() ? "ERROR" : "OK") + time);
            case Node.Model m -> {
                if (isPart()) {
                    String part = task.message().orElse("").lines().findFirst().orElse("");
                    yield Log.fancy(index, total, "PARTIALLY created " + what, part + time);
                }
                boolean snapshot = type(m).equals("snapshot");
                String verb =
                        failed()
                                ? (snapshot ? "ERROR snapshotting " : "ERROR creating ")
                                : (snapshot ? "OK snapshotted " : "OK created ");
                yield Log.fancy(
                        index,
                        total,
                        verb + (snapshot ? m.relation().toString() : what),
                        (failed() ? "ERROR" : isByPeriods(m) ? "SUCCESS" : "OK") + time);
            }
        };
    }

    private static String relation(Node node) {
        return switch (node) {
            case Node.Source s -> s.relation().toString();
            case Node.Seed s -> s.relation().toString();
            case Node.Model m -> m.relation().toString();
            case Node.Check c -> c.name();
        };
    }
}
