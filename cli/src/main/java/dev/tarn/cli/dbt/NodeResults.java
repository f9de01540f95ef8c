package dev.tarn.cli.dbt;

import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The entries of {@code run_results.json}. */
final class NodeResults {
    private NodeResults() {}

    /** One for each node that was to be built. */
    static List<Map<String, @Nullable Object>> of(
            Project project, List<Result> results, Map<NodeId, Node> compiled) {
        Map<NodeId, Integer> threads = threads(results);
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (Result result : results) {
            Node node = compiled.getOrDefault(result.node().id(), result.node());
            Optional<String> code = Artifacts.code(node);
            Map<String, @Nullable Object> response = new LinkedHashMap<>();
            if (!result.status().equals("error") && !result.status().equals("skipped")) {
                response.put("_message", "OK");
            }
            if (result.status().equals("success")) {
                response.put("rows_affected", result.task().rows());
            }
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("status", result.status());
            one.put("timing", timing(result));
            one.put("thread_id", thread(threads.getOrDefault(result.node().id(), 1)));
            one.put("execution_time", result.seconds());
            one.put("adapter_response", response);
            one.put("message", Artifacts.message(result));
            one.put("failures", result.failures().orElse(null));
            one.put("unique_id", result.node().id().value());
            one.put("compiled", code.isPresent() ? (Object) true : null);
            one.put("compiled_code", code.orElse(null));
            one.put(
                    "relation_name",
                    project.manifest().node(result.node().id()).get("relation_name"));
            one.put("batch_results", null);
            all.add(one);
        }
        return all;
    }

    /** Of a macro that was called by itself. */
    static Map<String, @Nullable Object> operation(
            String macro,
            Optional<String> failure,
            Instant started,
            Instant compiled,
            Instant ended) {
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put("status", failure.isPresent() ? "error" : "success");
        one.put(
                "timing",
                List.of(step("compile", started, compiled), step("execute", compiled, ended)));
        one.put("thread_id", "MainThread");
        one.put("execution_time", Duration.between(started, ended).toMillis() / 1000.0);
        one.put("adapter_response", Map.of());
        one.put("message", failure.orElse(null));
        one.put("failures", failure.isPresent() ? 1L : 0L);
        one.put("unique_id", macro);
        one.put("compiled", false);
        one.put("compiled_code", null);
        one.put("relation_name", null);
        one.put("batch_results", null);
        return one;
    }

    /** What was skipped took no time; what failed never ended its last step. */
    private static List<Map<String, @Nullable Object>> timing(Result result) {
        Optional<Instant> began = result.task().startedAt();
        Optional<Instant> ended = result.task().finishedAt();
        if (result.status().equals("skipped") || began.isEmpty()) {
            return List.of();
        }
        List<Map<String, @Nullable Object>> timing = new ArrayList<>();
        timing.add(step("compile", began.get(), began.get()));
        if (!result.status().equals("error") && ended.isPresent()) {
            timing.add(step("execute", began.get(), ended.get()));
        }
        return timing;
    }

    private static Map<String, @Nullable Object> step(String name, Instant from, Instant to) {
        Map<String, @Nullable Object> step = new LinkedHashMap<>();
        step.put("name", name);
        step.put("started_at", Artifacts.time(from));
        step.put("completed_at", Artifacts.time(to));
        return step;
    }

    private static String thread(int number) {
        return "Thread-" + number + " (worker)";
    }

    /**
     * Which of so many workers did what: tasks at the same time have different ones, and the first
     * that is free takes the next. Tasks run on threads that have no number of their own.
     */
    static Map<NodeId, Integer> threads(List<Result> results) {
        List<Result> ordered =
                results.stream()
                        .filter(r -> r.task().startedAt().isPresent())
                        .sorted(Comparator.comparing(r -> r.task().startedAt().orElseThrow()))
                        .toList();
        List<Instant> busyUntil = new ArrayList<>();
        Map<NodeId, Integer> threads = new HashMap<>();
        for (Result result : ordered) {
            Instant began = result.task().startedAt().orElseThrow();
            int free = 0;
            while (free < busyUntil.size() && busyUntil.get(free).isAfter(began)) {
                free++;
            }
            if (free == busyUntil.size()) {
                busyUntil.add(began);
            }
            busyUntil.set(free, result.task().finishedAt().orElse(Instant.MAX));
            threads.put(result.node().id(), free + 1);
        }
        return threads;
    }
}
