package dev.tarn.app;

import dev.tarn.model.RunId;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.spi.RunLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the nodes whose newest result is bad, and since when. A later run that did not get to a
 * node says nothing about it, so a failure stands until the node itself has done better.
 */
final class Troubles {
    /** How many runs back a failure can lie that nothing came after. */
    private static final int RUNS = 100;

    /** How far back the beginning of a row of failures is looked for. */
    private static final int DEPTH = 200;

    private static final Comparator<Trouble> WORST_FIRST =
            Comparator.comparing((Trouble t) -> t.latest().status() != TaskStatus.FAILED)
                    .thenComparing(t -> t.since().startedAt().orElse(Instant.MAX))
                    .thenComparing(t -> t.latest().node());

    private final RunLog runs;

    Troubles(RunLog runs) {
        this.runs = runs;
    }

    List<Trouble> now() {
        Set<String> nodes = new LinkedHashSet<>();
        runs.troubled(RUNS).forEach(task -> nodes.add(task.node()));
        Map<RunId, Run> known = new HashMap<>();
        List<Trouble> found = new ArrayList<>();
        for (String node : nodes) {
            List<Task> results =
                    runs.history(node, DEPTH).stream().filter(Troubles::isResult).toList();
            List<Task> bad = results.stream().takeWhile(Troubles::isBad).toList();
            if (!bad.isEmpty()) {
                Task latest = bad.getFirst();
                found.add(
                        new Trouble(
                                latest,
                                bad.getLast(),
                                (int) bad.stream().map(Task::run).distinct().count(),
                                known.computeIfAbsent(latest.run(), runs::run)));
            }
        }
        found.sort(WORST_FIRST);
        return found;
    }

    /** Whether it says something about the node itself. */
    private static boolean isResult(Task task) {
        return switch (task.status()) {
            case SUCCEEDED, WARNED, UNCHANGED, FAILED -> true;
            case WAITING, RUNNING, SKIPPED, CANCELLED -> false;
        };
    }

    private static boolean isBad(Task task) {
        return task.status() == TaskStatus.FAILED || task.status() == TaskStatus.WARNED;
    }
}
