package dev.tarn.spi;

import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.run.LineageEdge;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.model.run.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The record of runs in memory. Its lock is its catalog's. */
final class MemoryRunLog implements RunLog {
    private static final Comparator<LineageEdge> BY_TARGET =
            Comparator.comparing(LineageEdge::to)
                    .thenComparing(LineageEdge::toColumn)
                    .thenComparing(LineageEdge::from)
                    .thenComparing(LineageEdge::fromColumn);

    private final MemoryCatalog catalog;
    private final Map<RunId, Run> runs = new TreeMap<>();
    private final Map<TaskKey, Task> tasks = new HashMap<>();
    private final Map<VerdictKey, Verdict> verdicts = new HashMap<>();
    private final Map<RunId, TreeSet<LineageEdge>> lineage = new HashMap<>();

    MemoryRunLog(MemoryCatalog catalog) {
        this.catalog = catalog;
    }

    private record TaskKey(RunId run, String node, int attempt) {}

    private record VerdictKey(RunId run, String check, String subject) {}

    @Override
    public void begin(Run run) {
        synchronized (catalog) {
            RefName ref = RefName.of(run.id());
            if (!catalog.hasRef(ref)) {
                throw CatalogErrors.refNotFound(ref, List.of());
            }
            if (runs.putIfAbsent(run.id(), run) != null) {
                throw CatalogErrors.runExists(run.id());
            }
        }
    }

    @Override
    public void record(List<Task> news) {
        synchronized (catalog) {
            news.forEach(t -> run(t.run()));
            news.forEach(t -> tasks.put(new TaskKey(t.run(), t.node(), t.attempt()), t));
        }
    }

    @Override
    public void beat(RunId id, Instant now) {
        synchronized (catalog) {
            Run run = runs.get(id);
            if (run != null && run.status() == RunStatus.RUNNING) {
                runs.put(id, with(run, RunStatus.RUNNING, now, Optional.empty(), Optional.empty()));
            }
        }
    }

    @Override
    public void end(RunId id, RunStatus status, Instant now, Optional<String> error) {
        if (status == RunStatus.RUNNING || status == RunStatus.PUBLISHED) {
            throw new IllegalArgumentException("Not an end without a publication: " + status);
        }
        synchronized (catalog) {
            Run run = run(id);
            if (run.status() == RunStatus.RUNNING) {
                runs.put(id, with(run, status, run.heartbeat(), Optional.of(now), error));
            }
        }
    }

    private static Run with(
            Run run,
            RunStatus status,
            Instant heartbeat,
            Optional<Instant> finishedAt,
            Optional<String> error) {
        return new Run(
                run.id(),
                run.project(),
                run.command(),
                run.target(),
                run.pinned(),
                status,
                run.startedAt(),
                heartbeat,
                finishedAt,
                run.publication(),
                run.retryOf(),
                error);
    }

    @Override
    public void verdicts(RunId run, List<Verdict> news) {
        synchronized (catalog) {
            run(run);
            news.forEach(v -> verdicts.put(new VerdictKey(run, v.check(), v.subject()), v));
        }
    }

    @Override
    public List<Run> runs(int limit) {
        synchronized (catalog) {
            return runs.values().stream()
                    .sorted(Comparator.comparing(Run::startedAt).thenComparing(Run::id).reversed())
                    .limit(limit)
                    .toList();
        }
    }

    @Override
    public Run run(RunId id) {
        synchronized (catalog) {
            Run run = runs.get(id);
            if (run == null) {
                throw CatalogErrors.runNotFound(id);
            }
            return run;
        }
    }

    @Override
    public List<Task> tasks(RunId id) {
        synchronized (catalog) {
            return tasks.values().stream()
                    .filter(t -> t.run().equals(id))
                    .sorted(
                            Comparator.comparing((Task t) -> t.startedAt().orElse(Instant.MAX))
                                    .thenComparing(Task::node)
                                    .thenComparingInt(Task::attempt))
                    .toList();
        }
    }

