package dev.tarn.cli;

import dev.tarn.app.RunDetails;
import dev.tarn.app.Tarn;
import dev.tarn.cli.progress.PlainDisplay;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.RunId;
import dev.tarn.model.TarnException;
import dev.tarn.model.run.Verdict;
import dev.tarn.run.RunReport;
import dev.tarn.server.api.ApiClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Work that a server does, as it is seen where it was asked for. */
final class HandedOver {
    private final Invocation invocation;
    private final String options;
    private final Tarn tarn;
    private final ApiClient client;
    private final String address;
    private final PlainDisplay display;
    private String told = "";
    private Map<String, @Nullable Object> task = Map.of();
    private Map<String, @Nullable Object> last = Map.of();

    HandedOver(Invocation invocation, String options, Tarn tarn, ApiClient client, String address) {
        this.invocation = invocation;
        this.options = options;
        this.tarn = tarn;
        this.client = client;
        this.address = address;
        this.display =
                new PlainDisplay(invocation.console().err(), invocation.console().errPaint());
    }

    /** Returns the exit code. */
    int done(HandOver.Order order, boolean json) {
        last = client.post(order.path(), order.body());
        String id = String.valueOf(last.get("id"));
        display.note("The server does it: %s/job-runs/%s".formatted(address, id));
        boolean heard =
                invocation
                        .interrupts()
                        .during(() -> cancel(id), () -> client.follow(id, this::heard));
        if (!heard) {
            throw CliErrors.serverWent(address, id, options);
        }
        Optional<RunId> run = run();
        if (run.isEmpty()) {
            return withoutRun();
        }
        RunReport report = report(run.get());
        return new Building(invocation, options).told(report, json);
    }

    private void cancel(String id) {
        try {
            Map<String, @Nullable Object> unused =
                    client.post("/job-runs/" + id + "/cancel", Map.of());
        } catch (TarnException e) {
            // It is over, or the server is gone; what is followed says which.
            display.note(e.problems().getFirst().message());
        }
    }

    private void heard(String event, Map<String, @Nullable Object> what) {
        switch (event) {
            case "task" -> task = what;
            case "run" -> last = what;
            case "" -> quiet();
            default -> {}
        }
        run().ifPresent(id -> display.seen(id, tarn.run(id).tasks()));
    }

    /** Nothing has happened for a while. */
    private void quiet() {
        String waits = text(task, "waitsFor").orElse("");
        if (!waits.isEmpty() && !waits.equals(told)) {
            told = waits;
            display.note("It waits for " + waits + ".");
        }
    }

    private Optional<RunId> run() {
        return text(task, "run").map(RunId::new);
    }

    private static Optional<String> text(Map<String, @Nullable Object> all, String name) {
        return Optional.ofNullable(all.get(name)).map(String::valueOf);
    }

    /** It ended before there was a run: the project is wrong, or somebody stopped it. */
    private int withoutRun() {
        if ("cancelled".equals(last.get("status"))) {
            throw new TarnException(ErrorCode.INTERRUPTED, "Stopped before it was done.");
        }
        if ("succeeded".equals(last.get("status"))) {
            return ProjectCommand.DONE;
        }
        ErrorCode code = ApiClient.code(task.get("code"));
        throw new TarnException(
                text(task, "message")
                        .orElse("It failed.")
                        .lines()
                        .map(line -> Problem.of(code, line))
                        .toList());
    }

    /** What is written down of a run, with what its server still knows. */
    private RunReport report(RunId id) {
        RunDetails details = tarn.run(id);
        Map<String, @Nullable Object> more = client.get("/runs/" + id + "/report");
        List<Problem> problems = new ArrayList<>(ApiClient.problems(more));
        if (problems.isEmpty()) {
            details.run()
                    .error()
                    .ifPresent(e -> problems.add(Problem.of(ApiClient.code(task.get("code")), e)));
        }
        return new RunReport(
                details.run(),
                details.tasks(),
                details.verdicts(),
                findings(details.verdicts(), more),
                problems);
    }

    private static List<RunReport.Finding> findings(
            List<Verdict> verdicts, Map<String, @Nullable Object> more) {
        Map<String, Verdict> byCheck =
                verdicts.stream().collect(Collectors.toMap(Verdict::check, v -> v, (a, b) -> a));
        List<RunReport.Finding> findings = new ArrayList<>();
        if (more.get("findings") instanceof List<?> list) {
            for (Object one : list) {
                if (!(one instanceof Map<?, ?> found)) {
                    continue;
                }
                @Nullable Verdict v = byCheck.get(String.valueOf(found.get("node")));
                if (v != null) {
                    findings.add(
                            new RunReport.Finding(
                                    String.valueOf(found.get("check")),
                                    v,
                                    list(found.get("columns")).stream()
                                            .map(String::valueOf)
                                            .toList(),
                                    rows(found.get("rows"))));
                }
            }
        }
        return findings;
    }

    private static List<List<@Nullable Object>> rows(@Nullable Object rows) {
        List<List<@Nullable Object>> all = new ArrayList<>();
        list(rows).forEach(row -> all.add(list(row)));
        return all;
    }

    private static List<@Nullable Object> list(@Nullable Object value) {
        return value instanceof List<?> list ? new ArrayList<>(list) : List.of();
    }
}
