package dev.tarn.app;

import dev.tarn.alert.AlertFacts;
import dev.tarn.model.TableName;
import dev.tarn.model.alert.AlertBook;
import dev.tarn.model.alert.AlertKind;
import dev.tarn.model.alert.AlertRule;
import dev.tarn.model.alert.Finding;
import dev.tarn.model.job.Durations;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.spi.AlertTables;
import dev.tarn.upkeep.Upkeep;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out what is wrong, by what runs, jobs and tables left behind. */
final class AlertLooking implements AlertFacts {
    private static final int RUNS = 200;

    private final Building building;
    private final Wiring wiring;
    private final AlertDefinitions definitions;
    private final AlertGraph graph;
    private final AlertTablesLooking tables;
    private final AlertSourcesLooking sources;
    private final AlertJobsLooking jobs;

    AlertLooking(Building building, Wiring wiring, Jobs jobs, AlertDefinitions definitions) {
        this.building = building;
        this.wiring = wiring;
        this.definitions = definitions;
        this.graph = new AlertGraph(building, wiring);
        this.tables = new AlertTablesLooking(wiring, graph);
        this.sources = new AlertSourcesLooking(building, wiring, graph);
        this.jobs = new AlertJobsLooking(jobs);
    }

    @Override
    public AlertBook book() {
        return definitions.book();
    }

    @Override
    public String project() {
        return String.valueOf(
                building.request().projectDirectory().toAbsolutePath().normalize().getFileName());
    }

    @Override
    public List<Finding> findings(AlertRule rule) {
        return switch (rule.kind()) {
            case RUN_FAILED -> failedRuns(false);
            case UPKEEP_FAILED -> failedRuns(true);
            case NODE_FAILED, CHECK_FAILED, CHECK_WARNED -> nodes(rule.kind());
            case TABLE_STALE -> tables.stale(rule);
            case SOURCE_STALE -> tables.sources(rule);
            case SOURCE_BEHIND -> sources.behind(rule);
            case SOURCE_WARNED -> sources.warned();
            case QUARANTINE_GREW -> tables.quarantine(rule);
            case DEADLINE_MISSED -> jobs.late();
            case JOB_FAILED -> jobs.failed(rule);
            case BREAKER_OPEN -> signals(rule.kind());
        };
    }

    private List<Finding> signals(AlertKind kind) {
        return wiring.alerts().read(AlertTables::signals).stream()
                .filter(s -> s.kind().equals(kind.word()))
                .map(s ->
                        new Finding(
                                kind,
                                s.subject(),
                                Optional.empty(),
                                s.since(),
                                s.message(),
                                Optional.empty(),
                                List.of(),
                                Optional.empty(),
                                "/"))
                .toList();
    }

    private List<Finding> nodes(AlertKind kind) {
        List<Finding> findings = new ArrayList<>();
        for (Trouble trouble : new Troubles(wiring.runs()).now()) {
            if (kindOf(trouble.latest()) == kind) {
                findings.add(node(kind, trouble));
            }
        }
        return findings;
    }

    private static AlertKind kindOf(Task task) {
        boolean check = task.node().matches("(test|unit_test)\\..*");
        if (!check) {
            return AlertKind.NODE_FAILED;
        }
        return task.status() == TaskStatus.FAILED ? AlertKind.CHECK_FAILED : AlertKind.CHECK_WARNED;
    }

    private Finding node(AlertKind kind, Trouble trouble) {
        AlertGraph.Known known = graph.known(trouble.latest().node());
        String often = trouble.times() > 1 ? " " + trouble.times() + " runs in a row." : "";
        return new Finding(
                kind,
                known.title(),
                known.owner(),
                trouble.since().startedAt().orElse(trouble.run().startedAt()),
                trouble.latest().message().orElse("It failed.") + often,
                known.place(),
                trouble.latest().status() == TaskStatus.FAILED ? known.blast() : List.of(),
                lastGood(trouble.latest().node()),
                known.path());
    }

    /** The newest publication in which the node was right. */
    private Optional<String> lastGood(String node) {
        for (Task task : wiring.runs().history(node, RUNS)) {
            if (task.status() == TaskStatus.SUCCEEDED) {
                Run run = wiring.runs().run(task.run());
                if (run.publication().isPresent()) {
                    return Optional.of(words(run));
                }
            }
        }
        return Optional.empty();
    }

    private static String words(Run run) {
        return "publication %s of %s, by run %s"
                .formatted(
                        run.publication().orElseThrow().value(),
                        run.finishedAt().orElse(run.startedAt()).truncatedTo(ChronoUnit.SECONDS),
                        run.id());
    }

    /** The newest ended run of each command is bad, and since when. */
    private List<Finding> failedRuns(boolean upkeep) {
        Map<String, List<Run>> ended = new LinkedHashMap<>();
        for (Run run : wiring.runs().runs(RUNS)) {
            boolean says = run.status() != RunStatus.RUNNING && run.status() != RunStatus.CANCELLED;
            if (says && run.command().equals(Upkeep.COMMAND) == upkeep) {
                ended.computeIfAbsent(run.command() + " on " + run.target(), k -> new ArrayList<>())
                        .add(run);
            }
        }
        List<Finding> findings = new ArrayList<>();
        ended.forEach((subject, runs) -> {
            List<Run> bad = runs.stream().takeWhile(AlertLooking::isBad).toList();
            if (!bad.isEmpty()) {
                findings.add(run(upkeep, subject, bad, runs));
            }
        });
        return findings;
    }

    private static boolean isBad(Run run) {
        return run.status() == RunStatus.FAILED || run.status() == RunStatus.LOST;
    }

    private Finding run(boolean upkeep, String subject, List<Run> bad, List<Run> all) {
        Run newest = bad.getFirst();
        Instant since = bad.getLast().startedAt();
        List<String> blast = new ArrayList<>();
        for (Task task : wiring.runs().tasks(newest.id())) {
            if (task.status() == TaskStatus.FAILED) {
                graph.known(task.node()).blast().stream()
                        .filter(b -> !blast.contains(b))
                        .forEach(blast::add);
            }
        }
        return new Finding(
                upkeep ? AlertKind.UPKEEP_FAILED : AlertKind.RUN_FAILED,
                subject,
                Optional.empty(),
                since,
                "Run %s %s.%s%s"
                        .formatted(
                                newest.id(),
                                newest.status() == RunStatus.LOST
                                        ? "vanished without an end"
                                        : "failed",
                                newest.error().map(e -> " " + e).orElse(""),
                                bad.size() > 1
                                        ? " So did %d before it.".formatted(bad.size() - 1)
                                        : ""),
                Optional.empty(),
                blast,
                all.stream()
                        .filter(r -> r.publication().isPresent())
                        .findFirst()
                        .map(AlertLooking::words),
                "/runs/" + newest.id());
    }

    /** The page of a table. */
    static String page(TableName table) {
        return "/assets/" + AlertGraph.encoded(table.toString());
    }

    static String age(java.time.Duration age) {
        return Durations.words(
                age.truncatedTo(age.toMinutes() == 0 ? ChronoUnit.SECONDS : ChronoUnit.MINUTES));
    }
}
