package dev.tarn.cli.dbt;

import dev.tarn.model.Problem;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.model.run.Verdict;
import dev.tarn.run.FailureText;
import dev.tarn.run.Publishing;
import dev.tarn.run.RunReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a run came to: the last lines, the artifacts, the exit code. */
final class Conclusion {
    private final Session session;
    private final Project project;
    private final Loading loading;
    private final RunReport report;
    private final Nodes nodes;
    private final List<NoOp> idle;

    /**
     * @param idle what was selected and has no task
     */
    Conclusion(Session session, Loading loading, RunReport report, Nodes nodes, List<NoOp> idle) {
        this.idle = idle;
        this.session = session;
        this.project = loading.project();
        this.loading = loading;
        this.report = report;
        this.nodes = nodes;
    }

    /**
     * @param rows whether rows of each seed are shown
     */
    int tell(boolean rows) {
        EphemeralFailures parts =
                new EphemeralFailures(project, results(), session.which().equals("build"));
        List<Result> results = parts.others();
        Map<NodeId, Node> compiled =
                session.complete(
                        results.stream()
                                .filter(r -> !r.status().equals("skipped"))
                                .map(Result::node)
                                .toList());
        Set<NoOp> skipped = new HashSet<>(idle);
        List<Result> all = Stream.concat(results.stream(), parts.failed().stream()).toList();
        skipped.removeIf(i -> !i.isSkipped(project, all));
        if (session.options().writeJson) {
            write(results, skipped, compiled);
        }
        boolean failed =
                results.stream().anyMatch(Result::failed)
                        || !session.warningsThatFail().isEmpty()
                        || report.run().status() == RunStatus.FAILED
                        || report.run().status() == RunStatus.CANCELLED;
        lines(results, parts, skipped, failed, rows);
        return failed ? Verb.FAILED : Verb.DONE;
    }

    private List<Result> results() {
        Map<String, Verdict> verdicts = new HashMap<>();
        report.verdicts().forEach(v -> verdicts.put(v.check(), v));
        List<Result> results = new ArrayList<>();
        SourceFailures sources = new SourceFailures();
        sources.hear(
                report.tasks().stream()
                        .flatMap(t -> project.find(new NodeId(t.node())).stream())
                        .toList());
        for (Task task : report.tasks()) {
            Optional<Node> node = project.find(new NodeId(task.node()));
            boolean told =
                    node.isPresent()
                            && !sources.takes(node.get(), task)
                            && (!Display.isGiven(node.get()) || task.status() == TaskStatus.FAILED);
            if (told) {
                results.add(
                        Result.of(
                                node.orElseThrow(),
                                task,
                                Optional.ofNullable(verdicts.get(task.node()))));
            }
        }
        results.replaceAll(sources::told);
        results.replaceAll(this::withDifference);
        return results;
    }

    private Result withDifference(Result result) {
        if (!(result.node() instanceof Node.Check check && check.isUnit())) {
            return result;
        }
        return report.findings().stream()
                .filter(f -> f.verdict().check().equals(check.id().value()))
                .findFirst()
                .map(f -> result.with(UnitDifference.of(f)))
                .orElse(result);
    }

    private void write(List<Result> results, Set<NoOp> skipped, Map<NodeId, Node> compiled) {
        Artifacts artifacts = session.artifacts();
        artifacts.manifest(project, compiled.values(), session.now());
        List<Map<String, @Nullable Object>> entries = new ArrayList<>();
        List<Map<String, @Nullable Object>> last = new ArrayList<>();
        for (HookResult hook : hooks()) {
            (hook.end().hook().when().equals("on-run-end") ? last : entries).add(hook.fact());
        }
        entries.addAll(NodeResults.of(loading, results, report.batches(), compiled));
        idle.forEach(i -> entries.add(NodeResults.idle(i, skipped.contains(i))));
        entries.addAll(last);
        artifacts.runResults(entries, session.args(nodes), session.elapsed(), session.now());
        artifacts.code(project, compiled.values(), true);
    }

    private List<HookResult> hooks() {
        return report.hooks().stream().map(HookResult::new).toList();
    }

    private long hooks(String status) {
        return hooks().stream().filter(h -> h.status().equals(status)).count();
    }

