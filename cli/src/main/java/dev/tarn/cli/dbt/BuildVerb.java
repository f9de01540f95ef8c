package dev.tarn.cli.dbt;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.cli.Console;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.run.Run;
import dev.tarn.project.TimeText;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunReport;
import dev.tarn.run.RunRequest.InputData;
import dev.tarn.run.RunRequest.Period;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Executes nodes: build, run, test, seed, snapshot and retry. */
final class BuildVerb extends Verb {
    private final String name;
    private final Set<NodeKind> kinds;

    /** What templates are told; of a retry, what is done again. */
    private String verb;

    @Mixin Nodes nodes = new Nodes();

    @Option(
            names = {"-f", "--full-refresh"},
            negatable = true)
    boolean fullRefresh;

    @Option(names = "--empty", negatable = true)
    boolean empty;

    @Option(names = "--sample")
    Optional<String> sample = Optional.empty();

    @Option(names = "--event-time-start")
    Optional<String> eventTimeStart = Optional.empty();

    @Option(names = "--event-time-end")
    Optional<String> eventTimeEnd = Optional.empty();

    @Option(names = "--store-failures", negatable = true)
    boolean storeFailures;

    @Option(names = "--show", negatable = true)
    boolean show;

    @Option(names = "--include-saved-query", negatable = true)
    boolean includeSavedQuery;

    @Option(names = "--export-saved-queries", negatable = true)
    boolean exportSavedQueries;

    BuildVerb(Console console, Stopping stopping, String name, Set<NodeKind> kinds) {
        super(console, stopping);
        this.name = name;
        this.kinds = kinds;
        this.verb = name;
    }

    @Override
    int run(Session session) {
        Optional<EarlierRun> earlier = Optional.empty();
        if (name.equals("retry")) {
            Path folder = options.state.map(session.directory()::resolve).orElse(session.target());
            earlier = EarlierRun.read(folder);
            if (earlier.isEmpty()) {
                Path said = options.state.or(() -> options.targetPath).orElse(Path.of("target"));
                throw DbtErrors.noEarlierRun(said);
            }
            if (earlier.get().which().equals("run-operation")) {
                return OperationVerb.call(
                        session, earlier.get().macro(), earlier.get().arguments());
            }
        }
        verb = earlier.map(EarlierRun::which).orElse(name);
        session.tarn().prepare(request(session, Set.of(), Optional.empty()));
        Project project = session.greet();
        List<Node> selected =
                earlier.isPresent() ? undone(project, earlier.get()) : session.select(nodes, kinds);
        session.asked(verb, asked());
        List<NoOp> idle =
                earlier.isPresent()
                        ? NoOp.of(project, earlier.get().idle())
                        : name.equals("build") ? NoOp.selected(session, project, nodes) : List.of();
        if (idle.isEmpty() && selected.stream().allMatch(Display::isGiven)) {
            session.log().info(Display.NOTHING_TO_DO);
            session.nothing(project, nodes);
            return DONE;
        }
        Optional<Run> retried = earlier.flatMap(e -> session.tarn().lastFailed());
        RunReport report = execute(session, project, selected, retried, idle);
        Conclusion conclusion =
                new Conclusion(
                        session,
                        new Loading(project, fullRefresh, storeFailures),
                        report,
                        nodes,
                        idle);
        return conclusion.tell(show && name.equals("seed"));
    }

    /** What was asked for besides what every verb may be asked for. */
    private Map<String, @Nullable Object> asked() {
        Map<String, @Nullable Object> asked = new LinkedHashMap<>();
        asked.put("full_refresh", fullRefresh);
        asked.put("empty", empty);
        asked.put("store_failures", storeFailures);
        asked.put("sample", sample.orElse(null));
        asked.put("event_time_start", eventTimeStart.orElse(null));
        asked.put("event_time_end", eventTimeEnd.orElse(null));
        return asked;
    }

