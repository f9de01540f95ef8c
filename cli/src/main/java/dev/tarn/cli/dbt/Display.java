package dev.tarn.cli.dbt;

import dev.tarn.model.graph.HookEnd;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.run.RunListener;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Tells how a run goes in lines that users of dbt know. */
final class Display implements RunListener {
    static final String NOTHING_TO_DO =
            "Nothing to do. Try checking your model configs and model specification args";

    private final Log log;
    private final int threads;
    private final String target;
    private final int others;
    private final Loading loading;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final SourceFailures sources = new SourceFailures();
    private int total;

    /**
     * @param others how many lines will follow about what is no task
     */
    Display(Log log, int threads, Loading loading, int others) {
        this.others = others;
        this.log = log;
        this.threads = threads;
        this.loading = loading;
        this.target = loading.project().target().name();
    }

    @Override
    public synchronized void began(Run run, Collection<Node> nodes) {
        sources.hear(nodes);
        total = (int) nodes.stream().filter(n -> !isGiven(n)).count() + others;
        log.info("Concurrency: %d threads (target='%s')".formatted(threads, target));
        log.info("");
    }

    /** Whether nothing is done for a node: somebody else fills it, or it is part of others. */
    static boolean isGiven(Node node) {
        return isFilledByOthers(node)
                || (node instanceof Node.Model m
                        && m.materialization() instanceof Materialization.Ephemeral);
    }

    static boolean isFilledByOthers(Node node) {
        return node instanceof Node.Source s && (!s.isLoaded() || s.isReadFromFiles());
    }

    @Override
    public synchronized void changed(Node node, Task task) {
        if (sources.takes(node, task) || isGiven(node)) {
            return;
        }
        if (task.status() == TaskStatus.RUNNING) {
            numbers.put(task.node(), numbers.size() + 1);
            log.info(Log.fancy(number(task), total, "START " + Result.described(node), "RUN"));
        } else if (task.status().isFinal()) {
            Result result = sources.told(Result.of(node, task, Optional.empty()));
            boolean failedCheck =
                    node instanceof Node.Check
                            && task.status() == TaskStatus.FAILED
                            && task.rows() > 0;
            Result told =
                    failedCheck
                            ? new Result(
                                    node,
                                    task,
                                    "fail",
                                    Optional.of(((Node.Check) node).isUnit() ? 1L : task.rows()),
                                    Optional.empty())
                            : result.status().equals("warn")
                                    ? new Result(
                                            node,
                                            task,
                                            "warn",
                                            Optional.of(task.rows()),
                                            Optional.empty())
                                    : result;
            String line = told.line(number(task), total, loading.told(told));
            if (told.failed()) {
                log.line(line);
            } else {
                log.info(line);
            }
        }
    }

    @Override
    public synchronized void hooked(HookEnd end) {
        HookResult result = new HookResult(end);
        if (result.failed()) {
            log.line(result.line());
        } else {
            log.info(result.line());
        }
        if (end.number() == end.total() && end.hook().when().equals("on-run-start")) {
            log.info("");
        }
    }

    private int number(Task task) {
        return numbers.computeIfAbsent(task.node(), n -> numbers.size() + 1);
    }
}
