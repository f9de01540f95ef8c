package dev.tarn.model.catalog;

import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.run.LineageEdge;
import dev.tarn.model.run.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * What becomes visible on a ref in one step: all changes, the verdicts and the lineage of the run
 * that made them, and the end of that run.
 *
 * @param run the run whose work this is
 * @param endsRun whether the run is published by this commit: it is marked so in the same step
 */
public record CommitRequest(
        RefName ref,
        List<Change> changes,
        String message,
        Optional<RunId> run,
        boolean endsRun,
        List<Verdict> verdicts,
        List<LineageEdge> lineage) {
    public CommitRequest {
        changes = List.copyOf(changes);
        verdicts = List.copyOf(verdicts);
        lineage = List.copyOf(lineage);
        if (run.isEmpty() && (endsRun || !verdicts.isEmpty() || !lineage.isEmpty())) {
            throw new IllegalArgumentException(
                    "A commit that ends a run, or brings verdicts or lineage, must name the run");
        }
        if (changes.stream().map(Change::key).distinct().count() != changes.size()) {
            throw new IllegalArgumentException("A commit may change an entry only once");
        }
    }

    public CommitRequest withChanges(List<Change> others) {
        return new CommitRequest(ref, others, message, run, endsRun, verdicts, lineage);
    }

    /** A plain commit without a run. */
    public static CommitRequest of(RefName ref, List<Change> changes, String message) {
        return new CommitRequest(
                ref, changes, message, Optional.empty(), false, List.of(), List.of());
    }
}
