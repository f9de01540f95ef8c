package dev.tarn.app;

import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.model.run.Verdict;
import dev.tarn.spi.RunLog;
import dev.tarn.upkeep.Upkeep;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How everything stands, told at little cost: for pages and programs that look all the time. */
public final class Overview {
    private static final int RUNS_SEARCHED = 100;

    private final Looking looking;
    private final RunLog runs;

    Overview(Looking looking, RunLog runs) {
        this.looking = looking;
        this.runs = runs;
    }

    /** Tables and views with what the catalog knows of them; reads no metadata of tables. */
    public List<Versioned> relations(At at) {
        return looking.view(at).list(EntryKey.Kind.RELATION, "");
    }

    /** The same as {@link Tarn#tables} for some of them; those that are not there are left out. */
    public List<TableListing> tables(At at, List<TableName> names) {
        return looking.tables(at, names);
    }

    /** How far sources were read: by source and file or stream. */
    public List<Versioned> positions(At at) {
        return looking.view(at).list(EntryKey.Kind.POSITION, "");
    }

    /** The standing verdicts of checks. */
    public List<Verdict> verdicts(At at) {
        return looking.verdicts(at);
    }

    /** The tasks of a run alone. */
    public List<Task> tasks(RunId run) {
        return runs.tasks(run);
    }

    /** What became of each node of a run. */
    public Map<String, TaskStatus> outcomes(RunId run) {
        return runs.outcomes(run);
    }

    /** What became of one node in run after run, newest first. */
    public List<Task> taskHistory(NodeId node, int limit) {
        return runs.history(node.value(), limit);
    }

    /** What is not as it should be, by what runs recorded; the worst first. */
    public List<Trouble> troubles() {
        return new Troubles(runs).now();
    }

    /** A run with everything it did. */
    RunDetails run(RunId id) {
        return new RunDetails(runs.run(id), runs.tasks(id), runs.verdicts(id), runs.lineage(id));
    }

    /** The newest run that published nothing, if no newer one published. */
    Optional<Run> lastFailed() {
        return runs.runs(RUNS_SEARCHED).stream()
                .filter(r -> r.status() != RunStatus.RUNNING)
                .filter(r -> !r.command().equals(Upkeep.COMMAND))
                .findFirst()
                .filter(r -> r.status() != RunStatus.PUBLISHED)
                .filter(r -> r.status() != RunStatus.UNCHANGED);
    }
}