    private List<Node> undone(Project project, EarlierRun earlier) {
        List<String> asked = earlier.undone(options.warnError);
        boolean onlyHooks = asked.stream().allMatch(BuildVerb::isHook) && !asked.isEmpty();
        // Where a hook failed, nothing of the run was published: all of it is taken over.
        List<Node> undone = new ArrayList<>();
        for (String id : onlyHooks ? earlier.statuses().keySet() : asked) {
            if (!isHook(id)) {
                undone.add(project.find(new NodeId(id)).orElseThrow(() -> DbtErrors.goneSince(id)));
            }
        }
        return undone;
    }

    private static boolean isHook(String id) {
        return id.startsWith("operation.");
    }

    private RunReport execute(
            Session session,
            Project project,
            List<Node> selected,
            Optional<Run> retried,
            List<NoOp> idle) {
        Set<NodeId> ids = new LinkedHashSet<>();
        selected.forEach(n -> ids.add(n.id()));
        idle.forEach(i -> ids.add(new NodeId(i.id())));
        BuildRequest request = request(session, ids, retried);
        Display display =
                new Display(
                        session.log(),
                        session.tarn().settings().run().nodesAtOnce(project),
                        new Loading(project, fullRefresh, storeFailures),
                        idle.size());
        Cancellation cancellation = new Cancellation();
        return session.stopping()
                .during(
                        cancellation::cancel,
                        () -> session.tarn().build(request, display, cancellation));
    }

    private BuildRequest request(Session session, Set<NodeId> ids, Optional<Run> retried) {
        return new BuildRequest(
                verb,
                Set.of(NodeKind.values()),
                List.of(),
                List.of(),
                RefName.MAIN,
                fullRefresh,
                storeFailures,
                retried.map(Run::id),
                session.buildOptions(nodes, data(session.now())).withOnly(ids));
    }

    private InputData data(Instant now) {
        if (eventTimeStart.isPresent() != eventTimeEnd.isPresent()) {
            throw DbtErrors.both();
        }
        Period period =
                new Period(
                        eventTimeStart.map(t -> time("--event-time-start", t)),
                        eventTimeEnd.map(t -> time("--event-time-end", t)));
        if (period.start().isPresent()
                && period.end().isPresent()
                && !period.start().get().isBefore(period.end().get())) {
            throw DbtErrors.wrongWayRound();
        }
        return new InputData(empty, sample.map(s -> sampled(s, now)).orElse(Period.OPEN), period);
    }

    private static Instant time(String option, String text) {
        return TimeText.parse(text).orElseThrow(() -> DbtErrors.time(option, text));
    }

    /** Such as {@code 3 days}, or a mapping with {@code start} and {@code end}. */
    private static Period sampled(String text, Instant now) {
        String[] words = text.strip().split("\\s+");
        if (words.length == 2 && words[0].matches("[0-9]{1,6}")) {
            long count = Long.parseLong(words[0]);
            Duration back =
                    switch (words[1].toLowerCase(Locale.ROOT).replaceFirst("s$", "")) {
                        case "hour" -> Duration.ofHours(count);
                        case "day" -> Duration.ofDays(count);
                        case "month" -> Duration.ofDays(30 * count);
                        case "year" -> Duration.ofDays(365 * count);
                        default -> throw DbtErrors.sample(text);
                    };
            return new Period(Optional.of(now.minus(back)), Optional.of(now));
        }
        Map<String, Object> range = new LinkedHashMap<>();
        if (!text.strip().startsWith("{")) {
            throw DbtErrors.sample(text);
        }
        try {
            Session.variables(List.of(text)).forEach((k, v) -> range.put(k, String.valueOf(v)));
        } catch (TarnException e) {
            throw DbtErrors.sample(text);
        }
        if (!range.keySet().containsAll(List.of("start", "end"))) {
            throw DbtErrors.sample(text);
        }
        return new Period(
                Optional.ofNullable(range.get("start")).map(t -> time("--sample", t.toString())),
                Optional.ofNullable(range.get("end")).map(t -> time("--sample", t.toString())));
    }
}
