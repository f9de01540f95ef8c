package dev.tarn.app;

import dev.tarn.model.RunId;
import dev.tarn.run.RunReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the newest runs came to that this process did: the rows that checks found and the places of
 * problems are written down nowhere else. Safe for use by many threads.
 */
final class RecentReports {
    private static final int KEPT_MAX = 20;

    /** What is longer is cut. */
    private static final int FINDINGS_MAX = 100;

    private final Map<RunId, RunReport> newest = new LinkedHashMap<>();

    synchronized void keep(RunReport report) {
        newest.put(
                report.run().id(),
                new RunReport(
                        report.run(),
                        List.of(),
                        List.of(),
                        report.findings().stream().limit(FINDINGS_MAX).toList(),
                        report.problems()));
        while (newest.size() > KEPT_MAX) {
            newest.remove(newest.keySet().iterator().next());
        }
    }

    synchronized Optional<RunReport> of(RunId id) {
        return Optional.ofNullable(newest.get(id));
    }
}
