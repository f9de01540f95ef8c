package dev.tarn.run;

import dev.tarn.model.Problem;
import dev.tarn.model.graph.HookEnd;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 *
 * @param tasks one for each selected node, in the order of the graph
 * @param findings checks that found rows, with some of them
 * @param problems why nothing was published; empty for a published run
 * @param batches how the periods ended of models that are built period by period
 * @param hooks how the statements before and after all nodes ended
 */
public record RunReport(
        Run run,
        List<Task> tasks,
        List<Verdict> verdicts,
        List<Finding> findings,
        List<Problem> problems,
        Map<NodeId, Batches> batches,
        List<HookEnd> hooks) {
    public RunReport(
            Run run,
            List<Task> tasks,
            List<Verdict> verdicts,
            List<Finding> findings,
            List<Problem> problems) {
        this(run, tasks, verdicts, findings, problems, Map.of(), List.of());
    }

    public RunReport {
        tasks = List.copyOf(tasks);
        verdicts = List.copyOf(verdicts);
        findings = List.copyOf(findings);
        problems = List.copyOf(problems);
        batches = Map.copyOf(batches);
        hooks = List.copyOf(hooks);
    }

    RunReport with(Map<NodeId, Batches> periods, List<HookEnd> statements) {
        return new RunReport(run, tasks, verdicts, findings, problems, periods, statements);
    }

    /**
     * What a check found.
     *
     * @param columns names of the columns of the failing rows
     * @param rows the first few of them
     */
    public record Finding(
            String check,
            Verdict verdict,
            List<String> columns,
            List<List<@Nullable Object>> rows) {
        public Finding {
            columns = List.copyOf(columns);
            rows = Collections.unmodifiableList(new ArrayList<>(rows));
        }
    }
}
