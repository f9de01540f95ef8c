package dev.tarn.cli.dbt;

import dev.tarn.model.graph.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Results of what is no task of a run, in the shape of {@code run_results.json}. */
final class PlainResult {
    private PlainResult() {}

    /** A macro that was called. */
    static Map<String, @Nullable Object> called(
            String macro, Optional<String> failure, double seconds) {
        Map<String, @Nullable Object> one = of(macro, failure, seconds);
        one.put("failures", failure.isPresent() ? 1 : 0);
        return one;
    }

    /** A node that was compiled. */
    static Map<String, @Nullable Object> compiled(
            Node node, Optional<String> code, Optional<String> failure, @Nullable Object name) {
        Map<String, @Nullable Object> one = of(node.id().value(), failure, 0);
        one.put("compiled", code.isPresent() ? (Object) true : null);
        one.put("compiled_code", code.orElse(null));
        one.put("relation_name", name);
        return one;
    }

    private static Map<String, @Nullable Object> of(
            String id, Optional<String> failure, double seconds) {
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put("status", failure.isPresent() ? "error" : "success");
        one.put("timing", List.of());
        one.put("thread_id", "MainThread");
        one.put("execution_time", seconds);
        one.put("adapter_response", Map.of());
        one.put("message", failure.orElse(null));
        one.put("failures", null);
        one.put("unique_id", id);
        one.put("compiled", null);
        one.put("compiled_code", null);
        one.put("relation_name", null);
        one.put("batch_results", null);
        return one;
    }
}
