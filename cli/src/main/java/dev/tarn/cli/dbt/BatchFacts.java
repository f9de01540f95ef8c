package dev.tarn.cli.dbt;

import dev.tarn.run.Batches;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How periods ended, in the shape of {@code run_results.json}. */
final class BatchFacts {
    private BatchFacts() {}

    static Map<String, Object> of(Batches batches) {
        Map<String, Object> periods = new LinkedHashMap<>();
        periods.put("successful", batches.done().stream().map(BatchFacts::period).toList());
        periods.put("failed", batches.failed().stream().map(BatchFacts::period).toList());
        return periods;
    }

    private static List<String> period(Batches.Batch batch) {
        return List.of(PythonTimes.text(batch.start()), PythonTimes.text(batch.end()));
    }
}
