package dev.tarn.app;

import dev.tarn.model.run.LineageEdge;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.Verdict;
import java.util.List;

/** A run with everything it did. */
public record RunDetails(
        Run run, List<Task> tasks, List<Verdict> verdicts, List<LineageEdge> lineage) {
    public RunDetails {
        tasks = List.copyOf(tasks);
        verdicts = List.copyOf(verdicts);
        lineage = List.copyOf(lineage);
    }
}
