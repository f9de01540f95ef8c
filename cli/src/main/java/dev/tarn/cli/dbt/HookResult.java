package dev.tarn.cli.dbt;

import dev.tarn.model.Problem;
import dev.tarn.model.graph.HookEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a statement before or after all nodes ended, in dbt's words. */
record HookResult(HookEnd end) {
    /** One of {@code success}, {@code error}, {@code skipped}. */
    String status() {
        if (end.isSkipped()) {
            return "skipped";
        }
        return failed() ? "error" : "success";
    }

    boolean failed() {
        return end.failure().isPresent();
    }

    private double seconds() {
        return end.startedAt().isPresent() && end.endedAt().isPresent()
                ? Duration.between(end.startedAt().get(), end.endedAt().get()).toMillis() / 1000.0
                : 0.0;
    }

    String message() {
        return switch (status()) {
            case "success" -> end.name() + " passed";
            case "skipped" -> end.name() + " skipped";
            default ->
                    "%s failed, error:\n %s"
                            .formatted(end.name(), end.failure().map(Problem::toString).orElse(""));
        };
    }

    String heading() {
        return "Failure in operation %s (./dbt_project.yml)"
                .formatted(end.hook().id().value().replaceFirst("^operation\\.[^.]*\\.", ""));
    }

    String line() {
        String what = " hook: " + end.name();
        String time = String.format(Locale.ROOT, " in %.2fs", seconds());
        return switch (status()) {
            case "success" -> Log.fancy(end.number(), end.total(), "OK" + what, "OK" + time);
            case "skipped" -> Log.fancy(end.number(), end.total(), "SKIP" + what, "SKIP");
            default -> Log.fancy(end.number(), end.total(), "ERROR" + what, "ERROR" + time);
        };
    }

    /** Its entry in {@code run_results.json}. */
    Map<String, @Nullable Object> fact() {
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put("status", status());
        one.put(
                "timing",
                end.startedAt()
                        .map(from -> {
                            Instant to = end.endedAt().orElse(from);
                            return List.of(
                                    NodeResults.step("compile", from, from),
                                    NodeResults.step("execute", from, to));
                        })
                        .orElse(List.of()));
        one.put("thread_id", "main");
        one.put("execution_time", seconds());
        one.put("adapter_response", Map.of());
        one.put("message", message());
        one.put("failures", status().equals("success") ? 0L : 1L);
        one.put("unique_id", end.hook().id().value());
        one.put("compiled", null);
        one.put("compiled_code", null);
        one.put("relation_name", null);
        one.put("batch_results", null);
        return one;
    }
}
