package dev.tarn.app;

import dev.tarn.http.PushDesk;
import dev.tarn.ingest.Landing;
import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.graph.Node;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.Task;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import dev.tarn.spi.HttpProtocol;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * The sources of a project that others send rows to. Each batch of requests is a run of its own;
 * who sent them is answered when it is published.
 */
public final class Pushing implements AutoCloseable {
    private static final String PUSH = "push";
    private static final int RUNS_BETWEEN_UPKEEP = 64;
    private static final int MOST_REJECTED = 10_000;

    private final Tarn tarn;
    private final Building building;
    private final Wiring wiring;
    private final PushDesk desk;
    private final Map<TableName, Node.Source> sources = new HashMap<>();
    private final Map<TableName, ConnectedIngestion> open = new ConcurrentHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final AtomicLong runs = new AtomicLong();
    private final Cancellation cancellation = new Cancellation();

    Pushing(Tarn tarn, Building building, Wiring wiring) {
        this.tarn = tarn;
        this.building = building;
        this.wiring = wiring;
        this.desk = new PushDesk(new Runs(), wiring.clock(), new SplittableRandom());
        try {
            building.compiled().nodes().values().stream()
                    .filter(Node.Source.class::isInstance)
                    .map(Node.Source.class::cast)
                    .filter(Pushing::isPushed)
                    .forEach(this::serve);
        } catch (TarnException e) {
            problems.addAll(e.problems());
        }
    }

    private static boolean isPushed(Node.Source source) {
        return source.ingest()
                .flatMap(i -> i.connector())
                .filter(c -> c.connector().equals(PUSH))
                .isPresent();
    }

    private void serve(Node.Source source) {
        Connectors connectors = building.connectors().with(desk.connector());
        try {
            connectors.open(source).close();
        } catch (TarnException e) {
            problems.addAll(e.problems());
            return;
        }
        sources.put(source.relation(), source);
        open.put(source.relation(), building.connected(connectors, Set.of(), 1, false));
        // A source's node is named after both.
        String name = source.name().substring(source.sourceName().length() + 1);
        desk.serve(source.sourceName(), name, source.relation());
    }

    /** What is wrong with sources, which take nothing then. */
    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** The paths that rows can be sent to, below the place of the protocol. */
    public List<String> paths() {
        return desk.paths();
    }

    public HttpProtocol protocol() {
        return desk;
    }

    private final class Runs implements PushDesk.Landing {
        @Override
        public long land(TableName table) {
            Node.Source source = sources.get(table);
            ConnectedIngestion ingestion = open.get(table);
            if (source == null || ingestion == null) {
                throw new IllegalStateException("Nobody serves " + table);
            }
            BuildRequest request =
                    new BuildRequest(
                            PUSH,
                            EnumSet.of(NodeKind.SOURCE),
                            List.of(),
                            List.of(),
                            RefName.MAIN,
                            false,
                            false,
                            Optional.empty());
            RunReport report =
                    new Ingesting(building, wiring)
                            .run(
                                    request,
                                    Set.of(source.id()),
                                    Set.of(),
                                    ingestion,
                                    RunListener.SILENT,
                                    cancellation);
            if (!report.problems().isEmpty()) {
                throw new TarnException(report.problems());
            }
            RunStatus status = report.run().status();
            if (status != RunStatus.PUBLISHED && status != RunStatus.UNCHANGED) {
                throw unfinished(report.run());
            }
            if (runs.incrementAndGet() % RUNS_BETWEEN_UPKEEP == 0) {
                building.maintaining()
                        .afterBuild(building.compiled(), report, cancellation::isCancelled);
            }
            return report.tasks().stream().mapToLong(Task::rows).sum();
        }

        @Override
        public Map<String, List<PushDesk.Rejected>> rejected(
                TableName table, List<String> requests) {
            TableName quarantine = Landing.quarantineTable(table);
            boolean isThere =
                    wiring.catalog()
                            .read(RefName.MAIN, AsOf.head())
                            .find(EntryKey.of(quarantine))
                            .isPresent();
            return isThere ? asked(quarantine, requests) : Map.of();
        }
    }

    private static TarnException unfinished(Run run) {
        return new TarnException(
                ErrorCode.INTERRUPTED,
                "Nothing has landed: run %s was stopped.".formatted(run.id()));
    }

    private Map<String, List<PushDesk.Rejected>> asked(
            TableName quarantine, List<String> requests) {
        String names =
                requests.stream()
                        .map(r -> "'" + r.replace("'", "''") + "'")
                        .collect(Collectors.joining(", "));
        String sql =
                "select _file, _row, _column, _reason from %s where _file in (%s) order by _file, _row limit %d"
                        .formatted(quoted(quarantine), names, MOST_REJECTED);
        Map<String, List<PushDesk.Rejected>> found = new LinkedHashMap<>();
        try (Answer answer = tarn.query(sql, At.MAIN, cancellation)) {
            while (answer.next()) {
                Object row = answer.value(1);
                found.computeIfAbsent(String.valueOf(answer.value(0)), r -> new ArrayList<>())
                        .add(
                                new PushDesk.Rejected(
                                        row instanceof Number n ? n.longValue() : 0,
                                        Optional.ofNullable(answer.value(2)).map(String::valueOf),
                                        String.valueOf(answer.value(3))));
            }
        }
        return found;
    }

    private static String quoted(TableName table) {
        return "\"%s\".\"%s\""
                .formatted(
                        table.schema().replace("\"", "\"\""), table.table().replace("\"", "\"\""));
    }

    /** Lands what has been taken, and takes nothing any more. */
    @Override
    public void close() {
        desk.close();
        cancellation.cancel();
        open.values().forEach(ConnectedIngestion::close);
    }
}