    private void lines(
            List<Result> results,
            EphemeralFailures ephemeral,
            Set<NoOp> skipped,
            boolean failed,
            boolean rows) {
        Log log = session.log();
        double seconds = session.elapsed();
        int total = results.size() + idle.size();
        for (int i = 0; i < idle.size(); i++) {
            NoOp one = idle.get(i);
            log.info(one.line(results.size() + i + 1, total, skipped.contains(one)));
        }
        log.info("");
        log.info(
                String.format(
                        Locale.ROOT,
                        "Finished running %s in %d hours %d minutes and %.2f seconds (%.2fs).",
                        counts(results, report.hooks().size()),
                        (int) (seconds / 3600),
                        (int) (seconds / 60) % 60,
                        seconds % 60,
                        seconds));
        if (rows) {
            results.forEach(r -> SeedRows.sample(session, r));
        }
        log.info("");
        long parts = results.stream().filter(Result::isPart).count();
        long failures = results.stream().filter(Result::failed).count();
        failures += hooks("error");
        long errors = failures - parts + ephemeral.skipped();
        long warnings = results.stream().filter(r -> r.status().equals("warn")).count();
        String inPart = parts + (parts == 1 ? " partial success" : " partial successes");
        if (failed && errors == 0 && parts > 0) {
            log.line("Completed with %s and %s".formatted(inPart, counted(warnings, "warning")));
        } else if (failed) {
            log.line(
                    "Completed with %s, %s, and %s:"
                            .formatted(
                                    counted(errors, "error"),
                                    inPart,
                                    counted(warnings, "warning")));
        } else if (warnings > 0) {
            log.info("Completed with %s:".formatted(counted(warnings, "warning")));
        } else {
            log.info("Completed successfully");
        }
        boolean silent = session.warnErrors().of(WarnErrors.TEST) == WarnErrors.Fate.SILENT;
        results.stream()
                .filter(r -> r.failed() || (!silent && r.status().equals("warn")))
                .forEach(this::details);
        ephemeral.failed().forEach(this::details);
        session.warningsThatFail().forEach(w -> log.line("  " + w));
        if (failed) {
            around(results, !ephemeral.failed().isEmpty());
        }
        log.info("");
        log.info(
                "Done. PASS=%d WARN=%d ERROR=%d SKIP=%d NO-OP=%d TOTAL=%d"
                        .formatted(
                                count(results, "success")
                                        + count(results, "pass")
                                        + hooks("success"),
                                warnings,
                                failures,
                                count(results, "skipped") + hooks("skipped") + skipped.size(),
                                idle.size() - skipped.size(),
                                total + report.hooks().size()));
    }

    private static String counted(long count, String word) {
        return count + " " + word + (count == 1 ? "" : "s");
    }

    /**
     * What failed and belongs to no node; and that nothing became visible.
     *
     * @param said whether the reason was said of an ephemeral model
     */
    private void around(List<Result> results, boolean said) {
        List<HookResult> failedHooks = hooks().stream().filter(HookResult::failed).toList();
        failedHooks.forEach(hook -> {
            session.log().line("");
            session.log().line(hook.heading());
            session.log().line("  " + hook.message());
        });
        if (failedHooks.isEmpty() && results.stream().noneMatch(Result::failed) && !said) {
            for (Problem problem : report.problems()) {
                session.log().line("");
                session.log().line("  " + problem);
            }
        }
        if (isVisible()) {
            return;
        }
        session.log().line("");
        session.log()
                .line(
                        "Nothing of this run was published: a run becomes visible as a whole, when"
                                + " it succeeds. `dbt retry` goes on from here.");
    }

    private void details(Result result) {
        Log log = session.log();
        boolean warning = result.status().equals("warn");
        Consumer<String> told = warning ? log::warn : log::line;
        told.accept("");
        FailureText failure = FailureText.of(result.node(), result.reason().orElse(""));
        told.accept(
                switch (result.status()) {
                    case "error" -> failure.heading();
                    case "partial success" -> failure.headed("Partial success");
                    case "fail" -> failure.headed("Failure");
                    default -> failure.headed("Warning");
                });
        told.accept(failure.indented());
        if (result.node() instanceof Node.Check && !result.status().equals("error")) {
            told.accept("");
            told.accept(
                    "  compiled code at target/compiled/"
                            + Artifacts.path(
                                    result.node(), project.manifest().node(result.node().id())));
            result.verdict().flatMap(Verdict::failedRows).ifPresent(rows -> kept(rows, told));
        }
    }

    /** Where the rows are that a test found; only this run has them unless it was published. */
    private void kept(String table, Consumer<String> told) {
        String select = "select * from " + table;
        String line =
                isVisible()
                        ? select
                        : "tarn query --at run:%s \"%s\"".formatted(report.run().id(), select);
        told.accept("");
        told.accept("  See test failures:");
        told.accept("  " + "-".repeat(line.length()));
        told.accept("  " + line);
        told.accept("  " + "-".repeat(line.length()));
    }

    private boolean isVisible() {
        return report.run().status() == RunStatus.PUBLISHED
                || report.run().status() == RunStatus.UNCHANGED
                || session.tarn().settings().run().publishing() == Publishing.EACH;
    }

    private String counts(List<Result> results, int hooks) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        if (hooks > 0) {
            counts.put("project hook", hooks);
        }
        idle.forEach(i -> counts.merge(i.type(), 1, Integer::sum));
        for (Result result : results) {
            String type = Result.type(result.node());
            String word =
                    result.node() instanceof Node.Model m && type.equals("model")
                            ? m.materialization().word() + " model"
                            : type;
            counts.merge(word, 1, Integer::sum);
        }
        List<String> parts = new ArrayList<>();
        counts.forEach((type, count) -> parts.add(Session.counted(count, type)));
        return parts.isEmpty() ? "nothing" : String.join(", ", parts);
    }

    private static long count(List<Result> results, String status) {
        return results.stream().filter(r -> r.status().equals(status)).count();
    }
}