    @Override
    public Map<String, TaskStatus> outcomes(RunId id) {
        return tasks(id).stream()
                .sorted(Comparator.comparingInt(Task::attempt))
                .collect(Collectors.toMap(Task::node, Task::status, (first, last) -> last));
    }

    @Override
    public List<Task> history(String node, int limit) {
        synchronized (catalog) {
            return tasks.values().stream()
                    .filter(t -> t.node().equals(node))
                    .sorted(
                            Comparator.comparing((Task t) -> run(t.run()).startedAt())
                                    .thenComparing(Task::run)
                                    .thenComparingInt(Task::attempt)
                                    .reversed())
                    .limit(limit)
                    .toList();
        }
    }

    @Override
    public List<Task> troubled(int newest) {
        synchronized (catalog) {
            return runs(newest).stream()
                    .flatMap(run ->
                            tasks(run.id()).stream()
                                    .filter(t ->
                                            t.status() == TaskStatus.FAILED
                                                    || t.status() == TaskStatus.WARNED)
                                    .sorted(
                                            Comparator.comparing(Task::node)
                                                    .thenComparingInt(Task::attempt)))
                    .toList();
        }
    }

    @Override
    public List<Verdict> verdicts(RunId id) {
        synchronized (catalog) {
            return verdicts.entrySet().stream()
                    .filter(e -> e.getKey().run().equals(id))
                    .map(Map.Entry::getValue)
                    .sorted(Comparator.comparing(Verdict::check).thenComparing(Verdict::subject))
                    .toList();
        }
    }

    @Override
    public List<LineageEdge> lineage(RunId id) {
        synchronized (catalog) {
            return new ArrayList<>(lineage.getOrDefault(id, new TreeSet<>(BY_TARGET)));
        }
    }

    @Override
    public List<Run> markLost(Instant heartbeatBefore, Instant now) {
        synchronized (catalog) {
            List<Run> lost = new ArrayList<>();
            for (Run run : List.copyOf(runs.values())) {
                if (run.status() == RunStatus.RUNNING
                        && run.heartbeat().isBefore(heartbeatBefore)) {
                    end(run.id(), RunStatus.LOST, now, Optional.empty());
                    lost.add(run(run.id()));
                }
            }
            return lost;
        }
    }

    /** Refuses a commit of a run that may not make it. */
    void check(CommitRequest request) {
        boolean needed =
                request.endsRun() || !request.verdicts().isEmpty() || !request.lineage().isEmpty();
        request.run()
                .map(runs::get)
                .filter(run -> run.status() == RunStatus.LOST)
                .ifPresent(run -> {
                    throw CatalogErrors.runHasEnded(run.id(), run.status());
                });
        if (needed) {
            Run run = run(request.run().orElseThrow());
            if (request.endsRun() && run.status() != RunStatus.RUNNING) {
                throw CatalogErrors.runHasEnded(run.id(), run.status());
            }
        }
    }

    void publish(CommitRequest request, Publication publication, Instant now) {
        if (request.run().isEmpty()) {
            return;
        }
        RunId id = request.run().get();
        if (!request.verdicts().isEmpty()) {
            verdicts(id, request.verdicts());
        }
        lineage.computeIfAbsent(id, r -> new TreeSet<>(BY_TARGET)).addAll(request.lineage());
        if (request.endsRun()) {
            Run run = run(id);
            runs.put(
                    id,
                    new Run(
                            id,
                            run.project(),
                            run.command(),
                            run.target(),
                            run.pinned(),
                            RunStatus.PUBLISHED,
                            run.startedAt(),
                            run.heartbeat(),
                            Optional.of(now),
                            Optional.of(publication.id()),
                            run.retryOf(),
                            run.error()));
        }
    }

    boolean endedBefore(Ref ref, Instant time) {
        Run run = runs.get(new RunId(ref.name().value().substring("run:".length())));
        return run == null
                ? ref.createdAt().isBefore(time)
                : run.finishedAt().map(f -> f.isBefore(time)).orElse(false);
    }
}
